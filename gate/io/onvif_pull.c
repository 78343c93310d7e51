/* A pull point of an ONVIF device: camera_pull.h has the rules. */
#include "gate/io/camera_pull_inside.h"
#include "gate/io/onvif.h"
#include "proto/io/clock_os.h"

enum { REQUEST_CAP = 2048, LIMIT = 20, LIFETIME_S = 60, ANSWER_MAX = 8 * 1024 * 1024 };

struct answer {
    char *bytes;
    size_t n;
    char type[160];
};

static bool collect(void *context, struct str content_type, struct str bytes)
{
    struct answer *a = context;
    if (a->n + bytes.n > ANSWER_MAX) {
        return false;
    }
    char *grown = realloc(a->bytes, a->n + bytes.n + 1);
    if (!grown) {
        return false;
    }
    memcpy(grown + a->n, bytes.p, bytes.n);
    a->bytes = grown;
    a->n += bytes.n;
    str_copy_cut(a->type, sizeof a->type, content_type);
    return true;
}

static int ask(struct camera_pull *pull, const char *url, const struct out *body,
               struct answer *answer, char *why, size_t cap)
{
    const struct camera_settings *camera = pull->config.camera;
    struct http_pull_request request = {.url = url,
                                        .user = camera->user,
                                        .password = pull->password,
                                        .ca = camera->ca,
                                        .body = out_str(body),
                                        .content_type = "application/soap+xml; charset=utf-8",
                                        .connect_ms = CAMERA_CONNECT_MS,
                                        .silence_ms = 3 * CAMERA_PULL_S * 1000,
                                        .context = answer,
                                        .on_bytes = collect};
    answer->n = 0;
    return http_pull_run(pull->http, &request, why, cap);
}

static int subscribe(struct camera_pull *pull, char address[ONVIF_ADDRESS_CAP],
                     struct answer *answer, char *why, size_t cap)
{
    char space[REQUEST_CAP];
    struct out out;
    struct onvif_answer told;
    out_init(&out, space, sizeof space);
    onvif_write_create(&out);
    int error = ask(pull, pull->config.camera->url, &out, answer, why, cap);
    if (error) {
        return error;
    }
    error = onvif_read_answer((struct str){answer->bytes, answer->n}, &told);
    bool http =
        strncmp(told.address, "http://", 7) == 0 || strncmp(told.address, "https://", 8) == 0;
    if (error || !http) {
        snprintf(why, cap, "no subscription: %s", error ? dx_error_name(error) : told.fault);
        return error ? error : DX_E_IO;
    }
    memcpy(address, told.address, ONVIF_ADDRESS_CAP);
    return 0;
}

static int take_messages(struct camera_pull *pull, const struct answer *answer)
{
    struct camera_event event;
    struct str body = {answer->bytes, answer->n};
    int error = onvif_read(str_c(answer->type), body, &event);
    if (error) {
        camera_intake_unreadable(pull->config.intake, pull->config.index, answer->n, error);
        return error;
    }
    camera_pull_give(pull, &event);
    return 0;
}

/* PullMessages until it fails; Renew at half the subscription's life. */
static int pull_messages(struct camera_pull *pull, const char *address, struct answer *answer,
                         char *why, size_t cap)
{
    char space[REQUEST_CAP];
    struct out out;
    mono_t renew = mono_add(clock_mono(), LIFETIME_S * 500);
    int error = 0;
    while (!error && !http_pull_is_stopped(pull->http)) {
        out_init(&out, space, sizeof space);
        if (mono_reached(clock_mono(), renew)) {
            renew = mono_add(clock_mono(), LIFETIME_S * 500);
            onvif_write_renew(&out, address, LIFETIME_S);
            /* Devices that do not know Renew live on PullMessages: only the line matters. */
            error = ask(pull, address, &out, answer, why, cap);
            error = error == DX_E_IO ? 0 : error;
            continue;
        }
        onvif_write_pull(&out, address, CAMERA_PULL_S, LIMIT);
        error = ask(pull, address, &out, answer, why, cap);
        if (!error) {
            camera_pull_works(pull);
            error = take_messages(pull, answer);
            snprintf(why, cap, "an answer that is none");
        }
    }
    return error;
}

int onvif_pull_once(struct camera_pull *pull, char *why, size_t cap)
{
    char address[ONVIF_ADDRESS_CAP] = "";
    struct answer answer = {.bytes = NULL};
    int error = subscribe(pull, address, &answer, why, cap);
    if (!error) {
        camera_pull_works(pull);
        error = pull_messages(pull, address, &answer, why, cap);
    }
    free(answer.bytes);
    return error ? error : DX_E_STATE;
}
