#include "server/app/inbox.h"

int inbox_open(struct inbox *inbox, const char *database, int busy_ms)
{
    int error = store_open_another(database, busy_ms, &inbox->store);
    if (!error) {
        pthread_mutex_init(&inbox->lock, NULL);
        pthread_mutex_init(&inbox->writing, NULL);
        pthread_cond_init(&inbox->quiet, NULL);
    }
    return error;
}

void inbox_close(struct inbox *inbox)
{
    if (inbox->store) {
        store_close(inbox->store);
        pthread_cond_destroy(&inbox->quiet);
        pthread_mutex_destroy(&inbox->writing);
        pthread_mutex_destroy(&inbox->lock);
        inbox->store = NULL;
    }
}

static void begin(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->wanting++;
    pthread_mutex_unlock(&inbox->lock);
    pthread_mutex_lock(&inbox->writing);
}

static void end(struct inbox *inbox)
{
    pthread_mutex_unlock(&inbox->writing);
    pthread_mutex_lock(&inbox->lock);
    if (--inbox->wanting == 0) {
        pthread_cond_signal(&inbox->quiet);
    }
    pthread_mutex_unlock(&inbox->lock);
}

static int write_all(struct inbox *inbox, const struct store_inbox_row *rows, int count,
                     const struct inbox_cursor *cursors, int cursor_count, int *added)
{
    int error = 0;
    for (int i = 0; i < count && !error; i++) {
        int64_t id = 0;
        error = store_add_inbox_row(inbox->store, &rows[i], &id);
        *added += error == 0;
        error = error == DX_E_EXISTS ? 0 : error;
    }
    for (int i = 0; i < cursor_count && !error; i++) {
        error = store_put_cursor(inbox->store, rows[0].provider, cursors[i].name, cursors[i].value,
                                 rows[0].received);
    }
    return error;
}

int inbox_add(struct inbox *inbox, const struct store_inbox_row *rows, int count,
              const struct inbox_cursor *cursors, int cursor_count, int *ret_new)
{
    int added = 0;
    begin(inbox);
    int error = store_begin(inbox->store);
    if (!error) {
        error = write_all(inbox, rows, count, cursors, cursor_count, &added);
    }
    if (!error) {
        error = store_commit(inbox->store);
    }
    if (error) {
        store_rollback(inbox->store); /* also a begin of which nobody knows whether it was done */
    }
    end(inbox);
    if (!error) {
        *ret_new = added;
        atomic_store(&inbox->news, true);
    }
    return error;
}

int inbox_get_cursor(struct inbox *inbox, const char *provider, const char *name,
                     int64_t *ret_value)
{
    pthread_mutex_lock(&inbox->writing);
    int error = store_get_cursor(inbox->store, provider, name, ret_value);
    pthread_mutex_unlock(&inbox->writing);
    return error;
}

void inbox_make_way(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    while (inbox->wanting > 0) {
        pthread_cond_wait(&inbox->quiet, &inbox->lock); /* at most INBOX_BUSY_MS each */
    }
    pthread_mutex_unlock(&inbox->lock);
}

bool inbox_has_news(struct inbox *inbox, struct store *store, mono_t now)
{
    bool has = false;
    if (atomic_exchange(&inbox->news, false)) {
        return true;
    }
    if (!mono_reached(now, inbox->look)) {
        return false;
    }
    inbox->look = mono_add(now, INBOX_LOOK_MS);
    return store_has_notice(store, &has) == 0 && has;
}
