/*
 * ask.h - a request of another thread to the writer, and the wait for its answer.
 *
 * The asker and the writer hold it both; who comes last frees it.  An asker that
 * has waited long enough goes away and marks it: then the writer leaves it undone,
 * unless it is being done this moment.
 */
#ifndef DOXE_SERVER_ASK_H
#define DOXE_SERVER_ASK_H

#include "server/app/desk.h"

#include <pthread.h>

enum ask_kind { ASK_COMMAND, ASK_REVIEW_CLOSE, ASK_ALARM_CLEAR, ASK_SCRIPT };

struct ask {
    enum ask_kind kind;
    struct app_command command; /* ALARM_CLEAR uses gate and lane; REVIEW_CLOSE uses by */
    char code[MSG_NAME_CAP];    /* ALARM_CLEAR */
    int64_t review;
    char ret_id[ULID_CAP];                         /* COMMAND */
    int (*script)(struct desk *desk, void *cargo); /* SCRIPT */
    void *cargo;                                   /* SCRIPT: the ask's own, freed with it */
    /* between the two threads */
    pthread_mutex_t lock;
    pthread_cond_t answered;
    int holders;
    bool done, abandoned;
    int result;
};

DX_MUST_USE int ask_new(enum ask_kind kind, struct ask **ret_ask);
struct ask *ask_hold(struct ask *ask);
void ask_release(struct ask *ask);
bool ask_is_answered(struct ask *ask);
/* The answer, or DX_E_TIMEOUT. */
DX_MUST_USE int ask_wait(struct ask *ask, int64_t wait_ms);
void ask_answer(struct ask *ask, int result);

/*
 * In the writer's transaction: does it.  An error of the database is returned;
 * a refusal is *ret_result, the answer.
 */
DX_MUST_USE int ask_run(struct ask *ask, struct desk *desk, int *ret_result);

/* Posts it and waits; app.c. */
struct app;
DX_MUST_USE int app_ask(struct app *app, struct ask *ask);
/*
 * Runs a script in the writer's transaction and waits for its answer.  `cargo` (a plain
 * value of `size` bytes) goes to it as a copy and comes back when it was answered; on
 * DX_E_TIMEOUT it is untouched, and the script may still run.  What the script
 * returns is the answer; errors of the database are tried again by the writer, so a
 * script leaves what it was given in the cargo as it was and only adds its results.
 */
DX_MUST_USE int app_run_script(struct app *app, int (*script)(struct desk *desk, void *cargo),
                               void *cargo, size_t size);
struct desk *app_desk(struct app *app);

/* A second handle for reading, one reader at a time. */
struct ask_reader {
    pthread_mutex_t lock;
    struct store *store; /* NULL: closed */
};
DX_MUST_USE int ask_reader_open(struct ask_reader *reader, const char *path);
void ask_reader_close(struct ask_reader *reader);
struct ask_reader *app_reader(struct app *app);

#endif
