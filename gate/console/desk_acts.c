/* POST /api/act: what is wished, whether it may be, and what became of it. */
#include "gate/console/desk_parts.h"
#include "gate/console/desk_keep.h"

/* ---- orders ---- */

struct desk_order *desk_new_command(const struct desk_visit *visit, int lane,
                                    enum command_action action)
{
    struct desk_order *order = calloc(1, sizeof *order);
    if (order) {
        order->kind = DESK_ORDER_COMMAND;
        order->lane = lane;
        order->down.type = DOWN_COMMAND;
        order->down.lane = lane;
        order->down.action = action;
        order->down.deadline = wall_add(visit->now, DESK_COMMAND_MS);
        desk_make_ulid(order->down.id, visit->now);
        memcpy(order->down.by, visit->login.who.name, sizeof order->down.by);
    }
    return order;
}

struct desk_order *desk_new_event(const struct desk_visit *visit, int lane, enum event_type type)
{
    struct desk_order *order = calloc(1, sizeof *order);
    if (order) {
        order->kind = DESK_ORDER_EVENT;
        order->lane = lane;
        order->event.type = type;
        order->event.lane = lane;
        memcpy(order->event.by, visit->login.who.name, sizeof order->event.by);
    }
    return order;
}

void desk_result_set(struct desk_result *result, const char *outcome, const char *text)
{
    result->outcome = outcome;
    str_copy_cut(result->text, sizeof result->text, str_c(text));
}

/* What the journal says about a command; false: nothing yet. */
static bool find_outcome(struct desk_book *book, const char *id, struct desk_result *result)
{
    static const char *const words[] = {"done", "late", "impossible"};
    struct db_row row;
    int error = db_query(book->db, &row,
                         "SELECT outcome, text FROM deed WHERE cause = ?1"
                         " AND type = 'command_done' LIMIT 1",
                         "t", id);
    bool found = !error && db_next(&row);
    if (found) {
        result->outcome = "done";
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (str_eq_c(db_text(&row, 0), words[i])) {
                result->outcome = words[i];
            }
        }
        str_copy_cut(result->text, sizeof result->text, db_text(&row, 1));
    }
    (void)!db_done(&row);
    return found;
}

void desk_command(struct desk_visit *visit, struct desk_order *order, struct desk_result *result)
{
    struct desk *desk = visit->desk;
    int count = 0;
    if (!order) {
        desk_result_set(result, "impossible", "memory");
        return;
    }
    memcpy(result->id, order->down.id, sizeof result->id);
    int error = desk_ask(desk, order);
    if (error) {
        desk_result_set(result, error == DX_E_TIMEOUT ? "waiting" : "impossible",
                        dx_error_text(error));
        return;
    }
    if (desk_book_catch_up(&desk->book, &count) || !find_outcome(&desk->book, result->id, result)) {
        desk_result_set(result, "waiting", "");
    }
}

void desk_deed(struct desk_visit *visit, struct desk_order *order, struct desk_result *result)
{
    int count = 0;
    int error = order ? desk_ask(visit->desk, order) : DX_E_MEMORY;
    if (error == DX_E_FULL || error == DX_E_TIMEOUT) {
        desk_result_set(result, "waiting", "the journal cannot be written now");
    } else if (error) {
        desk_result_set(result, "impossible", dx_error_text(error));
    } else {
        (void)!desk_book_catch_up(&visit->desk->book, &count);
        desk_result_set(result, "done", "");
    }
}

/* ---- acts that are one command ---- */

static void act_open(struct desk_visit *visit, const struct desk_wish *wish,
                     struct desk_result *result)
{
    struct desk *desk = visit->desk;
    char picture[DESK_PICTURE_CAP];
    bool other = strcmp(wish->reason, "other") == 0;
    if (!wish->reason[0] || (other && strlen(wish->text) < 3)) {
        desk_result_set(result, "wrong", "reason");
        return;
    }
    struct desk_order *order = desk_new_command(visit, wish->lane.lane, COMMAND_OPEN);
    if (order) {
        char text[MSG_TEXT_CAP + 40];
        snprintf(text, sizeof text, "%s%s%s", wish->reason, wish->text[0] ? ": " : "", wish->text);
        str_copy_cut(order->down.text, sizeof order->down.text, str_c(text));
    }
    desk_command(visit, order, result);
    desk_book_picture_last(&desk->book, wish->lane.lane, picture);
    if (picture[0] && desk_keep_picture(desk->config.pictures, picture) == 0) {
        (void)!desk_record(visit, wish->lane.lane, wish->lane.session, "picture_kept", picture);
    }
}

static void act_command(struct desk_visit *visit, const struct desk_wish *wish,
                        enum command_action action, struct desk_result *result)
{
    struct desk_order *order = desk_new_command(visit, wish->lane.lane, action);
    if (order) {
        memcpy(order->down.text, wish->text, sizeof order->down.text);
    }
    desk_command(visit, order, result);
}

static void act_debt(struct desk_visit *visit, const struct desk_wish *wish,
                     struct desk_result *result)
{
    const struct lane_display *d = &wish->lane.display;
    int64_t owed = d->amount_vnd > 0 ? d->amount_vnd : d->fee_vnd;
    bool above = owed > visit->desk->config.debt_limit_vnd;
    if (above && visit->login.who.role != DESK_ROLE_SUPERVISOR) {
        desk_result_set(result, "denied", "above the limit: a supervisor");
        return;
    }
    act_command(visit, wish, COMMAND_ALLOW_DEBT, result);
}

/* ---- acts that are one event ---- */

static void act_occupancy(struct desk_visit *visit, const struct desk_wish *wish,
                          struct desk_result *result)
{
    if (wish->from < -MSG_COUNT_MAX || wish->from > MSG_COUNT_MAX || wish->to < 0 ||
        wish->to > MSG_COUNT_MAX || wish->vehicle == VEHICLE_UNKNOWN || strlen(wish->text) < 3) {
        desk_result_set(result, "wrong", "text");
        return;
    }
    struct desk_order *order = desk_new_event(visit, 0, EVENT_OCCUPANCY_CORRECTED);
    if (order) {
        order->event.vehicle = wish->vehicle;
        order->event.count_from = (int)wish->from;
        order->event.count_to = (int)wish->to;
        memcpy(order->event.text, wish->text, sizeof order->event.text);
    }
    desk_deed(visit, order, result);
}

static void act_ack(struct desk_visit *visit, const struct desk_wish *wish,
                    struct desk_result *result)
{
    struct desk_order *order = desk_new_event(visit, wish->lane.lane, EVENT_ALARM_ACKED);
    if (order) {
        str_copy_cut(order->event.code, sizeof order->event.code, str_c(wish->code));
        memcpy(order->event.text, wish->text, sizeof order->event.text);
    }
    desk_deed(visit, order, result);
}

static void act_print(struct desk_visit *visit, const struct desk_wish *wish,
                      struct desk_result *result)
{
    int error = desk_record(visit, 0, wish->session, "print", wish->text);
    desk_result_set(result, error ? "impossible" : "done", error ? dx_error_text(error) : "");
}

/* ---- the device test: recorded first, done then ---- */

static void act_lamp(struct desk_visit *visit, const struct desk_wish *wish,
                     struct desk_result *result)
{
    enum output_role role;
    char text[MSG_TEXT_CAP];
    if (output_role_parse(str_c(wish->code), &role) || role == OUTPUT_OPEN ||
        role == OUTPUT_CLOSE || role == OUTPUT_STOP || role == OUTPUT_HOLD ||
        !(wish->lane.outputs & 1u << role)) {
        desk_result_set(result, "wrong", "output");
        return;
    }
    snprintf(text, sizeof text, "pulse %s", wish->code);
    int error = desk_record(visit, wish->lane.lane, "", "device_test", text);
    struct desk_order *order = error ? NULL : calloc(1, sizeof *order);
    if (order) {
        order->kind = DESK_ORDER_LAMP;
        order->lane = wish->lane.lane;
        order->output = role;
        error = desk_ask(visit->desk, order);
    }
    desk_result_set(result, error ? "impossible" : "done", error ? dx_error_text(error) : "");
}

/* Through the core, as any opening by hand: its interlocks, its record, its closing again. */
static void act_move(struct desk_visit *visit, const struct desk_wish *wish,
                     struct desk_result *result)
{
    if (!wish->confirm) {
        desk_result_set(result, "wrong", "confirm");
        return;
    }
    struct desk_order *order = desk_new_command(visit, wish->lane.lane, COMMAND_OPEN);
    if (order) {
        str_copy_cut(order->down.text, sizeof order->down.text, STR("device_test: move the arm"));
    }
    desk_command(visit, order, result);
}

static void act_scan(struct desk_visit *visit, const struct desk_wish *wish,
                     struct desk_result *result)
{
    struct desk *desk = visit->desk;
    int i = desk_lane_index(desk, wish->lane.lane);
    int error = desk_record(visit, wish->lane.lane, wish->lane.session, "card_wanted", "");
    if (!error) {
        pthread_mutex_lock(&desk->snap);
        memset(&desk->card[i], 0, sizeof desk->card[i]);
        desk->card[i].until = mono_add(visit->mono, DESK_CARD_MS);
        pthread_mutex_unlock(&desk->snap);
    }
    desk_result_set(result, error ? "impossible" : "done", error ? dx_error_text(error) : "");
}

/* ---- which is which ---- */

static void do_act(struct desk_visit *visit, const struct desk_wish *wish,
                   struct desk_result *result)
{
    switch (wish->act) {
    case DESK_ACT_OPEN:
        act_open(visit, wish, result);
        return;
    case DESK_ACT_CORRECT:
    case DESK_ACT_AMEND:
    case DESK_ACT_TICKET:
    case DESK_ACT_DECLARE:
    case DESK_ACT_LOST:
        desk_act_subject(visit, wish, result);
        return;
    case DESK_ACT_CASH:
    case DESK_ACT_PAY_FOR:
        desk_act_cash(visit, wish, result);
        return;
    case DESK_ACT_DEBT:
        act_debt(visit, wish, result);
        return;
    case DESK_ACT_PASSBACK:
        act_command(visit, wish, COMMAND_FORGIVE_PASSBACK, result);
        return;
    case DESK_ACT_HOLD_OPEN:
        act_command(visit, wish, COMMAND_HOLD_OPEN, result);
        return;
    case DESK_ACT_HOLD_CLOSED:
        act_command(visit, wish, COMMAND_HOLD_CLOSED, result);
        return;
    case DESK_ACT_AUTOMATIC:
        act_command(visit, wish, COMMAND_AUTOMATIC, result);
        return;
    case DESK_ACT_ENTRY:
        act_command(visit, wish, COMMAND_DIRECTION_ENTRY, result);
        return;
    case DESK_ACT_EXIT:
        act_command(visit, wish, COMMAND_DIRECTION_EXIT, result);
        return;
    case DESK_ACT_CLOSE_LANE:
        act_command(visit, wish, COMMAND_CLOSE_LANE, result);
        return;
    case DESK_ACT_OPEN_LANE:
        act_command(visit, wish, COMMAND_OPEN_LANE, result);
        return;
    case DESK_ACT_SCAN:
        act_scan(visit, wish, result);
        return;
    case DESK_ACT_SHIFT_OPEN:
    case DESK_ACT_SHIFT_CLOSE:
    case DESK_ACT_HAND_OVER:
        desk_act_shift(visit, wish, result);
        return;
    case DESK_ACT_OCCUPANCY:
        act_occupancy(visit, wish, result);
        return;
    case DESK_ACT_ACK:
        act_ack(visit, wish, result);
        return;
    case DESK_ACT_LAMP:
        act_lamp(visit, wish, result);
        return;
    case DESK_ACT_MOVE:
        act_move(visit, wish, result);
        return;
    case DESK_ACT_PRINT:
        act_print(visit, wish, result);
        return;
    case DESK_ACT_FIND:
    case DESK_ACT_COUNT:
        desk_result_set(result, "wrong", "act");
        return;
    }
}

/* ---- reading the wish ---- */

/* 0 when absent or when it fits; a text that does not fit is a mistake of the page. */
static int copy_text(const struct jdoc *body, const char *key, char *out, size_t cap)
{
    struct str text;
    int error = jdoc_get_str(body, key, &text);
    out[0] = '\0';
    return error == DX_E_NOT_FOUND ? 0 : error ? error : str_copy(out, cap, str_trim(text));
}

static int copy_number(const struct jdoc *body, const char *key, int64_t *out)
{
    int error = jdoc_get_i64_in(body, key, -MONEY_MAX_VND, MONEY_MAX_VND, out);
    return error == DX_E_NOT_FOUND ? 0 : error;
}

static int read_wish(const struct jdoc *body, struct desk_wish *wish)
{
    char word[33];
    int error = copy_text(body, "act", word, sizeof word);
    error = error ? error : desk_act_parse(str_c(word), &wish->act);
    error = error ? error : copy_text(body, "text", wish->text, sizeof wish->text);
    error = error ? error : copy_text(body, "reason", wish->reason, sizeof wish->reason);
    error = error ? error : copy_text(body, "plate", wish->plate, sizeof wish->plate);
    error = error ? error : copy_text(body, "session", wish->session, sizeof wish->session);
    error = error ? error : copy_text(body, "code", wish->code, sizeof wish->code);
    error = error ? error : copy_text(body, "check", wish->check, sizeof wish->check);
    error = error ? error : copy_text(body, "name", wish->name, sizeof wish->name);
    error = error ? error : copy_text(body, "secret", wish->secret, sizeof wish->secret);
    error = error ? error : copy_text(body, "vehicle", word, sizeof word);
    error = error ? error : vehicle_parse(str_c(word), &wish->vehicle);
    error = error ? error : copy_number(body, "amount_vnd", &wish->amount_vnd);
    error = error ? error : copy_number(body, "entered_ms", &wish->entered_ms);
    error = error ? error : copy_number(body, "from", &wish->from);
    error = error ? error : copy_number(body, "to", &wish->to);
    if (!error && jdoc_get_bool(body, "confirm", &wish->confirm)) {
        wish->confirm = false;
    }
    wish->body = body;
    return error;
}

static void write_result(struct desk_visit *visit, const struct desk_result *result)
{
    struct out *out = &visit->out;
    json_object(out, NULL);
    json_c(out, "outcome", result->outcome);
    json_c(out, "text", result->text);
    json_c(out, "id", result->id);
    json_c(out, "code", result->code);
    json_i64(out, "receipt", result->receipt);
    json_c(out, "shift", result->shift);
    json_object_end(out);
    desk_answer(visit, 200);
}

/* The lane the wish is about, as it is now; acts without one may name lane 0. */
static bool find_lane(struct desk_visit *visit, struct desk_wish *wish)
{
    int64_t lane = 0;
    int error = jdoc_get_i64_in(wish->body, "lane", 0, MSG_LANES_MAX, &lane);
    bool found = !error && desk_get_lane(visit->desk, lane, &wish->lane);
    return found || !desk_act_needs_lane(wish->act);
}

static void judge(struct desk_visit *visit, struct desk_wish *wish)
{
    struct desk_result result = {.outcome = "impossible"};
    if (!desk_act_is_for(wish->act, visit->login.who.role)) {
        desk_answer_error(visit, 403, "role");
        return;
    }
    if (!find_lane(visit, wish)) {
        desk_answer_error(visit, 404, "no_lane");
        return;
    }
    if (desk_act_needs_lane(wish->act) && !desk_act_makes_sense(wish->act, &wish->lane)) {
        desk_result_set(&result, "impossible", lane_state_text(wish->lane.state));
    } else {
        do_act(visit, wish, &result);
    }
    write_result(visit, &result);
    desk_poke(visit->desk);
}

void desk_answer_act(struct desk_visit *visit)
{
    struct jdoc *body = NULL;
    struct desk_wish wish;
    memset(&wish, 0, sizeof wish);
    if (jdoc_read(visit->request->body, &body, NULL) || read_wish(body, &wish)) {
        desk_answer_error(visit, 400, "body");
    } else {
        judge(visit, &wish);
    }
    dx_wipe(wish.secret, sizeof wish.secret);
    jdoc_release(body);
}

void desk_answer_outcome(struct desk_visit *visit)
{
    struct desk_result result = {.outcome = "waiting"};
    int count = 0;
    if (!ulid_is_valid(visit->segment)) {
        desk_answer_error(visit, 404, "not_found");
        return;
    }
    str_copy_cut(result.id, sizeof result.id, visit->segment);
    (void)!desk_book_catch_up(&visit->desk->book, &count);
    (void)find_outcome(&visit->desk->book, result.id, &result);
    write_result(visit, &result);
}
