/*
 * gate_devices.c - Modbus, scanner and camera of a site: what their workers would tell the shell.
 *
 * Modbus.  The module is read every POLL_MS and answers within REPLY_MS, so an edge is told in the
 * order of the polls, and a write is carried out REPLY_MS after it was ordered.  Before an
 * order to close the safety loop is read, and it is refused while something stands there
 * (gate/io/interlock.h).
 */
#include "proto/identity.h"
#include "sim/run/run_parts.h"

enum { POLL_MS = 20, REPLY_MS = 20, SHOT_MS = 150, SHOT_AGAIN_MS = 700, BYTE_MS = 2 };
enum { BOUNCES = 2, BOUNCE_MS = 25, LATE_MS = 300, CONFIDENCE = 950, REPEATS_PER_MILLE = 60 };

static const char card_key[] = "a key of the simulated city only";

/* ---- Modbus ---- */

static const enum input_role roles[WORLD_INPUT_COUNT] = {INPUT_ARMING_LOOP, INPUT_SAFETY_LOOP,
                                                         INPUT_OPENED, INPUT_CLOSED};

/* When the next poll's answer to what is so now arrives. */
static int64_t report_in(const struct site *site)
{
    int64_t now = site->run->now_ms;
    return (now / POLL_MS + 1) * POLL_MS + REPLY_MS - now;
}

static void report(struct site *site, int lane, enum input_role role, enum level level,
                   int64_t in_ms)
{
    run_push(site->run, in_ms, site->index, RUN_EV_INPUT,
             (struct sim_event){
                 .lane = (uint16_t)lane, .a = (int32_t)role, .b = level, .life = site->life});
}

static bool is_silent(const struct site *site, int lane)
{
    return !site->lane[lane].answers;
}

void site_set_input(struct site *site, int lane, enum input_role role, bool on)
{
    struct site_lane *l = &site->lane[lane];
    enum level level = on ? LEVEL_ON : LEVEL_OFF;
    l->level[role] = level;
    if (is_silent(site, lane) || !site->alive) {
        return;
    }
    int64_t in_ms = report_in(site);
    struct plan_fault *fault = fault_strikes(site->run, PLAN_INPUT_BOUNCE, site->index, lane);
    /* Debouncing in the worker leaves what is longer than its time: those edges come through. */
    for (int i = 0; fault && i < BOUNCES; i++) {
        report(site, lane, role, on ? LEVEL_ON : LEVEL_OFF, in_ms);
        report(site, lane, role, on ? LEVEL_OFF : LEVEL_ON, in_ms + BOUNCE_MS);
        in_ms += 2 * BOUNCE_MS;
    }
    report(site, lane, role, level, in_ms);
}

void site_street_input(struct site *site, int lane, enum world_input input, bool on)
{
    site_set_input(site, lane, roles[input], on);
}

void site_take_input(struct site *site, int lane, enum input_role role, enum level level)
{
    if (!is_silent(site, lane) && site->lane[lane].told) {
        struct gate_event *event = site_event(site, lane);
        event->input.role = role;
        event->input.level = level;
        site_step(site, GATE_EV_INPUT);
    }
}

/* After it was silent nothing is assumed: the inputs are learnt anew. */
void site_learn_lane(struct site *site, int lane)
{
    unsigned used = site->gate_config.lane[lane - 1].inputs;
    for (int role = 0; role < INPUT_ROLE_COUNT && site->alive; role++) {
        if ((used & 1u << role) != 0) {
            site_take_input(site, lane, (enum input_role)role, site->lane[lane].level[role]);
        }
    }
}

void site_take_bus(struct site *site, int lane, bool answers)
{
    struct gate_event *event = site_event(site, lane);
    site->lane[lane].told = true;
    event->bus.reachable = answers;
    site_step(site, GATE_EV_BUS);
    if (answers && site->alive) {
        site_learn_lane(site, lane);
    }
}

void site_set_answers(struct site *site, int lane, bool answers)
{
    enum { NOTICED_MS = 900 }; /* three timeouts */
    if (site->lane[lane].answers == answers) {
        return;
    }
    site->lane[lane].answers = answers;
    if (site->alive) {
        run_push(site->run, answers ? 100 : NOTICED_MS, site->index, RUN_EV_BUS,
                 (struct sim_event){.lane = (uint16_t)lane, .a = answers, .life = site->life});
    }
}

void site_order(struct site *site, int lane, enum output_role role, enum output_act act)
{
    struct run *run = site->run;
    int64_t in_ms = REPLY_MS;
    struct sim_event more = {
        .lane = (uint16_t)lane, .a = (int32_t)role, .b = (int64_t)act, .life = site->life};
    struct plan_fault *late = fault_strikes(run, PLAN_BUS_LATE, site->index, lane);
    if (late) { /* it was carried out, but the answer came too late: written once more */
        run_push(run, in_ms, site->index, RUN_EV_WRITE, more);
        in_ms += LATE_MS;
    }
    run_push(run, in_ms, site->index, RUN_EV_WRITE, more);
}

static bool may_close(const struct site *site, int lane)
{
    const struct site_lane *l = &site->lane[lane];
    return l->level[INPUT_SAFETY_LOOP] == LEVEL_OFF && l->level[INPUT_PHOTOCELL] != LEVEL_ON;
}

static void move(struct site *site, int lane, enum output_role role)
{
    if (fault_strikes(site->run, PLAN_COIL_STUCK, site->index, lane)) {
        return;
    }
    site_street(
        site, (struct world_event){.kind = WORLD_EV_COIL,
                                   .lane = lane,
                                   .coil = role == OUTPUT_OPEN ? WORLD_COIL_OPEN : WORLD_COIL_CLOSE,
                                   .on = true});
}

/* The module gets the write: the arm moves, and the core is told. */
void site_carry_out(struct site *site, int lane, enum output_role role, enum output_act act)
{
    struct run *run = site->run;
    enum sweep_act swept = sweep_strikes(run, SWEEP_MODBUS);
    bool ok = !is_silent(site, lane) && swept != SWEEP_FAIL &&
              !fault_strikes(run, PLAN_BUS_EXCEPTION, site->index, lane);
    if (swept == SWEEP_CRASH) {
        site_gate_dies(site);
        return;
    }
    bool motor = role == OUTPUT_OPEN || role == OUTPUT_CLOSE;
    if (ok && role == OUTPUT_CLOSE && act != ACT_OFF && !may_close(site, lane)) {
        run_note(run, site->index, lane, "bus", "interlock", 0, 0, "");
        ok = false;
    }
    if (ok && motor && act != ACT_OFF) {
        move(site, lane, role);
    }
    if (swept == SWEEP_CRASH_AFTER) {
        site_gate_dies(site);
        return;
    }
    site_written(site, lane, role, ok);
}

void site_written(struct site *site, int lane, enum output_role role, bool ok)
{
    struct gate_event *event = site_event(site, lane);
    event->coil.role = role;
    event->coil.ok = ok;
    site_step(site, GATE_EV_COIL);
}

/* ---- cameras ---- */

static void swap_letters(struct prng *prng, char *text)
{
    static const char pairs[] = "0D1L2Z5S6G8B";
    size_t n = strlen(text);
    size_t from = n ? (size_t)prng_range(prng, 0, (int64_t)n - 1) : 0;
    for (size_t i = 0; i < n; i++) {
        const char *at = strchr(pairs, text[(from + i) % n]);
        if (at && *at) {
            text[(from + i) % n] = pairs[(size_t)(at - pairs) ^ 1];
            return;
        }
    }
}

static void send_picture(struct site *site, int lane, const char *text, int64_t number,
                         int64_t in_ms)
{
    struct sim_event more = {.lane = (uint16_t)lane, .a = CONFIDENCE, .b = number};
    more.n = strlen(text);
    more.bytes = malloc(more.n + 1);
    must(more.bytes);
    memcpy(more.bytes, text, more.n + 1);
    run_push(site->run, in_ms, site->index, RUN_EV_PICTURE, more);
}

void site_shoot(struct site *site, int lane, const char *text)
{
    struct run *run = site->run;
    struct site_lane *l = &site->lane[lane];
    char seen[PERSON_PLATE_CAP];
    int64_t in_ms = SHOT_MS;
    int64_t number = ++site->pictures;
    struct plan_fault *fault = fault_strikes(run, PLAN_CAMERA_LAST, site->index, lane);
    snprintf(seen, sizeof seen, "%s", fault && l->last_text[0] ? l->last_text : text);
    snprintf(l->last_text, sizeof l->last_text, "%s", text);
    fault = fault_strikes(run, PLAN_CAMERA_CONFUSED, site->index, lane);
    if (fault) {
        swap_letters(&fault->prng, seen);
    }
    if (fault_strikes(run, PLAN_CAMERA_CUT, site->index, lane)) {
        seen[0] = '\0';
    }
    fault = fault_strikes(run, PLAN_CAMERA_SLOW, site->index, lane);
    if (fault) {
        in_ms += prng_range(&fault->prng, 200, fault->size);
    }
    send_picture(site, lane, seen, number, in_ms);
    if (fault_strikes(run, PLAN_CAMERA_ERROR, site->index, lane) ||
        prng_chance(&site->devices, REPEATS_PER_MILLE)) {
        send_picture(site, lane, seen, number, in_ms + SHOT_AGAIN_MS);
    }
}

void site_take_plate(struct site *site, int lane, const struct gate_plate *plate)
{
    struct gate_event *event = site_event(site, lane);
    event->plate = *plate;
    site_step(site, GATE_EV_PLATE);
}

/* Stored first; the camera gets its answer before the core looks at it. */
void site_take_picture(struct site *site, const struct sim_event *event)
{
    struct gate_plate plate = {.confidence = event->n ? event->a : 0};
    int64_t place = 0;
    if (!site->alive || site->asleep) { /* no answer: the camera sends it again, but not for ever */
        if (event->life < 20) {
            struct sim_event again = *event;
            again.life++;
            again.bytes = malloc(event->n + 1);
            must(again.bytes);
            memcpy(again.bytes, event->bytes, event->n + 1);
            run_push(site->run, SHOT_AGAIN_MS, site->index, RUN_EV_PICTURE, again);
        }
        return;
    }
    str_copy_cut(plate.raw, sizeof plate.raw, (struct str){event->bytes, event->n});
    snprintf(plate.camera_event, sizeof plate.camera_event, "p%lld", (long long)event->b);
    if (image_add_read(&site->image, event->lane, &plate, site_wall(site), &place)) {
        image_read_taken(&site->image, place);
        site_take_plate(site, event->lane, &plate);
    }
}

/* ---- scanners ---- */

static void send_bytes(struct site *site, int lane, struct str bytes, int64_t in_ms)
{
    struct sim_event more = {.lane = (uint16_t)lane, .n = bytes.n};
    more.bytes = malloc(bytes.n + 1);
    must(more.bytes);
    memcpy(more.bytes, bytes.p, bytes.n);
    run_push(site->run, in_ms, site->index, RUN_EV_SCAN, more);
}

void site_hold_card(struct site *site, int lane, const char *card)
{
    struct run *run = site->run;
    char frame[2 * PERSON_CARD_CAP + 64];
    struct out out;
    int64_t in_ms = 30;
    if (fault_strikes(run, PLAN_SCAN_GONE, site->index, lane)) {
        return;
    }
    out_init(&out, frame, sizeof frame);
    struct plan_fault *fault = fault_strikes(run, PLAN_SCAN_GARBAGE, site->index, lane);
    for (int64_t i = fault ? prng_range(&fault->prng, 1, 12) : 0; i > 0; i--) {
        out_char(&out, (char)prng_range(&fault->prng, 33, 126));
    }
    if (fault) {
        out_char(&out, '\r');
    }
    out_add_c(&out, card);
    if (fault_strikes(run, PLAN_SCAN_MERGED, site->index, lane)) {
        out_add_c(&out, card);
    }
    if (!fault_strikes(run, PLAN_SCAN_BARE, site->index, lane)) {
        out_char(&out, '\r');
    }
    must(!out_failed(&out));
    struct str all = out_str(&out);
    fault = fault_strikes(run, PLAN_SCAN_SPLIT, site->index, lane);
    while (fault && all.n > 8) {
        size_t n = (size_t)prng_range(&fault->prng, 1, (int64_t)all.n - 1);
        send_bytes(site, lane, str_slice(all, 0, n), in_ms);
        all = str_slice(all, n, all.n);
        in_ms += prng_range(&fault->prng, 1, SCAN_FRAME_GAP_MS - 10);
    }
    send_bytes(site, lane, all, in_ms);
    if (fault_strikes(run, PLAN_SCAN_TWICE, site->index, lane)) {
        send_bytes(site, lane, out_str(&out), in_ms + 400);
    }
}

/* gate/io/scanner.c: what a whole frame says. */
static void take_frame(struct site *site, int lane)
{
    struct identity identity = {.result = IDENTITY_REJECT};
    struct scan_frame *frame = &site->lane[lane].frame;
    must(identity_read(scan_frame_payload(frame), str_c(card_key), site_wall(site), &identity) ==
         0);
    scan_frame_wipe(frame);
    struct gate_event *event = site_event(site, lane);
    if (identity.result == IDENTITY_CARD) {
        str_copy_cut(event->card.key, sizeof event->card.key, str_c(identity.pseudonym));
        str_copy_cut(event->card.last4, sizeof event->card.last4, str_c(identity.last4));
        site_step(site, GATE_EV_CARD);
    } else {
        site_step(site, GATE_EV_SCAN_OTHER);
    }
}

static void take_scan_event(struct site *site, int lane, enum scan_frame_event event)
{
    if (event == SCAN_FRAME_READY) {
        take_frame(site, lane);
    } else if (event == SCAN_FRAME_TOO_LONG) {
        (void)site_event(site, lane);
        site_step(site, GATE_EV_SCAN_OTHER);
    }
}

void site_take_scan(struct site *site, int lane, struct str bytes)
{
    struct scan_frame *frame = &site->lane[lane].frame;
    while (bytes.n && site->alive && !site->asleep) {
        enum scan_frame_event event;
        size_t taken = scan_frame_feed(frame, bytes, site_mono(site), &event);
        bytes = str_slice(bytes, taken, bytes.n);
        take_scan_event(site, lane, event);
    }
    int64_t due = sim_clock_when(&site->clock, scan_frame_deadline(frame), site->run->now_ms);
    if (site->alive && due != INT64_MAX) {
        run_push(site->run, due - site->run->now_ms, site->index, RUN_EV_SCAN_END,
                 (struct sim_event){.lane = (uint16_t)lane, .life = site->life});
    }
}

void site_end_scan(struct site *site, int lane)
{
    if (site->alive && !site->asleep) {
        take_scan_event(site, lane, scan_frame_timeout(&site->lane[lane].frame, site_mono(site)));
    }
}
