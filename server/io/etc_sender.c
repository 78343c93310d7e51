#include "server/io/etc_sender.h"

#include "proto/io/clock_os.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "server/io/fetch.h"

#include <pthread.h>

enum { LOOK_MS = 250, BODY_CAP = 2048, TIMEOUT_MS = 8000 };

struct etc_sender {
    const struct server_config *config;
    struct app *app;
    struct store *store; /* reads only */
    struct fetch *fetch;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopping;
    bool stop;
};

/* ---- the answer ---- */

static void take_text(const struct jdoc *root, const char *key, char *out, size_t cap)
{
    struct str text;
    if (jdoc_get_str(root, key, &text) == 0) {
        str_copy_cut(out, cap, text);
    }
}

void etc_read_answer(int status, struct str body, struct etc_answer *ret_answer)
{
    static const struct {
        const char *word;
        enum etc_reply reply;
    } words[] = {{"authorized", ETC_REPLY_AUTHORIZED},
                 {"captured", ETC_REPLY_CAPTURED},
                 {"voided", ETC_REPLY_VOIDED},
                 {"declined", ETC_REPLY_DECLINED},
                 {"unknown", ETC_REPLY_UNKNOWN_ID}};
    struct etc_answer a = {.reply = ETC_REPLY_NONE};
    struct jdoc *root = NULL;
    char state[24] = "";
    if (status == 0) {
        str_copy_cut(a.text, sizeof a.text, STR("no answer"));
    } else if (status != 200 || jdoc_read(body, &root, NULL) != 0) {
        snprintf(a.text, sizeof a.text, "HTTP %d", status);
    } else {
        take_text(root, "state", state, sizeof state);
        take_text(root, "reference", a.reference, sizeof a.reference);
        take_text(root, "reason", a.text, sizeof a.text);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            a.reply = strcmp(state, words[i].word) == 0 ? words[i].reply : a.reply;
        }
    }
    jdoc_release(root);
    *ret_answer = a;
}

/* ---- a question ---- */

static const struct server_etc *find_provider(const struct server_config *c, const char *id)
{
    for (int i = 0; i < c->etc_count; i++) {
        if (strcmp(c->etc[i].id, id) == 0) {
            return &c->etc[i];
        }
    }
    return NULL;
}

/* *ret_status 0: no answer; `ret_body` is cut to its space. */
static bool post(struct etc_sender *s, const char *provider, const char *id, struct str body,
                 int *ret_status, char ret_body[BODY_CAP])
{
    char key[SERVER_SECRET_CAP + 32];
    char once[64];
    struct fetch_answer got;
    const struct server_etc *to = find_provider(s->config, provider);
    *ret_status = 0;
    ret_body[0] = '\0';
    if (!to) {
        return true; /* not configured any more: it stays unknown, and is asked again */
    }
    snprintf(once, sizeof once, "Idempotency-Key: %s", id);
    snprintf(key, sizeof key, "Authorization: Bearer %s", to->key);
    const struct fetch_ask ask = {.url = to->url,
                                  .header = {once, to->key[0] ? key : NULL},
                                  .body = body,
                                  .timeout_ms = TIMEOUT_MS};
    if (fetch_ask(s->fetch, &ask, &got) != 0) {
        return false;
    }
    *ret_status = got.status;
    str_copy_cut(ret_body, BODY_CAP, (struct str){got.body, got.n});
    fetch_answer_free(&got);
    return true;
}

static void ask_charge(struct etc_sender *s, const struct etc_charge *c)
{
    char space[BODY_CAP];
    char body[BODY_CAP];
    struct out out;
    struct etc_answer answer;
    int status;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_c(&out, "id", c->id);
    json_c(&out, "op", etc_op_text(etc_next_op(c->state)));
    json_c(&out, "plate", c->plate);
    json_c(&out, "tag", c->tag);
    json_i64(&out, "amount_vnd", c->amount_vnd);
    json_c(&out, "lot", c->lot);
    json_i64(&out, "lane", c->lane);
    json_object_end(&out);
    if (out_failed(&out) || !post(s, c->provider, c->id, out_str(&out), &status, body)) {
        return;
    }
    etc_read_answer(status, str_c(body), &answer);
    int error = app_etc_answer(s->app, c->id, &answer);
    if (error) {
        log_warn("etc.answer", "charge=%s error=%s", c->id, dx_error_name(error));
    }
}

static void ask_refund(struct etc_sender *s, const struct etc_refund *r)
{
    char space[BODY_CAP];
    char body[BODY_CAP];
    struct out out;
    struct etc_charge c;
    struct jdoc *root = NULL;
    char state[24] = "", reference[ETC_REFERENCE_CAP] = "", text[ETC_ANSWER_CAP] = "";
    int status;
    if (store_get_etc_charge(s->store, r->charge, &c) != 0) {
        return;
    }
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_c(&out, "id", r->id);
    json_c(&out, "op", etc_op_text(ETC_REFUND));
    json_c(&out, "charge", r->charge);
    json_i64(&out, "amount_vnd", r->amount_vnd);
    json_object_end(&out);
    if (out_failed(&out) || !post(s, c.provider, r->id, out_str(&out), &status, body)) {
        return;
    }
    if (status == 200 && jdoc_read(str_c(body), &root, NULL) == 0) {
        take_text(root, "state", state, sizeof state);
        take_text(root, "reference", reference, sizeof reference);
        take_text(root, "reason", text, sizeof text);
    }
    jdoc_release(root);
    int error = app_etc_refund_answer(s->app, r->id, strcmp(state, "refunded") == 0,
                                      strcmp(state, "declined") == 0, reference, text);
    if (error) {
        log_warn("etc.refund", "refund=%s error=%s", r->id, dx_error_name(error));
    }
}

/* ---- the thread ---- */

static bool wait_for_next(struct etc_sender *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->stop && clock_cond_wait(&s->stopping, &s->lock, LOOK_MS)) {
    }
    bool stop = s->stop;
    pthread_mutex_unlock(&s->lock);
    return !stop;
}

/* A few at each look: what could not be kept must not be asked in a circle. */
static void *run(void *argument)
{
    enum { AT_ONCE = 16 };
    struct etc_sender *s = argument;
    while (wait_for_next(s)) {
        struct etc_charge charge;
        struct etc_refund refund;
        for (int i = 0; i < AT_ONCE && store_due_etc_charge(s->store, clock_wall(), &charge) == 0;
             i++) {
            ask_charge(s, &charge);
        }
        for (int i = 0; i < AT_ONCE && store_due_etc_refund(s->store, clock_wall(), &refund) == 0;
             i++) {
            ask_refund(s, &refund);
        }
    }
    return NULL;
}

int etc_sender_start(const struct server_config *config, struct app *app,
                     struct etc_sender **ret_sender)
{
    *ret_sender = NULL;
    if (config->etc_count == 0) {
        return 0;
    }
    struct etc_sender *s = calloc(1, sizeof *s);
    if (!s) {
        return DX_E_MEMORY;
    }
    s->config = config;
    s->app = app;
    pthread_mutex_init(&s->lock, NULL);
    clock_cond_init(&s->stopping);
    int error = store_open_reader(config->database, &s->store);
    error = error ? error : fetch_new(&s->fetch);
    if (!error && pthread_create(&s->thread, NULL, run, s) != 0) {
        error = DX_E_IO;
    }
    if (error) {
        fetch_free(s->fetch);
        store_close(s->store);
        free(s);
        return error;
    }
    *ret_sender = s;
    return 0;
}

void etc_sender_stop(struct etc_sender *s)
{
    if (!s) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_signal(&s->stopping);
    pthread_mutex_unlock(&s->lock);
    fetch_stop(s->fetch);
    pthread_join(s->thread, NULL);
    fetch_free(s->fetch);
    store_close(s->store);
    pthread_cond_destroy(&s->stopping);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
