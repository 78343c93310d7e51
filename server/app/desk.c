#include "server/app/desk.h"

#include "proto/base/check.h"
#include "proto/io/log.h"
#include "proto/lot.h"
#include "server/app/shelf.h"

static int by_id(const void *a, const void *b)
{
    const struct desk_gate *x = a;
    const struct desk_gate *y = b;
    return strcmp(x->id, y->id);
}

static int lot_by_id(const void *a, const void *b)
{
    const struct app_lot *const *x = a;
    const struct app_lot *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

/* Of one account the first of the configuration comes first. */
static int lot_by_account(const void *a, const void *b)
{
    const struct app_lot *const *x = a;
    const struct app_lot *const *y = b;
    int order = strcmp((*x)->account, (*y)->account);
    return order ? order : (*x > *y) - (*x < *y);
}

static void sort_lots(struct desk *desk)
{
    const struct app_config *config = desk->config;
    for (int i = 0; i < config->lot_count; i++) {
        desk->lot_by_id[i] = desk->lot_by_account[i] = &config->lots[i];
    }
    size_t count = (size_t)config->lot_count;
    qsort(desk->lot_by_id, count, sizeof *desk->lot_by_id, lot_by_id);
    qsort(desk->lot_by_account, count, sizeof *desk->lot_by_account, lot_by_account);
}

int desk_init(struct desk *desk, struct store *store, const struct app_config *config,
              const struct app_ports *ports)
{
    memset(desk, 0, sizeof *desk);
    desk->store = store;
    desk->config = config;
    desk->ports = *ports;
    int count = 0;
    for (int i = 0; i < config->lot_count; i++) {
        count += config->lots[i].gate_count;
    }
    desk->gates = calloc((size_t)count + 1, sizeof *desk->gates);
    desk->space = malloc(STORE_NOTICE_MAX);
    desk->touched = calloc((size_t)count + 1, sizeof *desk->touched);
    desk->lots = calloc((size_t)config->lot_count + 1, sizeof *desk->lots);
    desk->lot_by_id = calloc((size_t)config->lot_count + 1, sizeof *desk->lot_by_id);
    desk->lot_by_account = calloc((size_t)config->lot_count + 1, sizeof *desk->lot_by_account);
    for (int i = 0; desk->lots && i < config->lot_count; i++) {
        desk->lots[i] = (struct desk_lot){.inside = UINT32_MAX, .config = true};
    }
    if (!desk->lots || !desk->gates || !desk->space || !desk->touched || !desk->lot_by_id ||
        !desk->lot_by_account) {
        desk_fini(desk);
        return DX_E_MEMORY;
    }
    sort_lots(desk);
    for (int i = 0; i < config->lot_count; i++) {
        const struct app_lot *lot = &config->lots[i];
        for (int g = 0; g < lot->gate_count; g++) {
            desk->gates[desk->gate_count++] = (struct desk_gate){.id = lot->gate[g], .lot = lot};
        }
    }
    qsort(desk->gates, (size_t)desk->gate_count, sizeof *desk->gates, by_id);
    return 0;
}

static void drop_speech(struct desk *desk, int from)
{
    for (int i = from; i < desk->speech_count; i++) {
        free(desk->speech[i].body);
        free(desk->speech[i].down);
    }
    desk->speech_count = from;
}

void desk_fini(struct desk *desk)
{
    drop_speech(desk, 0);
    shelf_fini(desk);
    free(desk->speech);
    free(desk->changes);
    free(desk->gates);
    free(desk->touched);
    free(desk->lots);
    free(desk->lot_by_id);
    free(desk->lot_by_account);
    free(desk->space);
    memset(desk, 0, sizeof *desk);
}

static int put_places(struct desk *desk)
{
    int error = 0;
    const struct app_config *config = desk->config;
    for (int i = 0; i < config->operator_count && !error; i++) {
        error = store_put_operator(desk->store, config->operators[i].id, config->operators[i].name);
    }
    for (int i = 0; i < config->lot_count && !error; i++) {
        const struct app_lot *lot = &config->lots[i];
        const struct store_lot row = {lot->id,           lot->operator_id,
                                      lot->name,         lot->address,
                                      lot->ward,         lot->bin,
                                      lot->account,      lot->account_name,
                                      lot->capacity_car, lot->capacity_motorbike};
        error = store_put_lot(desk->store, &row);
    }
    for (int i = 0; i < desk->gate_count && !error; i++) {
        error = store_put_gate(desk->store, desk->gates[i].id, desk->gates[i].lot->id);
    }
    return error;
}

static int load_cursors(struct desk *desk)
{
    int error = 0;
    for (int i = 0; i < desk->gate_count && !error; i++) {
        struct store_gate row;
        struct desk_gate *gate = &desk->gates[i];
        error = store_get_gate(desk->store, gate->id, &row);
        if (!error) {
            gate->generation = gate->generation_kept = row.generation;
            gate->high = gate->high_kept = row.high;
        }
    }
    return error;
}

int desk_open(struct desk *desk)
{
    int error = desk_begin(desk);
    if (error) {
        return error;
    }
    error = put_places(desk);
    error = error ? error : load_cursors(desk);
    error = error ? error : shelf_look(desk);
    /* Whatever was not answered is said again, to gates that may have waited for us. */
    error = error ? error : store_hurry(desk->store, NULL, desk->now);
    if (error) {
        desk_rollback(desk);
        return error;
    }
    desk->notices_waiting = true;
    desk->next_chores = wall_add(desk->now, APP_CHORES_MS / 60);
    return desk_commit(desk);
}

/* ---- a group ---- */

int desk_begin(struct desk *desk)
{
    int error = store_begin(desk->store);
    /* Behind the lock: what is written with this time is committed before anybody else writes. */
    desk->now = desk->ports.wall(desk->ports.context);
    desk->mono = desk->ports.mono(desk->ports.context);
    if (!error && desk->uncertain) {
        error = load_cursors(desk);
        desk->uncertain = error != 0;
    }
    if (error) {
        desk_rollback(desk); /* whatever was begun in spite of it */
    }
    return error;
}

static struct desk_gate *touched(const struct desk *desk, int i)
{
    return &desk->gates[desk->touched[i]];
}

void desk_touch(struct desk *desk, struct desk_gate *gate)
{
    if (!gate->touched) {
        gate->touched = true;
        desk->touched[desk->touched_count++] = (int)(gate - desk->gates);
    }
}

static void touch_none(struct desk *desk)
{
    for (int i = 0; i < desk->touched_count; i++) {
        touched(desk, i)->touched = false;
    }
    desk->touched_count = 0;
}

int desk_commit(struct desk *desk)
{
    int error = 0;
    for (int i = 0; i < desk->touched_count && !error; i++) {
        struct desk_gate *gate = touched(desk, i);
        if (gate->cursor_moved) {
            error = store_set_cursor(desk->store, gate->id, gate->generation, gate->high);
        }
    }
    error = error ? error : store_next_time(desk->store, &desk->next_message);
    error = error ? error : store_commit(desk->store);
    if (error) {
        desk_rollback(desk);
        desk->uncertain = true; /* it may be on the disk although it was said to have failed */
        return error;
    }
    for (int i = 0; i < desk->touched_count; i++) {
        struct desk_gate *gate = touched(desk, i);
        gate->cursor_moved = false;
        gate->generation_kept = gate->generation;
        gate->high_kept = gate->high;
    }
    return 0;
}

void desk_rollback(struct desk *desk)
{
    store_rollback(desk->store);
    desk->earn_at = (wall_t){0};
    for (int i = 0; i < desk->touched_count; i++) {
        struct desk_gate *gate = touched(desk, i);
        gate->generation = gate->generation_kept;
        gate->high = gate->high_kept;
        gate->cursor_moved = false;
        gate->acknowledge = 0;
        gate->ask_gap = false;
    }
    touch_none(desk);
    drop_speech(desk, 0);
    desk->change_count = 0;
}

/* `down` NULL: as text alone. */
static void publish(struct desk *desk, const struct desk_gate *gate, const struct down *down,
                    struct str body)
{
    char topic[TOPIC_CAP];
    int error;
    if (down && desk->ports.publish_down) {
        error = desk->ports.publish_down(desk->ports.context, gate->id, down);
    } else {
        must(topic_write(topic, gate->lot->id, gate->id, TOPIC_DOWN) == 0);
        error = desk->ports.publish(desk->ports.context, topic, body);
    }
    if (error && error != DX_E_LINK) {
        log_warn("mqtt.publish_failed", "gate=%s error=%s", gate->id, dx_error_name(error));
    }
}

static void say_small(struct desk *desk, const struct desk_gate *gate, const struct down *down)
{
    char space[256];
    struct out out;
    out_init(&out, space, sizeof space);
    if (!desk->ports.publish_down) {
        down_write(&out, down);
        must(!out_failed(&out));
    }
    publish(desk, gate, down, out_str(&out));
}

static void say_place(struct desk *desk, struct desk_gate *gate)
{
    struct down down = {.type = DOWN_ACK, .generation = gate->generation, .seq = gate->acknowledge};
    if (gate->acknowledge > 0 && gate->generation > 0) {
        say_small(desk, gate, &down);
    }
    gate->acknowledge = 0;
    if (gate->ask_gap) {
        gate->ask_gap = false;
        gate->gap_asked = desk->mono;
        down = (struct down){
            .type = DOWN_GAP, .generation = gate->gap_generation, .seq = gate->gap_from};
        say_small(desk, gate, &down);
    }
}

void desk_speak(struct desk *desk)
{
    for (int i = 0; i < desk->touched_count; i++) {
        say_place(desk, touched(desk, i));
    }
    touch_none(desk);
    for (int i = 0; i < desk->speech_count; i++) {
        struct desk_speech *speech = &desk->speech[i];
        publish(desk, speech->gate, speech->down, (struct str){speech->body, speech->n});
    }
    drop_speech(desk, 0);
    for (int i = 0; i < desk->change_count && desk->ports.on_change; i++) {
        desk->ports.on_change(desk->ports.context, &desk->changes[i]);
    }
    desk->change_count = 0;
}

struct desk_mark desk_mark(const struct desk *desk, const struct desk_gate *gate)
{
    struct desk_mark mark = {desk->speech_count, desk->change_count, -1, {0}};
    if (gate) {
        mark.gate = (int)(gate - desk->gates);
        mark.kept = *gate;
    }
    return mark;
}

void desk_undo(struct desk *desk, const struct desk_mark *mark)
{
    drop_speech(desk, mark->speech_count);
    desk->change_count = mark->change_count;
    if (mark->gate >= 0) {
        desk->gates[mark->gate] = mark->kept;
    }
}

bool desk_is_refusal(int error)
{
    return error != 0 && dx_error_class(error) == DX_CLASS_REJECT;
}

/* ---- what scripts use ---- */

struct desk_gate *desk_find_gate(struct desk *desk, const char *id)
{
    const struct desk_gate key = {.id = id};
    return bsearch(&key, desk->gates, (size_t)desk->gate_count, sizeof *desk->gates, by_id);
}

const struct app_lot *desk_find_lot(const struct desk *desk, const char *id)
{
    struct app_lot lot;
    const struct app_lot *key = &lot;
    if (str_copy(lot.id, sizeof lot.id, str_c(id)) != 0) {
        return NULL;
    }
    const struct app_lot **found = bsearch(&key, desk->lot_by_id, (size_t)desk->config->lot_count,
                                           sizeof *desk->lot_by_id, lot_by_id);
    return found ? *found : NULL;
}

const struct app_lot *desk_find_account(const struct desk *desk, const char *account)
{
    int low = 0;
    int high = desk->config->lot_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (strcmp(desk->lot_by_account[middle]->account, account) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found =
        low < desk->config->lot_count && strcmp(desk->lot_by_account[low]->account, account) == 0;
    return found ? desk->lot_by_account[low] : NULL;
}

void desk_ulid(struct desk *desk, char out[ULID_CAP])
{
    uint8_t random[ULID_RANDOM_SIZE];
    desk->ports.random(desk->ports.context, random, sizeof random);
    ulid_make(out, desk->now, random);
}

/* Room for one more element; the array may move. */
static int grow(void **array, int count, int *cap, size_t size)
{
    if (count < *cap) {
        return 0;
    }
    int more = *cap ? *cap * 2 : 64;
    void *grown = realloc(*array, (size_t)more * size);
    if (!grown) {
        return DX_E_MEMORY;
    }
    *array = grown;
    *cap = more;
    return 0;
}

int desk_say_down(struct desk *desk, const struct desk_gate *gate, const struct down *down,
                  struct str body)
{
    void *array = desk->speech;
    int error = grow(&array, desk->speech_count, &desk->speech_cap, sizeof *desk->speech);
    desk->speech = array;
    struct desk_speech speech = {gate, NULL, body.n, NULL};
    bool by_value = down && desk->ports.publish_down;
    speech.body = error ? NULL : malloc(body.n + 1);
    speech.down = by_value ? malloc(sizeof *down) : NULL;
    if (!speech.body || (by_value && !speech.down)) {
        free(speech.body);
        free(speech.down);
        return DX_E_MEMORY;
    }
    memcpy(speech.body, body.p, body.n);
    if (speech.down) {
        *speech.down = *down;
    }
    desk->speech[desk->speech_count++] = speech;
    return 0;
}

int desk_say(struct desk *desk, const struct desk_gate *gate, struct str body)
{
    return desk_say_down(desk, gate, NULL, body);
}

void desk_mark_inside(struct desk *desk, const struct session *session)
{
    const struct app_lot *lot = desk_find_lot(desk, session->lot);
    if (lot) {
        desk->lots[lot - desk->config->lots].inside |= UINT32_C(1) << lot_bucket_of(session->id);
    }
}

void desk_tell(struct desk *desk, enum change_kind kind, const struct desk_gate *gate, int lane,
               const struct session *session, const char *id, const char *word)
{
    if (kind == CHANGE_SESSION && session) {
        desk_mark_inside(desk, session);
    }
    void *array = desk->changes;
    int error = grow(&array, desk->change_count, &desk->change_cap, sizeof *desk->changes);
    desk->changes = array;
    if (error || !desk->ports.on_change) {
        return; /* a page misses a nudge; it asks again by itself */
    }
    struct change *change = &desk->changes[desk->change_count++];
    memset(change, 0, sizeof *change);
    change->kind = kind;
    change->lane = lane;
    if (gate) {
        str_copy_cut(change->lot, sizeof change->lot, str_c(gate->lot->id));
        str_copy_cut(change->gate, sizeof change->gate, str_c(gate->id));
    } else if (session) {
        memcpy(change->lot, session->lot, sizeof change->lot);
    }
    if (session) {
        memcpy(change->session, session->id, sizeof change->session);
        memcpy(change->token, session->token, sizeof change->token);
    }
    str_copy_cut(change->id, sizeof change->id, str_c(id));
    str_copy_cut(change->word, sizeof change->word, str_c(word));
}

int desk_review(struct desk *desk, const struct store_review *where, const struct review *review)
{
    int error = store_add_review(desk->store, where, review, desk->now);
    if (!error) {
        desk_tell(desk, CHANGE_REVIEW, where->gate[0] ? desk_find_gate(desk, where->gate) : NULL,
                  where->lane, NULL, "", review_text(review->kind));
    }
    return error;
}

int desk_alarm(struct desk *desk, const struct desk_gate *gate, int lane, const char *code,
               const char *detail)
{
    bool changed = false;
    int error = store_raise_alarm(desk->store, gate->lot->id, gate->id, lane, code, detail,
                                  desk->now, &changed);
    if (!error && changed) {
        log_warn("alarm.raised", "gate=%s lane=%d code=%s", gate->id, lane, code);
        desk_tell(desk, CHANGE_ALARM, gate, lane, NULL, "", code);
    }
    return error;
}

int desk_clear_alarm(struct desk *desk, const struct desk_gate *gate, int lane, const char *code)
{
    bool changed = false;
    int error = store_clear_alarm(desk->store, gate->id, lane, code, desk->now, &changed);
    if (!error && changed) {
        log_info("alarm.cleared", "gate=%s lane=%d code=%s", gate->id, lane, code);
        desk_tell(desk, CHANGE_ALARM, gate, lane, NULL, "", code);
    }
    return error;
}

int desk_set_aside(struct desk *desk, const char *source, const char *reason, struct str bytes)
{
    int error = store_set_aside(desk->store, desk->now, source, reason, bytes);
    if (!error) {
        log_warn("message.set_aside", "source=%s bytes=%zu reason=\"%s\"", source, bytes.n, reason);
        desk_tell(desk, CHANGE_QUARANTINE, NULL, 0, NULL, "", "");
    }
    return error;
}

int desk_post(struct desk *desk, const struct app_lot *lot, const struct ledger_tx *tx)
{
    int error = store_post(desk->store, tx);
    if (error == DX_E_EXISTS) {
        return 0;
    }
    if (error == DX_E_DIFFERENT) {
        const struct desk_gate *gate =
            lot && lot->gate_count > 0 ? desk_find_gate(desk, lot->gate[0]) : NULL;
        log_error("ledger.different", "tx=%s", tx->id);
        error = gate ? desk_alarm(desk, gate, 0, "ledger.different", tx->id) : 0;
    }
    return error;
}
