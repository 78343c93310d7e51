/* ask.c - requests to the writer, and what the other threads may call. */
#include "server/app/ask.h"

#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "server/app/scripts.h"
#include "server/store/store_cases.h"

int ask_new(enum ask_kind kind, struct ask **ret_ask)
{
    struct ask *ask = calloc(1, sizeof *ask);
    if (!ask) {
        return DX_E_MEMORY;
    }
    ask->kind = kind;
    ask->holders = 1;
    pthread_mutex_init(&ask->lock, NULL);
    clock_cond_init(&ask->answered);
    *ret_ask = ask;
    return 0;
}

struct ask *ask_hold(struct ask *ask)
{
    pthread_mutex_lock(&ask->lock);
    ask->holders++;
    pthread_mutex_unlock(&ask->lock);
    return ask;
}

void ask_release(struct ask *ask)
{
    pthread_mutex_lock(&ask->lock);
    bool last = --ask->holders == 0;
    pthread_mutex_unlock(&ask->lock);
    if (last) {
        pthread_cond_destroy(&ask->answered);
        pthread_mutex_destroy(&ask->lock);
        free(ask->cargo);
        free(ask);
    }
}

bool ask_is_answered(struct ask *ask)
{
    pthread_mutex_lock(&ask->lock);
    bool done = ask->done;
    pthread_mutex_unlock(&ask->lock);
    return done;
}

int ask_wait(struct ask *ask, int64_t wait_ms)
{
    mono_t until = mono_add(clock_mono(), wait_ms);
    pthread_mutex_lock(&ask->lock);
    while (!ask->done && !ask->abandoned) {
        int64_t left_ms = mono_diff(until, clock_mono());
        if (left_ms <= 0 || !clock_cond_wait(&ask->answered, &ask->lock, left_ms)) {
            ask->abandoned = !ask->done;
        }
    }
    int result = ask->done ? ask->result : DX_E_TIMEOUT;
    pthread_mutex_unlock(&ask->lock);
    return result;
}

void ask_answer(struct ask *ask, int result)
{
    pthread_mutex_lock(&ask->lock);
    ask->result = result;
    ask->done = true;
    pthread_cond_signal(&ask->answered);
    pthread_mutex_unlock(&ask->lock);
}

/* ---- in the writer ---- */

static int clear_alarm(struct ask *ask, struct desk *desk)
{
    bool changed = false;
    const struct desk_gate *gate = desk_find_gate(desk, ask->command.gate);
    if (!gate) {
        return DX_E_NOT_FOUND;
    }
    int error =
        store_clear_alarm(desk->store, gate->id, ask->command.lane, ask->code, desk->now, &changed);
    if (!error && changed) {
        desk_tell(desk, CHANGE_ALARM, gate, ask->command.lane, NULL, "", ask->code);
    }
    return error ? error : changed ? 0 : DX_E_NOT_FOUND;
}

/* Money in suspense needs two persons (on_proposal.c): one cannot close it away. */
static int check_review(struct ask *ask, struct desk *desk)
{
    struct store_review_row review;
    bool suspended = false;
    int error = store_get_review(desk->store, ask->review, &review);
    if (!error && review.open && review.credit[0]) {
        error = store_is_suspended(desk->store, review.credit, &suspended);
    }
    return error ? error : suspended ? DX_E_DENIED : 0;
}

static int close_review(struct ask *ask, struct desk *desk)
{
    int error = check_review(ask, desk);
    error =
        error ? error : store_close_review(desk->store, ask->review, ask->command.by, desk->now);
    if (!error) {
        desk_tell(desk, CHANGE_REVIEW, NULL, 0, NULL, "", "closed");
    }
    return error;
}

static int run(struct ask *ask, struct desk *desk)
{
    switch (ask->kind) {
    case ASK_COMMAND:
        return on_command(desk, &ask->command, ask->ret_id);
    case ASK_REVIEW_CLOSE:
        return close_review(ask, desk);
    case ASK_ALARM_CLEAR:
        return clear_alarm(ask, desk);
    case ASK_SCRIPT:
        return ask->script(desk, ask->cargo);
    }
    return DX_E_INVAL;
}

int ask_run(struct ask *ask, struct desk *desk, int *ret_result)
{
    pthread_mutex_lock(&ask->lock);
    bool abandoned = ask->abandoned;
    pthread_mutex_unlock(&ask->lock);
    if (abandoned) {
        *ret_result = DX_E_TIMEOUT;
        return 0;
    }
    struct desk_mark mark = desk_mark(desk, NULL);
    int error = store_savepoint(desk->store);
    if (error) {
        return error;
    }
    error = run(ask, desk);
    if (desk_is_refusal(error)) {
        store_rollback_savepoint(desk->store);
        desk_undo(desk, &mark);
        *ret_result = error;
        return 0;
    }
    if (error) {
        return error; /* the whole group is rolled back */
    }
    *ret_result = 0;
    return store_release(desk->store);
}

/* ---- for the other threads ---- */

int app_command(struct app *app, const struct app_command *command, char ret_id[ULID_CAP])
{
    struct ask *ask;
    int error = ask_new(ASK_COMMAND, &ask);
    if (error) {
        return error;
    }
    ask->command = *command;
    error = app_ask(app, ask);
    if (!error) {
        memcpy(ret_id, ask->ret_id, ULID_CAP);
        log_info("command.sent", "id=%s gate=%s lane=%d by=%s", ret_id, command->gate,
                 command->lane, command->by);
    }
    ask_release(ask);
    return error;
}

int app_review_close(struct app *app, int64_t review, const char *by)
{
    struct ask *ask;
    int error = ask_new(ASK_REVIEW_CLOSE, &ask);
    if (error) {
        return error;
    }
    ask->review = review;
    error = by[0] ? str_copy(ask->command.by, sizeof ask->command.by, str_c(by)) : DX_E_INVAL;
    error = error ? error : app_ask(app, ask);
    ask_release(ask);
    return error;
}

int app_alarm_clear(struct app *app, const char *gate, int lane, const char *code)
{
    struct ask *ask;
    int error = ask_new(ASK_ALARM_CLEAR, &ask);
    if (error) {
        return error;
    }
    ask->command.lane = lane;
    if (str_copy(ask->command.gate, sizeof ask->command.gate, str_c(gate)) != 0 ||
        str_copy(ask->code, sizeof ask->code, str_c(code)) != 0) {
        error = DX_E_NOT_FOUND;
    }
    error = error ? error : app_ask(app, ask);
    ask_release(ask);
    return error;
}

int app_run_script(struct app *app, int (*script)(struct desk *desk, void *cargo), void *cargo,
                   size_t size)
{
    struct ask *ask;
    int error = ask_new(ASK_SCRIPT, &ask);
    if (error) {
        return error;
    }
    ask->script = script;
    ask->cargo = malloc(size);
    if (!ask->cargo) {
        ask_release(ask);
        return DX_E_MEMORY;
    }
    memcpy(ask->cargo, cargo, size);
    error = app_ask(app, ask);
    if (!error) {
        memcpy(cargo, ask->cargo, size);
    }
    ask_release(ask);
    return error;
}
