/*
 * The street on a virtual clock, with a gate that is ten lines long: it opens for
 * whoever is photographed or named, asks 5,000 at the exit, and lowers the arm
 * behind him.  So whatever goes wrong here goes wrong in the street.
 */
#include "sim/world.h"
#include "tests/harness/harness.h"

enum { CAP = 512, FEE = 5000 };

struct rig {
    struct world world;
    struct visit visit[CAP];
    mono_t now;
    int64_t wall_base;
    int64_t paid[CAP];           /* with the code */
    bool named[WORLD_LANES_MAX]; /* the lane knows who stands there */
    bool safety[WORLD_LANES_MAX];
    int64_t opened_for[WORLD_LANES_MAX];
    int counts[WORLD_EFF_CLOSED + 1];
    int tells[TELL_COUNT];
    bool lazy_arm;     /* never lowers it */
    bool slow;         /* … some time after the safety loop is free */
    bool crushes;      /* lowers it as soon as the safety loop is taken */
    bool free_for_all; /* opens the exit before anybody can pay */
    bool dead;         /* answers nothing */
    struct {
        mono_t at;
        struct world_event event;
    } later[256];
    int later_count;
};

static void rig_start(struct rig *rig, unsigned seed, const struct world_config *config,
                      const struct people *people)
{
    struct prng root;
    prng_init(&root, seed);
    world_init(&rig->world, config, &root, people, rig->visit, CAP, rig->now);
    rig->world.up = true;
}

static struct rig *rig_new(unsigned seed, int speed, int misbehave, bool attendant)
{
    struct rig *rig = calloc(1, sizeof *rig);
    struct prng root;
    struct people people;
    assert_non_null(rig);
    prng_init(&root, seed);
    people_init(&people, &root, 50, misbehave);
    rig->now = (mono_t){1000};
    rig->wall_base = 1772416500000;
    struct world_config config = {.speed = speed,
                                  .rate = 20,
                                  .attendant = attendant,
                                  .stuck_ms = 60000,
                                  .last_return = mono_add(rig->now, 200000)};
    rig_start(rig, seed, &config, &people);
    return rig;
}

static void plan(struct rig *rig, int64_t in_ms, struct world_event event)
{
    assert_true(rig->later_count < 256);
    rig->later[rig->later_count].at = mono_add(rig->now, in_ms);
    rig->later[rig->later_count++].event = event;
}

static void coil(struct rig *rig, int lane, enum world_coil coil, int64_t in_ms)
{
    plan(rig, in_ms,
         (struct world_event){.kind = WORLD_EV_COIL, .lane = lane, .coil = coil, .on = true});
}

static void know(struct rig *rig, int lane)
{
    rig->named[lane - 1] = true;
    if (!world_lane_is_exit(&rig->world, lane)) {
        coil(rig, lane, WORLD_COIL_OPEN, 100);
    } else if (rig->free_for_all) {
        coil(rig, lane, WORLD_COIL_OPEN, 350);
    }
}

static void on_input(struct rig *rig, const struct world_effect *effect)
{
    int lane = effect->lane;
    if (effect->input == WORLD_SAFETY) {
        bool passed = !effect->on;
        if ((passed && !rig->lazy_arm) || rig->crushes) {
            coil(rig, lane, WORLD_COIL_CLOSE, rig->slow ? 400 : 50);
        }
        rig->safety[lane - 1] = effect->on;
    } else if (effect->input == WORLD_ARMING && !effect->on) {
        rig->named[lane - 1] = false;
        if (!rig->safety[lane - 1]) {
            coil(rig, lane, WORLD_COIL_CLOSE, 50); /* backed off */
            rig->opened_for[lane - 1] = 0;
        }
    }
}

static void on_look(struct rig *rig, const struct world_effect *effect)
{
    int64_t due = FEE - rig->paid[effect->visit];
    struct shown shown = {.due_vnd = due > 0 ? due : 0, .settled = due <= 0, .payee = "970436-1"};
    if (!rig->named[effect->lane - 1]) {
        return;
    }
    snprintf(shown.code, sizeof shown.code, "DX%06d", effect->visit);
    plan(rig, 20,
         (struct world_event){.kind = WORLD_EV_SHOWN, .visit = effect->visit, .shown = shown});
}

static void perform(struct rig *rig, const struct world_effect *effect)
{
    rig->counts[effect->kind]++;
    if (rig->dead) {
        return;
    }
    switch (effect->kind) {
    case WORLD_EFF_INPUT:
        on_input(rig, effect);
        break;
    case WORLD_EFF_PHOTO:
        if (effect->text[0]) {
            know(rig, effect->lane);
        } else {
            struct world_event held = {.kind = WORLD_EV_HELD, .lane = effect->lane};
            snprintf(held.hold, sizeof held.hold, "unreadable");
            plan(rig, 500, held);
        }
        break;
    case WORLD_EFF_CARD:
    case WORLD_EFF_NAME:
        know(rig, effect->lane);
        break;
    case WORLD_EFF_HAND_OPEN:
    case WORLD_EFF_RETRY:
        coil(rig, effect->lane, WORLD_COIL_OPEN, 100);
        break;
    case WORLD_EFF_LOOK:
        on_look(rig, effect);
        break;
    case WORLD_EFF_PAGE: {
        struct shown shown = {.due_vnd = FEE, .payee = "970436-1"};
        snprintf(shown.code, sizeof shown.code, "DX%06d", effect->visit);
        plan(rig, 5,
             (struct world_event){.kind = WORLD_EV_PAGE, .visit = effect->visit, .shown = shown});
        break;
    }
    case WORLD_EFF_PAY:
        assert_true(effect->amount_vnd > 0);
        rig->paid[effect->visit] += effect->own_words ? 0 : effect->amount_vnd;
        plan(rig, 300,
             (struct world_event){
                 .kind = WORLD_EV_TOLD, .visit = effect->visit, .amount_vnd = effect->amount_vnd});
        break;
    case WORLD_EFF_CASH:
        rig->paid[effect->visit] += effect->amount_vnd;
        break;
    case WORLD_EFF_DEBT:
        coil(rig, effect->lane, WORLD_COIL_OPEN, 100);
        break;
    case WORLD_EFF_TELL:
        rig->tells[effect->tell]++;
        break;
    case WORLD_EFF_CLOSED:
        break;
    }
}

static void step(struct rig *rig, struct world_event event)
{
    static struct world_effects effects;
    event.now = rig->now;
    event.wall = (wall_t){rig->wall_base + rig->now.ms};
    world_step(&rig->world, &event, &effects);
    for (int i = 0; i < effects.count; i++) {
        perform(rig, &effects.effect[i]);
    }
}

/* Opens the exit for who has paid: the gate's bank line. */
static void settle_exit(struct rig *rig)
{
    for (int i = 0; i < rig->world.lanes; i++) {
        int on = rig->world.lane[i].exit ? rig->world.lane[i].on : -1;
        if (on >= 0 && rig->named[i] && rig->paid[on] >= FEE && rig->opened_for[i] != on + 1) {
            rig->opened_for[i] = on + 1;
            coil(rig, i + 1, WORLD_COIL_OPEN, 50);
        }
    }
}

static void run(struct rig *rig, int64_t ms)
{
    mono_t end = mono_add(rig->now, ms);
    mono_t last_arrival = {121000};
    for (int guard = 0; guard < 200000 && !mono_reached(rig->now, end); guard++) {
        mono_t next = mono_min(end, world_deadline(&rig->world));
        int first = -1;
        for (int i = 0; i < rig->later_count; i++) {
            if (mono_reached(next, rig->later[i].at)) {
                next = rig->later[i].at;
                first = i;
            }
        }
        rig->now = next.ms > rig->now.ms ? next : rig->now;
        if (mono_reached(rig->now, last_arrival) && rig->world.next_arrival.ms != INT64_MAX) {
            world_close(&rig->world, mono_add(rig->now, 79000));
        }
        struct world_event event = {.kind = WORLD_EV_TICK};
        if (first >= 0) {
            event = rig->later[first].event;
            rig->later[first] = rig->later[--rig->later_count];
        }
        step(rig, event);
        settle_exit(rig);
    }
    assert_true(mono_reached(rig->now, end));
}

static int notes_of(const struct rig *rig, enum world_note_kind kind)
{
    int n = 0;
    for (int i = 0; i < rig->world.note_count; i++) {
        n += rig->world.note[i].kind == kind;
    }
    return n;
}

static void check_all_went_well(struct rig *rig)
{
    assert_int_equal(world_present(&rig->world), 0);
    assert_int_equal(rig->world.note_count, 0);
    assert_true(rig->world.left > 20);
    assert_int_equal(rig->world.left, rig->world.entered);
    assert_int_equal(rig->counts[WORLD_EFF_CLOSED], rig->world.left + rig->world.gone);
    for (int i = 0; i < CAP; i++) {
        const struct visit *visit = &rig->visit[i];
        if (visit->state == VISIT_LEFT) {
            assert_true(visit->left.ms > visit->entered.ms && visit->entered.ms > 0);
            assert_true(visit->coded_vnd >= FEE && visit->coded_vnd == rig->paid[i]);
            assert_true(visit->fee_vnd == FEE);
        }
    }
}

static void test_sim_world__everybody_comes_and_goes_and_nothing_is_wrong(void **state)
{
    (void)state;
    int tells[TELL_COUNT] = {0};
    for (unsigned seed = 1; seed <= 8; seed++) {
        struct rig *rig = rig_new(seed, 20, 400, true);
        run(rig, 400000);
        check_all_went_well(rig);
        for (int i = 0; i < TELL_COUNT; i++) {
            tells[i] += rig->tells[i];
        }
        free(rig);
    }
    /* every habit has been seen, or the test says nothing about it */
    for (int tell = TELL_ENTERED; tell <= TELL_LEFT; tell++) {
        bool of_others = tell == TELL_HAND_OPENED || tell == TELL_RETRIED ||
                         tell == TELL_PAID_CASH || tell == TELL_DEBT || tell == TELL_TAILGATED;
        assert_true(tells[tell] > 0 || of_others);
    }
}

static void test_sim_world__same_seed_same_street(void **state)
{
    (void)state;
    struct rig *a = rig_new(7, 20, 200, true);
    struct rig *b = rig_new(7, 20, 200, true);
    run(a, 300000);
    run(b, 300000);
    assert_memory_equal(a->counts, b->counts, sizeof a->counts);
    for (int i = 0; i < CAP; i++) {
        assert_true(a->visit[i].left.ms == b->visit[i].left.ms);
        assert_true(a->visit[i].coded_vnd == b->visit[i].coded_vnd);
    }
    free(a);
    free(b);
}

static void test_sim_world__limit_switches_follow_the_arm(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 1, 0, false);
    rig->world.next_arrival = mono_never();
    step(rig, (struct world_event){.kind = WORLD_EV_TICK});
    assert_true(rig->world.lane[0].input[WORLD_CLOSED] && !rig->world.lane[0].input[WORLD_OPENED]);
    coil(rig, 1, WORLD_COIL_OPEN, 0);
    run(rig, WORLD_ARM_MS / 2);
    assert_false(rig->world.lane[0].input[WORLD_CLOSED]);
    assert_false(rig->world.lane[0].input[WORLD_OPENED]);
    assert_in_range(world_arm_position(&rig->world, 1, rig->now), 450, 550);
    coil(rig, 1, WORLD_COIL_CLOSE, 0); /* turned round half way: half the time back */
    run(rig, WORLD_ARM_MS / 2 + 20);
    assert_true(rig->world.lane[0].input[WORLD_CLOSED]);
    coil(rig, 1, WORLD_COIL_OPEN, 0);
    run(rig, WORLD_ARM_MS + 20);
    assert_true(rig->world.lane[0].input[WORLD_OPENED]);
    assert_int_equal(world_arm_position(&rig->world, 1, rig->now), 1000);
    free(rig);
}

static void test_sim_world__edges_are_never_nearer_than_a_loop_can_tell(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 1000, 0, false);
    int64_t last[WORLD_LANES] = {0};
    bool was[WORLD_LANES][2] = {{false}};
    for (int i = 0; i < 60000; i++) {
        rig->now = mono_add(rig->now, 1);
        for (int k = 0; k < rig->later_count; k++) {
            if (mono_reached(rig->now, rig->later[k].at)) {
                struct world_event event = rig->later[k].event;
                rig->later[k] = rig->later[--rig->later_count];
                step(rig, event);
            }
        }
        step(rig, (struct world_event){.kind = WORLD_EV_TICK});
        settle_exit(rig);
        for (int li = 0; li < WORLD_LANES; li++) {
            for (int input = WORLD_ARMING; input <= WORLD_SAFETY; input++) {
                if (was[li][input] != rig->world.lane[li].input[input]) {
                    assert_true(last[li] == 0 || rig->now.ms - last[li] >= 100);
                    last[li] = rig->now.ms;
                    was[li][input] = !was[li][input];
                }
            }
        }
    }
    assert_true(rig->world.left > 5);
    free(rig);
}

static void test_sim_world__an_arm_on_a_vehicle_is_noted(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 20, 0, true);
    rig->crushes = true;
    run(rig, 60000);
    assert_true(notes_of(rig, WORLD_NOTE_HIT) > 0);
    free(rig);
}

static void test_sim_world__an_arm_left_open_and_an_unpaid_exit_are_noted(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 20, 0, true);
    rig->lazy_arm = true;
    run(rig, 200000);
    assert_true(notes_of(rig, WORLD_NOTE_LEFT_OPEN) > 0);
    free(rig);
    rig = rig_new(7, 20, 0, true);
    rig->free_for_all = true;
    run(rig, 300000);
    assert_true(rig->world.left > 5);
    assert_true(notes_of(rig, WORLD_NOTE_UNPAID) > 5);
    free(rig);
}

static void test_sim_world__waiting_counts_only_while_the_programs_are_up(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 20, 0, false);
    rig->dead = true;
    rig->world.up = false;
    run(rig, 300000);
    assert_int_equal(notes_of(rig, WORLD_NOTE_STUCK), 0);
    rig->world.up = true;
    run(rig, 59000);
    assert_int_equal(notes_of(rig, WORLD_NOTE_STUCK), 0);
    run(rig, 3000);
    assert_int_equal(notes_of(rig, WORLD_NOTE_STUCK), 1);
    free(rig);
}

static void test_sim_world__a_wrong_code_or_payee_is_not_paid(void **state)
{
    (void)state;
    for (int wrong = 0; wrong < 2; wrong++) {
        struct rig *rig = rig_new(7, 20, 0, false);
        rig->world.people.early = 0;
        while (rig->world.lane[1].on < 0) {
            run(rig, 100);
        }
        int on = rig->world.lane[1].on;
        snprintf(rig->world.payee, sizeof rig->world.payee, "970436-1");
        struct shown shown = {.due_vnd = FEE, .code = "DX7K3M9Q2X", .payee = "970436-1"};
        shown.wrong = wrong == 0;
        if (wrong == 1) {
            snprintf(shown.payee, sizeof shown.payee, "970436-2");
        }
        rig->dead = true; /* keeps the rig's own display out of it */
        step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = shown});
        assert_int_equal(notes_of(rig, wrong ? WORLD_NOTE_WRONG_PAYEE : WORLD_NOTE_WRONG_QR), 1);
        assert_true(rig->visit[on].shown.wrong);
        run(rig, 5000);
        assert_int_equal(rig->visit[on].transfers, 0);
        shown.wrong = false; /* the display has come to its senses */
        snprintf(shown.payee, sizeof shown.payee, "970436-1");
        step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = shown});
        run(rig, 5000);
        assert_int_equal(rig->visit[on].transfers, 1);
        free(rig);
    }
}

static void test_sim_world__nobody_pays_again_before_the_bank_has_been_heard(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 20, 0, false);
    rig->world.people.early = 0;
    while (rig->world.lane[1].on < 0) {
        run(rig, 100);
    }
    int on = rig->world.lane[1].on;
    struct visit *visit = &rig->visit[on];
    struct shown shown = {.due_vnd = FEE, .code = "DX7K3M9Q2X", .payee = "970436-1"};
    rig->dead = true;
    step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = shown});
    run(rig, 5000);
    assert_int_equal(visit->transfers, 1);
    shown.due_vnd = FEE + 3000; /* a new hour has begun, and the server knows of no transfer */
    for (int i = 0; i < 10; i++) {
        step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = shown});
        run(rig, 1000);
    }
    assert_int_equal(visit->transfers, 1);
    step(rig, (struct world_event){.kind = WORLD_EV_TOLD, .visit = on, .amount_vnd = FEE});
    shown.due_vnd = 3000; /* now it does */
    for (int i = 0; i < 10; i++) {
        step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = shown});
        run(rig, 1000);
    }
    assert_int_equal(visit->transfers, 2);
    assert_true(visit->coded_vnd == FEE + 3000);
    assert_true(visit->fee_vnd == FEE + 3000);
    free(rig);
}

/* Pays 5,000, the server has word of it, and the display shows the same demand once more. */
static struct visit *pay_and_see_it_again(struct rig *rig, const struct shown *first,
                                          const struct shown *then)
{
    rig->world.people.early = 0;
    while (rig->world.lane[1].on < 0) {
        run(rig, 100);
    }
    int on = rig->world.lane[1].on;
    rig->dead = true;
    step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = *first});
    run(rig, 5000);
    step(rig, (struct world_event){.kind = WORLD_EV_TOLD, .visit = on, .amount_vnd = FEE});
    struct shown nothing = {0};
    step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = nothing});
    for (int i = 0; i < 10; i++) {
        run(rig, 500);
        step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .visit = on, .shown = *then});
    }
    return &rig->visit[on];
}

static void test_sim_world__a_demand_that_is_repeated_after_the_word_raises_no_fee(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 20, 0, false);
    struct shown shown = {.due_vnd = FEE, .code = "DX7K3M9Q2X", .payee = "970436-1"};
    struct visit *visit = pay_and_see_it_again(rig, &shown, &shown);
    assert_int_equal(visit->transfers, 1);
    assert_int_equal(visit->fee_vnd, FEE);
    free(rig);
}

static void test_sim_world__a_display_that_names_the_fee_is_believed(void **state)
{
    (void)state;
    struct rig *rig = rig_new(7, 20, 0, false);
    struct shown first = {
        .due_vnd = FEE, .fee_vnd = FEE, .code = "DX7K3M9Q2X", .payee = "970436-1"};
    struct shown grown = first;
    grown.fee_vnd = 2 * FEE; /* another period has begun: as much again is due */
    struct visit *visit = pay_and_see_it_again(rig, &first, &grown);
    assert_int_equal(visit->transfers, 2);
    assert_int_equal(visit->fee_vnd, 2 * FEE);
    free(rig);
}

static void test_sim_world__a_held_lane_is_helped_and_a_broken_one_is_tried_again(void **state)
{
    (void)state;
    static const char *const holds[] = {"unreadable", "fault", "no_answer"};
    for (int i = 0; i < 3; i++) {
        struct rig *rig = rig_new(7, 20, 0, true);
        while (rig->world.lane[0].on < 0) {
            run(rig, 100);
        }
        rig->dead = true;
        struct world_event held = {.kind = WORLD_EV_HELD, .lane = 1};
        snprintf(held.hold, sizeof held.hold, "%s", holds[i]);
        for (int k = 0; k < 60; k++) { /* the console says so every 500 ms */
            step(rig, held);
            run(rig, 500);
        }
        int named = rig->counts[WORLD_EFF_NAME];
        int opened = rig->counts[WORLD_EFF_HAND_OPEN];
        int retried = rig->counts[WORLD_EFF_RETRY];
        assert_int_equal(named, i == 0 ? 3 : 0);
        assert_true(i == 0 ? opened >= 1 : opened == 0);
        assert_true(i == 1 ? retried >= 4 : retried == 0);
        held.hold[0] = '\0';
        step(rig, held);
        run(rig, 20000);
        assert_int_equal(rig->counts[WORLD_EFF_RETRY], retried);
        free(rig);
    }
}

/* ---- lots of another shape ---- */

static struct rig *rig_of(const struct world_config *shape, int misbehave, int wild)
{
    struct rig *rig = rig_new(21, 20, 0, true);
    struct world_config config = *shape;
    struct people people;
    struct prng root;
    prng_init(&root, 21);
    people_init(&people, &root, 50, misbehave);
    people.wild = wild;
    config.speed = 20;
    config.attendant = true;
    config.stuck_ms = 60000;
    config.last_return = mono_add(rig->now, 200000);
    config.rate = config.rate ? config.rate : 40;
    rig_start(rig, 21, &config, &people);
    return rig;
}

static void test_sim_world__four_lanes_share_the_street(void **state)
{
    (void)state;
    struct world_config shape = {
        .lanes = 4,
        .lane = {WORLD_LANE_ENTRY, WORLD_LANE_EXIT, WORLD_LANE_EXIT, WORLD_LANE_ENTRY},
        .places = {[VEHICLE_CAR] = 100, [VEHICLE_MOTORBIKE] = 200},
        .rate = 100};
    struct rig *rig = rig_of(&shape, 100, 0);
    int used[WORLD_LANES_MAX] = {0};
    for (int i = 0; i < 2000; i++) {
        run(rig, 200);
        for (int li = 0; li < 4; li++) {
            used[li] += rig->world.lane[li].on >= 0;
        }
    }
    for (int li = 0; li < 4; li++) {
        assert_true(used[li] > 50);
    }
    check_all_went_well(rig);
    assert_true(rig->world.left > 100);
    free(rig);
}

static void test_sim_world__a_full_class_turns_away_only_its_own(void **state)
{
    (void)state;
    struct world_config shape = {.lanes = 2,
                                 .lane = {WORLD_LANE_ENTRY, WORLD_LANE_EXIT},
                                 .places = {[VEHICLE_CAR] = 2, [VEHICLE_MOTORBIKE] = 300}};
    struct rig *rig = rig_of(&shape, 0, 0);
    int motorbikes = 0;
    for (int i = 0; i < 1500; i++) {
        run(rig, 200);
        assert_in_range(rig->world.present_of[VEHICLE_CAR], 0, 2);
        motorbikes = rig->world.present_of[VEHICLE_MOTORBIKE] > motorbikes
                         ? rig->world.present_of[VEHICLE_MOTORBIKE]
                         : motorbikes;
    }
    assert_true(motorbikes > 10);
    assert_true(rig->world.turned_away > 10);
    assert_int_equal(world_present(&rig->world), 0);
    free(rig);
}

static void test_sim_world__a_reversible_lane_turns_when_nobody_is_on_it(void **state)
{
    (void)state;
    struct world_config shape = {.lanes = 3,
                                 .lane = {WORLD_LANE_ENTRY, WORLD_LANE_EXIT, WORLD_LANE_REVERSIBLE},
                                 .places = {[VEHICLE_CAR] = 100, [VEHICLE_MOTORBIKE] = 200},
                                 .rate = 100};
    struct rig *rig = rig_of(&shape, 0, 0);
    run(rig, 60000);
    assert_false(world_lane_is_exit(&rig->world, 3));
    while (rig->world.lane[2].on < 0) {
        run(rig, 100);
    }
    step(rig, (struct world_event){.kind = WORLD_EV_DIRECTION, .lane = 3, .on = true});
    assert_false(world_lane_is_exit(&rig->world, 3)); /* one stands there */
    run(rig, 30000);
    assert_true(world_lane_is_exit(&rig->world, 3));
    run(rig, 200000);
    check_all_went_well(rig);
    free(rig);
}

static void test_sim_world__the_wild_do_what_they_are_named_for(void **state)
{
    (void)state;
    struct world_config shape = {.lanes = 2,
                                 .lane = {WORLD_LANE_ENTRY, WORLD_LANE_EXIT},
                                 .places = {[VEHICLE_CAR] = 100, [VEHICLE_MOTORBIKE] = 200},
                                 .rate = 150,
                                 .mistaken = 500,
                                 .dishonest = 500};
    struct rig *rig = rig_of(&shape, 0, 900);
    rig->slow = true;
    run(rig, 600000);
    int tailgated = 0;
    int swapped = 0;
    int debts = 0;
    int pocketed = 0;
    int stood = 0;
    int later = 0;
    for (int i = 0; i < CAP; i++) {
        const struct visit *visit = &rig->visit[i];
        tailgated += visit->tailgated_in || visit->tailgated_out;
        swapped += visit->swapped;
        debts += visit->debt;
        pocketed += visit->pocketed_vnd > 0;
        stood += visit->stood;
        later += visit->debt && visit->coded_vnd > 0;
        assert_true(visit->pocketed_vnd == 0 || (visit->cash_vnd == 0 && visit->hand_opened));
        assert_true(visit->person.habit != HABIT_NO_PHONE || visit->transfers == 0);
    }
    assert_int_equal(world_present(&rig->world), 0);
    assert_true(tailgated > 0 && swapped > 0 && debts > 1 && pocketed > 0 && stood > 2 &&
                later > 0);
    assert_true(rig->counts[WORLD_EFF_CASH] > 0);
    free(rig);
}

static void test_sim_world__a_pushed_display_needs_no_look(void **state)
{
    (void)state;
    struct world_config shape = {.pushed = true, .quiet = true};
    struct rig *rig = rig_of(&shape, 0, 0);
    rig->world.people.early = 0;
    while (rig->world.lane[1].on < 0) {
        run(rig, 100);
    }
    int on = rig->world.lane[1].on;
    struct shown shown = {.due_vnd = FEE, .fee_vnd = FEE, .code = "DX7K3M9Q2X", .payee = "9-1"};
    step(rig, (struct world_event){.kind = WORLD_EV_SHOWN, .lane = 2, .visit = -1, .shown = shown});
    run(rig, 3000);
    assert_int_equal(rig->visit[on].transfers, 1);
    assert_int_equal(rig->counts[WORLD_EFF_LOOK], 0);
    assert_int_equal(rig->counts[WORLD_EFF_TELL], 0);
    free(rig);
}

/* ---- when they come ---- */

static void test_sim_arrivals__hours_weekdays_and_special_days_have_their_shares(void **state)
{
    (void)state;
    struct arrivals arrivals = {.hour = {[7] = 400, [8] = 100, [17] = 500},
                                .weekday = {100, 100, 100, 100, 100, 50, 0},
                                .special_count = 1};
    int64_t monday = time_days_from_date(2026, 2, 2);
    arrivals.special[0].from_day = arrivals.special[0].until_day = monday + 1;
    arrivals.special[0].percent = 300;
    assert_true(arrivals_are_right(&arrivals));
    int count[7][24] = {{0}};
    struct prng prng;
    prng_init(&prng, 5);
    wall_t at = {monday * 86400000 - 7 * 3600000};
    wall_t end = {at.ms + 7 * INT64_C(86400000)};
    for (;;) {
        at.ms += arrivals_next_ms(&arrivals, 1000, &prng, at);
        if (at.ms >= end.ms) {
            break;
        }
        int64_t local = at.ms + 7 * 3600000;
        count[local / 86400000 - monday][local / 3600000 % 24]++;
    }
    static const int percent[7] = {100, 300, 100, 100, 100, 50, 0};
    for (int day = 0; day < 7; day++) {
        for (int hour = 0; hour < 24; hour++) {
            int expected = arrivals.hour[hour] * percent[day] / 100;
            assert_in_range(count[day][hour], expected * 8 / 10, expected * 12 / 10);
        }
    }
    arrivals.hour[7]++;
    assert_false(arrivals_are_right(&arrivals));
}

static void test_sim_arrivals__a_site_where_nobody_comes_waits_for_ever(void **state)
{
    (void)state;
    struct arrivals arrivals = {.hour = {[7] = 1000}, .weekday = {0}};
    struct prng prng;
    prng_init(&prng, 5);
    assert_true(arrivals_next_ms(&arrivals, 1000, &prng, (wall_t){1795485600123}) >
                INT64_C(1000) * 86400000);
}

TESTS(T(test_sim_world__four_lanes_share_the_street),
      T(test_sim_world__a_full_class_turns_away_only_its_own),
      T(test_sim_world__a_reversible_lane_turns_when_nobody_is_on_it),
      T(test_sim_world__the_wild_do_what_they_are_named_for),
      T(test_sim_world__a_pushed_display_needs_no_look),
      T(test_sim_arrivals__hours_weekdays_and_special_days_have_their_shares),
      T(test_sim_arrivals__a_site_where_nobody_comes_waits_for_ever),
      T(test_sim_world__a_demand_that_is_repeated_after_the_word_raises_no_fee),
      T(test_sim_world__a_display_that_names_the_fee_is_believed),
      T(test_sim_world__a_held_lane_is_helped_and_a_broken_one_is_tried_again),
      T(test_sim_world__nobody_pays_again_before_the_bank_has_been_heard),
      T(test_sim_world__everybody_comes_and_goes_and_nothing_is_wrong),
      T(test_sim_world__same_seed_same_street), T(test_sim_world__limit_switches_follow_the_arm),
      T(test_sim_world__edges_are_never_nearer_than_a_loop_can_tell),
      T(test_sim_world__an_arm_on_a_vehicle_is_noted),
      T(test_sim_world__an_arm_left_open_and_an_unpaid_exit_are_noted),
      T(test_sim_world__waiting_counts_only_while_the_programs_are_up),
      T(test_sim_world__a_wrong_code_or_payee_is_not_paid))
