/* memory_pass.c - passes, their plates, suspensions and periods: store_pass.c. */
#include "sim/store/parts.h"

#include "proto/base/check.h"

#include <stdlib.h>

/* ---- passes ---- */

static const struct store_pass *pass_at(const struct memory *memory, uint32_t n)
{
    const struct pass_row *row = table_at(&memory->pass, n);
    return row ? &row->pass : NULL;
}

static const struct store_pass *find_pass(const struct memory *memory, const char *id)
{
    uint32_t n = table_first(&memory->pass, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(pass_at(memory, n)->id, id)) {
        n = table_next(&memory->pass, 0, n);
    }
    return pass_at(memory, n);
}

int store_add_pass(struct store *store, const struct store_pass *pass)
{
    struct memory *memory = store->memory;
    const struct pass_row row = {*pass};
    OPERATION(store);
    return find_pass(memory, pass->id) ? DX_E_EXISTS
                                       : table_add(&memory->undo, &memory->pass, &row, NULL);
}

int store_get_pass(struct store *store, const char *id, struct store_pass *ret_pass)
{
    OPERATION(store);
    const struct store_pass *pass = find_pass(store->memory, id);
    if (!pass) {
        return DX_E_NOT_FOUND;
    }
    *ret_pass = *pass;
    return 0;
}

static bool pass_has_lot(const struct memory *memory, const char *pass, uint32_t lot)
{
    const struct table *t = &memory->pass_lot;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, pass));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct pass_lot_row *row = table_at(t, n);
        if (row->lot == lot && text_same(row->pass, pass)) {
            return true;
        }
    }
    return false;
}

int store_add_pass_lot(struct store *store, const char *pass, const char *lot)
{
    struct memory *memory = store->memory;
    struct pass_lot_row row = {.lot = 0};
    OPERATION(store);
    PUT(row.pass, pass);
    row.lot = memory_name(memory, lot);
    return pass_has_lot(memory, pass, row.lot)
               ? DX_E_EXISTS
               : table_add(&memory->undo, &memory->pass_lot, &row, NULL);
}

static uint32_t open_plate(const struct memory *memory, const char *pass, const char *plate)
{
    const struct table *t = &memory->pass_plate;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, plate));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct pass_plate_row *row = table_at(t, n);
        if (text_same(row->plate, plate) && text_same(row->pass, pass) && !row->ended) {
            return n;
        }
    }
    return 0;
}

int store_add_pass_plate(struct store *store, const char *pass, const char *plate, wall_t from,
                         const char *by)
{
    struct memory *memory = store->memory;
    struct pass_plate_row row = {.from_ms = from.ms};
    OPERATION(store);
    if (open_plate(memory, pass, plate)) {
        return DX_E_EXISTS;
    }
    PUT(row.pass, pass);
    PUT(row.plate, plate);
    PUT(row.by, by);
    return table_add(&memory->undo, &memory->pass_plate, &row, NULL);
}

int store_end_pass_plate(struct store *store, const char *pass, const char *plate, wall_t until)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = open_plate(memory, pass, plate);
    if (n == 0) {
        return DX_E_NOT_FOUND;
    }
    struct pass_plate_row row = *(const struct pass_plate_row *)table_at(&memory->pass_plate, n);
    row.ended = true;
    row.until_ms = until.ms;
    return table_put(&memory->undo, &memory->pass_plate, n, &row);
}

static uint32_t open_hold(const struct memory *memory, const char *pass)
{
    const struct table *t = &memory->pass_hold;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, pass));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct pass_hold_row *row = table_at(t, n);
        if (text_same(row->pass, pass) && !row->ended) {
            return n;
        }
    }
    return 0;
}

int store_add_pass_hold(struct store *store, const char *pass, wall_t from, const char *reason,
                        const char *by)
{
    struct memory *memory = store->memory;
    struct pass_hold_row row = {.from_ms = from.ms};
    OPERATION(store);
    if (open_hold(memory, pass)) {
        return DX_E_EXISTS;
    }
    PUT(row.pass, pass);
    PUT(row.by, by);
    int error = text_make(&memory->undo, str_c(reason), &row.reason);
    return error ? error : table_add(&memory->undo, &memory->pass_hold, &row, NULL);
}

int store_end_pass_hold(struct store *store, const char *pass, wall_t until)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = open_hold(memory, pass);
    if (n == 0) {
        return DX_E_NOT_FOUND;
    }
    struct pass_hold_row row = *(const struct pass_hold_row *)table_at(&memory->pass_hold, n);
    row.ended = true;
    row.until_ms = until.ms;
    return table_put(&memory->undo, &memory->pass_hold, n, &row);
}

int store_add_pass_change(struct store *store, const char *pass, const char *what, wall_t at,
                          const char *by)
{
    struct memory *memory = store->memory;
    struct pass_change_row row = {.at_ms = at.ms};
    OPERATION(store);
    PUT(row.pass, pass);
    PUT(row.what, what);
    PUT(row.by, by);
    return table_add(&memory->undo, &memory->pass_change, &row, NULL);
}

int store_get_pass_version(struct store *store, int64_t *ret_version)
{
    OPERATION(store);
    *ret_version = store->memory->pass_change.last;
    return 0;
}

/* ---- periods ---- */

enum { PERIOD_BY_ID, PERIOD_BY_CODE, PERIOD_BY_TOKEN, PERIOD_BY_PASS, PERIOD_UNEARNED };

static const struct store_period *period_at(const struct memory *memory, uint32_t n)
{
    const struct period_row *row = table_at(&memory->period, n);
    return row ? &row->row : NULL;
}

static uint32_t find_period(const struct memory *memory, int index, const char *text)
{
    const struct table *t = &memory->period;
    uint32_t n = table_first(t, index, hash_text(HASH_SEED, text));
    for (; n != 0; n = table_next(t, index, n)) {
        const struct store_period *p = period_at(memory, n);
        const char *have = index == PERIOD_BY_ID     ? p->period.id
                           : index == PERIOD_BY_CODE ? p->code
                                                     : p->token;
        if (text_same(have, text)) {
            return n;
        }
    }
    return 0;
}

static int take_period(const struct memory *memory, const struct store_period *row,
                       struct store_period *ret_row)
{
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    const struct store_pass *pass = find_pass(memory, row->period.pass);
    if (!pass) {
        return DX_E_NOT_FOUND;
    }
    *ret_row = *row;
    PUT(ret_row->period.lot, pass->lot);
    return 0;
}

int store_add_period(struct store *store, const struct store_period *row)
{
    struct memory *memory = store->memory;
    struct period_row made = {*row};
    OPERATION(store);
    if (find_period(memory, PERIOD_BY_ID, row->period.id) ||
        find_period(memory, PERIOD_BY_CODE, row->code) ||
        find_period(memory, PERIOD_BY_TOKEN, row->token)) {
        return DX_E_EXISTS;
    }
    made.row.period.paid_vnd = 0; /* what a new row has in the database */
    made.row.period.earned = 0;
    made.row.period.covers.ms = 0;
    return table_add(&memory->undo, &memory->period, &made, NULL);
}

int store_put_period(struct store *store, const struct pass_period *p)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_period(memory, PERIOD_BY_ID, p->id);
    if (n == 0) {
        return 0;
    }
    struct period_row row = *(const struct period_row *)table_at(&memory->period, n);
    row.row.period.paid_vnd = p->paid_vnd;
    row.row.period.earned = p->earned;
    if (p->covers.ms != 0) {
        row.row.period.covers = p->covers;
        row.row.period.from = p->from;
        row.row.period.until = p->until;
    }
    return table_put(&memory->undo, &memory->period, n, &row);
}

int store_get_period_by_code(struct store *store, const char *code, struct store_period *ret_row)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    return take_period(memory, period_at(memory, find_period(memory, PERIOD_BY_CODE, code)),
                       ret_row);
}

int store_get_period_by_token(struct store *store, struct str token, struct store_period *ret_row)
{
    struct memory *memory = store->memory;
    char text[TOKEN_CAP];
    OPERATION(store);
    if (str_copy(text, sizeof text, token) != 0) {
        return DX_E_NOT_FOUND;
    }
    return take_period(memory, period_at(memory, find_period(memory, PERIOD_BY_TOKEN, text)),
                       ret_row);
}

int store_get_pass_end(struct store *store, const char *pass, wall_t *ret_until)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->period;
    int64_t end = 0;
    OPERATION(store);
    for (uint32_t n = table_first(t, PERIOD_BY_PASS, hash_text(HASH_SEED, pass)); n != 0;
         n = table_next(t, PERIOD_BY_PASS, n)) {
        const struct pass_period *p = &period_at(memory, n)->period;
        if (text_same(p->pass, pass) && p->covers.ms != 0 && p->until.ms > end) {
            end = p->until.ms;
        }
    }
    ret_until->ms = end;
    return 0;
}

int store_find_unpaid_period(struct store *store, const char *pass, wall_t now,
                             struct store_period *ret_row)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->period;
    uint32_t best = 0;
    OPERATION(store);
    for (uint32_t n = table_first(t, PERIOD_BY_PASS, hash_text(HASH_SEED, pass)); n != 0;
         n = table_next(t, PERIOD_BY_PASS, n)) {
        const struct pass_period *p = &period_at(memory, n)->period;
        if (!text_same(p->pass, pass) || p->covers.ms != 0 || p->until.ms <= now.ms) {
            continue;
        }
        int64_t from = best ? period_at(memory, best)->period.from.ms : INT64_MAX;
        best = p->from.ms < from || (p->from.ms == from && n < best) ? n : best;
    }
    return take_period(memory, period_at(memory, best), ret_row);
}

int store_find_earning(struct store *store, wall_t now, struct pass_period *ret_period)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->period;
    uint32_t best = 0;
    struct store_period row;
    OPERATION(store);
    for (uint32_t n = table_first(t, PERIOD_UNEARNED, HASH_SEED); n != 0;
         n = table_next(t, PERIOD_UNEARNED, n)) {
        const struct pass_period *p = &period_at(memory, n)->period;
        int64_t from = best ? period_at(memory, best)->period.from.ms : INT64_MAX;
        if (p->from.ms <= now.ms && pass_is_earning(p, now) &&
            (p->from.ms < from || (p->from.ms == from && n < best))) {
            best = n;
        }
    }
    int error = take_period(memory, period_at(memory, best), &row);
    if (!error) {
        *ret_period = row.period;
    }
    return error;
}

/* ---- use ---- */

int store_find_passes(struct store *store, const char *lot, const char *plate, enum vehicle vehicle,
                      struct store_pass *ret_passes, int max, int *ret_count)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->pass_plate;
    const char *after = "";
    int count = 0;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, lot);
    for (const struct store_pass *best; count < max; after = best->id) {
        best = NULL; /* the next one by id */
        for (uint32_t n = table_first(t, 0, hash_text(HASH_SEED, plate)); n != 0;
             n = table_next(t, 0, n)) {
            const struct pass_plate_row *row = table_at(t, n);
            const struct store_pass *pass =
                text_same(row->plate, plate) ? find_pass(memory, row->pass) : NULL;
            if (pass && pass->vehicle == vehicle && strcmp(pass->id, after) > 0 &&
                (!best || strcmp(pass->id, best->id) < 0) && pass_has_lot(memory, pass->id, name)) {
                best = pass;
            }
        }
        if (!best) {
            break;
        }
        ret_passes[count++] = *best;
    }
    *ret_count = count;
    return 0;
}

/* The latest spans first, at most `max`. */
static void add_span(struct tariff_span *spans, int max, int *count, int64_t from_ms,
                     int64_t until_ms)
{
    if (*count == max && spans[max - 1].from.ms >= from_ms) {
        return;
    }
    int place = *count < max ? (*count)++ : max - 1;
    for (; place > 0 && spans[place - 1].from.ms < from_ms; place--) {
        spans[place] = spans[place - 1];
    }
    spans[place] = (struct tariff_span){{from_ms}, {until_ms}};
}

static void get_facts(const struct memory *memory, const char *pass, const char *plate,
                      struct pass_facts *f)
{
    memset(f, 0, sizeof *f);
    const struct table *t = &memory->period;
    for (uint32_t n = table_first(t, PERIOD_BY_PASS, hash_text(HASH_SEED, pass)); n != 0;
         n = table_next(t, PERIOD_BY_PASS, n)) {
        const struct pass_period *p = &period_at(memory, n)->period;
        if (text_same(p->pass, pass) && p->covers.ms != 0 && p->covers.ms < p->until.ms) {
            add_span(f->period, PASS_PERIODS_MAX, &f->period_count, p->covers.ms, p->until.ms);
        }
    }
    t = &memory->pass_hold;
    for (uint32_t n = table_first(t, 0, hash_text(HASH_SEED, pass)); n != 0;
         n = table_next(t, 0, n)) {
        const struct pass_hold_row *row = table_at(t, n);
        if (text_same(row->pass, pass)) {
            add_span(f->hold, PASS_HOLDS_MAX, &f->hold_count, row->from_ms,
                     row->ended ? row->until_ms : INT64_MAX);
        }
    }
    t = &memory->pass_plate;
    uint32_t n = plate ? table_first(t, 0, hash_text(HASH_SEED, plate)) : 0;
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct pass_plate_row *row = table_at(t, n);
        if (text_same(row->plate, plate) && text_same(row->pass, pass)) {
            add_span(f->plate, PASS_HOLDS_MAX, &f->plate_count, row->from_ms,
                     row->ended ? row->until_ms : INT64_MAX);
        }
    }
    if (!plate) {
        f->plate[f->plate_count++] = (struct tariff_span){{INT64_MIN}, {INT64_MAX}};
    }
}

int store_get_pass_facts(struct store *store, const char *pass, const char *plate,
                         struct pass_facts *ret_facts)
{
    OPERATION(store);
    get_facts(store->memory, pass, plate, ret_facts);
    return 0;
}

int store_count_pass_uses(struct store *store, const char *pass, const char *session,
                          struct tariff_span span, int *ret_count)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->pass_use;
    int count = 0;
    OPERATION(store);
    for (uint32_t n = table_first(t, 1, hash_text(HASH_SEED, pass)); n != 0;
         n = table_next(t, 1, n)) {
        const struct pass_use_row *row = table_at(t, n);
        const struct session_row *s =
            text_same(row->pass, pass) && !text_same(row->session, session)
                ? table_at(&memory->session, memory_session(memory, row->session))
                : NULL;
        count += s && s->entered_ms != 0 && s->entered_ms < span.until.ms &&
                 (s->left_ms == 0 || s->left_ms > span.from.ms) && s->state != SESSION_BACKED_OUT &&
                 s->state != SESSION_CLOSED_BY_REVIEW;
    }
    *ret_count = count;
    return 0;
}

static const struct pass_use_row *find_use(const struct memory *memory, const char *session)
{
    const struct table *t = &memory->pass_use;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, session));
    while (n != 0 && !text_same(((const struct pass_use_row *)table_at(t, n))->session, session)) {
        n = table_next(t, 0, n);
    }
    return table_at(t, n);
}

int store_get_pass_use(struct store *store, const char *session, char ret_pass[ULID_CAP])
{
    OPERATION(store);
    const struct pass_use_row *row = find_use(store->memory, session);
    text_put(ret_pass, ULID_CAP, row ? row->pass : "");
    return 0;
}

int store_add_pass_use(struct store *store, const char *session, const char *pass, wall_t now)
{
    struct memory *memory = store->memory;
    struct pass_use_row row = {.made_ms = now.ms};
    OPERATION(store);
    if (find_use(memory, session)) {
        return 0;
    }
    PUT(row.session, session);
    PUT(row.pass, pass);
    return table_add(&memory->undo, &memory->pass_use, &row, NULL);
}

/* ---- for gates ---- */

/* It is paid for some time in [now, now + 32 days). */
static bool is_near(const struct memory *memory, const char *pass, wall_t now)
{
    const struct table *t = &memory->period;
    wall_t until = wall_add(now, 32 * (int64_t)TIME_DAY_MS);
    for (uint32_t n = table_first(t, PERIOD_BY_PASS, hash_text(HASH_SEED, pass)); n != 0;
         n = table_next(t, PERIOD_BY_PASS, n)) {
        const struct pass_period *p = &period_at(memory, n)->period;
        if (text_same(p->pass, pass) && p->covers.ms != 0 && p->until.ms > now.ms &&
            p->covers.ms < until.ms) {
            return true;
        }
    }
    return false;
}

/* The plates that are on it now, by their letters. */
static void take_plates(const struct memory *memory, struct store_pass_row *out)
{
    const struct table *t = &memory->pass_plate;
    for (uint32_t n = table_first(t, 1, hash_text(HASH_SEED, out->id)); n != 0;
         n = table_next(t, 1, n)) {
        const struct pass_plate_row *row = table_at(t, n);
        int count = out->plate_count;
        if (!text_same(row->pass, out->id) || row->ended ||
            (count == PASS_PLATES_MAX && strcmp(row->plate, out->plate[count - 1]) >= 0)) {
            continue;
        }
        int place = count < PASS_PLATES_MAX ? out->plate_count++ : PASS_PLATES_MAX - 1;
        for (; place > 0 && strcmp(row->plate, out->plate[place - 1]) < 0; place--) {
            memcpy(out->plate[place], out->plate[place - 1], sizeof out->plate[0]);
        }
        PUT(out->plate[place], row->plate);
    }
}

int store_lot_passes(struct store *store, const char *lot, wall_t now,
                     void (*take)(void *context, const struct store_pass_row *row), void *context)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->pass_lot;
    const char *after = "";
    const struct tariff_span window = {wall_add(now, -32 * (int64_t)TIME_DAY_MS),
                                       wall_add(now, 32 * (int64_t)TIME_DAY_MS)};
    OPERATION(store);
    uint32_t name = memory_find_name(memory, lot);
    for (;;) { /* by id */
        const struct store_pass *best = NULL;
        for (uint32_t n = table_first(t, 1, hash_number(HASH_SEED, name)); n != 0;
             n = table_next(t, 1, n)) {
            const struct pass_lot_row *row = table_at(t, n);
            if (row->lot == name && strcmp(row->pass, after) > 0 &&
                (!best || strcmp(row->pass, best->id) < 0) && is_near(memory, row->pass, now)) {
                best = find_pass(memory, row->pass);
            }
        }
        if (!best) {
            return 0;
        }
        struct store_pass_row out = {.vehicle = best->vehicle, .quota = best->quota};
        struct pass_facts facts;
        PUT(out.id, best->id);
        PUT(out.name, best->name);
        get_facts(memory, best->id, NULL, &facts);
        out.span_count = pass_spans(&facts, window, out.span, STORE_PASS_SPANS_MAX);
        take_plates(memory, &out);
        take(context, &out);
        after = best->id;
    }
}
