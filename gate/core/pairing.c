#include "gate/core/pairing.h"

#include <string.h>

#define X(name, word) word,
static const char *const verdict_words[] = {PAIRING_VERDICTS(X)};
#undef X

const char *pairing_verdict_text(enum pairing_verdict verdict)
{
    return (unsigned)verdict < PAIRING_VERDICT_COUNT ? verdict_words[verdict] : "?";
}

void pairing_init(struct pairing *pairing, const struct pairing_config *config)
{
    memset(pairing, 0, sizeof *pairing);
    pairing->config = *config;
}

/* P7.  False when the text is no plate. */
static bool read_plate(const struct pairing *pairing, const struct gate_plate *plate,
                       struct pairing_read *read)
{
    struct plate parsed;
    struct plate_hint hint = plate->hint;
    if (plate_parse(str_c(plate->raw), &hint, &parsed, NULL)) {
        return false;
    }
    if (parsed.kind == PLATE_AMBIGUOUS && pairing->config.vehicle != VEHICLE_UNKNOWN) {
        hint.vehicle = pairing->config.vehicle;
        if (plate_parse(str_c(plate->raw), &hint, &parsed, NULL)) {
            return false;
        }
    }
    struct subject *subject = &read->subject;
    subject->kind = SUBJECT_PLATE;
    subject->vehicle = parsed.vehicle;
    if (subject->vehicle == VEHICLE_UNKNOWN) {
        subject->vehicle =
            plate->hint.vehicle != VEHICLE_UNKNOWN ? plate->hint.vehicle : pairing->config.vehicle;
    }
    str_copy_cut(subject->key, sizeof subject->key, str_c(parsed.canonical));
    read->ambiguous = parsed.kind == PLATE_AMBIGUOUS;
    return true;
}

static struct pairing_read *find_event(struct pairing *pairing, const char *camera_event)
{
    for (int i = 0; i < pairing->count && camera_event[0]; i++) {
        if (strcmp(pairing->read[i].camera_event, camera_event) == 0) {
            return &pairing->read[i];
        }
    }
    return NULL;
}

static void keep(struct pairing *pairing, const struct pairing_read *read)
{
    if (pairing->count == PAIRING_READS) {
        memmove(&pairing->read[0], &pairing->read[1],
                (PAIRING_READS - 1) * sizeof pairing->read[0]);
        pairing->count--;
    }
    pairing->read[pairing->count++] = *read;
}

/* P8: the plate itself, or what a camera makes of it a moment later. */
static bool is_echo(const struct pairing *pairing, const struct subject *subject, mono_t now)
{
    return pairing->echo[0] && !mono_reached(now, pairing->echo_until) &&
           plate_distance(pairing->echo, subject->key) <= PLATE_DISTANCE_NEAR;
}

/* P13: the same vehicle as the one that has its name, or passed with it a moment ago? */
static bool is_of_chosen(const struct pairing *pairing, const struct pairing_read *read, mono_t now)
{
    const char *key = pairing->chosen.key;
    bool stands = pairing->named[0] && strcmp(pairing->named, key) == 0;
    bool passed = pairing->echo[0] && strcmp(pairing->echo, key) == 0 &&
                  !mono_reached(now, pairing->echo_until);
    bool same_event =
        read->camera_event[0] && strcmp(read->camera_event, pairing->chosen_event) == 0;
    return (stands && (same_event || plate_distance(key, read->subject.key) < PAIRING_ANOTHER)) ||
           (passed && same_event);
}

/* … and is this a better name: of the same camera event, or one that two others agree on? */
static bool is_better_name(struct pairing *pairing, const struct pairing_read *read, mono_t now)
{
    struct subject *chosen = &pairing->chosen;
    struct pairing_read *rival = &pairing->rival;
    int confidence = read->subject.confidence;
    if (chosen->kind != SUBJECT_PLATE || !read->readable || read->ambiguous ||
        confidence < pairing->config.fair || !is_of_chosen(pairing, read, now)) {
        return false;
    }
    if (strcmp(chosen->key, read->subject.key) == 0 &&
        chosen->vehicle == read->subject.vehicle) { /* it says the same: the firmer for it */
        chosen->confidence = confidence > chosen->confidence ? confidence : chosen->confidence;
        return false;
    }
    if (read->camera_event[0] && strcmp(read->camera_event, pairing->chosen_event) == 0) {
        return confidence > chosen->confidence;
    }
    bool agrees = rival->readable && strcmp(rival->subject.key, read->subject.key) == 0 &&
                  rival->subject.vehicle == read->subject.vehicle &&
                  (!read->camera_event[0] || strcmp(rival->camera_event, read->camera_event) != 0);
    int best = rival->subject.confidence > confidence ? rival->subject.confidence : confidence;
    if (agrees && (chosen->confidence < pairing->config.sure || best > chosen->confidence)) {
        return true;
    }
    *rival = *read;
    return false;
}

void pairing_name(struct pairing *pairing, const struct subject *subject)
{
    memset(&pairing->chosen, 0, sizeof pairing->chosen);
    memset(&pairing->rival, 0, sizeof pairing->rival);
    pairing->chosen_event[0] = '\0';
    pairing->amended = false;
    if (subject->kind != SUBJECT_PLATE || subject->source != SOURCE_CAMERA) {
        return; /* what a person typed no camera corrects */
    }
    pairing->chosen = *subject;
    for (int i = 0; i < pairing->count; i++) {
        const struct pairing_read *read = &pairing->read[i];
        if (read->readable && read->subject.confidence == subject->confidence &&
            strcmp(read->subject.key, subject->key) == 0) {
            memcpy(pairing->chosen_event, read->camera_event, sizeof pairing->chosen_event);
        }
    }
}

bool pairing_take_amendment(struct pairing *pairing, struct subject *ret_subject)
{
    if (!pairing->amended) {
        return false;
    }
    pairing->amended = false;
    *ret_subject = pairing->chosen;
    if (pairing->echo[0]) { /* the name it passed with is an echo no more, the new one is */
        str_copy_cut(pairing->echo, sizeof pairing->echo, str_c(ret_subject->key));
    }
    return true;
}

enum pairing_verdict pairing_add(struct pairing *pairing, const struct gate_plate *plate,
                                 mono_t now)
{
    struct pairing_read read;
    memset(&read, 0, sizeof read);
    read.at = now;
    read.subject.source = SOURCE_CAMERA;
    read.subject.confidence = plate->confidence > 0 ? plate->confidence : pairing->config.untold;
    read.subject.vehicle = plate->hint.vehicle; /* also of a vehicle whose plate is not readable */
    str_copy_cut(read.camera_event, sizeof read.camera_event, str_c(plate->camera_event));
    if (str_is_utf8(str_c(plate->raw))) { /* it goes into records, which are UTF-8 */
        str_copy_cut(read.subject.raw, sizeof read.subject.raw, str_c(plate->raw));
        read.readable = read_plate(pairing, plate, &read);
    }
    if (is_better_name(pairing, &read, now)) {
        pairing->chosen = read.subject;
        pairing->amended = true;
        return PAIRING_AMENDS;
    }
    if (read.readable && is_echo(pairing, &read.subject, now)) {
        return PAIRING_ECHO;
    }
    if (pairing->named[0] &&
        (!read.readable || plate_distance(pairing->named, read.subject.key) < PAIRING_ANOTHER)) {
        return PAIRING_NAMED;
    }
    struct pairing_read *same = find_event(pairing, plate->camera_event);
    if (same) { /* P2 */
        if (same->readable && read.subject.confidence <= same->subject.confidence) {
            return PAIRING_REPEAT;
        }
        if (!read.readable) {
            return PAIRING_REPEAT;
        }
        *same = read;
        return PAIRING_KEPT;
    }
    keep(pairing, &read);
    return read.readable ? PAIRING_KEPT : PAIRING_UNREADABLE;
}

enum pairing_verdict pairing_add_card(struct pairing *pairing, enum subject_kind kind,
                                      const char *key, const char *last4, mono_t now)
{
    struct pairing_read read;
    if (strcmp(pairing->echo, key) == 0 && !mono_reached(now, pairing->echo_until)) {
        return PAIRING_ECHO;
    }
    memset(&read, 0, sizeof read);
    read.at = now;
    read.readable = true;
    read.subject.kind = kind;
    read.subject.source = SOURCE_SCANNER;
    read.subject.confidence = 1000;
    str_copy_cut(read.subject.key, sizeof read.subject.key, str_c(key));
    str_copy_cut(read.subject.last4, sizeof read.subject.last4, str_c(last4));
    keep(pairing, &read);
    return PAIRING_KEPT;
}

static bool is_card(const struct pairing_read *read)
{
    return read->subject.kind == SUBJECT_CARD || read->subject.kind == SUBJECT_TICKET;
}

static bool is_fresh(const struct pairing *pairing, const struct pairing_read *read, mono_t armed)
{
    return mono_diff(armed, read->at) <= pairing->config.memory_ms;
}

/* The best plate that is at least fair: one that leaves no question before one that does. */
static const struct pairing_read *best_plate(const struct pairing *pairing, mono_t armed)
{
    const struct pairing_read *best = NULL;
    for (int i = 0; i < pairing->count; i++) {
        const struct pairing_read *read = &pairing->read[i];
        if (!read->readable || read->subject.kind != SUBJECT_PLATE ||
            !is_fresh(pairing, read, armed) || read->subject.confidence < pairing->config.fair) {
            continue;
        }
        if (!best || (best->ambiguous && !read->ambiguous) ||
            (best->ambiguous == read->ambiguous &&
             read->subject.confidence >= best->subject.confidence)) {
            best = read;
        }
    }
    return best;
}

static bool is_agreed(const struct pairing *pairing, const struct pairing_read *best, mono_t armed)
{
    for (int i = 0; i < pairing->count; i++) {
        const struct pairing_read *read = &pairing->read[i];
        if (read != best && read->readable && is_fresh(pairing, read, armed) &&
            read->subject.confidence >= pairing->config.fair &&
            read->subject.vehicle == best->subject.vehicle &&
            strcmp(read->subject.key, best->subject.key) == 0) {
            return true;
        }
    }
    return false;
}

/* P12: what the camera saw, then the lane's own class, then what riders with cards ride. */
static enum vehicle class_of_card(const struct pairing *pairing, mono_t armed)
{
    for (int i = pairing->count - 1; i >= 0; i--) {
        const struct pairing_read *read = &pairing->read[i];
        if (!is_card(read) && is_fresh(pairing, read, armed) &&
            read->subject.vehicle != VEHICLE_UNKNOWN) {
            return read->subject.vehicle;
        }
    }
    return pairing->config.vehicle != VEHICLE_UNKNOWN ? pairing->config.vehicle
                                                      : pairing->config.card_vehicle;
}

enum pairing_answer pairing_choose(const struct pairing *pairing, mono_t armed, mono_t now,
                                   struct subject *ret_subject, mono_t *ret_when)
{
    const struct pairing_read *best = best_plate(pairing, armed);
    if (best) {
        mono_t settled = mono_add(best->at, pairing->config.settle_ms);
        if (best->subject.confidence < pairing->config.sure && !is_agreed(pairing, best, armed) &&
            !mono_reached(now, settled)) {
            *ret_when = settled;
            return PAIRING_SETTLING;
        }
        *ret_subject = best->subject;
        return best->ambiguous ? PAIRING_UNDECIDED : PAIRING_CHOSEN;
    }
    for (int i = pairing->count - 1; i >= 0; i--) { /* P10 */
        if (is_card(&pairing->read[i]) && is_fresh(pairing, &pairing->read[i], armed)) {
            *ret_subject = pairing->read[i].subject;
            ret_subject->vehicle = class_of_card(pairing, armed);
            return PAIRING_CHOSEN;
        }
    }
    return PAIRING_NOTHING;
}

void pairing_attempt(const struct pairing *pairing, mono_t armed, struct subject *ret_subject)
{
    const struct pairing_read *best = NULL;
    for (int i = 0; i < pairing->count; i++) {
        const struct pairing_read *read = &pairing->read[i];
        if (is_fresh(pairing, read, armed) && read->subject.raw[0] &&
            (!best || read->subject.confidence >= best->subject.confidence)) {
            best = read;
        }
    }
    memset(ret_subject, 0, sizeof *ret_subject);
    ret_subject->source = SOURCE_CAMERA;
    if (best) { /* not believed, so it names nobody: kind NONE and no key */
        ret_subject->vehicle = best->subject.vehicle;
        ret_subject->confidence = best->subject.confidence;
        memcpy(ret_subject->raw, best->subject.raw, sizeof ret_subject->raw);
    }
}

void pairing_clear(struct pairing *pairing)
{
    pairing->count = 0;
}

void pairing_passed(struct pairing *pairing, const struct subject *subject, mono_t now)
{
    pairing->echo[0] = '\0';
    if (subject->kind != SUBJECT_NONE) {
        str_copy_cut(pairing->echo, sizeof pairing->echo, str_c(subject->key));
        pairing->echo_until = mono_add(now, pairing->config.echo_ms);
    }
}

void pairing_expect_again(struct pairing *pairing)
{
    pairing->echo[0] = '\0';
}

void pairing_set_named(struct pairing *pairing, const struct subject *subject)
{
    pairing->named[0] = '\0';
    if (subject && subject->kind == SUBJECT_PLATE) {
        str_copy_cut(pairing->named, sizeof pairing->named, str_c(subject->key));
    }
}
