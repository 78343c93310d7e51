/*
 * plate.h - Vietnamese licence plates: reading a text, saying what it may be, comparing.
 *
 * A plate text comes from a camera or from a person.  The raw text is kept as it
 * came, line break included; the canonical text (upper case, no separators, Đ
 * folded to D) is what is stored and compared.  A session's key is the canonical
 * text *and* the vehicle class, because without separators classes collide: car
 * 30F-123.45 and motorbike 30-F1 2345 are both 30F12345.
 *
 * Nothing is repaired here.  A text that fits no form is refused with a sentence;
 * plate_suggest says what it might have been, for a person to choose.
 *
 * What the text can be (P province, L one of ABCDEFGHKLMNPSTUVXYZ, n 1 to 9, d 0 to 9;
 * every number of five digits may also be an older one of four):
 *     car                 PL-ddd.dd                    white, yellow (transport), blue (state)
 *     motorbike           P-Ln ddd.dd                  until August 2023; blue for the state
 *                         P-LL ddd.dd                  since then, and below 50 cc before
 *     electric_motorbike  P-MĐn ddd.dd
 *     special             P(LD|DA|KT|CD|HC)-ddd.dd
 *     trailer             P(R|RM)-ddd.dd               tractor  P-MKn ddd.dd
 *     pilot               P-TĐn ddd.dd, P-TĐ ddd.dd    (the second only with its Đ)
 *     diplomatic          P-ddd-(NG|QT|CV|NN)-dd[d], on two lines P-NG ddd-dd[d]
 *     army                AB-dd-dd, motorbike AB-ddd, trailer AB-dd-dd RM or BM; red
 *     temporary           TP-ddd.dd                    event    ddddddd
 * The number 000.00 is not issued.  Letters I, J, O, Q, W are in no civil series.
 *
 * What separators prove.  A break (dash, blank, dot, line end) is looked up in the
 * layout of every reading.  When the breaks of the text all lie where one reading
 * has them and not where another has them, the other is out:
 *     30F-123.45, 30F 12345, 30F/123.45 on two lines   car     (a break after the letter)
 *     30-F1 2345, 30F1-2345                            motorbike (a break after the digit)
 *     29-NG 011-01   diplomatic;   29-NG 011.01   motorbike    (dash or dot in the number)
 * These prove nothing: a break after the province (30-F12345), breaks that fit no
 * reading (30F12.345) or contradict each other (30F-1-2345), and the separators of
 * LD, DA, KT, CD, HC, which a two-letter motorbike shares (51LD-123.45).
 *
 * Then the hint decides, in this order: vehicle class, colour, number of lines.  A
 * hint that no reading agrees with changes nothing and sets a warning: a car lane
 * that reads 29-M1 123.45 gets a motorbike's plate and PLATE_WARN_CLASS_CONFLICT.
 * Special, pilot, temporary and diplomatic plates are cars' as a rule and may be on a
 * motorbike: when that is the hint and the text is a motorbike's as well (29NG01101),
 * the motorbike's is taken, since key and fee are the same, with
 * PLATE_WARN_KIND_UNCERTAIN and both as candidates.
 * What is still open after that is PLATE_AMBIGUOUS with its candidates.
 *
 * Sources: Circulars 24/2023, 79/2024 and 51/2025/TT-BCA; forms of army, diplomatic and
 * special plates and the army prefixes from public lists, which are not complete.
 */
#ifndef DOXE_PLATE_H
#define DOXE_PLATE_H

#include "proto/vehicle.h"

/* PLATE_NONE is what an empty struct plate has; no parsed plate is of that kind. */
#define PLATE_KINDS(X)                          \
    X(NONE, "none")                             \
    X(CAR, "car")                               \
    X(MOTORBIKE, "motorbike")                   \
    X(ELECTRIC_MOTORBIKE, "electric_motorbike") \
    X(SPECIAL, "special")                       \
    X(TRAILER, "trailer")                       \
    X(TRACTOR, "tractor")                       \
    X(PILOT, "pilot")                           \
    X(DIPLOMATIC, "diplomatic")                 \
    X(ARMY, "army")                             \
    X(TEMPORARY, "temporary")                   \
    X(EVENT, "event")                           \
    X(AMBIGUOUS, "ambiguous")

enum plate_kind {
#define X(name, text) PLATE_##name,
    PLATE_KINDS(X)
#undef X
        PLATE_KIND_COUNT
};

/* The background. */
#define PLATE_COLOURS(X)  \
    X(UNKNOWN, "unknown") \
    X(WHITE, "white")     \
    X(YELLOW, "yellow")   \
    X(BLUE, "blue")       \
    X(RED, "red")

enum plate_colour {
#define X(name, text) PLATE_COLOUR_##name,
    PLATE_COLOURS(X)
#undef X
        PLATE_COLOUR_COUNT
};

/* The plate is valid; a person should look. */
#define PLATE_WARNINGS(X)                                                                    \
    X(CLASS_CONFLICT, "class_conflict", "the plate is not of the vehicle class of the hint") \
    X(COLOUR_CONFLICT, "colour_conflict", "no such plate has the colour of the hint")        \
    X(LINES_CONFLICT, "lines_conflict", "no such plate is on one line")                      \
    X(KIND_UNCERTAIN, "kind_uncertain", "the same class and text may be another kind")       \
    X(UNLISTED_PREFIX, "unlisted_prefix", "the army prefix is not in the public lists")      \
    X(RARE_FORM, "rare_form", "seven bare digits may be a plate whose letter was not read")

enum plate_warning_bit {
#define X(name, text, sentence) PLATE_WARN_BIT_##name,
    PLATE_WARNINGS(X)
#undef X
        PLATE_WARN_BIT_COUNT
};
enum plate_warning {
#define X(name, text, sentence) PLATE_WARN_##name = 1 << PLATE_WARN_BIT_##name,
    PLATE_WARNINGS(X)
#undef X
};

/* Capacities in bytes, the NUL included, and in elements. */
enum {
    PLATE_RAW_CAP = 48,
    PLATE_CANONICAL_CAP = 16,
    PLATE_DISPLAY_CAP = 24,
    PLATE_SUGGESTIONS_MAX = 8,
    PLATE_CANDIDATES_MAX = 4
};

/* What is known beside the text; zero means unknown. */
struct plate_hint {
    enum vehicle vehicle;
    enum plate_colour colour;
    int lines; /* 1 or 2 when the camera can tell; motorbikes' plates have two */
};

struct plate_candidate {
    enum plate_kind kind;
    enum vehicle vehicle;
    char display[PLATE_DISPLAY_CAP];
};

/* Plain values, no pointers; all zero is "no plate". */
struct plate {
    enum plate_kind kind;
    enum vehicle vehicle;     /* by the plate's form; UNKNOWN when candidates differ in it */
    enum plate_colour colour; /* of the hint; RED for an army plate without a hint */
    unsigned warnings;        /* PLATE_WARN_… */
    int province;             /* the two digits; 0 for army and event */
    char raw[PLATE_RAW_CAP];  /* as it came, separators and line break included */
    char canonical[PLATE_CANONICAL_CAP];
    char display[PLATE_DISPLAY_CAP]; /* with separators and Đ; the canonical text when ambiguous */
    int candidate_count;             /* 1, or more when ambiguous or with KIND_UNCERTAIN */
    struct plate_candidate candidate[PLATE_CANDIDATES_MAX];
};

/* Why a text is no plate: a sentence, and the part of the text. */
struct plate_fault {
    const char *why;   /* "10 is no province"; static */
    const char *where; /* "text", "province", "series", "number"; static */
};

/*
 * Read a plate text of up to PLATE_RAW_CAP - 1 bytes of UTF-8.  Lower case,
 * full-width characters, đ and every common dash, dot and blank are understood.
 * `hint` may be NULL.  0 also for an ambiguous plate.  DX_E_NOT_FOUND when there
 * is no plate in it (empty, or a camera's word such as "unknown"), DX_E_FORMAT
 * when it is none.  On failure *ret_why, if not NULL, is a static sentence and
 * *ret_plate is untouched; on success *ret_why is untouched.
 */
DX_MUST_USE int plate_parse(struct str raw, const struct plate_hint *hint, struct plate *ret_plate,
                            const char **ret_why);
/* The same with the part of the text that is wrong. */
DX_MUST_USE int plate_parse_explained(struct str raw, const struct plate_hint *hint,
                                      struct plate *ret_plate, struct plate_fault *ret_fault);

/*
 * What a text that fits no form may have been, as canonical texts, best first:
 * lines in the wrong order, then one, two or three characters confused as OCR
 * confuses them (a letter where a digit must be and the reverse; never S/5, B/8,
 * G/6, Z/2, A/4 in the fourth place, where both are legal; I, J, W as a series
 * letter have no safe repair).  A text that fits a form has no suggestions, nor has
 * one that agrees with no vehicle class of the hint.  Same text, same answer.
 * Returns how many of at most `max` (and PLATE_SUGGESTIONS_MAX) were written.
 */
int plate_suggest(struct str raw, const struct plate_hint *hint, char ret[][PLATE_CANONICAL_CAP],
                  int max);

/*
 * How far two canonical texts are apart, as a camera errs:
 *     0   equal
 *     +1  for a confusable pair: 0/O/D/Q 1/I/L/J 2/Z 3/J 4/A 5/S 6/G 7/J/T 8/B U/V;
 *         and for a diplomatic plate read in the other order (29011NG01, 29NG01101)
 *     +3  for a character dropped or put in
 *     +4  for any other substitution
 * Symmetric.  Up to PLATE_DISTANCE_NEAR a match may be proposed, with one click of
 * the attendant; it is never made without him.  PLATE_DISTANCE_FAR when a text is
 * longer than a canonical one can be, which bounds the work at 15 times 15 steps.
 */
enum {
    PLATE_DISTANCE_CONFUSED = 1,
    PLATE_DISTANCE_NEAR = 1,
    PLATE_DISTANCE_DROPPED = 3,
    PLATE_DISTANCE_OTHER = 4,
    PLATE_DISTANCE_FAR = 1000
};
int plate_distance(const char *canonical_a, const char *canonical_b);

/*
 * Which of `known` (the lot's open sessions) are within `distance_max`: nearest
 * first, equal ones in the order of `known`; a NULL among them is skipped.
 * Returns how many of at most `max` were written.
 */
struct plate_match {
    int index;
    int distance;
};
int plate_nearest(const char *canonical, const char *const *known, int known_count,
                  int distance_max, struct plate_match *ret_match, int max);

const char *plate_kind_text(enum plate_kind kind);
const char *plate_colour_text(enum plate_colour colour);
/* DX_E_NOT_FOUND for another word; "unknown" and "" give PLATE_COLOUR_UNKNOWN. */
DX_MUST_USE int plate_colour_parse(struct str text, enum plate_colour *ret_colour);
/* The name of a single warning, "class_conflict"; by the number of its bit. */
const char *plate_warning_text(enum plate_warning_bit bit);

#endif
