/*
 * Cash, paying for a driver, and shifts.
 *
 * Cash: the drawer of the attendant's shift, a receipt with the gate's next number,
 * the session's permit: one record of the core (CASH_TAKEN), so that none is there
 * without the others.  One such act is under way at a time, so numbers have no gaps.
 *
 * Paying for a driver: the driver gives the attendant cash, the attendant pays the
 * lane's VietQR with a phone of their own.  What reaches the operator is a transfer,
 * so that is what it is booked as: the bank's word opens the barrier, and the
 * drawer does not change.  That it was done for a driver is recorded (with the
 * amount), and the shift's report shows the sum on a line of its own.
 *
 * A shift is one attendant's drawer.  It is counted blind: what the drawer should
 * hold is told only after the count was recorded, and the count is not changed then.
 */
#include "gate/console/desk_parts.h"

static const int64_t notes[] = {500000, 200000, 100000, 50000, 20000, 10000, 5000, 2000, 1000, 500};
enum { NOTES = sizeof notes / sizeof notes[0], PIECES_MAX = 100000 };

/* ---- cash ---- */

/* An earlier act of cash whose end is not known yet: its number may be taken. */
static bool is_pending(struct desk *desk)
{
    int64_t n = 0;
    if (desk->pending_cash[0] &&
        db_query_i64(desk->book.db, 0, &n,
                     "SELECT count(*) FROM deed WHERE cause = ?1 AND type = 'command_done'", "t",
                     desk->pending_cash) == 0 &&
        n > 0) {
        desk->pending_cash[0] = '\0';
    }
    return desk->pending_cash[0] != '\0';
}

/* "HN-0001-G1-000042": letters of the gate's id in upper case, then the number. */
static void write_receipt(char out[MSG_RECEIPT_CAP], const char *gate, int64_t number)
{
    char name[16];
    size_t n = 0;
    for (const char *p = gate; *p && n + 1 < sizeof name; p++) {
        name[n++] = ascii_upper(*p);
    }
    name[n] = '\0';
    snprintf(out, MSG_RECEIPT_CAP, "%s-%06lld", name, (long long)number);
}

static void take_cash(struct desk_visit *visit, const struct desk_wish *wish,
                      const struct desk_shift *shift, struct desk_result *result)
{
    struct desk *desk = visit->desk;
    int64_t number = 0;
    if (is_pending(desk)) {
        desk_result_set(result, "impossible", "another receipt is being written");
        return;
    }
    if (desk_book_next_receipt(&desk->book, &number)) {
        desk_result_set(result, "impossible", "database");
        return;
    }
    struct desk_order *order = desk_new_command(visit, wish->lane.lane, COMMAND_TAKE_CASH);
    if (order) {
        order->down.amount_vnd = wish->amount_vnd;
        write_receipt(order->down.receipt, desk->config.gate, number);
        memcpy(order->down.shift, shift->id, sizeof order->down.shift);
        memcpy(order->down.session, wish->lane.session, sizeof order->down.session);
        memcpy(order->down.ask, wish->lane.ask, sizeof order->down.ask);
        memcpy(desk->pending_cash, order->down.id, sizeof desk->pending_cash);
    }
    desk_command(visit, order, result);
    if (strcmp(result->outcome, "waiting") != 0) {
        desk->pending_cash[0] = '\0';
    }
    result->receipt = number;
}

void desk_act_cash(struct desk_visit *visit, const struct desk_wish *wish,
                   struct desk_result *result)
{
    struct desk_shift shift;
    char text[MSG_TEXT_CAP];
    int64_t due = wish->lane.display.amount_vnd;
    if (desk_book_shift_of(&visit->desk->book, visit->login.who.name, &shift)) {
        desk_result_set(result, "wrong", "shift");
        return;
    }
    if (wish->amount_vnd != due) { /* the amount changed while the driver looked for money */
        desk_result_set(result, "wrong", "amount");
        return;
    }
    if (wish->act == DESK_ACT_CASH) {
        take_cash(visit, wish, &shift, result);
        return;
    }
    snprintf(text, sizeof text, "%lld %s", (long long)due, wish->lane.display.paycode);
    int error = desk_record(visit, wish->lane.lane, wish->lane.session, "pay_for_driver", text);
    desk_result_set(result, error ? "impossible" : "done", error ? dx_error_text(error) : "");
}

/* ---- shifts ---- */

/* {"counts": {"500000": 1, …}}: how many of each note; DX_E_FORMAT for a note that is none. */
static int read_counts(const struct jdoc *body, int64_t pieces[NOTES], int64_t *ret_sum)
{
    const struct jdoc *counts;
    const struct jdoc *value;
    struct jdoc_iter it = {0};
    struct str key;
    int64_t sum = 0;
    memset(pieces, 0, NOTES * sizeof pieces[0]);
    int error = jdoc_get_object(body, "counts", &counts);
    while (!error && jdoc_next(counts, &it, &key, &value)) {
        int64_t note = 0;
        int64_t n = 0;
        int at = -1;
        error = str_parse_i64(key, 1, 500000, &note);
        error = error ? error : jdoc_i64(value, &n);
        for (int i = 0; i < (int)NOTES; i++) {
            at = notes[i] == note ? i : at;
        }
        if (error || at < 0 || n < 0 || n > PIECES_MAX) {
            return DX_E_FORMAT;
        }
        pieces[at] = n;
        sum += n * note;
    }
    if (!error) {
        *ret_sum = sum;
    }
    return error;
}

static int keep_counts(struct desk_book *book, const char *shift, const int64_t pieces[NOTES])
{
    int error = db_exec(book->db, "DELETE FROM shift_count WHERE shift = ?1", "t", shift);
    for (int i = 0; i < (int)NOTES && !error; i++) {
        if (pieces[i] > 0) {
            error = db_exec(book->db,
                            "INSERT INTO shift_count (shift, note_vnd, pieces) VALUES (?1, ?2, ?3)",
                            "tii", shift, notes[i], pieces[i]);
        }
    }
    return error;
}

static void open_shift(struct desk_visit *visit, const char *by, int64_t float_vnd,
                       const char *previous, struct desk_result *result)
{
    struct desk_order *order = desk_new_event(visit, 0, EVENT_SHIFT_OPENED);
    if (order) {
        desk_make_ulid(order->event.shift, visit->now);
        str_copy_cut(order->event.by, sizeof order->event.by, str_c(by));
        str_copy_cut(order->event.cause, sizeof order->event.cause, str_c(previous));
        order->event.counted_vnd = float_vnd;
    }
    desk_deed(visit, order, result);
}

/* Counted, recorded; then, and only then, is the difference known to anybody. */
static void close_shift(struct desk_visit *visit, const struct desk_wish *wish,
                        const struct desk_shift *shift, const int64_t pieces[NOTES],
                        int64_t counted, struct desk_result *result)
{
    struct desk_sums sums;
    int count = 0;
    int error = desk_book_catch_up(&visit->desk->book, &count);
    error = error ? error : desk_book_sums(&visit->desk->book, shift->id, &sums);
    error = error ? error : keep_counts(&visit->desk->book, shift->id, pieces);
    if (error) {
        desk_result_set(result, "impossible", "database");
        return;
    }
    struct desk_order *order = desk_new_event(visit, 0, EVENT_SHIFT_CLOSED);
    if (order) {
        memcpy(order->event.shift, shift->id, sizeof order->event.shift);
        order->event.counted_vnd = counted;
        order->event.amount_vnd = shift->float_vnd + sums.cash_vnd;
        memcpy(order->event.text, wish->text, sizeof order->event.text);
    }
    memcpy(result->shift, shift->id, sizeof result->shift);
    desk_deed(visit, order, result);
}

/* Who takes over says so with their own PIN, on the same screen. */
static bool check_successor(struct desk_visit *visit, const struct desk_wish *wish,
                            struct desk_attendant *who, struct desk_result *result)
{
    struct desk *desk = visit->desk;
    struct desk_shift shift;
    int64_t wait_ms = 0;
    if (strcmp(wish->name, visit->login.who.name) == 0) {
        desk_result_set(result, "wrong", "name");
        return false;
    }
    int error =
        desk_account_check(&desk->book, &desk->guard, str_c(wish->name), str_c(wish->secret),
                           visit->request->peer, visit->mono, who, &wait_ms);
    if (error) {
        desk_result_set(result, "wrong", error == DX_E_BUSY ? "wait" : "secret");
        return false;
    }
    if (!desk_act_is_for(DESK_ACT_SHIFT_OPEN, who->role) ||
        desk_book_shift_of(&desk->book, who->name, &shift) == 0) {
        desk_result_set(result, "wrong", "successor");
        return false;
    }
    return true;
}

void desk_act_shift(struct desk_visit *visit, const struct desk_wish *wish,
                    struct desk_result *result)
{
    struct desk_shift shift;
    struct desk_attendant successor;
    int64_t pieces[NOTES];
    int64_t sum = 0;
    bool open = desk_book_shift_of(&visit->desk->book, visit->login.who.name, &shift) == 0;
    if (open == (wish->act == DESK_ACT_SHIFT_OPEN)) {
        desk_result_set(result, "wrong", "shift");
        return;
    }
    if (read_counts(wish->body, pieces, &sum)) {
        desk_result_set(result, "wrong", "counts");
        return;
    }
    if (wish->act == DESK_ACT_SHIFT_OPEN) {
        open_shift(visit, visit->login.who.name, sum, "", result);
        return;
    }
    bool hand_over = wish->act == DESK_ACT_HAND_OVER;
    if (hand_over && !check_successor(visit, wish, &successor, result)) {
        return;
    }
    close_shift(visit, wish, &shift, pieces, sum, result);
    if (hand_over && strcmp(result->outcome, "done") == 0) {
        open_shift(visit, successor.name, sum, shift.id, result);
    }
}
