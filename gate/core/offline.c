#include "gate/core/offline.h"

#include <string.h>

/* The table of this gate knows a stay that the lot's part, made later, does not: it has gone. */
enum { LAG_MS = 2 * TIME_MINUTE_MS };

static void own_stay(const struct inside_entry *entry, struct lot_stay *stay)
{
    memset(stay, 0, sizeof *stay);
    stay->kind = entry->kind;
    stay->vehicle = entry->vehicle;
    stay->entered = entry->entered;
    memcpy(stay->key, entry->key, sizeof stay->key);
    memcpy(stay->session, entry->session, sizeof stay->session);
}

static bool has_gone(const struct lot *lot, const struct inside_entry *entry)
{
    const struct lot_bucket *bucket = &lot->bucket[lot_bucket_of(entry->session)];
    struct subject nobody;
    memset(&nobody, 0, sizeof nobody);
    return entry->entered.ms != 0 && bucket->version > entry->entered.ms + LAG_MS &&
           !lot_find(lot, entry->session, &nobody);
}

const char *offline_inside(const struct inside *inside, const struct lot *lot, bool is_current,
                           const struct subject *subject)
{
    const struct inside_entry *own = inside_find_entry(inside, subject);
    bool asks_lot = lot && is_current;
    if (own && !(asks_lot && has_gone(lot, own))) {
        return own->session;
    }
    const struct lot_stay *stay = asks_lot ? lot_find(lot, "", subject) : NULL;
    return stay ? stay->session : "";
}

/* What this gate saw come in, unless the lot has seen it go since. */
static bool find_own(const struct offline_ask *ask, struct lot_stay *ret_stay)
{
    const struct inside_entry *entry = inside_find_entry(ask->inside, ask->subject);
    if (!entry || entry->entered.ms == 0 || has_gone(ask->lot, entry)) {
        return false;
    }
    own_stay(entry, ret_stay);
    return true;
}

/* The one that came in last: a vehicle is inside once. */
static bool find_stay(const struct offline_ask *ask, struct lot_stay *ret_stay)
{
    struct lot_stay own;
    const struct lot_stay *known = lot_find(ask->lot, ask->session, ask->subject);
    if (!known) {
        known = lot_find(ask->lot, "", ask->subject);
    }
    bool has_own = find_own(ask, &own);
    if (!known && !has_own) {
        return false;
    }
    *ret_stay = known && (!has_own || wall_diff(own.entered, known->entered) <= 0) ? *known : own;
    return true;
}

static void add_passes(const struct offline_ask *ask, struct tariff_stay *stay)
{
    int used = 0;
    const struct lot_pass *pass = lot_find_pass(ask->lot, ask->subject, stay->entry, &used);
    if (!pass || used >= pass->quota) {
        return;
    }
    for (int i = 0; i < pass->span_count && stay->pass_count < TARIFF_HELD_MAX; i++) {
        if (wall_diff(pass->span[i].until, stay->entry) > 0 &&
            wall_diff(pass->span[i].from, stay->exit) < 0) {
            struct tariff_held_pass *held = &stay->passes[stay->pass_count++];
            memcpy(held->name, pass->name, sizeof held->name);
            held->valid = pass->span[i];
        }
    }
}

static bool is_exempt(const struct offline_ask *ask)
{
    enum lot_list list;
    return lot_on_list(ask->lot, ask->subject, ask->at, &list) && list == LOT_EXEMPT;
}

static int price(const struct offline_ask *ask, const struct lot_stay *from,
                 struct tariff_price *ret_price, money_t *ret_due)
{
    const struct tariff_set *set = ask->lot->tariff[from->vehicle];
    struct tariff_stay stay;
    memset(&stay, 0, sizeof stay);
    stay.vehicle = from->vehicle;
    stay.entry = from->entered;
    stay.exit = ask->at;
    if (!set) {
        return DX_E_CONFIG;
    }
    add_passes(ask, &stay);
    int error = 0;
    if (from->paid_at.ms != 0) {
        error =
            tariff_price_due(set, &stay, from->paid_at, money(from->paid_vnd), ret_price, ret_due);
    } else {
        error = tariff_price_stay(set, &stay, ret_price);
        if (!error) {
            int64_t due = ret_price->total.vnd - from->paid_vnd;
            *ret_due = money(due > 0 ? due : 0);
        }
    }
    return error ? DX_E_RANGE : 0;
}

static void add_lines(const struct tariff_price *price, struct down *down)
{
    for (int i = 0; i < price->line_count && down->line_count < MSG_LINES_MAX; i++) {
        struct quote_line *line = &down->line[down->line_count++];
        str_copy_cut(line->vi, sizeof line->vi, str_c(price->lines[i].text_vi));
        str_copy_cut(line->en, sizeof line->en, str_c(price->lines[i].text_en));
        line->amount_vnd = price->lines[i].amount_vnd;
    }
}

/* Cash of this exit that the lot's list does not have yet. */
static int64_t extra_vnd(const struct offline_ask *ask, const struct lot_stay *stay)
{
    return ask->taken_vnd > stay->paid_vnd ? ask->taken_vnd - stay->paid_vnd : 0;
}

/* Where to pay: needs no server.  DX_E_CONFIG: the lot has no account. */
static int add_request(const struct offline_ask *ask, const struct lot_stay *stay,
                       struct down *down)
{
    struct vietqr qr;
    memset(&qr, 0, sizeof qr);
    if (stay->paycode[0]) {
        memcpy(down->paycode, stay->paycode, sizeof down->paycode);
    } else if (paycode_make(ask->lot->prefix, ask->random, down->paycode)) {
        return DX_E_CONFIG;
    }
    qr.dynamic = true;
    qr.amount_vnd = down->amount_vnd;
    memcpy(qr.bin, ask->lot->bin, sizeof qr.bin);
    memcpy(qr.account, ask->lot->account, sizeof qr.account);
    str_copy_cut(qr.purpose, sizeof qr.purpose, str_c(down->paycode));
    return vietqr_build(&qr, down->payload, sizeof down->payload) ? DX_E_CONFIG : 0;
}

static enum quote_local policy_for(const struct lot *lot, int64_t due_vnd)
{
    if (lot->policy == LOT_OPEN) {
        return due_vnd <= lot->limit_vnd ? QUOTE_LOCAL_OPEN : QUOTE_LOCAL_CONFIRM;
    }
    return lot->policy == LOT_CONFIRM ? QUOTE_LOCAL_CONFIRM : QUOTE_LOCAL_WAIT;
}

static void fill_quoted(const struct offline_ask *ask, const struct lot_stay *stay,
                        const struct down *down, const char *digest, struct event *quoted)
{
    memset(quoted, 0, sizeof *quoted);
    quoted->type = EVENT_QUOTED;
    memcpy(quoted->session, stay->session, sizeof quoted->session);
    str_copy_cut(quoted->cause, sizeof quoted->cause, str_c(ask->ask));
    quoted->fee_vnd = down->fee_vnd;
    quoted->amount_vnd = down->amount_vnd;
    quoted->entered = stay->entered;
    memcpy(quoted->paycode, down->paycode, sizeof quoted->paycode);
    str_copy_cut(quoted->tariff, sizeof quoted->tariff, str_c(digest));
}

int offline_price(const struct offline_ask *ask, struct event *ret_quoted, struct down *ret_down)
{
    struct lot_stay stay;
    struct tariff_price priced;
    struct down down;
    money_t due = money(0);
    const char *digest = "";
    if (!find_stay(ask, &stay)) {
        return DX_E_NOT_FOUND;
    }
    memset(&down, 0, sizeof down);
    down.type = DOWN_QUOTE;
    memcpy(down.session, stay.session, sizeof down.session);
    str_copy_cut(down.ask, sizeof down.ask, str_c(ask->ask));
    down.subject = *ask->subject;
    down.entered = stay.entered;
    down.valid_until = wall_add(ask->at, ask->lot->quote_valid_ms);
    down.local = QUOTE_LOCAL_WAIT;
    if (is_exempt(ask)) {
        down.state = QUOTE_EXEMPT;
    } else {
        int error = price(ask, &stay, &priced, &due);
        if (error) {
            return error;
        }
        digest = priced.digest;
        down.fee_vnd = priced.total.vnd;
        int64_t extra = extra_vnd(ask, &stay);
        down.amount_vnd = due.vnd > extra ? due.vnd - extra : 0;
        bool paid = stay.paid_vnd > 0 || extra > 0;
        down.state = down.amount_vnd > 0 ? QUOTE_DUE : paid ? QUOTE_PAID : QUOTE_FREE;
        add_lines(&priced, &down);
    }
    if (down.state == QUOTE_DUE) {
        int error = add_request(ask, &stay, &down);
        if (error) {
            return error;
        }
        down.local = policy_for(ask->lot, down.amount_vnd);
    }
    fill_quoted(ask, &stay, &down, digest, ret_quoted);
    *ret_down = down;
    return 0;
}
