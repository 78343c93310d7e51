#include "sim/audit.h"

#include <stdarg.h>

static const int64_t card_window_ms = 5000;

__attribute__((format(printf, 2, 3))) static void disagree(struct audit_report *report,
                                                           const char *format, ...)
{
    report->disagreements++;
    if (report->lines == AUDIT_LINES_MAX) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(report->line[report->lines++], AUDIT_TEXT_CAP, format, arguments);
    va_end(arguments);
}

static bool is_visit(const struct visit *visit)
{
    return visit->state != VISIT_NOT_USED;
}

static int64_t apart_ms(wall_t truth, int64_t said_ms)
{
    int64_t d = truth.ms - said_ms;
    return d < 0 ? -d : d;
}

static int match_by_code(const struct world *world, const struct audit_session *session)
{
    for (int i = 0; session->code[0] && i < world->visit_cap; i++) {
        if (is_visit(&world->visit[i]) && strcmp(world->visit[i].code, session->code) == 0) {
            return i;
        }
    }
    return -1;
}

static int match_by_plate(const struct world *world, const struct audit_session *session)
{
    for (int i = 0; i < world->visit_cap; i++) {
        if (is_visit(&world->visit[i]) && strcmp(world->visit[i].person.key, session->key) == 0) {
            return i;
        }
    }
    return -1;
}

/* A card's key is a pseudonym that only the server's side can make: the nearest passage it is. */
static int match_by_time(const struct audit_input *input, const struct audit_session *session)
{
    const struct world *world = input->world;
    int best = -1;
    int64_t best_ms = card_window_ms + input->tolerance_ms;
    for (int i = 0; i < world->visit_cap; i++) {
        const struct visit *visit = &world->visit[i];
        bool in = visit->entered.ms && session->entered_ms;
        if (!is_visit(visit) || !visit->person.has_card || !in) {
            continue;
        }
        int64_t apart = apart_ms(visit->entered, session->entered_ms);
        if (apart < best_ms) {
            best_ms = apart;
            best = i;
        }
    }
    return best;
}

/* A card whose vehicle backed out has no passage to compare: somebody who never came in. */
static int match_card_gone(const struct world *world)
{
    for (int i = 0; i < world->visit_cap; i++) {
        const struct visit *visit = &world->visit[i];
        if (visit->state == VISIT_GONE && visit->person.has_card) {
            return i;
        }
    }
    return -1;
}

int audit_match(const struct audit_input *input, const struct audit_session *session)
{
    int visit = match_by_code(input->world, session);
    if (visit >= 0) {
        return visit;
    }
    if (strcmp(session->subject, "card") == 0) {
        visit = match_by_time(input, session);
        if (visit < 0 && strcmp(session->state, "backed_out") == 0) {
            visit = match_card_gone(input->world);
        }
        return visit;
    }
    return match_by_plate(input->world, session);
}

static void check_money(const struct visit *visit, const struct audit_session *session,
                        struct audit_report *report)
{
    const char *plate = visit->person.plate;
    int64_t counts = visit->coded_vnd;
    if (visit->fee_vnd >= 0 && counts > visit->fee_vnd) {
        counts = visit->fee_vnd; /* what is too much is owed back, not paid for the stay */
    }
    if (session->paid_vnd != counts) {
        disagree(report, "%s: of its driver's %lld the session should count %lld, it has %lld",
                 plate, (long long)visit->coded_vnd, (long long)counts,
                 (long long)session->paid_vnd);
    }
    if (visit->fee_vnd >= 0) {
        report->fees_compared++;
        if (session->fee_vnd != visit->fee_vnd) {
            disagree(report, "%s: its driver was shown a fee of %lld, the session has %lld", plate,
                     (long long)visit->fee_vnd, (long long)session->fee_vnd);
        }
    } else {
        report->free_visits++;
    }
    if (session->paid_vnd < session->fee_vnd && !visit->hand_opened) {
        disagree(report, "%s: left owing: fee %lld, paid %lld", plate, (long long)session->fee_vnd,
                 (long long)session->paid_vnd);
    }
    report->fees_vnd += session->fee_vnd;
    report->paid_vnd += session->paid_vnd;
}

static void check_time(const struct audit_input *input, const char *plate, const char *what,
                       wall_t truth, int64_t said_ms, struct audit_report *report)
{
    if (apart_ms(truth, said_ms) > input->tolerance_ms) {
        disagree(report, "%s: %s at %lld, the session says %lld (%lld ms apart)", plate, what,
                 (long long)truth.ms, (long long)said_ms, (long long)apart_ms(truth, said_ms));
    }
}

static void check_left(const struct audit_input *input, const struct visit *visit,
                       const struct audit_session *session, struct audit_report *report)
{
    const char *plate = visit->person.plate;
    report->matched++;
    if (strcmp(session->state, "left") != 0) {
        disagree(report, "%s: has left, the session is \"%s\"", plate, session->state);
        return;
    }
    check_time(input, plate, "drove in", visit->entered, session->entered_ms, report);
    if (visit->turned_back && session->inferred) {
        report->unknowable++; /* a gate that was dead then took the turning round for leaving */
    } else {
        check_time(input, plate, "drove out", visit->left, session->left_ms, report);
    }
    check_money(visit, session, report);
}

/* All sessions of one visit: exactly one may be more than an attempt that was backed out of. */
static void check_visit(const struct audit_input *input, int index, struct audit_report *report)
{
    const struct visit *visit = &input->world->visit[index];
    const struct audit_session *real = NULL;
    int count = 0;
    for (int i = 0; i < input->session_count; i++) {
        const struct audit_session *session = &input->session[i];
        if (session->visit == index && strcmp(session->state, "backed_out") != 0) {
            real = real ? real : session;
            count++;
        }
    }
    const char *plate = visit->person.plate;
    if (visit->state == VISIT_GONE) {
        if (count == 1 && visit->arm_rose && real->inferred && strcmp(real->state, "inside") == 0) {
            report->unknowable++;
        } else if (count) {
            disagree(report, "%s: backed out of the entry, but there is a session \"%s\"", plate,
                     real->state);
        }
        return;
    }
    if (visit->state != VISIT_LEFT) {
        disagree(report, "%s: has not left, it is in state \"%s\"", plate,
                 visit_state_text(visit->state));
        return;
    }
    if (count > 1) {
        disagree(report, "%s: one stay, but %d sessions", plate, count);
    }
    if (!real) {
        disagree(report, "%s: was there and left, but there is no session", plate);
        return;
    }
    check_left(input, visit, real, report);
}

static void count_visits(const struct audit_input *input, struct audit_report *report)
{
    const struct world *world = input->world;
    for (int i = 0; i < world->visit_cap; i++) {
        const struct visit *visit = &world->visit[i];
        if (!is_visit(visit)) {
            continue;
        }
        report->visits++;
        report->left += visit->state == VISIT_LEFT;
        report->gone += visit->state == VISIT_GONE;
        report->present += visit->state != VISIT_LEFT && visit->state != VISIT_GONE;
        report->helped += visit->helped > 0;
        report->by_hand += visit->hand_opened;
        report->coded_vnd += visit->coded_vnd;
        report->own_words_vnd += visit->own_words_vnd;
    }
    report->transfers = input->bank->count;
    report->transferred_vnd = input->bank->total_vnd;
}

static void check_invented(struct audit_input *input, struct audit_report *report)
{
    for (int i = 0; i < input->session_count; i++) {
        const struct audit_session *session = &input->session[i];
        bool ended_before = session->left_ms && session->left_ms < input->from.ms;
        bool ours = !session->entered_ms || session->entered_ms >= input->from.ms;
        if (session->visit < 0 && ours && !ended_before &&
            strcmp(session->state, "backed_out") != 0) {
            disagree(report, "session %s (%s, %s): no such vehicle was there", session->id,
                     session->key, session->state);
        }
    }
}

static void check_totals(const struct audit_input *input, struct audit_report *report)
{
    const struct audit_totals *before = &input->before;
    const struct audit_totals *after = &input->after;
    const struct bank *bank = input->bank;
    int64_t credited = after->credit_vnd - before->credit_vnd;
    if (credited != bank->total_vnd) {
        disagree(report, "the bank moved %lld, the server has credits of %lld",
                 (long long)bank->total_vnd, (long long)credited);
    }
    if (after->credits - before->credits != bank->count) {
        disagree(report, "the bank made %d transfers, the server has %lld credits", bank->count,
                 (long long)(after->credits - before->credits));
    }
    if (bank->total_vnd != report->coded_vnd + report->own_words_vnd && !input->world->forgotten) {
        disagree(report, "the bank moved %lld, the drivers ordered %lld",
                 (long long)bank->total_vnd,
                 (long long)(report->coded_vnd + report->own_words_vnd));
    }
    if (after->trial_balance_vnd != 0) {
        disagree(report, "the trial balance is %lld, not 0", (long long)after->trial_balance_vnd);
    }
    if (after->uneven != 0) {
        disagree(report, "%lld transactions of the ledger do not sum to zero",
                 (long long)after->uneven);
    }
    if (after->waiting != 0) {
        disagree(report, "%lld messages are still not dealt with", (long long)after->waiting);
    }
    if (after->quarantine != before->quarantine) {
        disagree(report, "%lld messages went to quarantine",
                 (long long)(after->quarantine - before->quarantine));
    }
}

static void check_notes(const struct audit_input *input, struct audit_report *report)
{
    const struct world *world = input->world;
    for (int i = 0; i < world->note_count; i++) {
        const struct world_note *note = &world->note[i];
        const char *plate = note->visit >= 0 ? world->visit[note->visit].person.plate : "-";
        char when[TIME_ISO_CAP];
        time_format_iso(note->at, when);
        disagree(report, "%s, lane %d, %s: %s", plate, note->lane, when,
                 world_note_text(note->kind));
    }
    if (world->notes_lost) {
        disagree(report, "%d more things went wrong in the street", world->notes_lost);
    }
}

void audit_street(const struct audit_input *input, struct audit_report *ret_report)
{
    memset(ret_report, 0, sizeof *ret_report);
    count_visits(input, ret_report);
    check_notes(input, ret_report);
}

void audit_run(struct audit_input *input, struct audit_report *ret_report)
{
    struct audit_report *report = ret_report;
    audit_street(input, report);
    for (int i = 0; i < input->session_count; i++) {
        input->session[i].visit = audit_match(input, &input->session[i]);
    }
    for (int i = 0; i < input->world->visit_cap; i++) {
        if (is_visit(&input->world->visit[i])) {
            check_visit(input, i, report);
        }
    }
    check_invented(input, report);
    check_totals(input, report);
}
