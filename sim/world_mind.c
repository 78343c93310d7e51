#include "sim/world_parts.h"

enum {
    PHOTOS_MAX = 6,
    CARDS_MAX = 3,
    NAMES_MAX = 3,
    HICCUP_PER_MILLE = 10,
    ROUND_UP_VND = 10000,
    UNDER_VND = 1000
};

static bool is_never(mono_t t)
{
    return t.ms == mono_never().ms;
}

static mono_t in(const struct world_turn *turn, int64_t real_ms, int64_t min_ms)
{
    return mono_add(turn->now, world_scaled(turn->world, real_ms, min_ms));
}

void mind_arrive(struct world_turn *turn, int li)
{
    struct world *world = turn->world;
    struct world_lane *lane = &world->lane[li];
    struct visit *visit = &world->visit[lane->on];
    const struct person *person = &visit->person;
    lane->hold[0] = '\0';
    lane->help_at = mono_never();
    visit->edges = -1;
    visit->waited_ms = 0;
    visit->photos = visit->cards = visit->helps = 0;
    visit->photo_at = in(turn, 800, 120);
    bool has_card = person->has_card && !(lane->exit && person->habit == HABIT_LOST_TICKET);
    visit->card_at = has_card ? in(turn, 7000, 1200) : mono_never();
    visit->look_at = lane->exit && !world->config.pushed ? in(turn, 2000, 400) : mono_never();
    visit->desk_at = mono_never();
    if (lane->exit && visit->transfers > 0 && world->config.bank_patience_ms > 0) {
        visit->desk_at = in(turn, world->config.bank_patience_ms, 8000);
    }
    visit->back_at = visit->pay_at = visit->again_at = visit->go_at = mono_never();
    visit->clear_at = mono_never();
    visit->paid_shown_vnd = visit->paid_fee_vnd = 0;
    memset(&visit->shown, 0, sizeof visit->shown);
    if (!lane->exit && person->habit == HABIT_BACKS_OUT) {
        int64_t least = prng_range(&world->prng, 250, 2000); /* drawn first on every compiler */
        visit->back_at = in(turn, prng_range(&world->prng, 2000, 9000), least);
    }
    if (lane->exit && person->habit == HABIT_TURNS_BACK && visit->turned_back == 0) {
        int64_t least = prng_range(&world->prng, 500, 2500); /* drawn first on every compiler */
        visit->back_at = in(turn, prng_range(&world->prng, 3000, 9000), least);
    }
}

/* One character as recognition errs; sections of the plate decide whether the result is a plate. */
static void confuse(struct prng *prng, char *key)
{
    static const char pairs[][2] = {{'0', 'D'}, {'1', 'L'}, {'2', 'Z'}, {'5', 'S'},
                                    {'6', 'G'}, {'8', 'B'}, {'D', '0'}, {'B', '8'}};
    size_t n = strlen(key);
    size_t from = (size_t)prng_range(prng, 0, (int64_t)n - 1);
    for (size_t i = 0; i < n; i++) {
        char *c = &key[(from + i) % n];
        for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
            if (*c == pairs[k][0]) {
                *c = pairs[k][1];
                return;
            }
        }
    }
}

/* What was made of it at the entry is how the lot knows it from now on. */
static void remember_as(const struct world *world, int li, struct visit *visit, const char *key)
{
    if (!world->lane[li].exit) {
        snprintf(visit->known_as, sizeof visit->known_as, "%s", key);
    }
}

static void photograph(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    struct world_effect *effect = world_emit(turn, WORLD_EFF_PHOTO, li + 1, index);
    bool hiccup = world->config.attendant && prng_chance(&world->prng, HICCUP_PER_MILLE);
    if (!visit->person.dirty && !hiccup) {
        visit_key(visit, effect->text);
        if (prng_chance(&world->prng, world->config.confuse)) {
            confuse(&world->prng, effect->text);
            remember_as(world, li, visit, effect->text);
        }
    }
    visit->photos++;
    /* Nothing has happened for a while: he rolls back and forth, the camera fires again. */
    visit->photo_at = visit->photos < PHOTOS_MAX ? in(turn, 40000, 8000) : mono_never();
}

/* The attendant types the plate that he sees; a careless one gets a digit wrong at first. */
static void type_plate(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    struct world_effect *effect = world_emit(turn, WORLD_EFF_NAME, li + 1, index);
    visit_plate(visit, effect->text);
    if (visit->helps == 1 && world->config.mistaken &&
        prng_chance(&world->prng, world->config.mistaken)) {
        char key[PERSON_KEY_CAP];
        size_t n = strlen(effect->text);
        effect->text[n - 1] = effect->text[n - 1] == '9' ? '8' : '9';
        visit_key(visit, key);
        key[strlen(key) - 1] = effect->text[n - 1];
        remember_as(world, li, visit, key);
    }
    world_tell(turn, TELL_NAMED, li + 1, index, 0);
}

static void open_by_hand(struct world_turn *turn, int li, int index)
{
    struct visit *visit = &turn->world->visit[index];
    visit->hand_opened = true;
    world_emit(turn, WORLD_EFF_HAND_OPEN, li + 1, index);
    world_tell(turn, TELL_HAND_OPENED, li + 1, index, 0);
}

static void note_settled(const struct world_turn *turn, struct visit *visit)
{
    if (visit->fee_vnd > 0 && visit->coded_vnd + visit->cash_vnd >= visit->fee_vnd) {
        visit->settled = visit->settled.ms ? visit->settled : turn->wall;
    } else {
        visit->settled = (wall_t){0};
    }
}

/* No phone, or no will: he goes to the desk. */
static void go_to_desk(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    int64_t due = visit->shown.due_vnd;
    visit->desk_at = in(turn, 40000, 8000);
    if (due <= 0 || visit->cash_vnd > 0 || visit->debt || visit->pocketed_vnd > 0) {
        open_by_hand(turn, li, index); /* it was dealt with, and nothing moved */
    } else if (visit->person.habit != HABIT_NO_PHONE) {
        visit->debt = true;
        world_emit(turn, WORLD_EFF_DEBT, li + 1, index);
        world_tell(turn, TELL_DEBT, li + 1, index, due);
    } else if (world->config.dishonest && prng_chance(&world->prng, world->config.dishonest)) {
        visit->pocketed_vnd = due;
        open_by_hand(turn, li, index);
    } else {
        visit->cash_vnd = due;
        note_settled(turn, visit);
        world_emit(turn, WORLD_EFF_CASH, li + 1, index)->amount_vnd = due;
        world_tell(turn, TELL_PAID_CASH, li + 1, index, due);
    }
}

static bool pays_at_desk(const struct visit *visit)
{
    enum habit habit = visit->person.habit;
    return habit == HABIT_NO_PHONE || habit == HABIT_LATE || habit == HABIT_NEVER;
}

static void help(struct world_turn *turn, int li, int index)
{
    struct world_lane *lane = &turn->world->lane[li];
    struct visit *visit = &turn->world->visit[index];
    if (strcmp(lane->hold, "no_answer") == 0 || (!is_never(visit->card_at) && visit->cards < 2)) {
        lane->help_at = in(turn, 6000, 1500); /* nothing to type yet: the line or the card first */
        return;
    }
    if (strcmp(lane->hold, "fault") == 0) {
        lane->help_at = in(turn, 20000, 5000);
        world_emit(turn, WORLD_EFF_RETRY, li + 1, index);
        world_tell(turn, TELL_RETRIED, li + 1, index, 0);
        return;
    }
    bool by_hand = visit->helps >= NAMES_MAX;
    visit->helps++;
    visit->helped++;
    if (by_hand) {
        open_by_hand(turn, li, index);
    } else {
        type_plate(turn, li, index);
    }
    lane->help_at = in(turn, 30000, 6000);
}

static bool knows_payment_is_under_way(const struct world_turn *turn, const struct visit *visit)
{
    if (visit->transfers == 0) {
        return false;
    }
    int64_t ordered = visit->coded_vnd + visit->own_words_vnd;
    mono_t believed = mono_add(visit->told_at, world_scaled(turn->world, 8000, 1000));
    return visit->told_vnd < ordered || !mono_reached(turn->now, believed);
}

/* Would he pay what is shown?  Not twice the same demand, unless his own words failed. */
static bool wants_to_pay(const struct world_turn *turn, const struct visit *visit)
{
    const struct shown *shown = &visit->shown;
    bool grown = visit->paid_fee_vnd > 0 && shown->fee_vnd > visit->paid_fee_vnd;
    return shown->due_vnd > 0 && !shown->settled && !shown->wrong &&
           (shown->due_vnd != visit->paid_shown_vnd || grown) &&
           !knows_payment_is_under_way(turn, visit);
}

static void order(struct world_turn *turn, int lane, int index, int64_t amount_vnd, bool own_words,
                  enum world_tell tell)
{
    struct visit *visit = &turn->world->visit[index];
    struct world_effect *effect = world_emit(turn, WORLD_EFF_PAY, lane, index);
    effect->amount_vnd = amount_vnd;
    effect->own_words = own_words;
    visit->transfers++;
    if (own_words) {
        visit->own_words_vnd += amount_vnd;
    } else {
        visit->coded_vnd += amount_vnd;
        if (visit->parts < VISIT_PARTS_MAX) {
            visit->part_vnd[visit->parts++] = amount_vnd;
        }
    }
    note_settled(turn, visit);
    world_tell(turn, tell, lane, index, amount_vnd);
    if (lane > 0 && turn->world->config.bank_patience_ms > 0) {
        visit->desk_at = in(turn, turn->world->config.bank_patience_ms, 8000);
    }
}

static void pay(struct world_turn *turn, int li, int index)
{
    struct visit *visit = &turn->world->visit[index];
    bool first = visit->transfers == 0;
    enum habit habit = first ? visit->person.habit : HABIT_PLAIN;
    int64_t due = visit->shown.due_vnd;
    int64_t amount = due;
    enum world_tell tell = TELL_PAID;
    if (!wants_to_pay(turn, visit)) {
        return;
    }
    if (habit == HABIT_SPLIT && due >= 2000) {
        amount = due / 2000 * 1000;
        tell = TELL_PAID_PART;
    } else if (habit == HABIT_OVER) {
        amount = (due / ROUND_UP_VND + 1) * ROUND_UP_VND;
        tell = TELL_PAID_OVER;
    } else if (habit == HABIT_UNDER && due > 2 * UNDER_VND) {
        amount = due - UNDER_VND;
        tell = TELL_PAID_PART;
    } else if (habit == HABIT_TWICE) {
        visit->again_at = in(turn, 3000, 150);
    } else if (habit == HABIT_OWN_WORDS) {
        tell = TELL_PAID_OWN_WORDS;
    }
    if (habit != HABIT_OWN_WORDS) {
        visit->paid_shown_vnd = due;
        visit->paid_fee_vnd = visit->shown.fee_vnd;
    }
    order(turn, li + 1, index, amount, habit == HABIT_OWN_WORDS, tell);
}

void mind_advance(struct world_turn *turn, int li)
{
    struct world *world = turn->world;
    struct world_lane *lane = &world->lane[li];
    int index = lane->on;
    struct visit *visit = &world->visit[index];
    bool moving_soon = lane->input[WORLD_OPENED];
    bool shown = visit->shown.due_vnd > 0 || visit->shown.settled;
    if (world_due(&visit->back_at, turn->now)) {
        road_back(turn, li);
        return;
    }
    if (world_due(&visit->photo_at, turn->now) && !moving_soon && !shown) {
        photograph(turn, li, index);
    }
    if (world_due(&visit->card_at, turn->now) && !moving_soon && !shown) {
        visit->cards++;
        visit->card_at = visit->cards < CARDS_MAX ? in(turn, 20000, 5000) : mono_never();
        world_emit(turn, WORLD_EFF_CARD, li + 1, index);
        world_tell(turn, TELL_CARD, li + 1, index, 0);
    }
    if (world_due(&lane->help_at, turn->now) && lane->hold[0] && !moving_soon) {
        help(turn, li, index);
    }
    if (world_due(&visit->look_at, turn->now)) {
        visit->look_at = in(turn, 2000, 400);
        world_emit(turn, WORLD_EFF_LOOK, li + 1, index);
    }
    if (world_due(&visit->desk_at, turn->now) && !moving_soon) {
        go_to_desk(turn, li, index);
    }
    if (world_due(&visit->pay_at, turn->now)) {
        pay(turn, li, index);
    }
    if (world_due(&visit->again_at, turn->now) && !moving_soon && !visit->shown.settled) {
        order(turn, li + 1, index, visit->paid_shown_vnd, false, TELL_PAID_AGAIN);
    }
}

static bool is_another_payee(struct world_turn *turn, int lane, int index,
                             const struct shown *shown)
{
    struct world *world = turn->world;
    if (!shown->payee[0] || strcmp(world->payee, shown->payee) == 0) {
        return false;
    }
    if (!world->payee[0]) {
        snprintf(world->payee, sizeof world->payee, "%s", shown->payee);
        return false;
    }
    world_note(turn, WORLD_NOTE_WRONG_PAYEE, lane, index);
    return true;
}

/* Is `vnd` the sum of some of the transfers with the code, or of none? */
static bool is_sum_of_parts(const struct visit *visit, int64_t vnd)
{
    for (unsigned set = 0; set < 1u << visit->parts; set++) {
        int64_t sum = 0;
        for (int i = 0; i < visit->parts; i++) {
            sum += set & 1u << i ? visit->part_vnd[i] : 0;
        }
        if (sum == vnd) {
            return true;
        }
    }
    return false;
}

/*
 * The fee behind a demand: what the display says beside it, else what is due and what was paid.
 * A demand that is smaller than a known fee by some of the transfers, or none, does not change
 * it: the server may have counted one whose word was lost, and a gate that comes back shows for a
 * moment the demand from before the last one.
 */
static void learn_fee(struct visit *visit, const struct shown *shown)
{
    int64_t told_own =
        visit->told_vnd < visit->own_words_vnd ? visit->told_vnd : visit->own_words_vnd;
    if (shown->fee_vnd > 0) {
        visit->fee_vnd = shown->fee_vnd;
    } else if (visit->fee_vnd < 0 || !is_sum_of_parts(visit, visit->fee_vnd - shown->due_vnd)) {
        visit->fee_vnd = shown->due_vnd + visit->told_vnd - told_own;
    }
}

/* Take in what is shown; true when it is a demand that was not there before. */
static bool take_in(struct world_turn *turn, int lane, int index, const struct shown *shown)
{
    struct visit *visit = &turn->world->visit[index];
    struct shown before = visit->shown;
    visit->shown = *shown;
    if (visit->asked.ms == 0 && (shown->due_vnd > 0 || shown->settled)) {
        visit->asked = turn->wall;
    }
    if (shown->code[0]) {
        memcpy(visit->code, shown->code, sizeof visit->code);
    }
    if (shown->wrong && !before.wrong) {
        world_note(turn, WORLD_NOTE_WRONG_QR, lane, index);
        world_tell(turn, TELL_WRONG_QR, lane, index, 0);
    }
    if (!shown->wrong && is_another_payee(turn, lane, index, shown)) {
        visit->shown.wrong = true;
    }
    if (visit->shown.wrong || shown->due_vnd <= 0 ||
        (shown->due_vnd == before.due_vnd && shown->fee_vnd == before.fee_vnd)) {
        return false;
    }
    learn_fee(visit, shown);
    note_settled(turn, visit);
    return true;
}

void mind_shown(struct world_turn *turn, int index, const struct shown *shown)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    char key[PERSON_KEY_CAP];
    if (visit->state != VISIT_AT_EXIT || visit->edges >= 0 ||
        world->lane[visit->lane - 1].on != index) {
        return;
    }
    const struct world_lane *lane = &world->lane[visit->lane - 1];
    visit_key(visit, key);
    bool for_another = shown->plate[0] && strcmp(shown->plate, key) != 0 &&
                       strcmp(shown->plate, visit->known_as) != 0;
    bool of_the_last = shown->code[0] && strcmp(shown->code, lane->last_code) == 0;
    if ((for_another && !visit->person.has_card) || of_the_last) {
        if (world->config.bank_patience_ms > 0 && is_never(visit->desk_at)) {
            visit->desk_at = in(turn, world->config.bank_patience_ms, 8000); /* "that is not me" */
        }
        return; /* the one before him is still on the display */
    }
    if (take_in(turn, visit->lane, index, shown)) {
        world_tell(turn, TELL_ASKED, visit->lane, index, shown->due_vnd);
    }
    if (pays_at_desk(visit)) {
        if (shown->due_vnd > 0 && is_never(visit->desk_at)) {
            visit->desk_at = in(turn, visit->person.pay_ms, 500);
        }
        return;
    }
    bool wants = wants_to_pay(turn, visit);
    bool again = world->config.pushed && visit->shown.due_vnd > 0 && !visit->shown.wrong;
    if (!wants && !again) {
        visit->pay_at = mono_never();
    } else if (is_never(visit->pay_at)) {
        /* Who does not look again and again makes up his mind when his transfer must have come. */
        visit->pay_at = in(turn, wants ? visit->person.pay_ms : 12000, 500);
    }
}

void mind_page(struct world_turn *turn, int index, const struct shown *shown)
{
    struct visit *visit = &turn->world->visit[index];
    if (visit->state != VISIT_PARKED || visit->transfers > 0) {
        return;
    }
    take_in(turn, 0, index, shown);
    if (wants_to_pay(turn, visit)) {
        order(turn, 0, index, shown->due_vnd, false, TELL_PAID_EARLY);
    }
}

void mind_told(struct world_turn *turn, int index, int64_t amount_vnd, bool words_lost)
{
    struct visit *visit = &turn->world->visit[index];
    if (words_lost && visit->coded_vnd >= amount_vnd) {
        visit->coded_vnd -= amount_vnd; /* nobody can know whose it was: as if in his own words */
        visit->own_words_vnd += amount_vnd;
        visit->paid_shown_vnd = 0;
        note_settled(turn, visit);
    }
    visit->told_vnd += amount_vnd;
    visit->told_at = turn->now;
    if (turn->world->config.pushed && visit->state == VISIT_AT_EXIT && visit->edges < 0 &&
        is_never(visit->pay_at) && !pays_at_desk(visit)) {
        visit->pay_at = in(turn, 12000, 1500); /* if the display has not changed by then */
    }
}

void mind_left(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    bool owes = visit->debt && visit->person.habit == HABIT_LATE && visit->fee_vnd > 0;
    if (!owes || visit->coded_vnd > 0) {
        return;
    }
    order(turn, li + 1, index, visit->fee_vnd, false, TELL_PAID);
    struct world_effects *effects = turn->effects;
    for (int i = effects->count - 1; i >= 0; i--) {
        if (effects->effect[i].kind == WORLD_EFF_PAY) {
            effects->effect[i].after_ms =
                prng_range(&world->prng, 10 * TIME_MINUTE_MS, 48 * TIME_HOUR_MS);
            return;
        }
    }
}

mono_t mind_next(const struct world *world, int li)
{
    const struct world_lane *lane = &world->lane[li];
    const struct visit *visit = &world->visit[lane->on];
    mono_t next = mono_min(visit->photo_at, visit->card_at);
    next = mono_min(next, mono_min(visit->look_at, visit->back_at));
    next = mono_min(next, mono_min(visit->pay_at, visit->again_at));
    next = mono_min(next, visit->desk_at);
    return mono_min(next, lane->help_at);
}
