/*
 * visit.h - one vehicle's stay as it really was: the truth that the auditor compares with.
 *
 * The world (world.h) writes it, people and reports read it.  Nothing in it was
 * learnt from the server except what a driver can see: the display, his page,
 * and his bank's answer.
 */
#ifndef DOXE_SIM_VISIT_H
#define DOXE_SIM_VISIT_H

#include "sim/people.h"

enum { VISIT_CODE_CAP = 16, VISIT_PARTS_MAX = 4 };

/* name, word in the truth book, sentence */
#define VISIT_STATES(X)                                             \
    X(NOT_USED, "-", "this place of the book is empty")             \
    X(QUEUE_IN, "queue_in", "waits in the street before the entry") \
    X(AT_ENTRY, "at_entry", "stands on the entry's loop")           \
    X(PARKED, "parked", "is in the lot")                            \
    X(QUEUE_OUT, "queue_out", "waits in the lot before the exit")   \
    X(AT_EXIT, "at_exit", "stands on the exit's loop")              \
    X(LEFT, "left", "came, parked and went")                        \
    X(GONE, "gone", "backed out of the entry and never came in")

enum visit_state {
#define X(name, word, sentence) VISIT_##name,
    VISIT_STATES(X)
#undef X
        VISIT_STATE_COUNT
};

/* What a driver sees on the lane's display or on the page of his stay. */
struct shown {
    bool settled;                 /* it says paid, free or "drive on" */
    int64_t due_vnd;              /* above 0 with a code to scan, else 0 */
    int64_t fee_vnd;              /* of the whole stay, beside it; 0 when it does not say */
    char plate[PERSON_PLATE_CAP]; /* whom it is for; "" when it does not say */
    char code[VISIT_CODE_CAP];    /* payment code */
    char payee[40];               /* BIN-account, from the scanned code */
    bool wrong;                   /* the scanned code contradicts the text beside it */
};

/* One vehicle's stay as it really was: the truth the auditor compares with. */
struct visit {
    struct person person;
    enum visit_state state;
    mono_t since;         /* in this state */
    int lane;             /* 1…, where it stands, waits or passed last; 0 in the lot */
    wall_t entered, left; /* true passages; 0: did not happen */
    bool arm_rose;        /* GONE: it stood before an arm that rose or had begun to */
    int turned_back;
    int photos, cards, helps;         /* since it stands where it stands */
    int helped;                       /* how often in all */
    bool hand_opened;                 /* the attendant opened for it */
    bool tailgated_in, tailgated_out; /* passed under another's arm, read by nobody */
    bool swapped;                     /* goes out under another plate (visit_key) */
    bool stood;                       /* has stopped under an arm */
    bool debt;                        /* the attendant let it go on its word */
    char known_as[PERSON_KEY_CAP]; /* as the lane was told at the entry: misread or mistyped; "" */
    /* money */
    struct shown shown;
    char code[VISIT_CODE_CAP]; /* payment code, once it was shown */
    int64_t planned_vnd;       /* the due amount it is about to pay */
    int64_t paid_shown_vnd;    /* the due amount when it last paid */
    int64_t paid_fee_vnd;      /* the fee that was shown then; 0 when it was not */
    int64_t coded_vnd;         /* ordered at its bank with the code */
    int64_t own_words_vnd;     /* … without it */
    int64_t told_vnd;          /* of both, what the server has taken word of */
    int64_t cash_vnd;          /* given to the attendant */
    int64_t pocketed_vnd;      /* … of which he booked nothing */
    wall_t asked;              /* first told what it costs, or that it costs nothing; 0: not */
    wall_t settled;            /* when what he had ordered and handed over reached the fee; 0 */
    mono_t told_at;
    int transfers;
    int64_t part_vnd[VISIT_PARTS_MAX]; /* the first transfers with the code */
    int parts;
    int64_t fee_vnd; /* as shown: due and what was known to be paid; -1: never shown */
    /* what comes next; mono_never() when nothing does */
    mono_t photo_at, card_at, look_at, back_at, pay_at, again_at, page_at, return_at, go_at,
        desk_at;
    mono_t edge_at[3]; /* safety on, arming off, safety off */
    int edges;         /* of these, how many are behind it; -1 while it stands */
    mono_t clear_at;   /* backing: the arming loop is free */
    int64_t waited_ms; /* at the lane's head while the programs were up */
    bool told_stuck, hit;
    /* Place k of the heap of those who are parked (world.c) is kept in visit k. */
    int heap;
};

/* What its plate says now, painted and as letters and digits alone. */
void visit_plate(const struct visit *visit, char out[PERSON_PLATE_CAP]);
void visit_key(const struct visit *visit, char out[PERSON_KEY_CAP]);

const char *visit_state_text(enum visit_state state);

#endif
