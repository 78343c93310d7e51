#include "sim/judge/judge_parts.h"

void judge_gate_inside(struct judge *judge, int site, const struct inside_entry *entry)
{
    int index = index_get(&judge->index, index_key(SALT_ID, entry->session));
    if (index < 0 || !judge->stay[index].has_session ||
        judge_is_over(judge->stay[index].session.state)) {
        judge_find(judge, JUDGE_VIEWS, site, "the gate has %s inside, the server has not",
                   entry->session);
        return;
    }
    judge->stay[index].in_gate = true;
}

/* Those who are still in the lot are truth as well. */
static void read_lot(struct judge *judge, int site)
{
    const struct world *world = judge->place[site].site.world;
    for (int i = 0; world && i < world->visit_cap; i++) {
        const struct visit *visit = &world->visit[i];
        bool in_lot = visit->state != VISIT_NOT_USED && visit->state != VISIT_LEFT &&
                      visit->state != VISIT_GONE && visit->entered.ms;
        if (in_lot) {
            judge_visit(judge, site, i);
        }
    }
}

/*
 * A card's key is a pseudonym that nobody outside can make: the truth of a vehicle with a card
 * that came in at that time, and has no session by plate or code, is its own.
 */
static int truth_of_card(const struct judge *judge, const struct stay *session)
{
    int64_t best_ms = 5000;
    int best = -1;
    for (int i = 0; i < judge->stay_cap; i++) {
        const struct stay *stay = &judge->stay[i];
        bool may_be = stay->used && stay->has_truth && !stay->has_session &&
                      stay->site == session->site && stay->truth.has_card;
        if (!may_be) {
            continue;
        }
        int64_t apart = stay->truth.entered.ms - session->session.entered.ms;
        apart = apart < 0 ? -apart : apart;
        if (stay->truth.state == VISIT_GONE) {
            apart = session->session.state == SESSION_BACKED_OUT ? best_ms - 1 : best_ms;
        }
        if (apart < best_ms) {
            best_ms = apart;
            best = i;
        }
    }
    return best;
}

static void join_cards(struct judge *judge)
{
    for (int i = 0; i < judge->stay_cap; i++) {
        struct stay *stay = &judge->stay[i];
        if (!stay->used || stay->has_truth || !stay->has_session || !stay->card) {
            continue;
        }
        int other = truth_of_card(judge, stay);
        if (other >= 0) {
            stay->truth = judge->stay[other].truth;
            stay->has_truth = true;
            memcpy(stay->name, judge->stay[other].name, sizeof stay->name);
            stay_forget(judge, other);
            stay_close(judge, i);
        }
    }
}

static void end_without_session(struct judge *judge, const struct stay *stay)
{
    if (stay->truth.state == VISIT_GONE) {
        return; /* never came in, and nobody says that it did */
    }
    if (stay_is_unknowable(stay)) {
        judge->report.unknowable++;
    } else if (!stay->truth.hand_opened) {
        judge_find(judge, JUDGE_EDGES, stay->site, "%s: was there, and there is no session",
                   stay->name);
    }
}

static void end_without_truth(struct judge *judge, const struct stay *stay, int64_t *strangers)
{
    if (stay->session.state == SESSION_BACKED_OUT) {
        return;
    }
    /* One whose truth was misread, changed plates or followed another has it under another name. */
    if (*strangers > 0) {
        (*strangers)--;
        judge->report.unknowable++;
        return;
    }
    judge_find(judge, JUDGE_EDGES, stay->site, "a session that no vehicle made: %s", stay->name);
}

static void end_of_both(struct judge *judge, const struct stay *stay)
{
    const struct stay_truth *t = &stay->truth;
    const struct stay_session *s = &stay->session;
    bool over = judge_is_over(s->state);
    bool in_lot = t->state != VISIT_LEFT && t->state != VISIT_GONE;
    bool nobody_known = t->hand_opened && !judge_is_at(s->asked); /* opened for whoever it was */
    if (stay_is_unknowable(stay) || (t->turned_back && s->inferred) || nobody_known) {
        judge->report.unknowable++;
    } else if (in_lot && over) {
        judge_find(judge, JUDGE_VIEWS, stay->site, "%s is in the lot, its session is over",
                   stay->name);
    } else if (in_lot && !stay->in_gate && s->state != SESSION_ARRIVING) {
        judge_find(judge, JUDGE_VIEWS, stay->site,
                   "%s is in the lot, the gate's list is without it", stay->name);
    } else if (!in_lot && !over) {
        judge_find(judge, JUDGE_VIEWS, stay->site,
                   "%s has %s at %lld, its session is still open (%d)%s%s", stay->name,
                   t->state == VISIT_GONE ? "backed out" : "left", (long long)t->left.ms,
                   (int)s->state, t->hand_opened ? ", opened by hand" : "",
                   t->debt ? ", let go owing" : "");
    } else if (t->state == VISIT_LEFT && s->state == SESSION_BACKED_OUT) {
        judge_find(judge, JUDGE_EDGES, stay->site, "%s was there and left, its session backed out",
                   stay->name);
    } else if (t->state == VISIT_GONE && over && s->state != SESSION_BACKED_OUT) {
        judge_find(judge, JUDGE_EDGES, stay->site, "%s backed out, its session says that it left",
                   stay->name);
    }
}

void judge_end(struct judge *judge, bool ledger_was_read)
{
    int64_t strangers = 0;
    for (int i = 0; i < judge->place_count; i++) {
        judge_notes(judge, i);
        read_lot(judge, i);
        if (!judge->place[i].settled) {
            judge_find(judge, JUDGE_NUMBERS, i, "the gate was never asked how its journal ends");
        }
    }
    join_cards(judge);
    for (int i = 0; i < judge->stay_cap; i++) {
        const struct stay *stay = &judge->stay[i];
        if (stay->used && stay->has_truth && !stay->has_session) {
            strangers += stay_is_unknowable(stay);
            end_without_session(judge, stay);
        } else if (stay->used && stay->has_truth) {
            end_of_both(judge, stay);
        }
    }
    for (int i = 0; i < judge->stay_cap; i++) {
        const struct stay *stay = &judge->stay[i];
        if (stay->used && !stay->has_truth && stay->has_session) {
            end_without_truth(judge, stay, &strangers);
        }
    }
    money_end(judge, ledger_was_read);
}
