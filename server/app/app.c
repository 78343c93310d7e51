/* app.c - the writer's queue, its turns, and the answers to those who wait. */
#include "server/app/app.h"

#include "proto/base/check.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "server/app/ask.h"
#include "server/app/publish.h"
#include "server/app/pass.h"
#include "server/app/inbox.h"
#include "server/app/money.h"
#include "server/app/scripts.h"
#include "server/app/values.h"
#include "server/app/shelf.h"

#include <pthread.h>
#include <stdatomic.h>

enum item_kind { ITEM_WAKE, ITEM_MESSAGE, ITEM_EVENT, ITEM_CONNECTED, ITEM_ASK, ITEM_PAGE };

/* What travels through the mailbox; made by the sender, freed by the writer. */
struct item {
    enum item_kind kind;
    struct ask *ask;
    int result; /* of the ask, told after the commit */
    size_t topic_n, payload_n;
    char bytes[]; /* topic, then payload */
};

struct app {
    struct mailbox *box;
    struct desk desk;
    struct store *store;
    char *database;
    struct ask_reader reader;
    struct inbox inbox;
    int count; /* taken and not committed yet */
    struct item *item[APP_GROUP_MAX];
    bool stuck; /* the group failed before: said once */
    atomic_bool closed;
};

static const char *const change_words[] = {
#define X(name, word, sentence) word,
    CHANGES(X)
#undef X
};

const char *change_kind_text(enum change_kind kind)
{
    must(kind < CHANGE_KIND_COUNT);
    return change_words[kind];
}

/* ---- life ---- */

static int fail(char *why, size_t cap, const char *what, int error)
{
    snprintf(why, cap, "%s: %s", what, dx_error_text(error));
    return error;
}

static int open_database(struct app *app, const struct app_config *config,
                         const struct app_ports *ports, char *why, size_t cap)
{
    int version = 0;
    int error = store_open(config->database, &app->store);
    if (error) {
        return fail(why, cap, config->database, error);
    }
    error = store_migrate(app->store, STORE_LATEST, ports->wall(ports->context), &version);
    if (error) {
        return fail(why, cap, "bringing the database up to date", error);
    }
    error = desk_init(&app->desk, app->store, config, ports);
    error = error ? error : desk_open(&app->desk);
    if (error) {
        return fail(why, cap, "writing lots and gates into the database", error);
    }
    error = ask_reader_open(&app->reader, config->database);
    error = error ? error : inbox_open(&app->inbox, config->database, INBOX_BUSY_MS);
    if (error) {
        return fail(why, cap, "opening the database again", error);
    }
    log_info("database.open", "schema=%d gates=%d", version, app->desk.gate_count);
    struct ledger_head head;
    char anchor[LEDGER_ANCHOR_CAP];
    error = store_get_ledger_head(app->store, &head);
    if (error) {
        return fail(why, cap, "reading the end of the ledger", error);
    }
    ledger_anchor_write(&head, anchor);
    log_info("ledger.head", "anchor=%s", anchor); /* the log is another place: ledger verify */
    return 0;
}

int app_start(const struct app_config *config, const struct app_ports *ports, char *why, size_t cap,
              struct app **ret_app)
{
    struct app *app = calloc(1, sizeof *app);
    if (!app) {
        return fail(why, cap, "start", DX_E_MEMORY);
    }
    int error = mailbox_new(sizeof(struct item *), APP_QUEUE_MAX, &app->box);
    if (error) {
        fail(why, cap, "start", error);
    } else {
        error = open_database(app, config, ports, why, cap);
    }
    /* What a crash left between "stored" and "applied". */
    while (!error && app->desk.notices_waiting) {
        error = app_turn(app, (mono_t){0});
        if (error) {
            fail(why, cap, "applying the bank notices that were left", error);
        }
    }
    if (error) {
        app_stop(app);
        return error;
    }
    *ret_app = app;
    return 0;
}

static void free_item(struct item *item)
{
    if (item->ask) {
        ask_release(item->ask);
    }
    free(item);
}

static void give_up(struct item *item)
{
    if (item->ask) {
        ask_answer(item->ask, DX_E_TIMEOUT);
    }
    free_item(item);
}

void app_close(struct app *app)
{
    struct item *item;
    atomic_store(&app->closed, true);
    for (int i = 0; i < app->count; i++) {
        give_up(app->item[i]);
    }
    app->count = 0;
    while (app->box && mailbox_take(app->box, (mono_t){0}, &item) == 0) {
        give_up(item);
    }
}

void app_stop(struct app *app)
{
    if (!app) {
        return;
    }
    app_close(app);
    mailbox_free(app->box);
    ask_reader_close(&app->reader);
    inbox_close(&app->inbox);
    desk_fini(&app->desk);
    store_close(app->store);
    free(app);
}

struct desk *app_desk(struct app *app)
{
    return &app->desk;
}

struct inbox *app_inbox(struct app *app)
{
    return &app->inbox;
}

struct ask_reader *app_reader(struct app *app)
{
    return &app->reader;
}

/* ---- the queue ---- */

static struct item *new_item(enum item_kind kind, struct str topic, struct str payload)
{
    struct item *item = malloc(sizeof *item + topic.n + payload.n);
    if (item) {
        *item = (struct item){.kind = kind, .topic_n = topic.n, .payload_n = payload.n};
        if (topic.n) {
            memcpy(item->bytes, topic.p, topic.n);
        }
        if (payload.n) {
            memcpy(item->bytes + topic.n, payload.p, payload.n);
        }
    }
    return item;
}

static int post(struct app *app, struct item *item)
{
    if (!item) {
        return DX_E_MEMORY;
    }
    int error = mailbox_post(app->box, &item);
    if (error) {
        free_item(item);
    }
    return error;
}

int app_post_message(struct app *app, struct str topic, struct str payload)
{
    return post(app, new_item(ITEM_MESSAGE, topic, payload));
}

int app_post_event(struct app *app, const struct event *event)
{
    if (!desk_find_gate(&app->desk, event->gate)) {
        return DX_E_NOT_FOUND;
    }
    const struct str bytes = {(const char *)event, sizeof *event};
    return post(app, new_item(ITEM_EVENT, STR(""), bytes));
}

void app_post_connected(struct app *app, bool connected)
{
    if (connected) {
        (void)!post(app, new_item(ITEM_CONNECTED, STR(""), STR("")));
    }
}

void app_wake(struct app *app)
{
    (void)!post(app, new_item(ITEM_WAKE, STR(""), STR(""))); /* a full queue is awake anyway */
}

const uint8_t *app_case_key(struct app *app)
{
    return app->desk.config->case_key;
}

void app_note_page(struct app *app, struct str token)
{
    (void)!post(app, new_item(ITEM_PAGE, token, STR("")));
}

int app_ask(struct app *app, struct ask *ask)
{
    struct item *item = new_item(ITEM_ASK, STR(""), STR(""));
    if (!item) {
        return DX_E_MEMORY;
    }
    item->ask = ask_hold(ask);
    int error = post(app, item);
    if (error) {
        return error;
    }
    while (app->desk.ports.single_thread && !ask_is_answered(ask)) {
        error = app_turn(app, (mono_t){0});
        if (error) {
            return error;
        }
    }
    /* Closed before this look: nobody answers any more.  After it: app_close finds the item. */
    return ask_wait(ask, atomic_load(&app->closed) ? 0 : APP_ANSWER_MS);
}

/* ---- a turn ---- */

static bool outbox_is_due(const struct app *app)
{
    const struct desk *desk = &app->desk;
    return desk->next_message.ms != 0 &&
           desk->next_message.ms <= desk->ports.wall(desk->ports.context).ms;
}

static bool chores_are_due(const struct app *app)
{
    const struct desk *desk = &app->desk;
    return desk->next_chores.ms <= desk->ports.wall(desk->ports.context).ms;
}

bool app_has_work(struct app *app)
{
    return app->count > 0 || mailbox_count(app->box) > 0 || app->desk.notices_waiting ||
           atomic_load(&app->inbox.news) || outbox_is_due(app) || chores_are_due(app);
}

wall_t app_deadline(const struct app *app)
{
    return app->desk.next_message;
}

/* The next item is waited for until then; what comes with it is taken along. */
static void collect(struct app *app, mono_t until)
{
    const struct desk *desk = &app->desk;
    mono_t now = desk->ports.mono(desk->ports.context);
    if (desk->notices_waiting || mono_reached(now, until)) {
        until = (mono_t){0};
    } else if (desk->next_message.ms != 0) {
        wall_t wall = desk->ports.wall(desk->ports.context);
        int64_t wait_ms = wall_diff(desk->next_message, wall);
        until = mono_min(until, mono_add(now, wait_ms > 0 ? wait_ms : 0));
    }
    while (app->count < APP_GROUP_MAX &&
           mailbox_take(app->box, until, &app->item[app->count]) == 0) {
        app->count++;
        until = (mono_t){0};
    }
}

static int run_item(struct app *app, struct item *item)
{
    struct desk *desk = &app->desk;
    struct str topic = {item->bytes, item->topic_n};
    struct str payload = {item->bytes + item->topic_n, item->payload_n};
    struct event event;
    switch (item->kind) {
    case ITEM_WAKE:
        return 0;
    case ITEM_CONNECTED:
        publish_all_again(desk); /* a broker may have forgotten what it retained */
        return store_hurry(desk->store, NULL, desk->now);
    case ITEM_MESSAGE:
        return on_message(desk, topic, payload);
    case ITEM_EVENT:
        memcpy(&event, payload.p, sizeof event);
        return on_event(desk, &event);
    case ITEM_ASK:
        return ask_run(item->ask, desk, &item->result);
    case ITEM_PAGE:
        return money_request_page(desk, topic);
    }
    return 0;
}

static int run_group(struct app *app)
{
    struct desk *desk = &app->desk;
    bool notices = desk->notices_waiting;
    bool due = outbox_is_due(app);
    bool chores = chores_are_due(app);
    inbox_make_way(&app->inbox);
    int error = desk_begin(desk);
    if (error) {
        return error;
    }
    /* Notices of earlier groups came before these messages: money before the exit counts so. */
    if (notices) {
        error = on_notices(desk);
    }
    for (int i = 0; i < app->count && !error; i++) {
        error = run_item(app, app->item[i]);
    }
    if (!error && due) {
        error = on_outbox(desk);
    }
    if (!error && chores) {
        error = on_chores(desk);
    }
    error = error ? error : on_earn(desk);
    if (error) {
        desk_rollback(desk);
    } else {
        error = desk_commit(desk);
    }
    if (error) {
        desk->notices_waiting = desk->notices_waiting || notices;
    } else if (chores) {
        desk->next_chores = wall_add(desk->now, APP_CHORES_MS);
    }
    return error;
}

static bool only_wakes(const struct app *app)
{
    for (int i = 0; i < app->count; i++) {
        if (app->item[i]->kind != ITEM_WAKE) {
            return false;
        }
    }
    return true;
}

static void finish(struct app *app)
{
    for (int i = 0; i < app->count; i++) {
        if (app->item[i]->kind == ITEM_ASK) {
            ask_answer(app->item[i]->ask, app->item[i]->result);
        }
        free_item(app->item[i]);
    }
    app->count = 0;
}

/* What people or other programs have put into the database for the lots. */
static void look_around(struct app *app)
{
    int error = shelf_look(&app->desk);
    if (error) {
        log_error("tariff.look", "error=%s", dx_error_name(error)); /* again in the next turn */
    }
    publish_look(&app->desk);
}

int app_turn(struct app *app, mono_t until)
{
    if (app->count == 0) {
        collect(app, until);
    }
    const struct desk *desk = &app->desk;
    if (inbox_has_news(&app->inbox, app->store, desk->ports.mono(desk->ports.context))) {
        app->desk.notices_waiting = true; /* applied in this group: it is durable already */
    }
    if (only_wakes(app) && !app->desk.notices_waiting && !outbox_is_due(app) &&
        !chores_are_due(app)) {
        finish(app);
        look_around(app);
        return 0;
    }
    int error = run_group(app);
    if (error) {
        if (!app->stuck) {
            log_error("database.failed", "error=%s messages=%d text=\"%s\"", dx_error_name(error),
                      app->count, store_message(app->store));
        }
        app->stuck = true;
        return error;
    }
    if (app->stuck) {
        log_info("database.works_again", "messages=%d", app->count);
        app->stuck = false;
    }
    desk_speak(&app->desk);
    finish(app);
    look_around(app);
    return 0;
}
