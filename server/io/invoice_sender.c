#include "server/io/invoice_sender.h"

#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "server/io/fetch.h"
#include "server/store/store_invoice.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 2000, BODY_CAP = 8192, TIMEOUT_MS = 20000 };

struct invoice_sender {
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

/* Not the provider's judgement, but "not now". */
static bool is_later(int status)
{
    return status < 400 || status >= 500 || status == 408 || status == 409 || status == 425 ||
           status == 429 || status == 401 || status == 403 || status == 404;
}

void invoice_read_answer(int status, struct str body, struct invoice_answer *ret_answer)
{
    struct invoice_answer a;
    struct jdoc *root = NULL;
    memset(&a, 0, sizeof a);
    a.reply = INVOICE_REPLY_NONE;
    if (status == 0) {
        str_copy_cut(a.text, sizeof a.text, STR("no answer"));
        *ret_answer = a;
        return;
    }
    snprintf(a.text, sizeof a.text, "HTTP %d", status);
    if (jdoc_read(body, &root, NULL) == 0) {
        take_text(root, "message", a.text, sizeof a.text);
        if (status == 200 && jdoc_get_i64_in(root, "number", 1, 99999999, &a.number) == 0) {
            a.reply = INVOICE_REPLY_ISSUED;
            take_text(root, "code", a.code, sizeof a.code);
            take_text(root, "lookup", a.lookup, sizeof a.lookup);
            take_text(root, "id", a.provider_id, sizeof a.provider_id);
        }
    }
    if (!is_later(status)) {
        a.reply = INVOICE_REPLY_REFUSED;
    }
    jdoc_release(root);
    *ret_answer = a;
}

/* ---- one request ---- */

static const struct app_lot *find_lot(const struct server_config *c, const char *id)
{
    for (int i = 0; i < c->lot_count; i++) {
        if (strcmp(c->lot[i].lot.id, id) == 0) {
            return &c->lot[i].lot;
        }
    }
    return NULL;
}

static bool write_body(const struct server_config *c, const struct invoice *invoice, char *space,
                       struct str *ret_body)
{
    struct out out;
    const struct app_lot *lot = find_lot(c, invoice->payment.lot);
    const struct app_operator *o = NULL;
    for (int i = 0; i < c->operator_count; i++) {
        if (strcmp(c->operators[i].id, invoice->payment.operator_id) == 0) {
            o = &c->operators[i];
        }
    }
    if (!o || !lot) {
        return false;
    }
    const struct invoice_seller seller = {o->tax_code, o->name, o->address, o->series,
                                          invoice->template_};
    out_init(&out, space, BODY_CAP);
    invoice_write(&out, invoice, &seller, lot->name, lot->address);
    *ret_body = out_str(&out);
    return !out_failed(&out);
}

static void send_one(struct invoice_sender *s, const struct invoice *invoice)
{
    char space[BODY_CAP];
    char key[SERVER_SECRET_CAP + 32];
    char once[64];
    struct str body;
    struct invoice_answer answer = {.reply = INVOICE_REPLY_NONE};
    if (!write_body(s->config, invoice, space, &body)) {
        str_copy_cut(answer.text, sizeof answer.text, STR("lot or operator is not configured"));
    } else {
        snprintf(key, sizeof key, "Authorization: Bearer %s", s->config->invoice_key);
        snprintf(once, sizeof once, "Idempotency-Key: %s", invoice->id);
        const struct fetch_ask ask = {.url = s->config->invoice_url,
                                      .header = {once, s->config->invoice_key[0] ? key : NULL},
                                      .body = body,
                                      .timeout_ms = TIMEOUT_MS};
        struct fetch_answer got;
        if (fetch_ask(s->fetch, &ask, &got) != 0) {
            return; /* no memory: the next look */
        }
        invoice_read_answer(got.status, (struct str){got.body, got.n}, &answer);
        if (got.status == 0) {
            str_copy_cut(answer.text, sizeof answer.text, str_c(got.why));
        }
        fetch_answer_free(&got);
    }
    int error = app_invoice_answer(s->app, invoice->id, &answer);
    if (error) {
        log_warn("invoice.answer", "id=%s error=%s", invoice->id, dx_error_name(error));
    }
}

/* ---- the thread ---- */

static bool wait_for_next(struct invoice_sender *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->stop && clock_cond_wait(&s->stopping, &s->lock, LOOK_MS)) {
    }
    bool stop = s->stop;
    pthread_mutex_unlock(&s->lock);
    return !stop;
}

static bool stopped(struct invoice_sender *s)
{
    pthread_mutex_lock(&s->lock);
    bool stop = s->stop;
    pthread_mutex_unlock(&s->lock);
    return stop;
}

static void *run(void *argument)
{
    struct invoice_sender *s = argument;
    struct invoice invoice;
    while (wait_for_next(s)) {
        while (!stopped(s) && store_due_invoice(s->store, clock_wall(), &invoice) == 0) {
            char id[ULID_CAP];
            memcpy(id, invoice.id, sizeof id);
            send_one(s, &invoice);
            if (store_due_invoice(s->store, clock_wall(), &invoice) == 0 &&
                memcmp(id, invoice.id, sizeof id) == 0) {
                break; /* its answer could not be kept: not again at once */
            }
        }
    }
    return NULL;
}

int invoice_sender_start(const struct server_config *config, struct app *app,
                         struct invoice_sender **ret_sender)
{
    *ret_sender = NULL;
    if (config->invoice_url[0] == '\0') {
        return 0;
    }
    struct invoice_sender *s = calloc(1, sizeof *s);
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

void invoice_sender_stop(struct invoice_sender *s)
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
