/* on_refund.c - a refund case from the request to the bank's reference; the bank's row ends it. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/money.h"
#include "server/app/refund_link.h"
#include "server/app/scripts.h"

static int check_fee(struct desk *desk, const struct session *s, int64_t amount_vnd)
{
    int64_t granted = 0;
    if (s->state != SESSION_LEFT && s->state != SESSION_LEFT_UNPAID) {
        return DX_E_STATE; /* before the end nobody knows the fee */
    }
    int error = store_sum_granted(desk->store, s->id, &granted);
    return error ? error : amount_vnd > 0 && granted + amount_vnd <= s->paid_vnd ? 0 : DX_E_RANGE;
}

/* A fee is to be given back: staff or the driver asks, a second person will decide. */
static int request(struct desk *desk, struct app_case *order)
{
    struct session s;
    uint8_t random[8];
    bool driver = order->kind == APP_REFUND_ASK;
    struct refund refund = {.amount_vnd = order->amount_vnd, .granted = true};
    if (order->note[0] == '\0' || (!driver && order->by[0] == '\0')) {
        return DX_E_INVAL;
    }
    int error = driver ? store_get_session_by_token(desk->store, str_c(order->token), &s)
                       : money_find_stay(desk, order->id, &s);
    if (!error && driver) {
        int64_t granted = 0;
        error = store_sum_granted(desk->store, s.id, &granted);
        error = error ? error : granted > 0 ? DX_E_EXISTS : 0; /* once; then it is looked at */
    }
    error = error ? error : check_fee(desk, &s, order->amount_vnd);
    if (error) {
        return error;
    }
    desk_ulid(desk, refund.id);
    desk->ports.random(desk->ports.context, random, sizeof random);
    refund_make_code(refund.code, random);
    memcpy(refund.lot, s.lot, sizeof refund.lot);
    memcpy(refund.session, s.id, sizeof refund.session);
    str_copy_cut(refund.cause, sizeof refund.cause, driver ? STR("driver") : STR("staff"));
    str_copy_cut(refund.reason, sizeof refund.reason, str_c(order->note));
    str_copy_cut(refund.requested_by, sizeof refund.requested_by,
                 driver ? STR(REFUND_BY_DRIVER) : str_c(order->by));
    error = store_add_refund(desk->store, &refund, desk->now);
    memcpy(order->ret_id, refund.id, sizeof order->ret_id);
    return error;
}

static int make_link(struct desk *desk, struct app_case *order, struct refund *refund)
{
    if (refund->state != REFUND_REQUESTED) {
        return DX_E_STATE;
    }
    refund->link++; /* former links end */
    memcpy(refund->linked_by, order->by, sizeof refund->linked_by);
    wall_t until = wall_add(desk->now, APP_LINK_VALID_S * (int64_t)TIME_SECOND_MS);
    refund_link_write(desk->config->case_key, refund->id, refund->link, until, order->ret_link);
    return store_put_refund(desk->store, refund, "", "", "", desk->now);
}

/* From the driver's own form, never from the console. */
static int take_account(struct desk *desk, struct app_case *order)
{
    char id[ULID_CAP];
    wall_t until;
    struct refund refund;
    uint8_t nonce[REFUND_NONCE];
    uint8_t sealed[REFUND_SEALED_MAX];
    size_t n = 0;
    int error = refund_link_parse(str_c(order->link), id, &until);
    error = error ? DX_E_NOT_FOUND : store_get_refund(desk->store, id, &refund);
    if (error) {
        return error;
    }
    error = refund_link_check(desk->config->case_key, str_c(order->link), refund.link, desk->now);
    if (error) {
        return DX_E_STALE;
    }
    if (!refund_account_is_plausible(order->bin, order->account, order->holder)) {
        return DX_E_INVAL;
    }
    error = refund_take_account(&refund);
    if (error) {
        return error;
    }
    desk->ports.random(desk->ports.context, nonce, sizeof nonce);
    refund_account_seal(desk->config->case_key, nonce, order->account, order->holder, sealed, &n);
    error = store_put_refund_account(desk->store, id, order->bin,
                                     (struct str){(const char *)sealed, n}, desk->now);
    memcpy(order->ret_id, id, sizeof order->ret_id);
    return error ? error : store_put_refund(desk->store, &refund, "", "", "", desk->now);
}

static int approve(struct desk *desk, struct app_case *order, struct refund *refund)
{
    struct ledger_tx tx;
    struct session s;
    int error = refund_approve(refund, order->by);
    if (!error && refund->granted) {
        error = store_get_session(desk->store, refund->session, &s);
        error = error ? error : s.paid_vnd < refund->amount_vnd ? DX_E_RANGE : 0;
        if (!error) {
            refund_grant_tx(refund, desk->now, &tx);
            error = desk_post(desk, desk_find_lot(desk, refund->lot), &tx);
        }
    }
    return error ? error : store_put_refund(desk->store, refund, "", "", "", desk->now);
}

static int cancel(struct desk *desk, struct app_case *order, struct refund *refund)
{
    struct ledger_tx tx;
    bool posted = !refund->granted || refund->state == REFUND_APPROVED;
    if (order->note[0] == '\0') {
        return DX_E_INVAL;
    }
    int error = refund_cancel(refund, order->by);
    if (!error && posted) {
        refund_cancel_tx(refund, desk->now, &tx);
        error = desk_post(desk, desk_find_lot(desk, refund->lot), &tx);
    }
    error = error ? error
                  : store_put_refund(desk->store, refund, "", order->by, order->note, desk->now);
    return error ? error : store_end_refund_account(desk->store, refund->id, desk->now);
}

static int step(struct desk *desk, struct app_case *order)
{
    struct refund refund;
    int error = store_get_refund(desk->store, order->id, &refund);
    if (error) {
        return error;
    }
    memcpy(order->ret_id, refund.id, sizeof order->ret_id);
    if (order->kind == APP_REFUND_LINK) {
        return make_link(desk, order, &refund);
    }
    if (order->kind == APP_REFUND_APPROVE) {
        return approve(desk, order, &refund);
    }
    if (order->kind == APP_REFUND_CANCEL) {
        return cancel(desk, order, &refund);
    }
    error = refund_send(&refund, order->by, order->note);
    return error ? error : store_put_refund(desk->store, &refund, "", "", "", desk->now);
}

int on_refund(struct desk *desk, struct app_case *order)
{
    static const char *const words[APP_CASE_COUNT] = {
        [APP_REFUND_REQUEST] = "requested", [APP_REFUND_ASK] = "requested",
        [APP_REFUND_LINK] = "linked",       [APP_REFUND_ACCOUNT] = "account_given",
        [APP_REFUND_APPROVE] = "approved",  [APP_REFUND_SENT] = "sent",
        [APP_REFUND_CANCEL] = "cancelled",
    };
    int error = 0;
    bool needs_key = order->kind == APP_REFUND_LINK || order->kind == APP_REFUND_ACCOUNT;
    if (needs_key && !desk->config->case_key) {
        return DX_E_VERSION;
    }
    if (order->kind == APP_REFUND_REQUEST || order->kind == APP_REFUND_ASK) {
        error = request(desk, order);
    } else if (order->kind == APP_REFUND_ACCOUNT) {
        error = take_account(desk, order);
    } else {
        error = order->by[0] ? step(desk, order) : DX_E_INVAL;
    }
    if (!error) {
        must(words[order->kind]);
        log_info("refund.step", "refund=%s step=%s by=%s", order->ret_id, words[order->kind],
                 order->by[0] ? order->by : REFUND_BY_DRIVER);
        desk_tell(desk, CHANGE_REVIEW, NULL, 0, NULL, "", "refund");
    }
    return error;
}
