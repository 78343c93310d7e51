/*
 * inbox.h - raw words of banks go to disk at once, beside the writer, and are applied later.
 *
 * A provider wants its answer within seconds and resends what is not answered; so
 * who receives a notice does not queue behind the gates' messages.  The inbox has a
 * writing handle of its own: one small transaction, durable when it returns.  The
 * writer makes way: before each of its groups it lets those who wait go first, so that
 * one waits for the group that runs, never for a queue.
 *
 * What lies in it is applied by the writer (on_notices), at the latest a second
 * later, also when another program put it there (doxe-server bank import).
 *
 * Any thread may add; only the writer calls inbox_make_way and inbox_has_news.
 */
#ifndef DOXE_SERVER_INBOX_H
#define DOXE_SERVER_INBOX_H

#include "server/store/store_bank.h"

#include <pthread.h>
#include <stdatomic.h>

enum { INBOX_BUSY_MS = 800, INBOX_LOOK_MS = 1000 };

struct inbox {
    pthread_mutex_t lock;    /* of wanting */
    pthread_cond_t quiet;    /* wanting became 0 */
    int wanting;             /* threads that write, or wait for it */
    pthread_mutex_t writing; /* of the handle */
    struct store *store;     /* NULL: closed */
    atomic_bool news;        /* something was added */
    mono_t look;             /* when the table is looked at though nothing was added here */
};

/* `busy_ms`: how long it waits for another program's transaction. */
DX_MUST_USE int inbox_open(struct inbox *inbox, const char *database, int busy_ms);
/* That of a running application: everybody in the program who adds uses this one. */
struct app;
struct inbox *app_inbox(struct app *app);
/* Closing what was never opened is fine, when it is all zeros. */
void inbox_close(struct inbox *inbox);

struct inbox_cursor {
    const char *name;
    int64_t value;
};
/*
 * All rows and cursors in one transaction; 0: durable.  A polled row that is there
 * already is left out: *ret_new counts the others.  DX_E_BUSY: the writer did not end in time.
 */
DX_MUST_USE int inbox_add(struct inbox *inbox, const struct store_inbox_row *rows, int count,
                          const struct inbox_cursor *cursors, int cursor_count, int *ret_new);
/* 0 when there is none. */
DX_MUST_USE int inbox_get_cursor(struct inbox *inbox, const char *provider, const char *name,
                                 int64_t *ret_value);

/* ---- for the writer ---- */

/* Outside of a transaction: lets those who want to add do so first. */
void inbox_make_way(struct inbox *inbox);
/* Was anything added since the last call?  Every INBOX_LOOK_MS `store` itself is asked. */
bool inbox_has_news(struct inbox *inbox, struct store *store, mono_t now);

#endif
