#include "gate/console/desk_fold.h"

#include "gate/console/desk_lot.h"

enum { DEED_KEEP_MS_DAYS = 400, STAY_KEEP_DAYS = 60, QUOTE_KEEP_DAYS = 7 };

static const char arrive[] =
    "INSERT INTO stay (session, kind, key, raw, vehicle, last4, source, lane, arrived_ms,"
    " entered_ms, left_ms, inside, generation, seq)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13)"
    " ON CONFLICT (session) DO NOTHING";

static int add_stay(struct desk_book *book, const struct event *event, int lane, int64_t entered_ms,
                    bool inside)
{
    const struct subject *s = &event->subject;
    return db_exec(book->db, arrive, "tittitiiiiiii", event->session, (int64_t)s->kind, s->key,
                   s->raw, (int64_t)s->vehicle, s->last4, (int64_t)s->source, (int64_t)lane,
                   event->wall.ms, entered_ms, (int64_t)inside, event->generation, event->seq);
}

/* Both names are kept: what it was called, and what it is called from now on. */
static int amend(struct desk_book *book, const struct event *event)
{
    const struct subject *s = &event->subject;
    struct desk_stay before;
    int error = desk_stay_anywhere(book, event->session, &before);
    if (error == DX_E_NOT_FOUND) {
        return 0; /* nobody knows it here; the server does */
    }
    if (error || (strcmp(before.subject.key, s->key) == 0 && before.subject.vehicle == s->vehicle &&
                  before.subject.kind == s->kind)) {
        return error;
    }
    error = db_exec(book->db,
                    "INSERT INTO amend (id, session, at_ms, by, text, was, became)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
                    "ttitttt", event->id, event->session, event->wall.ms, event->by, event->text,
                    before.subject.kind == SUBJECT_CARD ? before.subject.last4 : before.subject.key,
                    s->kind == SUBJECT_CARD ? s->last4 : s->key);
    return error ? error
                 : db_exec(book->db,
                           "UPDATE stay SET kind = ?2, key = ?3, raw = ?4, vehicle = ?5,"
                           " last4 = ?6, source = ?7 WHERE session = ?1",
                           "tittiti", event->session, (int64_t)s->kind, s->key, s->raw,
                           (int64_t)s->vehicle, s->last4, (int64_t)s->source);
}

/* Also one that came in through another gate: the server's list may be older than this. */
static int leave(struct desk_book *book, const struct event *event)
{
    int error = db_exec(book->db, "UPDATE stay SET inside = 0, left_ms = ?2 WHERE session = ?1",
                        "ti", event->session, event->wall.ms);
    return error || event->type != EVENT_LEFT || !event->session[0]
               ? error
               : db_exec(book->db,
                         "INSERT INTO gone (session, left_ms) VALUES (?1, ?2)"
                         " ON CONFLICT (session) DO NOTHING",
                         "ti", event->session, event->wall.ms);
}

static int fold_stay(struct desk_book *book, const struct event *event)
{
    if (event->type == EVENT_ARRIVED) {
        return add_stay(book, event, event->lane, 0, false);
    }
    if (event->type == EVENT_ENTRY_DECLARED) {
        return add_stay(book, event, 0, event->entered.ms, true);
    }
    if (event->type == EVENT_AMENDED) {
        return amend(book, event);
    }
    if (event->type == EVENT_ENTERED) {
        return db_exec(book->db,
                       "UPDATE stay SET inside = 1, entered_ms = ?2, generation = ?3, seq = ?4"
                       " WHERE session = ?1 AND left_ms = 0",
                       "tiii", event->session, event->wall.ms, event->generation, event->seq);
    }
    if (event->type == EVENT_LEFT || event->type == EVENT_BACKED_OUT) {
        return leave(book, event);
    }
    return 0;
}

/* The number behind the last '-' of a receipt: "HN-0001-G1-000042". */
static int64_t receipt_number(const char *receipt)
{
    const char *dash = strrchr(receipt, '-');
    int64_t number = 0;
    for (const char *p = dash ? dash + 1 : receipt; ascii_is_digit(*p) && number < 1000000000;
         p++) {
        number = number * 10 + (*p - '0');
    }
    return number;
}

static int fold_cash(struct desk_book *book, const struct event *event)
{
    struct desk_stay stay;
    bool known = desk_stay_anywhere(book, event->session, &stay) == 0;
    return db_exec(book->db,
                   "INSERT INTO cash (id, number, receipt, at_ms, lane, session, plate, amount_vnd,"
                   " by, shift, fee_vnd, lines) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                   " coalesce((SELECT fee_vnd FROM quote WHERE session = ?6), 0),"
                   " coalesce((SELECT lines FROM quote WHERE session = ?6), ''))"
                   " ON CONFLICT (id) DO NOTHING",
                   "titiittitt", event->id, receipt_number(event->receipt), event->receipt,
                   event->wall.ms, (int64_t)event->lane, event->session,
                   known && stay.subject.kind != SUBJECT_CARD ? stay.subject.key : "",
                   event->amount_vnd, event->by, event->shift);
}

static int fold_shift(struct desk_book *book, const struct event *event)
{
    if (event->type == EVENT_SHIFT_OPENED) {
        return db_exec(book->db,
                       "INSERT INTO shift (id, by, opened_ms, float_vnd, previous, closed_ms,"
                       " counted_vnd, expected_vnd, text) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, '')"
                       " ON CONFLICT (id) DO NOTHING",
                       "ttiit", event->shift, event->by, event->wall.ms, event->counted_vnd,
                       event->cause);
    }
    return db_exec(book->db,
                   "UPDATE shift SET closed_ms = ?2, counted_vnd = ?3, expected_vnd = ?4, text = ?5"
                   " WHERE id = ?1 AND closed_ms = 0",
                   "tiiit", event->shift, event->wall.ms, event->counted_vnd, event->amount_vnd,
                   event->text);
}

/* The text of an alarm names its device; an acknowledgement without one is for all of the code. */
static int fold_alarm(struct desk_book *book, const struct event *event)
{
    if (event->type == EVENT_ALARM_ACKED) {
        return db_exec(book->db,
                       "UPDATE alarm SET acked_ms = ?3, acked_by = ?4 WHERE code = ?1 AND lane = ?2"
                       " AND acked_ms = 0 AND (device = ?5 OR ?5 = '')",
                       "tiitt", event->code, (int64_t)event->lane, event->wall.ms, event->by,
                       event->text);
    }
    if (event->raised) {
        return db_exec(book->db,
                       "INSERT INTO alarm (code, lane, device, raised_ms, cleared_ms, acked_ms,"
                       " acked_by) VALUES (?1, ?2, ?3, ?4, 0, 0, '') ON CONFLICT DO NOTHING",
                       "titi", event->code, (int64_t)event->lane, event->text, event->wall.ms);
    }
    int error = db_exec(book->db,
                        "UPDATE alarm SET cleared_ms = ?4 WHERE code = ?1 AND lane = ?2"
                        " AND device = ?3 AND cleared_ms = 0",
                        "titi", event->code, (int64_t)event->lane, event->text, event->wall.ms);
    if (error || db_changes(book->db) > 0) {
        return error;
    }
    return db_exec(book->db,
                   "UPDATE alarm SET cleared_ms = ?3 WHERE code = ?1 AND lane = ?2"
                   " AND cleared_ms = 0 AND (device = '' OR ?4 = '')",
                   "tiit", event->code, (int64_t)event->lane, event->wall.ms, event->text);
}

/* "5000 …": what DESK_ACTION pay_for_driver begins its text with. */
static int64_t leading_amount(const char *text)
{
    int64_t value = 0;
    size_t n = 0;
    while (ascii_is_digit(text[n]) && n < 12) {
        n++;
    }
    return str_parse_i64((struct str){text, n}, 0, MONEY_MAX_VND, &value) ? 0 : value;
}

static int add_deed(struct desk_book *book, const struct event *event)
{
    static const char *const outcomes[OUTCOME_COUNT] = {"done", "late", "impossible"};
    bool is_result = event->type == EVENT_COMMAND_DONE;
    bool is_payment =
        event->type == EVENT_DESK_ACTION && strcmp(event->code, "pay_for_driver") == 0;
    return db_exec(book->db,
                   "INSERT INTO deed (generation, seq, id, at_ms, lane, type, session, cause, by,"
                   " code, text, outcome, amount_vnd)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
                   " ON CONFLICT DO NOTHING",
                   "iitiittttttti", event->generation, event->seq, event->id, event->wall.ms,
                   (int64_t)event->lane, event_type_text(event->type), event->session, event->cause,
                   event->by, event->type == EVENT_HELD ? hold_text(event->hold) : event->code,
                   event->text, is_result ? outcomes[event->outcome] : "",
                   is_payment ? leading_amount(event->text) : event->amount_vnd);
}

static int prune(struct desk_book *book, const struct event *event)
{
    int error =
        db_exec(book->db, "DELETE FROM stay WHERE inside = 0 AND left_ms > 0 AND left_ms < ?1", "i",
                event->wall.ms - INT64_C(1) * STAY_KEEP_DAYS * TIME_DAY_MS);
    error = error ? error
                  : db_exec(book->db, "DELETE FROM gone WHERE left_ms < ?1", "i",
                            event->wall.ms - INT64_C(1) * STAY_KEEP_DAYS * TIME_DAY_MS);
    error = error ? error
                  : db_exec(book->db, "DELETE FROM quote WHERE at_ms < ?1", "i",
                            event->wall.ms - INT64_C(1) * QUOTE_KEEP_DAYS * TIME_DAY_MS);
    return error ? error
                 : db_exec(book->db, "DELETE FROM deed WHERE at_ms < ?1 AND at_ms > 0", "i",
                           event->wall.ms - INT64_C(1) * DEED_KEEP_MS_DAYS * TIME_DAY_MS);
}

int desk_fold(struct desk_book *book, const struct event *event)
{
    int error = 0;
    switch (event->type) {
    case EVENT_ARRIVED:
    case EVENT_ENTERED:
    case EVENT_BACKED_OUT:
    case EVENT_LEFT:
        return fold_stay(book, event);
    case EVENT_AMENDED:
    case EVENT_ENTRY_DECLARED:
        error = fold_stay(book, event);
        return error ? error : add_deed(book, event);
    case EVENT_CASH_TAKEN:
        error = fold_cash(book, event);
        return error ? error : add_deed(book, event);
    case EVENT_SHIFT_OPENED:
    case EVENT_SHIFT_CLOSED:
        error = fold_shift(book, event);
        return error ? error : add_deed(book, event);
    case EVENT_ALARM:
    case EVENT_ALARM_ACKED:
        error = fold_alarm(book, event);
        return error ? error : add_deed(book, event);
    case EVENT_OCCUPANCY_CORRECTED:
        error =
            db_exec(book->db,
                    "INSERT INTO occupancy (vehicle, offset) VALUES (?1, ?2) ON CONFLICT"
                    " (vehicle) DO UPDATE SET offset = offset + excluded.offset",
                    "ii", (int64_t)event->vehicle, (int64_t)event->count_to - event->count_from);
        return error ? error : add_deed(book, event);
    case EVENT_BOOT:
        error = prune(book, event);
        return error ? error : add_deed(book, event);
    case EVENT_EXIT_PERMITTED:
    case EVENT_HAND_OPENED:
    case EVENT_COMMAND_DONE:
    case EVENT_DESK_ACTION:
    case EVENT_LANE_MODE:
    case EVENT_UNLOGGED:
    case EVENT_HELD:
    case EVENT_CLOCK_SET:
        return add_deed(book, event);
    case EVENT_EXIT_ASKED:
    case EVENT_QUOTED:
    case EVENT_BACKED_OFF:
    case EVENT_RELEASED:
    case EVENT_TYPE_COUNT:
        return 0;
    }
    return 0;
}
