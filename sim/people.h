/*
 * people.h - who drives in: vehicles with plates, drivers with habits, cards and bank accounts.
 *
 * Everybody here is made up.  Names are the family names and words such as
 * "Mẫu" and "Thử" (sample, trial); a card number has a real province prefix and
 * agrees with the date of birth, because a reader checks that, and a random rest.
 *
 * Pure: a stream of random numbers in, values out.  No two vehicles of one run
 * (of 99,999 each class) share a plate, so a plate names a visit.
 *
 * Not here: what a driver does next (world.h), what his bank does (bank.h).
 *
 * Forms of plates: Circular 79/2024/TT-BCA; of cards: Circular 59/2021/TT-BCA
 * article 4 (the number) and the 7 and 11 parts of the cards' QR codes.
 */
#ifndef DOXE_SIM_PEOPLE_H
#define DOXE_SIM_PEOPLE_H

#include "proto/base/prng.h"
#include "proto/base/time.h"
#include "proto/vehicle.h"

enum {
    PERSON_PLATE_CAP = 24,
    PERSON_KEY_CAP = 16,
    PERSON_CARD_CAP = 256,
    PERSON_NAME_CAP = 48,
    PERSON_ACCOUNT_CAP = 20,
    PEOPLE_PER_CLASS_MAX = 99999
};

/* name, share of the misbehaving in per mille, word, sentence; PLAIN and EARLY do nothing wrong */
#define HABITS(X)                                                                                 \
    X(PLAIN, 0, "plain", "pays at the exit what the display asks")                                \
    X(EARLY, 0, "early", "pays on the driver's page before walking to the vehicle")               \
    X(SPLIT, 200, "split", "pays in two transfers")                                               \
    X(OVER, 150, "over", "rounds the amount up")                                                  \
    X(TWICE, 150, "twice", "pays, sees no arm move, pays again")                                  \
    X(OWN_WORDS, 100, "own_words", "types words of his own instead of the code, then pays again") \
    X(BACKS_OUT, 200, "backs_out", "changes his mind on the entry's loop")                        \
    X(TURNS_BACK, 200, "turns_back", "leaves the exit's loop once, he forgot something")

/* The same for the wild, whom only a run in virtual time has: a person must sort them out. */
#define WILD_HABITS(X)                                                                        \
    X(TAILGATES, 150, "tailgates", "drives close behind another under the same raised arm")   \
    X(STANDS, 150, "stands", "stops under the raised arm for a while")                        \
    X(SWAPS, 50, "swaps", "goes out under another plate than he came in with")                \
    X(NO_PHONE, 250, "no_phone", "has neither phone nor account: pays the attendant in cash") \
    X(UNDER, 150, "under", "transfers 1,000 too little, then the rest")                       \
    X(LATE, 100, "late", "drives out owing, transfers it hours or days later")                \
    X(NEVER, 50, "never", "drives out owing, and that is that")                               \
    X(LOST_TICKET, 100, "lost_ticket", "does not find the card any more that let him in")

enum habit {
#define X(name, share, word, sentence) HABIT_##name,
    HABITS(X) WILD_HABITS(X)
#undef X
        HABIT_COUNT
};

/* Of what he carries only `self` is kept here: person_card and so on tell it when it is asked. */
struct person {
    uint64_t self; /* what he is made of, beyond what is written here */
    int number;    /* 1…, in order of appearance */
    enum vehicle vehicle;
    char plate[PERSON_PLATE_CAP]; /* as painted: "30F-123.45", "29-AA 123.45" */
    char key[PERSON_KEY_CAP];     /* letters and digits alone: "30F12345" */
    bool dirty;                   /* no camera reads this plate; people do */
    bool has_card;                /* he carries a citizen card */
    enum habit habit;
    int length_mm;
    int speed_mm_s;   /* through the lane */
    int64_t park_ms;  /* durations as they are at speed 1 */
    int64_t react_ms; /* from the arm being up to moving */
    int64_t pay_ms;   /* from seeing the amount to the bank's confirmation */
};

struct people {
    struct prng prng;
    int cars_percent;
    int misbehave; /* of a thousand drivers */
    int wild;      /* of a thousand drivers, beside those; 0 at first */
    int early;     /* of a thousand: pay before they leave */
    int made;
    int made_of[VEHICLE_COUNT];
    int first_number[VEHICLE_COUNT];
};

/* `root` is not moved. */
void people_init(struct people *people, const struct prng *root, int cars_percent, int misbehave);
/* The next one to appear. */
void people_next(struct people *people, struct person *ret_person);

/* What his citizen card's QR says; "" when he carries none.  The number is the first 12 bytes. */
void person_card(const struct person *person, char out[PERSON_CARD_CAP]);
/* As a bank writes it: capitals without accents. */
void person_name(const struct person *person, char out[PERSON_NAME_CAP]);
void person_account(const struct person *person, char out[PERSON_ACCOUNT_CAP]);

/* The words that names of cards are made of, for who looks for them: family, "Văn"/"Thị", given. */
const char *people_family(int index); /* NULL at the end */
const char *people_given(int index);

const char *habit_text(enum habit habit);

#endif
