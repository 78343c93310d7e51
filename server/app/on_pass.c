/* on_pass.c - passes: bought, renewed, suspended, used by stays, paid. */
#include "proto/base/check.h"
#include "server/app/ask.h"
#include "server/app/pass.h"
#include "server/app/scripts.h"
#include "server/store/store_cash.h"
#include "server/store/store_pass.h"

/* ---- names ---- */

/*
 * A payment code nobody had, and a token nobody can guess.  34 bits of code are
 * drawn again while they are taken; at a thousand million sessions that is once in 30.
 */
int desk_draw_code(struct desk *desk, char code[PAYCODE_CAP], char token[TOKEN_CAP])
{
    enum { TRIES = 64 };
    uint8_t random[16];
    bool is_free = false;
    desk->ports.random(desk->ports.context, random, sizeof random);
    str_hex(token, random, sizeof random);
    for (int i = 0; i < TRIES; i++) {
        desk->ports.random(desk->ports.context, random, 8);
        int error = paycode_make(desk->config->prefix, random, code);
        error = error ? error : store_code_is_free(desk->store, code, &is_free);
        if (error || is_free) {
            return error;
        }
    }
    return DX_E_FULL;
}

/* ---- buying ---- */

static int price_of(const struct app_lot *lot, const struct store_pass *pass, wall_t from,
                    int months, int64_t *ret_vnd)
{
    money_t total;
    const struct tariff_set *tariff = lot->tariff[pass->vehicle];
    int error = tariff ? tariff_price_pass(tariff, pass->name, pass->vehicle, from, months, &total)
                       : DX_E_NOT_FOUND;
    if (error) {
        return DX_E_NOT_FOUND; /* no such pass in the price list of that day */
    }
    *ret_vnd = total.vnd * pass->quota;
    return *ret_vnd > 0 && *ret_vnd <= MONEY_MAX_VND ? 0 : DX_E_INVAL;
}

static void tell_period(const struct store_period *row, struct pass_order *o)
{
    memcpy(o->ret_pass, row->period.pass, sizeof o->ret_pass);
    memcpy(o->ret_token, row->token, sizeof o->ret_token);
    memcpy(o->ret_code, row->code, sizeof o->ret_code);
    o->ret_price_vnd = row->period.price_vnd;
    o->ret_from = row->period.from;
    o->ret_until = row->period.until;
}

/* More months, from where the last ones end; after a pause from `from`. */
static int add_period(struct desk *desk, const struct store_pass *pass, wall_t from,
                      struct pass_order *o)
{
    struct store_period row = {.made = desk->now};
    struct pass_period *p = &row.period;
    wall_t end = {0};
    const struct app_lot *lot = desk_find_lot(desk, pass->lot);
    if (!lot || o->months < 1 || o->months > PASS_MONTHS_MAX) {
        return lot ? DX_E_INVAL : DX_E_NOT_FOUND;
    }
    int error = store_get_pass_end(desk->store, pass->id, &end);
    if (error) {
        return error;
    }
    p->from = end.ms > desk->now.ms ? end : time_day_start(from);
    p->until = pass_months_after(p->from, o->months);
    p->months = o->months;
    desk_ulid(desk, p->id);
    memcpy(p->pass, pass->id, sizeof p->pass);
    memcpy(row.by, o->by, sizeof row.by);
    error = price_of(lot, pass, p->from, o->months, &p->price_vnd);
    error = error ? error : desk_draw_code(desk, row.code, row.token);
    error = error ? error : store_add_period(desk->store, &row);
    if (!error) {
        tell_period(&row, o);
    }
    return error;
}

/* The same months were asked for and not paid: that request stands. */
static int renew(struct desk *desk, const struct store_pass *pass, struct pass_order *o)
{
    struct store_period waiting;
    int error = store_find_unpaid_period(desk->store, pass->id, desk->now, &waiting);
    if (!error && waiting.period.months == o->months) {
        tell_period(&waiting, o);
        return 0;
    }
    error = error == DX_E_NOT_FOUND ? 0 : error;
    error = error ? error : add_period(desk, pass, desk->now, o);
    return error ? error
                 : store_add_pass_change(desk->store, pass->id, "renewed", desk->now, o->by);
}

static bool order_is_whole(const struct pass_order *o)
{
    bool whole = o->plate_count >= 1 && o->quota >= 1 && o->quota <= PASS_QUOTA_MAX && o->name[0] &&
                 o->vehicle != VEHICLE_UNKNOWN;
    for (int i = 0; i < o->plate_count; i++) {
        whole = whole && o->plate[i][0];
    }
    return whole;
}

static int add_parts(struct desk *desk, const struct store_pass *pass, wall_t from,
                     const struct pass_order *o)
{
    int error = store_add_pass_lot(desk->store, pass->id, pass->lot);
    for (int i = 0; i < o->lot_count && !error; i++) {
        error = desk_find_lot(desk, o->lots[i]) ? 0 : DX_E_NOT_FOUND;
        if (!error && strcmp(o->lots[i], pass->lot) != 0) {
            error = store_add_pass_lot(desk->store, pass->id, o->lots[i]);
        }
    }
    for (int i = 0; i < o->plate_count && !error; i++) {
        /* From the pass's first day: a plate that is inside already is on it then too. */
        error =
            store_add_pass_plate(desk->store, pass->id, o->plate[i], time_day_start(from), o->by);
    }
    return error;
}

static int add(struct desk *desk, struct pass_order *o)
{
    struct store_pass pass = {.vehicle = o->vehicle, .quota = o->quota, .made = desk->now};
    wall_t from = o->from.ms ? o->from : desk->now;
    if (!order_is_whole(o)) {
        return DX_E_INVAL;
    }
    if (!desk_find_lot(desk, o->lot)) {
        return DX_E_NOT_FOUND;
    }
    desk_ulid(desk, pass.id);
    memcpy(pass.lot, o->lot, sizeof pass.lot);
    memcpy(pass.name, o->name, sizeof pass.name);
    memcpy(pass.holder, o->holder, sizeof pass.holder);
    memcpy(pass.by, o->by, sizeof pass.by);
    int error = store_add_pass(desk->store, &pass);
    error = error ? error : add_parts(desk, &pass, from.ms < desk->now.ms ? from : desk->now, o);
    error = error ? error : add_period(desk, &pass, from, o);
    return error ? error : store_add_pass_change(desk->store, pass.id, "made", desk->now, o->by);
}

/* By a driver, who knows a plate: the newest pass that fits is renewed, or one is made. */
static int buy(struct desk *desk, struct pass_order *o)
{
    enum { FOUND_MAX = 16 };
    struct store_pass found[FOUND_MAX];
    int count = 0;
    o->quota = 1;
    o->lot_count = 0;
    if (o->plate_count != 1) {
        return DX_E_INVAL;
    }
    int error =
        store_find_passes(desk->store, o->lot, o->plate[0], o->vehicle, found, FOUND_MAX, &count);
    for (int i = count - 1; i >= 0 && !error; i--) {
        if (strcmp(found[i].name, o->name) == 0 && strcmp(found[i].lot, o->lot) == 0 &&
            found[i].quota == 1) {
            return renew(desk, &found[i], o);
        }
    }
    return error ? error : add(desk, o);
}

/* ---- changes ---- */

static int change_plate(struct desk *desk, const struct store_pass *pass, struct pass_order *o)
{
    bool on = o->kind == PASS_ORDER_PLATE_ON;
    if (o->plate_count != 1 || o->plate[0][0] == '\0') {
        return DX_E_INVAL;
    }
    return on ? store_add_pass_plate(desk->store, pass->id, o->plate[0], desk->now, o->by)
              : store_end_pass_plate(desk->store, pass->id, o->plate[0], desk->now);
}

static int change(struct desk *desk, struct pass_order *o)
{
    static const char *const words[] = {[PASS_ORDER_SUSPEND] = "suspended",
                                        [PASS_ORDER_RESUME] = "resumed",
                                        [PASS_ORDER_PLATE_ON] = "plate_added",
                                        [PASS_ORDER_PLATE_OFF] = "plate_removed"};
    struct store_pass pass;
    int error = store_get_pass(desk->store, o->pass, &pass);
    if (error) {
        return error;
    }
    if (o->kind == PASS_ORDER_RENEW) {
        return renew(desk, &pass, o);
    }
    if (o->kind == PASS_ORDER_SUSPEND) {
        error = o->reason[0]
                    ? store_add_pass_hold(desk->store, pass.id, desk->now, o->reason, o->by)
                    : DX_E_INVAL;
    } else if (o->kind == PASS_ORDER_RESUME) {
        error = store_end_pass_hold(desk->store, pass.id, desk->now);
    } else {
        error = change_plate(desk, &pass, o);
    }
    return error ? error
                 : store_add_pass_change(desk->store, pass.id, words[o->kind], desk->now, o->by);
}

/* ---- cash on its way ---- */

static int move_cash(struct desk *desk, struct pass_order *o)
{
    struct store_cash_move row = {.at = desk->now, .amount_vnd = o->amount_vnd};
    struct ledger_tx tx;
    char token[TOKEN_CAP];
    const struct app_lot *lot = desk_find_lot(desk, o->lot);
    int error = 0;
    if (!lot || o->amount_vnd <= 0 || o->amount_vnd > MONEY_MAX_VND) {
        return lot ? DX_E_INVAL : DX_E_NOT_FOUND;
    }
    desk_ulid(desk, row.id);
    str_copy_cut(row.lot, sizeof row.lot, str_c(lot->id));
    str_copy_cut(row.operator_id, sizeof row.operator_id, str_c(lot->operator_id));
    memcpy(row.by, o->by, sizeof row.by);
    if (o->kind == PASS_ORDER_HAND_IN) {
        struct store_shift shift;
        int64_t held = 0;
        row.move = CASH_HANDED_IN;
        memcpy(row.shift, o->shift, sizeof row.shift);
        error = store_get_shift(desk->store, o->shift, &shift);
        error = error ? error : store_get_drawer(desk->store, lot->id, o->shift, &held);
        if (!error && (strcmp(shift.lot, lot->id) != 0 || held < o->amount_vnd)) {
            error = DX_E_INVAL; /* more than the drawer holds */
        }
    } else {
        row.move = CASH_BANKED;
        error = desk_draw_code(desk, row.code, token);
        memcpy(o->ret_code, row.code, sizeof o->ret_code);
    }
    const struct cash_place place = {lot->id, lot->operator_id};
    error = error ? error : store_add_cash_move(desk->store, &row);
    if (!error) {
        cash_move(&place, row.move, row.id, row.shift, row.amount_vnd, desk->now, &tx);
        error = desk_post(desk, lot, &tx);
    }
    return error;
}

int desk_pass(struct desk *desk, struct pass_order *order)
{
    if (order->by[0] == '\0') {
        return DX_E_INVAL;
    }
    switch (order->kind) {
    case PASS_ORDER_ADD:
        return add(desk, order);
    case PASS_ORDER_BUY:
        return buy(desk, order);
    case PASS_ORDER_RENEW:
    case PASS_ORDER_SUSPEND:
    case PASS_ORDER_RESUME:
    case PASS_ORDER_PLATE_ON:
    case PASS_ORDER_PLATE_OFF:
        return change(desk, order);
    case PASS_ORDER_HAND_IN:
    case PASS_ORDER_BANK:
        return move_cash(desk, order);
    case PASS_ORDER_COUNT:
        break;
    }
    return DX_E_INVAL;
}

static int on_order(struct desk *desk, void *cargo)
{
    return desk_pass(desk, cargo);
}

int app_pass(struct app *app, struct pass_order *order)
{
    return app_run_script(app, on_order, order, sizeof *order);
}

/* ---- for pages ---- */

void app_pass_offers(struct app *app, wall_t now,
                     void (*take)(void *context, const struct app_pass_offer *offer), void *context)
{
    const struct app_config *config = app_desk(app)->config;
    for (int i = 0; i < config->lot_count; i++) {
        const struct app_lot *lot = &config->lots[i];
        for (int v = 0; v < VEHICLE_COUNT; v++) {
            const struct tariff *tariff =
                lot->tariff[v] ? tariff_set_at(lot->tariff[v], now) : NULL;
            for (int p = 0; tariff && p < tariff->pass_count; p++) {
                const struct tariff_pass *pass = &tariff->passes[p];
                if (pass->vehicles & (UINT32_C(1) << v)) {
                    take(context,
                         &(struct app_pass_offer){lot->id, lot->name, (enum vehicle)v, pass->name,
                                                  pass->label.vi, pass->label.en, pass->month_vnd});
                }
            }
        }
    }
}

int app_pass_page(struct app *app, struct str token, struct app_pass_page *ret_page)
{
    struct store_period row;
    struct store_pass pass;
    struct app_pass_page page = {0};
    struct ask_reader *reader = app_reader(app);
    pthread_mutex_lock(&reader->lock);
    int error = store_get_period_by_token(reader->store, token, &row);
    error = error ? error : store_get_pass(reader->store, row.period.pass, &pass);
    pthread_mutex_unlock(&reader->lock);
    const struct app_lot *lot = error ? NULL : desk_find_lot(app_desk(app), pass.lot);
    if (error || !lot) {
        return error ? error : DX_E_NOT_FOUND;
    }
    page.period = row.period;
    page.vehicle = pass.vehicle;
    page.quota = pass.quota;
    page.lot_name = lot->name;
    page.bin = lot->bin;
    page.account = lot->account;
    page.account_name = lot->account_name;
    memcpy(page.name, pass.name, sizeof page.name);
    memcpy(page.code, row.code, sizeof page.code);
    if (row.period.covers.ms == 0) {
        desk_vietqr(lot, row.code, row.period.price_vnd - row.period.paid_vnd, page.payload);
    }
    *ret_page = page;
    return 0;
}
