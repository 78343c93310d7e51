#include "server/io/invoice_sender.h"

#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "server/store/store_invoice.h"

#include <string.h>

enum { LOOK_MS = 2000, BODY_CAP = 8192, TIMEOUT_MS = 20000 };

/* ---- the answer ---- */

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
        asker_take_text(root, "message", a.text, sizeof a.text);
        if (status == 200 && jdoc_get_i64_in(root, "number", 1, 99999999, &a.number) == 0) {
            a.reply = INVOICE_REPLY_ISSUED;
            asker_take_text(root, "code", a.code, sizeof a.code);
            asker_take_text(root, "lookup", a.lookup, sizeof a.lookup);
            asker_take_text(root, "id", a.provider_id, sizeof a.provider_id);
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

static void send_one(const struct asker_tools *t, const struct invoice *invoice)
{
    char space[BODY_CAP];
    struct str body;
    struct invoice_answer answer = {.reply = INVOICE_REPLY_NONE};
    if (!write_body(t->config, invoice, space, &body)) {
        str_copy_cut(answer.text, sizeof answer.text, STR("lot or operator is not configured"));
    } else {
        struct fetch_answer got;
        if (asker_post(t->asker, t->config->invoice_url, t->config->invoice_key, invoice->id, body,
                       TIMEOUT_MS, &got) != 0) {
            return; /* no memory: the next look */
        }
        invoice_read_answer(got.status, (struct str){got.body, got.n}, &answer);
        if (got.status == 0) {
            str_copy_cut(answer.text, sizeof answer.text, str_c(got.why));
        }
        fetch_answer_free(&got);
    }
    int error = app_invoice_answer(t->app, invoice->id, &answer);
    if (error) {
        log_warn("invoice.answer", "id=%s error=%s", invoice->id, dx_error_name(error));
    }
}

static void look(const struct asker_tools *t)
{
    struct invoice invoice;
    while (!asker_is_stopping(t->asker) &&
           store_due_invoice(t->store, clock_wall(), &invoice) == 0) {
        char id[ULID_CAP];
        memcpy(id, invoice.id, sizeof id);
        send_one(t, &invoice);
        if (store_due_invoice(t->store, clock_wall(), &invoice) == 0 &&
            memcmp(id, invoice.id, sizeof id) == 0) {
            break; /* its answer could not be kept: not again at once */
        }
    }
}

int invoice_sender_start(const struct server_config *config, struct app *app,
                         struct asker **ret_asker)
{
    *ret_asker = NULL;
    bool none = config->invoice_url[0] == '\0';
    return none ? 0 : asker_start(config, app, LOOK_MS, look, ret_asker);
}
