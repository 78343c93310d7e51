/*
 * month.h - a month of two lots over the real server, and who really did and owes what.
 *
 * The truth is kept here in plain arrays: what drivers' banks carried out, what each vehicle's
 * stay costs by the posted price, what cash went into which drawer.  None of it is computed by the
 * program under test; at the end every account of its ledger must be what these books say.
 *
 *     month_world.c   the server, its clock, the gates' pens, one turn after the other
 *     month_bank.c    the banks' truth, and the word of it that goes astray: webhook, list, file
 *     month_people.c  drivers, attendants, the fee by hand
 *     month_desk.c    two persons at the queue, refunds, the cash office
 *     month_test.c    the calendar, and the auditor
 *
 * Virtual time; one thread; everything from one seed.
 */
#ifndef DOXE_TESTS_MONTH_H
#define DOXE_TESTS_MONTH_H

#include "proto/base/prng.h"
#include "proto/io/db.h"
#include "proto/io/msg_json.h"
#include "server/app/cases.h"
#include "server/app/pass.h"
#include "server/io/config.h"
#include "tests/harness/harness.h"

enum {
    MONTH_DAYS = 30, /* of visits; then the desk has some days for what is left */
    MONTH_SETTLE = 3,
    MONTH_LOTS = 2,
    MONTH_PASSES = 8,
    MONTH_VISITS_MAX = 60000,
    MONTH_TRANSFERS_MAX = 120000,
    HOUR_VND = 25000,
    PASS_VND = 900000,
    FLOAT_VND = 200000,
    GRANT_VND = 10000,
    GRACE_MS = 10 * 60 * 1000, /* after payment, of a quote, and for who read the page before */
    MONTH_PATH_CAP = 256
};

enum purpose {
    FOR_VISIT,
    FOR_PASS,
    FOR_SAFE,   /* cash that the operator took to the bank */
    FOR_NOBODY, /* sent to us by mistake; goes back */
    FOR_OWNER,  /* the operator's own money */
    FOR_REFUND, /* out: a refund of ours */
    FOR_BACK    /* out: the bank took an earlier transfer back */
};

struct transfer {
    int64_t id;
    char ref[24];
    int lot; /* whose account */
    bool out;
    int64_t amount_vnd, balance_vnd;
    wall_t booked;
    char content[160];
    enum purpose purpose;
    int of;        /* visit; FOR_BACK: the transfer */
    bool places;   /* the program can place it by itself: the code is legible, the account right */
    bool told;     /* by whatever source, for the first time */
    bool lost;     /* no webhook ever */
    bool resolved; /* two persons said what it is */
};

enum manner { BY_TRANSFER, FROM_PAGE, BY_CASH, BY_PASS, NEVER };

struct visit {
    enum manner manner;
    int lot;
    char id[ULID_CAP], plate[16], code[PAYCODE_CAP], token[33], ask_id[ULID_CAP],
        quote_id[ULID_CAP];
    wall_t entered, asked, promised_until, paid_until;
    int64_t fee_vnd;  /* by hand: what it owes as things stand */
    int64_t got_vnd;  /* what reached it: told, or resolved; less what was taken back */
    int64_t cash_vnd; /* of that */
    int64_t quoted_vnd, granted_vnd, written_off_vnd;
    int transfers; /* ordered by its driver */
    bool entered_, standing, opened, ended, waits, retracted;
};

/* What happens when; `what` says which call, `index` whose. */
enum happening {
    ARRIVE,
    PAGE,
    ASK,
    PAY,
    TOP_UP,
    CASH,
    GIVE_UP,
    GO,
    LATER,
    TAKE_BACK, /* so far people's */
    NOTICE,
    POLL,
    DESK, /* from here on the desk's */
    REFUNDS,
    SHIFT_OPEN,
    SHIFT_CLOSE,
    TO_SAFE,
    TO_BANK,
    DEPOSIT,
    MIDNIGHT
};

struct event_at {
    int64_t at_ms, tie;
    enum happening what;
    int index;
};

struct drawer {
    char shift[ULID_CAP];
    int64_t expected_vnd, counted_vnd;
    bool open;
};

struct month {
    char dir[MONTH_PATH_CAP], file[MONTH_PATH_CAP];
    struct server_config *config;
    struct app *app;
    struct db *db;
    struct prng dice, dice_app;
    wall_t first, now;
    int per_day, day;
    int64_t ledger_number, turns;
    /* the calendar */
    struct event_at *heap;
    int heap_count, heap_cap;
    int64_t ties;
    /* the truth */
    struct visit *visit;
    int visit_count;
    struct transfer *transfer;
    int transfer_count;
    int64_t balance_vnd[MONTH_LOTS];
    int64_t back_vnd[MONTH_LOTS];     /* agreed to go back, besides what stays did not need */
    int64_t refunded_vnd[MONTH_LOTS]; /* sent out */
    int64_t owner_vnd[MONTH_LOTS];    /* by account */
    int64_t pass_vnd, safe_vnd, short_vnd;
    struct drawer drawer[MONTH_LOTS];
    char pass_plate[MONTH_PASSES][16], pass_code[MONTH_PASSES][PAYCODE_CAP];
    char slip[PAYCODE_CAP];
    int64_t slip_vnd;
    /* numbers of events, per gate: lot 0 entry, lot 0 exit, lot 1 */
    int64_t seq[3], receipts[MONTH_LOTS], ids, listed;
    /* figures */
    int lost, twice, mangled, replaced, wrong_account, two_codes, wrong_amount, double_paid, backs;
    int refused_polls, queue, suggested, suggested_first, refunds, unread_quotes, files;
};
extern struct month m;

/* ---- month_world.c ---- */
void month_start(void);
void month_stop(void);
void month_open_app(void);
void month_close_app(void);
/* Turns until there is nothing to do; each transaction of the ledger is looked at once. */
void month_run(void);
int64_t month_parse(const char *digits);       /* with zeros before them */
int64_t month_roll(int64_t low, int64_t high); /* from the seed */
bool month_chance(int per_10000);
void month_at(wall_t when, enum happening what, int index);
wall_t month_in(int64_t seconds);
int64_t month_number(const char *sql, const char *a, const char *b);
void month_text(const char *sql, const char *a, char *out, size_t cap);
/* A gate's event: 0 and 1 are lot 0's entry and exit, 2 is lot 1's gate. */
struct event month_event(int gate, enum event_type type, const char *session);
void month_send(const struct event *event);
int month_exit_gate(int lot);
/* A command of the program, with this clock; its exit status.  `apart`: in a process of its own (it
 * takes the database as a server does).  The words end at NULL. */
int month_command(bool apart, int (*command)(int argc, char **argv), ...);

/* ---- month_bank.c ---- */
extern const char *const month_account[MONTH_LOTS];
/* A driver's bank carries it out; what is told of it is drawn. */
int bank_carry_out(int lot, bool out, int64_t amount_vnd, const char *content, enum purpose purpose,
                   int of, bool places);
/* With the content that apps and banks make of this code. */
int bank_pay_code(int lot, int64_t amount_vnd, const char *code, enum purpose purpose, int of);
void bank_tell(int index);
void bank_ask_list(void);
/* The bank's file of yesterday, read by the program's importer. */
void bank_import_day(void);

/* ---- month_people.c ---- */
void people_plan_day(void);
void people_do(enum happening what, int index);
void people_hear(const struct down *down);
/* It is known now that this transfer for a stay exists. */
void people_learn(const struct transfer *t);
int64_t people_fee(wall_t from, wall_t to);

/* ---- month_desk.c ---- */
void desk_do(enum happening what, int index);
void desk_write_off(void);
void desk_passes(void);

#endif
