/* on_invoice.c - requests for invoices and the provider's answers, in the writer's transaction. */
#include "server/app/invoices.h"

#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/ask.h"
#include "server/app/scripts.h"
#include "server/store/store_invoice.h"

enum { PAYMENTS_MAX = 16 }; /* of one stay, at one asking; more wait for the next */

static const struct app_operator *find_operator(const struct desk *desk, const char *id)
{
    for (int i = 0; i < desk->config->operator_count; i++) {
        if (strcmp(desk->config->operators[i].id, id) == 0) {
            return &desk->config->operators[i];
        }
    }
    return NULL;
}

static bool find_seller(const struct desk *desk, const char *operator_id,
                        struct invoice_seller *ret_seller)
{
    const struct app_operator *o = find_operator(desk, operator_id);
    if (!o || !o->series[0] || !desk->config->vat) {
        return false;
    }
    *ret_seller =
        (struct invoice_seller){o->tax_code, o->name, o->address, o->series, (int)o->template_};
    return true;
}

/* ---- asking ---- */

struct request_cargo {
    char token[TOKEN_CAP];
    struct invoice_buyer buyer;
    int count;
};

static int make_one(struct desk *desk, const struct invoice_payment *payment,
                    const struct invoice_buyer *buyer, const char *replaces, char ret_id[ULID_CAP])
{
    struct invoice_seller seller;
    struct invoice invoice;
    char id[ULID_CAP];
    if (!find_seller(desk, payment->operator_id, &seller)) {
        return DX_E_STATE;
    }
    desk_ulid(desk, id);
    int error = invoice_make(id, payment, &seller, desk->config->vat, buyer, desk->now, &invoice);
    if (error) {
        return error == DX_E_NOT_FOUND ? DX_E_STATE : error; /* no rate for that day */
    }
    str_copy_cut(invoice.replaces, sizeof invoice.replaces, str_c(replaces));
    error = store_add_invoice(desk->store, &invoice);
    if (!error) {
        memcpy(ret_id, id, ULID_CAP);
    }
    return error;
}

static int on_request(struct desk *desk, void *cargo)
{
    struct request_cargo *r = cargo;
    struct session session;
    struct invoice_payment payment[PAYMENTS_MAX];
    char id[ULID_CAP];
    int count = 0;
    int error = store_get_session_by_token(desk->store, str_c(r->token), &session);
    const struct app_lot *lot = error ? NULL : desk_find_lot(desk, session.lot);
    struct invoice_seller seller;
    if (!error && (!lot || !find_seller(desk, lot->operator_id, &seller))) {
        return DX_E_STATE;
    }
    error =
        error ? error : store_uninvoiced(desk->store, session.id, payment, PAYMENTS_MAX, &count);
    if (!error && count == 0) {
        error = session.paid_vnd > 0 ? DX_E_EXISTS : DX_E_NOT_FOUND;
    }
    for (int i = 0; i < count && !error; i++) {
        error = make_one(desk, &payment[i], &r->buyer, "", id);
    }
    if (!error) {
        r->count = count;
        desk_tell(desk, CHANGE_SESSION, NULL, 0, &session, "", "invoice");
    }
    return error;
}

int app_invoice_request(struct app *app, struct str token, const struct invoice_buyer *buyer,
                        int *ret_count)
{
    struct request_cargo cargo = {.buyer = *buyer};
    if (invoice_find_bad_member(buyer)) {
        return DX_E_INVAL;
    }
    if (str_copy(cargo.token, sizeof cargo.token, token) != 0) {
        return DX_E_NOT_FOUND;
    }
    int error = app_run_script(app, on_request, &cargo, sizeof cargo);
    if (!error) {
        *ret_count = cargo.count;
    }
    return error;
}

bool app_invoice_possible(struct app *app, const char *lot_id)
{
    const struct desk *desk = app_desk(app); /* the configuration never changes */
    const struct app_lot *lot = desk_find_lot(desk, lot_id);
    struct invoice_seller seller;
    return lot && find_seller(desk, lot->operator_id, &seller);
}

/* ---- replacing ---- */

struct replace_cargo {
    char id[ULID_CAP];
    struct invoice_buyer buyer;
    char ret_id[ULID_CAP];
};

static int on_replace(struct desk *desk, void *cargo)
{
    struct replace_cargo *r = cargo;
    struct invoice old;
    int error = store_get_invoice(desk->store, r->id, &old);
    if (!error && old.state != INVOICE_ISSUED) {
        error = DX_E_STATE;
    }
    return error ? error : make_one(desk, &old.payment, &r->buyer, old.id, r->ret_id);
}

int app_invoice_replace(struct app *app, const char *id, const struct invoice_buyer *buyer,
                        char ret_id[ULID_CAP])
{
    struct replace_cargo cargo = {.buyer = *buyer};
    if (invoice_find_bad_member(buyer)) {
        return DX_E_INVAL;
    }
    if (str_copy(cargo.id, sizeof cargo.id, str_c(id)) != 0) {
        return DX_E_NOT_FOUND;
    }
    int error = app_run_script(app, on_replace, &cargo, sizeof cargo);
    if (!error) {
        memcpy(ret_id, cargo.ret_id, ULID_CAP);
    }
    return error;
}

/* ---- the provider's answer ---- */

struct answer_cargo {
    char id[ULID_CAP];
    struct invoice_answer answer;
};

static int on_answer(struct desk *desk, void *cargo)
{
    const struct answer_cargo *a = cargo;
    struct invoice invoice;
    int error = store_get_invoice(desk->store, a->id, &invoice);
    error = error ? error : invoice_take_answer(&invoice, &a->answer, desk->now);
    error = error ? error : store_answer_invoice(desk->store, &invoice);
    if (!error) {
        log_info("invoice.answered", "id=%s state=%s attempts=%lld", invoice.id,
                 invoice_state_text(invoice.state), (long long)invoice.attempts);
    }
    return error;
}

int app_invoice_answer(struct app *app, const char *id, const struct invoice_answer *answer)
{
    struct answer_cargo cargo = {.answer = *answer};
    if (str_copy(cargo.id, sizeof cargo.id, str_c(id)) != 0) {
        return DX_E_NOT_FOUND;
    }
    return app_run_script(app, on_answer, &cargo, sizeof cargo);
}
