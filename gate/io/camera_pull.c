#include "gate/io/camera_pull_inside.h"

#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

int camera_pull_again_ms(int first_ms, int tries)
{
    int ms = first_ms;
    for (int i = 1; i < tries && ms < CAMERA_AGAIN_MS_MAX; i++) {
        ms *= 2;
    }
    return ms > CAMERA_AGAIN_MS_MAX ? CAMERA_AGAIN_MS_MAX : ms;
}

/* From half of it to all of it. */
static int with_jitter(int ms)
{
    uint32_t dice = 0;
    dx_random(&dice, sizeof dice);
    return ms / 2 + (int)(dice % (uint32_t)(ms / 2 + 1));
}

void camera_pull_works(struct camera_pull *pull)
{
    pull->tries = 0;
    camera_intake_link(pull->config.intake, pull->config.index, true, "");
}

void camera_pull_give(struct camera_pull *pull, const struct camera_event *event)
{
    int error = DX_E_BUSY;
    for (int i = 0; error && i < CAMERA_STORE_TRIES; i++) {
        if (i && !http_pull_wait(pull->http, CAMERA_AGAIN_MS)) {
            break;
        }
        error = camera_intake_take(pull->config.intake, pull->config.index, event);
    }
    if (error) {
        log_error("camera.reading_lost", "camera=%s error=%s", pull->config.camera->name,
                  dx_error_name(error));
    }
}

static void *work(void *context)
{
    struct camera_pull *pull = context;
    char why[128] = "";
    while (!http_pull_is_stopped(pull->http)) {
        int error = pull->config.camera->kind == CAMERA_DAHUA
                        ? dahua_stream_once(pull, why, sizeof why)
                        : onvif_pull_once(pull, why, sizeof why);
        if (http_pull_is_stopped(pull->http)) {
            break;
        }
        camera_intake_link(pull->config.intake, pull->config.index, false, why);
        pull->tries++;
        int ms = error == DX_E_DENIED ? CAMERA_AGAIN_MS_MAX
                                      : camera_pull_again_ms(pull->config.again_ms, pull->tries);
        (void)http_pull_wait(pull->http, with_jitter(ms));
    }
    return NULL;
}

int camera_pull_start(const struct camera_pull_config *config, struct camera_pull **ret_pull)
{
    struct camera_pull *pull = calloc(1, sizeof *pull);
    if (!pull) {
        return DX_E_MEMORY;
    }
    pull->config = *config;
    pull->config.password = pull->password;
    pull->config.again_ms = config->again_ms ? config->again_ms : CAMERA_AGAIN_MS;
    str_copy_cut(pull->password, sizeof pull->password, str_c(config->password));
    int error = http_pull_new(&pull->http);
    if (!error && pthread_create(&pull->thread, NULL, work, pull) != 0) {
        error = DX_E_IO;
    }
    if (error) {
        http_pull_free(pull->http);
        dx_wipe(pull, sizeof *pull);
        free(pull);
        return error;
    }
    *ret_pull = pull;
    return 0;
}

void camera_pull_stop(struct camera_pull *pull)
{
    if (!pull) {
        return;
    }
    http_pull_stop(pull->http);
    pthread_join(pull->thread, NULL);
    http_pull_free(pull->http);
    dx_wipe(pull, sizeof *pull);
    free(pull);
}
