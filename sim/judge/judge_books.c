#include "sim/judge/judge_parts.h"

#include "proto/base/check.h"

#include <stdlib.h>

bool judge_is_over(enum session_state state)
{
    return state == SESSION_LEFT || state == SESSION_BACKED_OUT || state == SESSION_LEFT_UNPAID ||
           state == SESSION_WRITTEN_OFF || state == SESSION_CLOSED_BY_REVIEW;
}

bool judge_is_at(wall_t t)
{
    return t.ms != 0;
}

int stay_new(struct judge *judge, int site, const char *name)
{
    if (judge->stay_free < 0) {
        int from = judge->stay_cap;
        judge->stay_cap = from ? from * 2 : 256;
        judge->stay = realloc(judge->stay, (size_t)judge->stay_cap * sizeof *judge->stay);
        must(judge->stay);
        for (int i = judge->stay_cap - 1; i >= from; i--) {
            judge->stay[i].used = false;
            judge->stay[i].next_free = judge->stay_free;
            judge->stay_free = i;
        }
    }
    int index = judge->stay_free;
    judge->stay_free = judge->stay[index].next_free;
    struct stay *stay = &judge->stay[index];
    memset(stay, 0, sizeof *stay);
    stay->used = true;
    stay->site = site;
    snprintf(stay->name, sizeof stay->name, "%s", name);
    return index;
}

static void drop_if_its(struct judge *judge, uint64_t key, int index)
{
    if (key && index_get(&judge->index, key) == index) {
        index_drop(&judge->index, key);
    }
}

void stay_forget(struct judge *judge, int index)
{
    struct stay *stay = &judge->stay[index];
    drop_if_its(judge, stay->id, index);
    drop_if_its(judge, stay->code, index);
    drop_if_its(judge, stay->key, index);
    drop_if_its(judge, stay->alias, index);
    stay->used = false;
    stay->next_free = judge->stay_free;
    judge->stay_free = index;
}

/* Only when nobody has the key yet. */
static void claim(struct judge *judge, uint64_t *slot, uint64_t key, int index)
{
    if (*slot == 0 && index_get(&judge->index, key) < 0) {
        *slot = key;
        index_put(&judge->index, key, index);
    }
}

bool stay_is_unknowable(const struct stay *stay)
{
    const struct stay_truth *t = &stay->truth;
    bool backed_before_open_arm =
        t->state == VISIT_GONE && t->arm_rose && (!stay->has_session || stay->session.inferred);
    return stay->misread || t->tailgated || t->swapped || t->misread || backed_before_open_arm;
}

/* ---- one stay, both sides ---- */

static void compare_time(struct judge *judge, const struct stay *stay, const char *what,
                         wall_t truth, wall_t said)
{
    const struct judge_place *place = &judge->place[stay->site];
    int64_t apart = truth.ms > said.ms ? truth.ms - said.ms : said.ms - truth.ms;
    if (apart > place->site.tolerance_ms && !place->clock_is_wrong) {
        judge_find(judge, JUDGE_TIMES, stay->site, "%s %s %lld ms from when it did", stay->name,
                   what, (long long)apart);
    }
}

/* Between what and what was it priced?  From being told it to leaving, or to paying in time. */
static void compare_fee(struct judge *judge, const struct stay *stay)
{
    const struct judge_place *place = &judge->place[stay->site];
    const struct stay_truth *t = &stay->truth;
    const struct stay_session *s = &stay->session;
    enum fee fee = place->site.fee[t->vehicle];
    int64_t slack = place->site.tolerance_ms;
    int64_t entered = place->clock_is_wrong ? s->entered.ms : t->entered.ms;
    int64_t left = place->clock_is_wrong ? s->left.ms : t->left.ms;
    int64_t first = judge_is_at(t->asked) ? t->asked.ms : left;
    if (place->clock_is_wrong && judge_is_at(s->asked)) {
        first = s->asked.ms;
    }
    bool in_time = judge_is_at(t->settled) && t->left.ms - t->settled.ms <= place->site.promise_ms;
    int64_t last = in_time && !place->clock_is_wrong ? t->settled.ms : left;
    int64_t least;
    int64_t most;
    fee_range(fee, entered, slack, first - slack, last + slack, &least, &most);
    if (least < 0 || s->inferred) {
        return;
    }
    judge->report.fees_judged++;
    if (s->fee_vnd >= least && s->fee_vnd <= most) {
        return;
    }
    fee_range(fee, entered, slack, first - slack, left + slack, &least, &most);
    bool moved_on = in_time && s->fee_vnd <= most && s->fee_vnd >= least;
    if (moved_on && s->fee_vnd < t->fee_shown_vnd) {
        return; /* some turns get cheaper with time: what is too much is owed back */
    }
    judge_find(judge, moved_on ? JUDGE_GRACE : JUDGE_FEE, stay->site,
               "%s: the session's fee is %lld, the true stay of %lld s costs %lld to %lld",
               stay->name, (long long)s->fee_vnd, (long long)((left - entered) / 1000),
               (long long)least, (long long)most);
}

static void compare_money(struct judge *judge, const struct stay *stay)
{
    const struct stay_truth *t = &stay->truth;
    const struct stay_session *s = &stay->session;
    int64_t given = stay->coded_vnd + t->cash_vnd;
    int64_t counts = given < s->fee_vnd ? given : s->fee_vnd;
    if (s->paid_vnd > counts) {
        judge_find(judge, JUDGE_CREDIT, stay->site,
                   "%s: the session counts %lld as paid, its driver gave %lld", stay->name,
                   (long long)s->paid_vnd, (long long)given);
    }
    bool by_rule = s->let_owe && s->fee_vnd <= judge->place[stay->site].site.may_owe_vnd;
    if (t->owed || by_rule) {
        return; /* what is missing is a debt, and may come later */
    }
    if (s->paid_vnd < counts) {
        judge_find(judge, JUDGE_CREDIT, stay->site,
                   "%s: its driver gave %lld, the session counts %lld of %lld", stay->name,
                   (long long)given, (long long)s->paid_vnd, (long long)s->fee_vnd);
    } else if (s->paid_vnd < s->fee_vnd) {
        judge_find(judge, JUDGE_OWES, stay->site, "%s: left owing: fee %lld, paid %lld", stay->name,
                   (long long)s->fee_vnd, (long long)s->paid_vnd);
    }
}

static void compare(struct judge *judge, const struct stay *stay)
{
    const struct stay_truth *t = &stay->truth;
    const struct stay_session *s = &stay->session;
    if (stay_is_unknowable(stay)) {
        judge->report.unknowable++;
        return;
    }
    if (t->turned_back && s->inferred) {
        judge->report.unknowable++; /* taken for gone when it turned round before a dead gate */
        return;
    }
    judge->report.agreed++;
    compare_time(judge, stay, "drove in", t->entered, s->entered);
    compare_time(judge, stay, "drove out", t->left, s->left);
    compare_fee(judge, stay);
    compare_money(judge, stay);
}

void stay_close(struct judge *judge, int index)
{
    struct stay *stay = &judge->stay[index];
    if (!stay->has_truth || !stay->has_session || !judge_is_over(stay->session.state)) {
        return;
    }
    bool never_in = stay->session.state == SESSION_BACKED_OUT;
    if (stay->truth.state == VISIT_GONE && never_in) {
        judge->report.agreed++;
        stay_forget(judge, index);
    } else if (stay->truth.state == VISIT_LEFT && !never_in) {
        compare(judge, stay);
        stay_forget(judge, index);
    }
}

/* ---- the two sides ---- */

static int find_for_session(struct judge *judge, int site, const struct session *session)
{
    int index = index_get(&judge->index, index_key(SALT_CODE, session->code));
    if (index < 0 || judge->stay[index].has_session) {
        index = index_get(&judge->index, judge_plate_key(site, session->subject.key));
    }
    if (index >= 0 && judge->stay[index].has_session) {
        struct stay *stay = &judge->stay[index];
        if (stay->session.state != SESSION_BACKED_OUT) {
            return -1; /* a second one for the same plate: it must find a truth of its own */
        }
        drop_if_its(judge, stay->id, index); /* a second attempt of the same vehicle */
        drop_if_its(judge, stay->code, index);
        stay->id = stay->code = 0;
    }
    return index;
}

static void earn(struct judge *judge, struct stay *stay)
{
    enum session_state state = stay->session.state;
    bool earned =
        state == SESSION_LEFT || state == SESSION_LEFT_UNPAID || state == SESSION_WRITTEN_OFF;
    if (earned && !stay->session.earned) {
        stay->session.earned = true;
        judge->earned_vnd += stay->session.fee_vnd;
    }
}

void judge_session(struct judge *judge, const struct session *session)
{
    uint64_t id = index_key(SALT_ID, session->id);
    int site = index_get(&judge->index, index_key(SALT_LOT, session->lot));
    int index = index_get(&judge->index, id);
    if (site < 0) {
        judge_find(judge, JUDGE_EDGES, -1, "a session of a lot that is not there");
        return;
    }
    if (index < 0 && judge_is_over(session->state)) {
        return; /* long agreed and forgotten: a late transfer settles a debt */
    }
    if (index < 0) {
        index = find_for_session(judge, site, session);
        if (index < 0) {
            index = stay_new(judge, site, session->subject.key);
        }
    }
    struct stay *stay = &judge->stay[index];
    bool earned = stay->has_session && stay->session.earned;
    stay->has_session = true;
    stay->card = session->subject.kind == SUBJECT_CARD;
    stay->session = (struct stay_session){
        .state = session->state,
        .entered = session->entered,
        .asked = session->asked,
        .left = session->left,
        .fee_vnd = session->fee_vnd,
        .paid_vnd = session->paid_vnd,
        .inferred = session->inferred,
        .let_owe = session->permitted &&
                   (session->permit == PERMIT_DEBT || session->permit == PERMIT_EMERGENCY),
        .earned = earned};
    claim(judge, &stay->id, id, index);
    if (session->code[0]) {
        claim(judge, &stay->code, index_key(SALT_CODE, session->code), index);
    }
    claim(judge, &stay->key, judge_plate_key(site, session->subject.key), index);
    earn(judge, stay);
    stay_close(judge, index);
}

static int find_for_visit(struct judge *judge, int site, const struct visit *visit)
{
    int index = -1;
    if (visit->code[0]) {
        index = index_get(&judge->index, index_key(SALT_CODE, visit->code));
    }
    if (index < 0 || judge->stay[index].has_truth) {
        index = index_get(&judge->index, judge_plate_key(site, visit->person.key));
    }
    if ((index < 0 || judge->stay[index].has_truth) && visit->known_as[0]) {
        index = index_get(&judge->index, judge_plate_key(site, visit->known_as));
    }
    return index >= 0 && judge->stay[index].has_truth ? -1 : index;
}

void judge_misread(struct judge *judge, int site, const char *plate, const char *read_as)
{
    int index = index_get(&judge->index, judge_plate_key(site, plate));
    if (index < 0) {
        index = stay_new(judge, site, plate);
        claim(judge, &judge->stay[index].key, judge_plate_key(site, plate), index);
    }
    struct stay *stay = &judge->stay[index];
    stay->misread = true;
    if (!stay->alias && read_as[0]) {
        claim(judge, &stay->alias, judge_plate_key(site, read_as), index);
    }
}

void judge_visit(struct judge *judge, int site, int number)
{
    const struct visit *visit = &judge->place[site].site.world->visit[number];
    int index = find_for_visit(judge, site, visit);
    if (index < 0) {
        index = stay_new(judge, site, visit->person.key);
    }
    struct stay *stay = &judge->stay[index];
    snprintf(stay->name, sizeof stay->name, "%s", visit->person.key);
    stay->has_truth = true;
    stay->truth = (struct stay_truth){.state = visit->state,
                                      .vehicle = visit->person.vehicle,
                                      .entered = visit->entered,
                                      .left = visit->left,
                                      .asked = visit->asked,
                                      .settled = visit->settled,
                                      .fee_shown_vnd = visit->fee_vnd,
                                      .cash_vnd = visit->cash_vnd,
                                      .has_card = visit->person.has_card,
                                      .arm_rose = visit->arm_rose,
                                      .turned_back = visit->turned_back > 0,
                                      .hand_opened = visit->hand_opened,
                                      .tailgated = visit->tailgated_in || visit->tailgated_out,
                                      .swapped = visit->swapped,
                                      .misread = visit->known_as[0] != '\0' &&
                                                 strcmp(visit->known_as, visit->person.key) != 0,
                                      .owed = visit->hand_opened || visit->debt};
    claim(judge, &stay->key, judge_plate_key(site, visit->person.key), index);
    if (visit->known_as[0]) {
        claim(judge, &stay->alias, judge_plate_key(site, visit->known_as), index);
    }
    judge->report.stays++;
    stay_close(judge, index);
}
