/*
 * judge_parts.h - what the files of the judge share; nobody else includes it.
 *
 * judge.c        life, findings, queues, numbers, replays
 * judge_lanes.c  arms and loops, the street's notes
 * judge_books.c  stays: the street's truth beside the server's session
 * judge_money.c  transfers, credits, the ledger
 * judge_bytes.c  what was written or sent
 * judge_end.c    the last word
 */
#ifndef DOXE_SIM_JUDGE_PARTS_H
#define DOXE_SIM_JUDGE_PARTS_H

#include "sim/judge/index.h"
#include "sim/judge/judge.h"

/* Kinds of texts in the index. */
enum judge_salt {
    SALT_ID,   /* of a session */
    SALT_CODE, /* payment code */
    SALT_KEY,  /* plate within a site: SALT_KEY + site * SALTS */
    SALT_TRANSFER,
    SALT_CARD,
    SALT_GATE,
    SALT_LOT,
    SALTS
};

/* The street's side of a stay, as it was when the vehicle had gone. */
struct stay_truth {
    enum visit_state state;
    enum vehicle vehicle;
    wall_t entered, left, asked, settled;
    int64_t fee_shown_vnd, cash_vnd;
    bool has_card, arm_rose, turned_back, hand_opened, tailgated, swapped, debt, misread, owed;
};

/* The server's side, as it was committed last. */
struct stay_session {
    enum session_state state;
    wall_t entered, asked, left;
    int64_t fee_vnd, paid_vnd;
    bool inferred;
    bool let_owe; /* permitted as a debt, or because it burnt */
    bool earned;  /* its fee is in the sum of what must be revenue */
};

struct stay {
    bool used, has_truth, has_session, in_gate, misread;
    bool card; /* the session's subject is a card */
    int site;
    int next_free;
    char name[PERSON_KEY_CAP + 28]; /* for findings: plate, or session */
    uint64_t id, code, key, alias;  /* in the index; 0 none */
    int64_t coded_vnd;              /* what banks carried out with its code */
    struct stay_truth truth;
    struct stay_session session;
};

struct money {
    bool used, coded, credited, posted;
    int next_free;
    int64_t id, amount_vnd;
};

struct judge_lane {
    bool permit;  /* a durable record lets somebody through */
    bool by_hand; /* … for nobody that is known: ends with the arm's lowering */
    bool held_open, emergency;
    enum level safety, photocell, fire;
    int alarms; /* raised and not cleared: people have been told */
};

struct judge_place {
    struct judge_site site;
    struct judge_lane lane[MSG_LANES_MAX];
    int64_t generation, seq; /* applied by the server */
    bool clock_is_wrong, settled;
    int notes; /* of its street, seen */
};

struct judge {
    wall_t now;
    struct judge_place *place;
    int place_count, place_cap;
    struct stay *stay;
    int stay_cap, stay_free; /* stay_free: first of the free ones, or -1 */
    struct money *money;
    int money_cap, money_free;
    struct index index;
    struct judge_report report;
    struct judge_finding finding[JUDGE_FINDINGS_MAX];
    int finding_count;
    int64_t bank_vnd;    /* of all entries on accounts of banks */
    int64_t revenue_vnd; /* … of revenue, as a positive number */
    int64_t earned_vnd;  /* what revenue must be: fees of ended sessions */
    uint64_t ledger_hash, reread_hash;
};

__attribute__((format(printf, 4, 5))) void judge_find(struct judge *judge, enum judge_rule rule,
                                                      int site, const char *format, ...);
uint64_t judge_plate_key(int site, const char *plate);

/* judge_books.c */
int stay_new(struct judge *judge, int site, const char *name);
void stay_forget(struct judge *judge, int index);
/* Compare and forget, when both sides have said their last. */
void stay_close(struct judge *judge, int index);
/* What nobody can know about this one. */
bool stay_is_unknowable(const struct stay *stay);
bool judge_is_over(enum session_state state);
bool judge_is_at(wall_t t); /* did it happen? */

/* judge_money.c */
void money_end(struct judge *judge, bool ledger_was_read);

#endif
