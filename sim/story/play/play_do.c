/* play_do.c - what a clause does: people, staff, lines and programs. */
#include "sim/story/play/play_parts.h"

#include <string.h>

enum { SURE = 960, COMMAND_MS = 30000 };

/* ---- the street ---- */

static const enum input_role role_of[STREET_INPUT_COUNT] = {
    INPUT_ARMING_LOOP, INPUT_SAFETY_LOOP, INPUT_OPENED, INPUT_CLOSED, INPUT_ARMING_BACK};

bool play_take_moves(struct play *play)
{
    struct street_move move;
    int64_t now = run_now_ms(play->run);
    while (!play->failed && street_take(&play->street, now, &move)) {
        run_input(play->run, 0, move.lane, role_of[move.input], move.on);
        if (play->street.lane[move.lane].hits) {
            play_fail(play, "THE ARM OF LANE %d CAME DOWN ON A VEHICLE", move.lane);
        }
    }
    play_note_street(play);
    if (play->street.overflow) {
        play_fail(play, "too much is going on in the street at once");
    }
    return !play->failed;
}

static bool street_did(struct play *play, int error, const char *what)
{
    if (error) {
        return play_fail(play, "%s: nobody stands there who could, or somebody is in the way",
                         what);
    }
    return play_take_moves(play);
}

static struct gate_plate picture_of(const struct story_clause *c, const char *plate,
                                    enum vehicle vehicle)
{
    struct gate_plate picture = {.confidence = SURE};
    bool reads = story_has(c, STORY_OPT_READS);
    if (!story_has(c, STORY_OPT_UNREADABLE)) {
        str_copy_cut(picture.raw, sizeof picture.raw, str_c(reads ? c->text : plate));
    } else {
        picture.confidence = 0;
    }
    if (story_has(c, STORY_OPT_SURE)) {
        picture.confidence = c->share * 10;
    }
    picture.hint.vehicle = vehicle;
    return picture;
}

/* Which class a plate's vehicle is of, as the script said first; a car when it never did. */
static enum vehicle class_of(const struct play *play, const char *plate)
{
    for (int i = 0; i < play->vehicle_count; i++) {
        if (strcmp(play->vehicle[i].plate, plate) == 0) {
            return play->vehicle[i].vehicle;
        }
    }
    return VEHICLE_CAR;
}

static void know(struct play *play, const char *plate, enum vehicle vehicle)
{
    if (play->vehicle_count < PLAY_STAYS && class_of(play, plate) != vehicle) {
        struct play_vehicle *known = &play->vehicle[play->vehicle_count++];
        str_copy_cut(known->plate, sizeof known->plate, str_c(plate));
        known->vehicle = vehicle;
    }
}

/* Whom the next clause means when it names nobody. */
static void remember(struct play *play, const char *plate)
{
    str_copy_cut(play->last_plate, sizeof play->last_plate, str_c(plate));
}

static bool arrive(struct play *play, const struct story_clause *c)
{
    const char *plate = c->plate;
    if (c->verb == STORY_LEAVE && !plate[0]) {
        if (!play->last_plate[0]) {
            return play_fail(play, "nobody has come in who could leave");
        }
        plate = play->last_plate;
    }
    enum vehicle vehicle = c->verb == STORY_ARRIVE ? c->vehicle : class_of(play, plate);
    if (c->verb == STORY_ARRIVE) {
        know(play, plate, vehicle);
    }
    play->street.lane[c->lane].back =
        play_lane_is_exit(play, c->lane) && run_gate(play->run, 0) &&
        run_gate(play->run, 0)->config.lane[c->lane - 1].reversible &&
        run_gate(play->run, 0)->config.lane[c->lane - 1].direction == LANE_ENTRY;
    int error = street_arrive(&play->street, run_now_ms(play->run), c->lane,
                              story_has(c, STORY_OPT_WAITS), story_has(c, STORY_OPT_BEHIND));
    if (!street_did(play, error, "arrive")) {
        return false;
    }
    struct gate_plate picture = picture_of(c, plate, vehicle);
    run_reading(play->run, 0, c->lane, &picture);
    remember(play, plate);
    return true;
}

static bool see(struct play *play, const struct story_clause *c)
{
    struct gate_plate picture = {.confidence = story_has(c, STORY_OPT_SURE) ? c->share * 10 : SURE};
    str_copy_cut(picture.raw, sizeof picture.raw, str_c(c->text));
    picture.hint.vehicle = c->vehicle;
    if (story_has(c, STORY_OPT_PICTURE)) {
        str_copy_cut(picture.camera_event, sizeof picture.camera_event, str_c(c->option_word));
    }
    run_reading(play->run, 0, c->lane, &picture);
    return true;
}

static bool show_card(struct play *play, const struct story_clause *c)
{
    char key[33];
    char last4[5] = "";
    if (c->verb == STORY_TICKET) {
        run_card(play->run, 0, c->lane, SUBJECT_TICKET, c->word, "");
        return true;
    }
    memset(key, 'a', 32); /* a pseudonym: the same for the same card */
    key[32] = '\0';
    for (size_t i = 0; c->word[i] && i < 4; i++) {
        key[i] = c->word[i];
        last4[i] = c->word[i];
    }
    run_card(play->run, 0, c->lane, SUBJECT_CARD, key, last4);
    return true;
}

static bool input(struct play *play, const struct story_clause *c)
{
    enum input_role role;
    enum { ON, OFF };
    if (input_role_parse(str_c(c->word), &role)) {
        return play_fail(play, "no input is called '%s'", c->word);
    }
    run_input(play->run, 0, c->lane, role, c->choice == ON);
    return true;
}

static bool move_arm(struct play *play, const struct story_clause *c)
{
    enum { JAMS, MOVES, RISES, FALLS };
    int64_t now = run_now_ms(play->run);
    if (c->choice == JAMS || c->choice == MOVES) {
        street_jam(&play->street, now, c->lane, c->choice == JAMS);
    } else {
        street_force(&play->street, now, c->lane, c->choice == RISES);
    }
    return play_take_moves(play);
}

/* ---- money ---- */

/* The bill that somebody has in his phone: of this plate, else any. */
static const struct lane_display *bill_of(const struct play *play, const struct story_clause *c)
{
    char key[STORY_WORD_CAP];
    play_key(c->plate, key);
    for (int lane = 1; lane <= STREET_LANES; lane++) {
        const struct lane_display *bill = &play->lane[lane].bill;
        if (bill->payload[0] && (!key[0] || strcmp(bill->subject.key, key) == 0)) {
            return bill;
        }
    }
    return NULL;
}

static bool pay(struct play *play, const struct story_clause *c)
{
    const struct lane_display *d = bill_of(play, c);
    struct vietqr qr = {.account = "0123456789"};
    char words[64] = "tra tien gui xe";
    if (!d && (c->amount_vnd < 0 || !story_has(c, STORY_OPT_NO_PAYCODE))) {
        return play_fail(play, "no display has shown an amount to pay%s%s",
                         c->plate[0] ? " for " : "", c->plate);
    }
    bool coded = d && !story_has(c, STORY_OPT_NO_PAYCODE);
    if (d && vietqr_parse(str_c(d->payload), &qr, NULL, NULL)) {
        return play_fail(play, "the code that is shown cannot be read");
    }
    if (coded) {
        str_copy_cut(words, sizeof words, str_c(qr.purpose));
    }
    struct bank_order order = {.visit = -1,
                               .amount_vnd = c->amount_vnd >= 0 ? c->amount_vnd : d->amount_vnd,
                               .account = story_has(c, STORY_OPT_OTHER_ACCOUNT) ? "9876543210"
                                                                                : qr.account,
                               .words = words,
                               .code = coded ? d->paycode : "",
                               .payer = "NGUYEN VAN A",
                               .payer_account = "111222333"};
    int times = story_has(c, STORY_OPT_NEVER_TOLD) ? 0 : story_has(c, STORY_OPT_TOLD_TWICE) ? 2 : 1;
    int64_t after = story_has(c, STORY_OPT_TOLD_AFTER) ? c->time_ms : 0;
    for (int i = 0; i < (story_has(c, STORY_OPT_TWICE_PAID) ? 2 : 1); i++) {
        int index = 0;
        if (play->transfer_count == PLAY_TRANSFERS ||
            run_pay(play->run, 0, &order, after, times, &index)) {
            return play_fail(play, "the bank does not take the transfer");
        }
        play->transfer[play->transfer_count++] = (struct play_transfer){index, order.amount_vnd};
    }
    return true;
}

static bool tell_again(struct play *play, const struct story_clause *c)
{
    if (play->transfer_count == 0) {
        return play_fail(play, "nobody has paid yet");
    }
    run_pay_again(play->run, 0, play->transfer[play->transfer_count - 1].index, c->amount_vnd);
    return true;
}

static bool take_back(struct play *play, const struct story_clause *c)
{
    for (int i = play->transfer_count - 1; i >= 0; i--) {
        if (play->transfer[i].amount_vnd == c->amount_vnd) {
            run_pay_back(play->run, 0, play->transfer[i].index);
            return true;
        }
    }
    return play_fail(play, "nobody has paid %lld", (long long)c->amount_vnd);
}

/* ---- staff, at the gate's console ---- */

/* Ids that the player makes are numbers in a ULID's letters. */
static void make_id(struct play *play, char out[ULID_CAP])
{
    uint8_t random[ULID_RANDOM_SIZE] = {0};
    int n = ++play->receipts;
    random[8] = (uint8_t)(n >> 8);
    random[9] = (uint8_t)n;
    ulid_make(out, run_wall(play->run), random);
}

static struct down new_command(struct play *play, int lane, enum command_action action,
                               int64_t within_ms)
{
    struct down down;
    memset(&down, 0, sizeof down);
    down.type = DOWN_COMMAND;
    down.lane = lane;
    down.action = action;
    down.deadline = wall_add(run_wall(play->run), within_ms);
    make_id(play, down.id);
    memcpy(down.by, "lan", 4);
    return down;
}

static void name_subject(struct down *down, const char *plate, enum vehicle vehicle)
{
    down->subject.kind = SUBJECT_PLATE;
    down->subject.source = SOURCE_ATTENDANT;
    down->subject.vehicle = vehicle;
    down->subject.confidence = 1000;
    str_copy_cut(down->subject.raw, sizeof down->subject.raw, str_c(plate));
}

/* An attendant who takes cash answers for a drawer: his shift begins with his first receipt. */
static void open_shift(struct play *play)
{
    struct event desk;
    if (play->shift[0]) {
        return;
    }
    memset(&desk, 0, sizeof desk);
    desk.type = EVENT_SHIFT_OPENED;
    memcpy(desk.by, "lan", 4);
    make_id(play, play->shift);
    memcpy(desk.shift, play->shift, sizeof desk.shift);
    run_desk(play->run, 0, &desk);
}

static bool take_cash(struct play *play, const struct story_clause *c)
{
    open_shift(play);
    struct down down = new_command(play, c->lane, COMMAND_TAKE_CASH, COMMAND_MS);
    down.amount_vnd = c->amount_vnd;
    memcpy(down.shift, play->shift, sizeof down.shift);
    snprintf(down.receipt, sizeof down.receipt, "HN-0001-G1-%06d", play->receipts);
    run_order(play->run, 0, &down);
    return true;
}

static bool order(struct play *play, const struct story_clause *c, enum command_action action)
{
    bool late = story_has(c, STORY_OPT_TOO_LATE);
    struct down down = new_command(play, c->lane, action, late ? -1000 : COMMAND_MS);
    str_copy_cut(down.text, sizeof down.text,
                 str_c(story_has(c, STORY_OPT_BECAUSE) ? c->text : "as the story says"));
    if (c->plate[0]) {
        name_subject(&down, c->plate, c->vehicle ? c->vehicle : class_of(play, c->plate));
    }
    run_order(play->run, 0, &down);
    return true;
}

/* First who and since when, recorded; then the lane is told and asks for the fee. */
static bool declare(struct play *play, const struct story_clause *c)
{
    enum { WRITTEN_MS = 500 };
    struct event desk;
    const struct gate *gate = run_gate(play->run, 0);
    memset(&desk, 0, sizeof desk);
    for (int i = 0; gate && i < gate->config.lane_count; i++) {
        if (gate->lane[i].config.lane == c->lane) {
            desk.subject = gate->lane[i].visit.subject;
        }
    }
    if (!desk.subject.key[0]) {
        return play_fail(play, "nobody with a name stands at lane %d", c->lane);
    }
    desk.type = EVENT_ENTRY_DECLARED;
    desk.lane = c->lane;
    desk.entered = wall_add(run_wall(play->run), -c->time_ms);
    make_id(play, desk.session);
    memcpy(desk.by, "lan", 4);
    str_copy_cut(desk.text, sizeof desk.text, STR("the guard saw it come in"));
    str_copy_cut(desk.code, sizeof desk.code, STR("witness"));
    run_desk(play->run, 0, &desk);
    if (!play_until(play, run_now_ms(play->run) + WRITTEN_MS)) {
        return false;
    }
    struct down down = new_command(play, c->lane, COMMAND_SET_SUBJECT, COMMAND_MS);
    down.subject = desk.subject;
    down.subject.source = SOURCE_ATTENDANT;
    run_order(play->run, 0, &down);
    return true;
}

static bool staff(struct play *play, const struct story_clause *c)
{
    static const enum command_action modes[] = {COMMAND_HOLD_OPEN, COMMAND_HOLD_CLOSED,
                                                COMMAND_AUTOMATIC};
    switch ((int)c->verb) {
    case STORY_HAND_OPEN:
        return order(play, c, COMMAND_OPEN);
    case STORY_NAME_IT:
        remember(play, c->plate);
        return order(play, c, COMMAND_SET_SUBJECT);
    case STORY_CASH:
        return take_cash(play, c);
    case STORY_DEBT:
        return order(play, c, COMMAND_ALLOW_DEBT);
    case STORY_FORGIVE:
        return order(play, c, COMMAND_FORGIVE_PASSBACK);
    case STORY_OUT_OF_SERVICE:
        return order(play, c, c->choice ? COMMAND_OPEN_LANE : COMMAND_CLOSE_LANE);
    case STORY_MODE:
        return order(play, c, modes[c->choice]);
    case STORY_TURN:
        return order(play, c, c->choice ? COMMAND_DIRECTION_EXIT : COMMAND_DIRECTION_ENTRY);
    default:
        return declare(play, c);
    }
}

/* ---- lines and programs ---- */

static void live(struct play *play, const struct story_clause *c)
{
    enum { DIES, STARTS, RESTARTS };
    bool gate = c->verb == STORY_GATE;
    if (c->choice != STARTS) {
        if (gate) {
            run_gate_kill(play->run, 0);
        } else {
            run_server_kill(play->run);
        }
    }
    if (c->choice != DIES) {
        if (gate) {
            run_gate_start(play->run, 0);
        } else {
            run_server_start(play->run);
        }
    }
}

static bool fault(struct play *play, const struct story_clause *c)
{
    bool second = c->choice == 1; /* restored, twice, works, answers, set */
    switch ((int)c->verb) {
    case STORY_LINE:
        run_line(play->run, 0, second);
        break;
    case STORY_TWICE:
        run_messages(play->run, second ? 2 : 1);
        break;
    case STORY_GATE:
    case STORY_SERVER:
        live(play, c);
        break;
    case STORY_GATE_DISK:
        run_journal(play->run, 0, second ? 0 : DX_E_FULL);
        break;
    case STORY_SERVER_DISK:
        run_server_store(play->run, second ? 0 : DX_E_FULL);
        break;
    case STORY_MODULE:
        run_bus(play->run, 0, c->lane, second);
        break;
    default:
        run_gate_clock(play->run, 0, 0, !second);
        break;
    }
    return true;
}

/* ---- all of it ---- */

static bool people(struct play *play, const struct story_clause *c)
{
    struct street *street = &play->street;
    int64_t now = run_now_ms(play->run);
    switch ((int)c->verb) {
    case STORY_ARRIVE:
    case STORY_LEAVE:
        return arrive(play, c);
    case STORY_DRIVE_ON:
        return street_did(
            play, street_drive_on(street, now, c->lane, story_has(c, STORY_OPT_STOPS)), "drive on");
    case STORY_ROLL_BACK:
        return street_did(play, street_roll_back(street, now, c->lane), "roll back");
    case STORY_BACK_OUT:
        return street_did(play, street_back_out(street, now, c->lane), "back out");
    case STORY_WRONG_WAY:
        return street_did(play,
                          street_wrong_way(street, now, c->lane, story_has(c, STORY_OPT_STAYS)),
                          "drive the wrong way");
    case STORY_TRAILER:
        return street_did(play, street_trailer(street, now, c->lane), "a trailer follows");
    case STORY_CAMERA:
        return see(play, c);
    case STORY_CARD:
    case STORY_TICKET:
        return show_card(play, c);
    case STORY_NO_CODE:
        run_scan(play->run, 0, c->lane, STR("hello"));
        return true;
    case STORY_INPUT:
        return input(play, c);
    case STORY_FIRE:
        run_input(play->run, 0, c->lane > 0 ? c->lane : 1, INPUT_FIRE, c->choice == 0);
        return true;
    case STORY_ARM:
        return move_arm(play, c);
    case STORY_PAY:
        return pay(play, c);
    case STORY_TELL:
        return tell_again(play, c);
    case STORY_BANK_BACK:
        return take_back(play, c);
    default: /* WAIT */
        return play_until(play, now + c->time_ms);
    }
}

bool play_do(struct play *play, const struct story_clause *c)
{
    if (c->lane > play->lanes) {
        return play_fail(play, "there is no lane %d", c->lane);
    }
    if (c->verb >= STORY_LINE) {
        return fault(play, c);
    }
    return c->verb >= STORY_HAND_OPEN ? staff(play, c) : people(play, c);
}
