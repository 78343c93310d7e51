#include "gate/io/journal_tidy.h"

#include "proto/io/db.h"
#include "proto/io/mailbox.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

struct journal_tidy {
    struct db *db;
    struct mailbox *box; /* of bool: stop */
    pthread_t thread;
    bool running;
    int log; /* the log's file; SQLite keeps no lock on it that a close would drop */
};

static void *work(void *context)
{
    struct journal_tidy *t = context;
    bool stop = false;
    while (!stop && mailbox_take(t->box, mono_never(), &stop) == 0) {
        if (!stop) {
            (void)!db_script(t->db, "PRAGMA wal_checkpoint(PASSIVE)");
        }
    }
    return NULL;
}

int journal_tidy_start(const char *path, struct journal_tidy **ret_tidy)
{
    struct journal_tidy *t = calloc(1, sizeof *t);
    if (!t) {
        return DX_E_MEMORY;
    }
    char log[512];
    snprintf(log, sizeof log, "%s-wal", path);
    t->log = open(log, O_RDONLY | O_CLOEXEC);
    int error = t->log < 0 ? DX_E_IO : mailbox_new(sizeof(bool), 2, &t->box);
    error = error ? error : db_open_another(path, 0, &t->db);
    error = error ? error : db_script(t->db, "PRAGMA cache_size = -64");
    if (!error) {
        t->running = pthread_create(&t->thread, NULL, work, t) == 0;
        error = t->running ? 0 : DX_E_IO;
    }
    if (error) {
        journal_tidy_stop(t);
        return error;
    }
    *ret_tidy = t;
    return 0;
}

int journal_tidy_sync(const struct journal_tidy *t)
{
    return fdatasync(t->log) == 0 ? 0 : DX_E_IO;
}

void journal_tidy_poke(struct journal_tidy *t)
{
    bool stop = false;
    (void)!mailbox_post(t->box, &stop); /* full: it is at it */
}

void journal_tidy_stop(struct journal_tidy *t)
{
    if (!t) {
        return;
    }
    if (t->running) {
        bool stop = true;
        mailbox_post_wait(t->box, &stop);
        pthread_join(t->thread, NULL);
    }
    if (t->log >= 0) {
        close(t->log);
    }
    db_close(t->db);
    mailbox_free(t->box);
    free(t);
}
