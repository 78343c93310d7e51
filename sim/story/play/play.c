/* play.c - the lot of a story, its time, and one clause after the other. */
#include "proto/base/check.h"
#include "proto/io/tariff_file.h"
#include "sim/cli/run_store.h"
#include "sim/story/play/play_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    READY_MS = 120000,
    CALM_MS = 600000,
    END_MS = 60000 /* after the last clause: what has begun may end */
};

#define DATABASE "memory:story"

static const char car_tariff[] =
    "tariff: story-car\nversions:\n  - version: \"1\"\n    title: {vi: \"Ô tô\", en: \"Cars\"}\n"
    "    status: unverified\n    legal: [\"none\"]\n    notes: [\"made up for stories\"]\n"
    "    valid_from: 2018-01-01\n    on_version_change: entry\n"
    "    rounding: {unit_vnd: 1000, rule: half_up}\n    grace_after_payment: 10min\n"
    "    elements:\n      - when: {vehicles: [car]}\n        time:\n"
    "          - {block: 1h, price_vnd: 25000}\n";

static const char motorbike_tariff[] =
    "tariff: story-motorbike\nversions:\n  - version: \"1\"\n"
    "    title: {vi: \"Xe máy\", en: \"Motorbikes\"}\n"
    "    status: unverified\n    legal: [\"none\"]\n    notes: [\"made up for stories\"]\n"
    "    valid_from: 2018-01-01\n    on_version_change: entry\n"
    "    rounding: {unit_vnd: 1000, rule: half_up}\n    grace_after_payment: 10min\n"
    "    elements:\n      - when: {vehicles: [motorbike, bicycle]}\n        time:\n"
    "          - {block: 24h, price_vnd: 5000}\n";

bool play_fail(struct play *play, const char *format, ...)
{
    if (!play->failed) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(play->error->text, sizeof play->error->text, format, arguments);
        va_end(arguments);
        play->error->line = play->clause ? play->clause->line : 0;
        play->failed = true;
    }
    return false;
}

int64_t play_now(const struct play *play)
{
    return run_now_ms(play->run) - play->zero_ms;
}

void play_key(const char *plate, char out[STORY_WORD_CAP])
{
    size_t n = 0;
    for (const char *p = plate; *p && n + 1 < STORY_WORD_CAP; p++) {
        if (ascii_is_digit(*p) || ascii_is_alpha(*p)) {
            out[n++] = ascii_upper(*p);
        }
    }
    out[n] = '\0';
}

/* ---- lanes ---- */

bool play_lane_is_exit(const struct play *play, int lane)
{
    const struct gate *gate = run_gate(play->run, 0);
    for (int i = 0; gate && i < gate->config.lane_count; i++) {
        if (gate->lane[i].config.lane == lane) {
            return gate->lane[i].direction == LANE_EXIT;
        }
    }
    return lane == 2;
}

int play_lane_of(const struct play *play, const struct story_clause *clause, bool exit)
{
    if (clause->lane > 0) {
        return clause->lane;
    }
    int last = 0; /* the lane that was spoken of last, when it leads that way */
    for (const struct story_clause *c = play->story->clause; c < clause; c++) {
        bool fits = c->lane > 0 && !c->expect && (!exit || play_lane_is_exit(play, c->lane));
        last = fits ? c->lane : last;
    }
    return last > 0 ? last : exit ? 2 : 1;
}

/* ---- time ---- */

bool play_step(struct play *play, int64_t at_ms)
{
    int64_t street = street_deadline(&play->street);
    int64_t until = street < at_ms ? street : at_ms;
    if (until >= run_now_ms(play->run) && run_next(play->run, until)) {
        play_note_street(play);
        return !play->failed;
    }
    if (street > at_ms) {
        return false;
    }
    return play_take_moves(play);
}

bool play_until(struct play *play, int64_t at_ms)
{
    while (!play->failed && play_step(play, at_ms)) {
    }
    return !play->failed;
}

/* ---- what the engine tells ---- */

static void street_hears(void *self, const struct world_event *event, struct world_effects *effects)
{
    struct play *play = self;
    effects->count = 0;
    if (event->kind == WORLD_EV_COIL && event->on && event->lane >= 1 &&
        event->lane <= STREET_LANES) {
        street_coil(&play->street, run_now_ms(play->run), event->lane,
                    event->coil == WORLD_COIL_OPEN);
    }
}

static mono_t street_sleeps(void *self)
{
    (void)self;
    return mono_never();
}

static const char *gate_stepped(void *context, const struct run *run, int site,
                                const struct gate_event *event, const struct gate_effects *effects)
{
    (void)run;
    (void)site;
    (void)event;
    play_note_step(context, effects);
    return NULL;
}

/* ---- the lot ---- */

static void configure(void *context, int site, struct gate_config *config)
{
    struct play *play = context;
    (void)site;
    config->lane_count = 2;
    for (int i = 0; i < 2; i++) {
        lane_config_defaults(&config->lane[i]);
        config->lane[i].lane = i + 1;
        config->lane[i].direction = i ? LANE_EXIT : LANE_ENTRY;
    }
    for (int i = 0; i < play->story->count; i++) {
        const struct story_clause *clause = &play->story->clause[i];
        if (clause->verb < STORY_ARRIVE) {
            play->clause = clause;
            play_set(play, clause, config);
        }
    }
    const char *why = "";
    int lane = 0;
    play->lanes = config->lane_count;
    if (!play->failed && gate_config_check(config, &why, &lane)) {
        play_fail(play, "the lanes cannot be so: lane %d: %s", lane, why);
    }
    play->clause = NULL;
}

static void load_tariff(const char *text, struct tariff_set *set)
{
    char why[512];
    must(tariff_file_load_text("story", str_c(text), set, why, sizeof why) == 0);
}

static void fill_lot(struct play *play)
{
    load_tariff(car_tariff, &play->car);
    load_tariff(motorbike_tariff, &play->motorbike);
    play->operator_ = (struct app_operator){.id = "op", .name = "Công ty"};
    struct app_lot *lot = &play->lot;
    *lot = (struct app_lot){.id = "hn-0001",
                            .operator_id = "op",
                            .name = "Bãi",
                            .address = "1",
                            .ward = "HK",
                            .bin = "970436",
                            .account = "0123456789",
                            .account_name = "BAI",
                            .capacity_car = 60,
                            .capacity_motorbike = 200,
                            .gate_count = 1,
                            .gate = {"hn-0001-g1"}};
    lot->tariff[VEHICLE_CAR] = &play->car;
    lot->tariff[VEHICLE_MOTORBIKE] = lot->tariff[VEHICLE_BICYCLE] = &play->motorbike;
    lot->tariff_text[VEHICLE_CAR] = str_c(car_tariff);
    lot->tariff_text[VEHICLE_MOTORBIKE] = str_c(motorbike_tariff);
    lot->tariff_text[VEHICLE_BICYCLE] = str_c(motorbike_tariff);
    for (int i = 0; i < play->story->count; i++) {
        const struct story_clause *clause = &play->story->clause[i];
        if (clause->verb == STORY_OFFLINE) {
            lot->offline_policy = clause->choice;
            lot->offline_limit_vnd = clause->amount_vnd > 0 ? clause->amount_vnd : 0;
        }
    }
    play->app = (struct app_config){.database = DATABASE,
                                    .public_url = "https://doxe.example",
                                    .prefix = "DX",
                                    .quote_valid_s = 600,
                                    .late_grace_s = 600,
                                    .refund_erase_days = 30,
                                    .sepay_secret = "whsec_story",
                                    .operators = &play->operator_,
                                    .operator_count = 1,
                                    .lots = lot,
                                    .lot_count = 1};
}

static int make_run(struct play *play)
{
    char why[256] = "";
    play->site = (struct run_site){.world = {.speed = 1, .rate = 1},
                                   .visits = 64,
                                   .transfers = PLAY_TRANSFERS,
                                   .street = {play, street_hears, street_sleeps},
                                   .configure = configure,
                                   .context = play};
    play->config = (struct run_config){.seed = play->options->seed,
                                       .store = run_store_memory(DATABASE, &play->store),
                                       .play_ms = (int64_t)STORY_TIME_MAX_DAYS * TIME_DAY_MS,
                                       .calm_ms = CALM_MS,
                                       .site_count = 1,
                                       .sites = &play->site,
                                       .app = &play->app,
                                       .watch = {.context = play, .gate = gate_stepped}};
    must(time_parse_iso(STR("2026-03-02T09:00:00+07:00"), &play->config.start) == 0);
    int error = run_new(&play->config, why, sizeof why, &play->run);
    if (error) {
        play_fail(play, "the lot does not start: %s", why);
    }
    if (!error && play->options->trace) {
        run_trace(play->run)->sink = play->options->trace;
        run_trace(play->run)->context = play->options->context;
    }
    return error;
}

/* Until gate and server have found each other and every lane knows its inputs. */
static bool wait_until_ready(struct play *play)
{
    int64_t last = run_now_ms(play->run) + READY_MS;
    const char *why = "";
    while (!play->failed && run_now_ms(play->run) < last) {
        const struct gate *gate = run_gate(play->run, 0);
        bool ready = gate && gate->connected && gate->lot && run_is_idle(play->run, &why);
        for (int i = 0; ready && i < gate->config.lane_count; i++) {
            ready = gate->lane[i].state == LANE_IDLE;
        }
        if (ready) {
            play->zero_ms = run_now_ms(play->run);
            return true;
        }
        play_step(play, last);
    }
    return play_fail(play, "gate and server do not find each other: %s", why);
}

/* ---- clauses ---- */

static bool play_clause(struct play *play, const struct story_clause *clause)
{
    int64_t now = run_now_ms(play->run);
    int64_t at = now;
    play->clause = clause;
    if (clause->when == STORY_AT) {
        at = play->zero_ms + clause->when_ms;
    } else if (clause->when == STORY_AFTER) {
        at = play->last_ms + clause->when_ms;
    }
    if (at < now) {
        char text[64];
        struct out out;
        out_init(&out, text, sizeof text);
        story_time_write(&out, now - play->zero_ms);
        return play_fail(play, "time does not run backwards: it is %s already", text);
    }
    if (!play_until(play, at)) {
        return false;
    }
    play_note_clause(play, clause);
    bool done = clause->expect ? play_expect(play, clause) : play_do(play, clause);
    play->last_ms = run_now_ms(play->run);
    return done && !play->failed;
}

static void free_play(struct play *play)
{
    run_free(play->run);
    run_store_forget(DATABASE);
    free(play);
}

int story_play(const struct story *story, const struct story_options *options,
               struct out *chronicle, struct story_error *ret_error)
{
    struct play *play = calloc(1, sizeof *play);
    must(play);
    play->story = story;
    play->options = options;
    play->out = chronicle;
    play->error = ret_error;
    street_init(&play->street);
    fill_lot(play);
    int error = make_run(play);
    bool happened = false;
    if (!error && !play->failed && wait_until_ready(play)) {
        for (int i = 0; i < story->count && !play->failed; i++) {
            const struct story_clause *clause = &story->clause[i];
            bool setting = clause->verb < STORY_ARRIVE;
            if (setting && happened) {
                play->clause = clause;
                play_fail(play, "a setting must come before anything happens");
            }
            happened = happened || !setting;
            if (!setting) {
                (void)!play_clause(play, clause);
            }
        }
        play->clause = play->failed ? play->clause : NULL;
        (void)!(play_until(play, run_now_ms(play->run) + END_MS) && play_expect_end(play));
    }
    play_note_flush(play);
    bool failed = play->failed;
    free_play(play);
    return failed ? (error ? DX_E_CONFIG : DX_E_DIFFERENT) : 0;
}
