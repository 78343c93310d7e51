#include "server/store/query_cases.h"

#include "proto/base/check.h"
#include "proto/base/out.h"

enum { CASES_MAX = 100 };

static void take(struct db_row *row, int column, char *out, size_t cap)
{
    str_copy_cut(out, cap, db_text(row, column));
}

/* The proposal that waits for a second person: of a review, or to write a session's debt off. */
static int read_proposal(struct db *db, int64_t review, const char *session,
                         struct case_proposal *p)
{
    struct db_row row;
    struct out lines;
    memset(p, 0, sizeof *p);
    out_init(&lines, p->lines, sizeof p->lines);
    int error = db_query(db, &row,
                         "SELECT p.id, p.made_by, p.note, p.made_ms, t.action, t.target,"
                         " t.amount_vnd FROM proposal p JOIN proposal_part t ON t.proposal = p.id"
                         " WHERE p.state = 'open' AND (p.review = ?1 OR (?2 <> ''"
                         " AND t.action = 'write_off' AND t.target = ?2)) ORDER BY t.line",
                         "it", review, session);
    while (!error && db_next(&row)) {
        take(&row, 0, p->id, sizeof p->id);
        take(&row, 1, p->made_by, sizeof p->made_by);
        take(&row, 2, p->note, sizeof p->note);
        p->made_ms = db_i64(&row, 3);
        out_fmt(&lines, "%s%.*s", out_str(&lines).n ? "; " : "", (int)db_text(&row, 4).n,
                db_text(&row, 4).p);
        if (db_text(&row, 5).n) {
            out_fmt(&lines, " %.*s", (int)db_text(&row, 5).n, db_text(&row, 5).p);
        }
        out_fmt(&lines, " %lld", (long long)db_i64(&row, 6));
    }
    int end = db_done(&row);
    return error ? error : end;
}

/* ---- suggestions ---- */

struct candidates {
    int count;
    struct suggest_candidate of[SUGGEST_CANDIDATES_MAX];
    struct case_suggestion shown[SUGGEST_CANDIDATES_MAX];
};

static void take_candidate(struct db_row *row, struct candidates *c)
{
    struct suggest_candidate *of = &c->of[c->count];
    struct case_suggestion *shown = &c->shown[c->count];
    memset(of, 0, sizeof *of);
    memset(shown, 0, sizeof *shown);
    take(row, 0, of->session, sizeof of->session);
    take(row, 0, shown->target, sizeof shown->target);
    take(row, 1, of->code, sizeof of->code);
    of->asked_vnd = db_i64(row, 2);
    of->apart_ms = db_i64(row, 3);
    of->same_lot = db_i64(row, 4) != 0;
    of->waits = db_i64(row, 5) != 0;
    of->payer = db_i64(row, 6) != 0;
    of->code_found = db_i64(row, 7) != 0;
    take(row, 8, shown->lot, sizeof shown->lot);
    take(row, 9, shown->state, sizeof shown->state);
    take(row, 10, shown->name, sizeof shown->name);
    shown->due_vnd = of->asked_vnd > 0 ? of->asked_vnd : db_i64(row, 11);
    shown->at_ms = db_i64(row, 12);
    bool ended =
        strcmp(shown->state, "left_unpaid") == 0 || strcmp(shown->state, "written_off") == 0;
    shown->action = ended ? "debt" : "session";
    c->count++;
}

/*
 * Stays of the operator's lots that were asked to pay on that day, or whose code the transfer
 * names; the request that fits best stands for each.
 */
static int read_candidates(struct db *db, const struct case_row *c, const char *code,
                           struct candidates *candidates)
{
    char payer[CREDIT_ACCOUNT_CAP] = "";
    struct db_row row;
    (void)suggest_payer(c->content, payer);
    candidates->count = 0;
    int error = db_query(
        db, &row,
        "SELECT s.id, s.code, coalesce(r.amount_vnd, 0),"
        " min(abs(coalesce(r.made_ms, s.arrived_ms) - ?2) + (coalesce(r.amount_vnd, 0) <> ?3)"
        "  * 86400000),"
        " l.account = ?1, EXISTS (SELECT 1 FROM outbox o WHERE o.session = s.id"
        "  AND o.done_ms IS NULL AND o.type = 'quote'),"
        " ?5 <> '' AND EXISTS (SELECT 1 FROM bank_credit b JOIN credit_applied a ON a.credit = b.id"
        "  JOIN session p ON p.id = a.session WHERE b.account = ?1 AND p.key = s.key"
        "  AND p.vehicle = s.vehicle AND instr(b.content, ?5) > 0),"
        " s.code = ?4 AND ?4 <> '', s.lot, s.state,"
        " CASE s.subject WHEN 'card' THEN '…' || s.last4 ELSE s.key END,"
        " s.fee_vnd - s.paid_vnd, coalesce(r.made_ms, s.arrived_ms)"
        " FROM session s JOIN lot l ON l.id = s.lot LEFT JOIN stay_request r ON r.session = s.id"
        " WHERE l.operator IN (SELECT operator FROM lot WHERE account = ?1)"
        " AND (s.state IN ('inside', 'quoted', 'left_unpaid', 'written_off') OR s.code = ?4)"
        " AND (s.code = ?4 OR s.id IN (SELECT session FROM stay_request"
        "  WHERE account IN (SELECT account FROM lot WHERE operator = l.operator)"
        "  AND made_ms BETWEEN ?2 - 86400000 AND ?2 + 900000))"
        " GROUP BY s.id ORDER BY 4, s.id LIMIT 200",
        "tiitt", c->account, c->booked_ms, c->amount_vnd, code, payer);
    while (!error && candidates->count < SUGGEST_CANDIDATES_MAX && db_next(&row)) {
        take_candidate(&row, candidates);
        struct suggest_candidate *of = &candidates->of[candidates->count - 1];
        of->apart_ms -= of->asked_vnd == c->amount_vnd ? 0 : TIME_DAY_MS; /* as the query orders */
    }
    int end = db_done(&row);
    return error ? error : end;
}

static int suggest_in(struct db *db, struct case_row *c, const char *code)
{
    static _Thread_local struct candidates candidates;
    struct suggestion best[SUGGEST_MAX];
    int error = read_candidates(db, c, code, &candidates);
    if (error) {
        return error;
    }
    c->suggestion_count =
        suggest_rank(c->content, c->amount_vnd, candidates.of, candidates.count, best);
    for (int i = 0; i < c->suggestion_count; i++) {
        c->suggestion[i] = candidates.shown[best[i].index];
        c->suggestion[i].why = best[i];
    }
    return 0;
}

/* Refund cases and earlier transfers of this very amount and account. */
static int suggest_out(struct db *db, struct case_row *c)
{
    struct db_row row;
    int error =
        db_query(db, &row,
                 "SELECT id, 'refund_paid', lot, state, requested_ms FROM refund"
                 "  WHERE state IN ('approved', 'sent') AND amount_vnd = ?1"
                 "  AND lot IN (SELECT id FROM lot WHERE account = ?2)"
                 " UNION ALL SELECT id, 'taken_back', '', verdict, booked_ms FROM bank_credit"
                 "  WHERE account = ?2 AND amount_vnd = ?1 AND direction = 'in'"
                 "  AND booked_ms BETWEEN ?3 - 31 * 86400000 AND ?3"
                 "  AND NOT EXISTS (SELECT 1 FROM credit_back WHERE credit = bank_credit.id)"
                 " ORDER BY 2, 5 DESC LIMIT ?4",
                 "itii", c->amount_vnd, c->account, c->booked_ms, (int64_t)SUGGEST_MAX);
    while (!error && db_next(&row)) {
        struct case_suggestion *s = &c->suggestion[c->suggestion_count++];
        memset(s, 0, sizeof *s);
        take(&row, 0, s->target, sizeof s->target);
        s->action = str_eq_c(db_text(&row, 1), "refund_paid") ? "refund_paid" : "taken_back";
        take(&row, 2, s->lot, sizeof s->lot);
        take(&row, 3, s->state, sizeof s->state);
        s->due_vnd = c->amount_vnd;
        s->at_ms = db_i64(&row, 4);
        s->why.reasons = 1u << SUGGEST_AMOUNT;
    }
    int end = db_done(&row);
    return error ? error : end;
}

/* ---- the queue ---- */

static void take_case(struct db_row *row, struct case_row *c, char code[PAYCODE_CAP])
{
    memset(c, 0, sizeof *c);
    c->review = db_i64(row, 0);
    take(row, 1, c->kind, sizeof c->kind);
    take(row, 2, c->lot, sizeof c->lot);
    c->opened_ms = db_i64(row, 3);
    take(row, 4, c->credit, sizeof c->credit);
    c->out = str_eq_c(db_text(row, 5), "out");
    c->amount_vnd = db_i64(row, 6);
    c->booked_ms = db_i64(row, 7);
    take(row, 8, c->account, sizeof c->account);
    take(row, 9, c->bank_ref, sizeof c->bank_ref);
    take(row, 10, c->content, sizeof c->content);
    c->kept = (int)db_i64(row, 11);
    take(row, 12, code, PAYCODE_CAP);
}

int query_cases(struct db *db, int64_t limit,
                void (*each)(void *context, const struct case_row *row), void *context)
{
    static _Thread_local struct case_row list[CASES_MAX];
    static _Thread_local char code[CASES_MAX][PAYCODE_CAP];
    struct db_row row;
    int count = 0;
    int error = db_query(
        db, &row,
        "SELECT r.id, r.kind, r.lot, r.opened_ms, b.id, b.direction, b.amount_vnd, b.booked_ms,"
        " b.account, b.bank_ref, b.content, (SELECT count(*) FROM proposal p JOIN proposal_part t"
        "  ON t.proposal = p.id WHERE p.review = r.id AND p.state = 'approved'"
        "  AND t.action = 'keep'), b.code"
        " FROM review r JOIN bank_credit b ON b.id = r.credit WHERE r.closed_ms IS NULL"
        " AND b.verdict IN ('unmatched', 'wrong_account', 'two_codes', 'reversal')"
        " AND r.kind IN ('bank_unmatched', 'bank_wrong_account', 'bank_two_codes',"
        "  'bank_reversal') ORDER BY r.opened_ms, r.id LIMIT ?1",
        "i", limit < CASES_MAX ? limit : (int64_t)CASES_MAX);
    while (!error && count < CASES_MAX && db_next(&row)) {
        take_case(&row, &list[count], code[count]);
        count++;
    }
    int end = db_done(&row);
    error = error ? error : end;
    for (int i = 0; i < count && !error; i++) {
        error = list[i].out ? suggest_out(db, &list[i]) : suggest_in(db, &list[i], code[i]);
        error = error ? error : read_proposal(db, list[i].review, "", &list[i].proposal);
        if (!error) {
            each(context, &list[i]);
        }
    }
    return error;
}

/* ---- debts ---- */

#define DEBT_SQL                                                                           \
    "SELECT s.id, s.lot, s.vehicle, CASE s.subject WHEN 'card' THEN '…' || s.last4 ELSE" \
    " s.key END, s.token, s.fee_vnd - s.paid_vnd, s.left_ms, EXISTS (SELECT 1 FROM"        \
    " debt_offer o JOIN session n ON n.id = o.session WHERE o.debt = s.id AND n.state IN"  \
    " ('arriving', 'inside', 'quoted', 'paid', 'exempt', 'leaving')) FROM session s"

static int read_debts(struct db *db, struct db_row *row, int error,
                      void (*each)(void *context, const struct debt_row *row), void *context)
{
    static _Thread_local struct debt_row list[CASES_MAX];
    int count = 0;
    while (!error && count < CASES_MAX && db_next(row)) {
        struct debt_row *d = &list[count++];
        memset(d, 0, sizeof *d);
        take(row, 0, d->session, sizeof d->session);
        take(row, 1, d->lot, sizeof d->lot);
        take(row, 2, d->vehicle, sizeof d->vehicle);
        take(row, 3, d->name, sizeof d->name);
        take(row, 4, d->token, sizeof d->token);
        d->due_vnd = db_i64(row, 5);
        d->left_ms = db_i64(row, 6);
        d->inside = db_i64(row, 7) != 0;
    }
    int end = db_done(row);
    error = error ? error : end;
    for (int i = 0; i < count && !error; i++) {
        error = read_proposal(db, 0, list[i].session, &list[i].proposal);
        if (!error) {
            each(context, &list[i]);
        }
    }
    return error;
}

int query_debts(struct db *db, const char *lot, int64_t limit,
                void (*each)(void *context, const struct debt_row *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row,
                         DEBT_SQL " WHERE s.state = 'left_unpaid' AND s.fee_vnd > s.paid_vnd"
                                  " AND (?1 = '' OR s.lot = ?1) ORDER BY s.left_ms, s.id LIMIT ?2",
                         "ti", lot, limit);
    return read_debts(db, &row, error, each, context);
}

int query_debts_of(struct db *db, const char *session,
                   void (*each)(void *context, const struct debt_row *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row,
                         DEBT_SQL " WHERE s.state = 'left_unpaid' AND s.fee_vnd > s.paid_vnd"
                                  " AND s.id IN (SELECT debt FROM debt_offer WHERE session = ?1)"
                                  " ORDER BY s.left_ms, s.id",
                         "t", session);
    return read_debts(db, &row, error, each, context);
}

/* ---- refunds ---- */

#define REFUND_SQL                                                                                \
    "SELECT f.id, f.lot, f.session, f.credit, f.cause, f.amount_vnd, f.code, f.granted, f.state," \
    " f.reason, f.requested_by, f.linked_by, f.approved_by, f.sent_by, f.link, f.bank_ref,"       \
    " f.requested_ms, coalesce(f.approved_ms, 0), coalesce(f.sent_ms, 0),"                        \
    " coalesce(f.confirmed_ms, 0), coalesce(a.bin, ''), a.sealed, coalesce(CASE s.subject"        \
    " WHEN 'card' THEN '…' || s.last4 ELSE s.key END, '') FROM refund f"                        \
    " LEFT JOIN refund_account a ON a.refund = f.id LEFT JOIN session s ON s.id = f.session"

static int take_refund(struct db_row *row, struct refund_row *r)
{
    struct refund *f = &r->refund;
    memset(r, 0, sizeof *r);
    take(row, 0, f->id, sizeof f->id);
    take(row, 1, f->lot, sizeof f->lot);
    take(row, 2, f->session, sizeof f->session);
    take(row, 3, f->credit, sizeof f->credit);
    take(row, 4, f->cause, sizeof f->cause);
    f->amount_vnd = db_i64(row, 5);
    take(row, 6, f->code, sizeof f->code);
    f->granted = db_i64(row, 7) != 0;
    int error = refund_state_parse(db_text(row, 8), &f->state) ? DX_E_CORRUPT : 0;
    take(row, 9, f->reason, sizeof f->reason);
    take(row, 10, f->requested_by, sizeof f->requested_by);
    take(row, 11, f->linked_by, sizeof f->linked_by);
    take(row, 12, f->approved_by, sizeof f->approved_by);
    take(row, 13, f->sent_by, sizeof f->sent_by);
    f->link = db_i64(row, 14);
    take(row, 15, f->bank_ref, sizeof f->bank_ref);
    r->requested_ms = db_i64(row, 16);
    r->approved_ms = db_i64(row, 17);
    r->sent_ms = db_i64(row, 18);
    r->confirmed_ms = db_i64(row, 19);
    take(row, 20, r->bin, sizeof r->bin);
    struct str sealed = db_text(row, 21);
    f->has_account = r->bin[0] != '\0';
    if (sealed.n > 0 && sealed.n <= sizeof r->sealed) {
        memcpy(r->sealed, sealed.p, sealed.n);
        r->sealed_n = sealed.n;
    }
    take(row, 22, r->name, sizeof r->name);
    return error;
}

int query_refunds(struct db *db, const char *state, const char *session, int64_t limit,
                  void (*each)(void *context, const struct refund_row *row), void *context)
{
    struct db_row row;
    struct refund_row refund;
    int error = db_query(db, &row,
                         REFUND_SQL " WHERE (f.state = ?1 OR (?1 = '' AND f.state IN"
                                    " ('requested', 'approved', 'sent')))"
                                    " AND (?2 = '' OR f.session = ?2)"
                                    " ORDER BY f.requested_ms, f.id LIMIT ?3",
                         "tti", state, session, limit);
    while (!error && db_next(&row)) {
        error = take_refund(&row, &refund);
        if (!error) {
            each(context, &refund);
        }
    }
    int end = db_done(&row);
    return error ? error : end;
}

int query_refund(struct db *db, const char *id, struct refund_row *ret_row)
{
    struct db_row row;
    struct refund_row refund;
    int error = db_query(db, &row, REFUND_SQL " WHERE f.id = ?1", "t", id);
    if (!error) {
        error = db_next(&row) ? take_refund(&row, &refund) : DX_E_NOT_FOUND;
    }
    int end = db_done(&row);
    error = error ? error : end;
    if (!error) {
        *ret_row = refund;
    }
    return error;
}
