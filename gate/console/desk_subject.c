/* Acts that say who stands there: a plate, a ticket, a declared entry, a lost ticket. */
#include "gate/console/desk_parts.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* T-XXXXXXX and a check character: the sum of the others' places, so that a slip of one is seen. */
static void make_ticket(char out[41])
{
    uint8_t random[7];
    unsigned sum = 0;
    dx_random(random, sizeof random);
    out[0] = 'T';
    out[1] = '-';
    for (int i = 0; i < 7; i++) {
        unsigned place = random[i] & 31u;
        out[2 + i] = alphabet[place];
        sum += place * (unsigned)(i % 2 ? 1 : 3);
    }
    out[9] = alphabet[sum & 31u];
    out[10] = '\0';
}

/* [A-Z0-9-]{1,40}, upper case. */
static bool read_ticket(const char *text, char out[41])
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        char c = ascii_upper(*p);
        if (c == ' ') {
            continue;
        }
        if (!(ascii_is_digit(c) || ascii_is_alpha(c) || c == '-') || n == 40) {
            return false;
        }
        out[n++] = c;
    }
    out[n] = '\0';
    return n > 0;
}

/* DX_E_FORMAT: no plate, or one of several classes and the page did not say which. */
static int read_plate(const char *text, enum vehicle vehicle, struct subject *subject)
{
    struct plate plate;
    struct plate_hint hint = {.vehicle = vehicle};
    memset(subject, 0, sizeof *subject);
    subject->kind = SUBJECT_PLATE;
    subject->source = SOURCE_ATTENDANT;
    subject->confidence = 1000;
    subject->vehicle = vehicle;
    str_copy_cut(subject->raw, sizeof subject->raw, str_c(text));
    if (plate_parse(str_c(text), &hint, &plate, NULL) || plate.kind == PLATE_AMBIGUOUS) {
        return DX_E_FORMAT;
    }
    memcpy(subject->key, plate.canonical, sizeof plate.canonical);
    if (plate.vehicle != VEHICLE_UNKNOWN) {
        subject->vehicle = plate.vehicle;
    }
    return 0;
}

static void set_subject(struct desk_visit *visit, const struct desk_wish *wish,
                        const struct subject *subject, struct desk_result *result)
{
    struct desk_order *order = desk_new_command(visit, wish->lane.lane, COMMAND_SET_SUBJECT);
    if (order) {
        order->down.subject = *subject;
        memcpy(order->down.text, wish->text, sizeof order->down.text);
    }
    desk_command(visit, order, result);
}

/* The stay's own row keeps both names; a stay that has ended is a supervisor's. */
static void act_amend(struct desk_visit *visit, const struct desk_wish *wish,
                      struct desk_result *result)
{
    struct desk_stay stay;
    struct subject subject;
    if (desk_stay_anywhere(&visit->desk->book, wish->session, &stay)) {
        desk_result_set(result, "wrong", "session");
        return;
    }
    if (!stay.inside && visit->login.who.role != DESK_ROLE_SUPERVISOR) {
        desk_result_set(result, "denied", "the stay has ended: a supervisor");
        return;
    }
    if (read_plate(wish->plate, wish->vehicle, &subject)) {
        desk_result_set(result, "wrong", "plate");
        return;
    }
    struct desk_order *order = desk_new_event(visit, 0, EVENT_AMENDED);
    if (order) {
        memcpy(order->event.session, wish->session, sizeof order->event.session);
        order->event.subject = subject;
        memcpy(order->event.text, wish->text, sizeof order->event.text);
    }
    desk_deed(visit, order, result);
}

static void act_ticket(struct desk_visit *visit, const struct desk_wish *wish,
                       struct desk_result *result)
{
    struct subject subject;
    memset(&subject, 0, sizeof subject);
    subject.kind = SUBJECT_TICKET;
    subject.source = SOURCE_ATTENDANT;
    subject.vehicle = wish->vehicle;
    subject.confidence = 1000;
    if (wish->code[0] == '\0') {
        if (wish->lane.exit) {
            desk_result_set(result, "wrong", "code");
            return;
        }
        make_ticket(subject.key);
    } else if (!read_ticket(wish->code, subject.key)) {
        desk_result_set(result, "wrong", "code");
        return;
    }
    memcpy(result->code, subject.key, sizeof result->code);
    set_subject(visit, wish, &subject, result);
}

/*
 * How the driver was checked, as it goes into the record: of a citizen card the pseudonym and
 * the last four digits, never more (docs/PRIVACY: nothing else of it is ever kept).
 */
static bool describe_check(struct desk_visit *visit, const struct desk_wish *wish,
                           char out[MSG_TEXT_CAP])
{
    struct desk *desk = visit->desk;
    char text[MSG_TEXT_CAP + 64];
    if (strcmp(wish->check, "card") == 0) {
        int i = desk_lane_index(desk, wish->lane.lane);
        pthread_mutex_lock(&desk->snap);
        struct desk_card card = desk->card[i];
        memset(&desk->card[i], 0, sizeof desk->card[i]);
        pthread_mutex_unlock(&desk->snap);
        if (!card.read) {
            return false;
        }
        snprintf(text, sizeof text, "id %s ...%s %s", card.key, card.last4, wish->text);
    } else if (strcmp(wish->check, "papers") == 0 || strcmp(wish->check, "witness") == 0) {
        if (strlen(wish->text) < 3) {
            return false; /* which papers, which witness */
        }
        str_copy_cut(text, sizeof text, str_c(wish->text));
    } else {
        return false;
    }
    str_copy_cut(out, MSG_TEXT_CAP, str_c(text));
    return true;
}

/* First who and since when, recorded; only then does the lane ask for the fee. */
static void act_declare(struct desk_visit *visit, const struct desk_wish *wish,
                        struct desk_result *result)
{
    enum { OLDEST_MS_DAYS = 60 };
    struct subject subject = wish->lane.subject;
    char text[MSG_TEXT_CAP];
    bool typed = wish->plate[0] != '\0';
    if (typed ? read_plate(wish->plate, wish->vehicle, &subject) != 0 : !subject.key[0]) {
        desk_result_set(result, "wrong", "plate");
        return;
    }
    if (wish->entered_ms > visit->now.ms ||
        wish->entered_ms < visit->now.ms - INT64_C(1) * OLDEST_MS_DAYS * TIME_DAY_MS) {
        desk_result_set(result, "wrong", "entered");
        return;
    }
    if (!describe_check(visit, wish, text)) {
        desk_result_set(result, "wrong", "check");
        return;
    }
    struct desk_order *order = desk_new_event(visit, wish->lane.lane, EVENT_ENTRY_DECLARED);
    if (order) {
        order->event.subject = subject;
        order->event.entered = (wall_t){wish->entered_ms};
        desk_make_ulid(order->event.session, visit->now);
        str_copy_cut(order->event.code, sizeof order->event.code, str_c(wish->check));
        memcpy(order->event.text, text, sizeof order->event.text);
    }
    desk_deed(visit, order, result);
    if (strcmp(result->outcome, "done") == 0) {
        set_subject(visit, wish, &subject, result);
    }
}

/* The stay was found by its photo, its time or its plate; who asks for it is checked first. */
static void act_lost(struct desk_visit *visit, const struct desk_wish *wish,
                     struct desk_result *result)
{
    struct desk_stay stay;
    char text[MSG_TEXT_CAP];
    if (desk_stay_anywhere(&visit->desk->book, wish->session, &stay) || !stay.inside) {
        desk_result_set(result, "wrong", "session");
        return;
    }
    if (!describe_check(visit, wish, text)) {
        desk_result_set(result, "wrong", "check");
        return;
    }
    char said[MSG_TEXT_CAP + 40];
    snprintf(said, sizeof said, "%s: %s", wish->check, text);
    if (desk_record(visit, wish->lane.lane, stay.session, "lost_ticket", said)) {
        desk_result_set(result, "impossible", "not recorded");
        return;
    }
    stay.subject.source = SOURCE_ATTENDANT;
    stay.subject.confidence = 1000;
    set_subject(visit, wish, &stay.subject, result);
}

void desk_act_subject(struct desk_visit *visit, const struct desk_wish *wish,
                      struct desk_result *result)
{
    struct subject subject;
    if (wish->act == DESK_ACT_AMEND) {
        act_amend(visit, wish, result);
    } else if (wish->act == DESK_ACT_TICKET) {
        act_ticket(visit, wish, result);
    } else if (wish->act == DESK_ACT_DECLARE) {
        act_declare(visit, wish, result);
    } else if (wish->act == DESK_ACT_LOST) {
        act_lost(visit, wish, result);
    } else if (read_plate(wish->plate, wish->vehicle, &subject)) {
        desk_result_set(result, "wrong", "plate");
    } else {
        set_subject(visit, wish, &subject, result);
    }
}
