/*
 * play_parts.h - what the files of the player share; nobody else includes it.
 *
 *   play.c         the lot, time, one clause after the other
 *   play_do.c      what clauses do
 *   play_expect.c  what clauses expect
 *   play_note.c    the chronicle
 */
#ifndef DOXE_SIM_STORY_PLAY_PARTS_H
#define DOXE_SIM_STORY_PLAY_PARTS_H

#include "proto/tariff/tariff.h"
#include "sim/run/run.h"
#include "sim/store/memory.h"
#include "sim/story/play/play.h"
#include "sim/story/street.h"

enum { PLAY_STAYS = 64, PLAY_RECORDS = 512, PLAY_TRANSFERS = 64, PLAY_LINES = 400 };

/* A stay as the gate named it when the vehicle arrived. */
struct play_stay {
    char session[ULID_CAP];
    char key[41];
    int state; /* as last written down */
    int64_t paid_vnd;
};

struct play_vehicle {
    char plate[STORY_WORD_CAP];
    enum vehicle vehicle;
};

struct play_transfer {
    int index; /* of the bank's */
    int64_t amount_vnd;
};

/* A line of the chronicle that is not written yet. */
struct play_line {
    int group; /* 0 the gate, 1… lanes */
    char text[200];
};

/* What of a lane has been written down. */
struct play_lane {
    bool open;
    struct lane_display display; /* now */
    struct lane_display bill;    /* as it last asked for money */
};

struct play {
    const struct story *story;
    const struct story_options *options;
    const struct story_clause *clause; /* the present one */
    struct out *out;
    struct story_error *error;
    bool failed;
    /* the lot */
    struct app_config app;
    struct app_operator operator_;
    struct app_lot lot;
    struct tariff_set car, motorbike;
    struct run_site site;
    struct run_config config;
    struct run_store store;
    struct run *run;
    struct street street;
    int lanes;       /* highest number */
    int64_t zero_ms; /* the story's 0 */
    int64_t last_ms; /* when the clause before was over */
    /* what happened */
    int stay_count;
    struct play_stay stay[PLAY_STAYS];
    int record_count;
    enum event_type record[PLAY_RECORDS];
    int64_t seq; /* of the last record noted */
    int transfer_count;
    struct play_transfer transfer[PLAY_TRANSFERS];
    int receipts;         /* ids made so far */
    char shift[ULID_CAP]; /* of the attendant, "" before his first cash */
    int line_count;
    struct play_line line[PLAY_LINES];
    char last_plate[STORY_WORD_CAP];
    int vehicle_count;
    struct play_vehicle vehicle[PLAY_STAYS]; /* those that are no cars */
    struct play_lane lane[STREET_LANES + 1];
};

/* play.c */
int64_t play_now(const struct play *play); /* since the story's 0 */
/* Time goes on to then, with all that falls due; false: the story has failed. */
bool play_until(struct play *play, int64_t at_ms);
/* One event or one move of the street not later than `at_ms`; false: none. */
bool play_step(struct play *play, int64_t at_ms);
/* The first failure counts.  Always false. */
__attribute__((format(printf, 2, 3))) bool play_fail(struct play *play, const char *format, ...);
/* The lane that a clause means: its own, else the one of this direction. */
int play_lane_of(const struct play *play, const struct story_clause *clause, bool exit);
bool play_lane_is_exit(const struct play *play, int lane);
/* Letters and digits alone, capitals. */
void play_key(const char *plate, char out[STORY_WORD_CAP]);

/* play_do.c */
bool play_set(struct play *play, const struct story_clause *clause, struct gate_config *config);
bool play_do(struct play *play, const struct story_clause *clause);
bool play_take_moves(struct play *play);

/* play_expect.c */
bool play_expect(struct play *play, const struct story_clause *clause);
/* What holds at the end of every story. */
bool play_expect_end(struct play *play);

/* play_note.c */
void play_note_clause(struct play *play, const struct story_clause *clause);
void play_note_step(struct play *play, const struct gate_effects *effects);
void play_note_street(struct play *play);
/* What has happened since the last clause, lane by lane, and what it came to in the books. */
void play_note_flush(struct play *play);

#endif
