#include "server/io/asker.h"

#include "proto/io/clock_os.h"
#include "proto/io/json.h"

#include <pthread.h>
#include <stdlib.h>

struct asker {
    struct asker_tools tools;
    asker_look *look;
    int look_ms;
    struct fetch *fetch;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopping;
    bool stop;
};

void asker_take_text(const struct jdoc *root, const char *name, char *out, size_t cap)
{
    struct str text;
    if (jdoc_get_str(root, name, &text) == 0) {
        str_copy_cut(out, cap, text);
    }
}

int asker_post(struct asker *asker, const char *url, const char *key, const char *id,
               struct str body, int timeout_ms, struct fetch_answer *ret_answer)
{
    char bearer[SERVER_SECRET_CAP + 32];
    char once[64];
    snprintf(bearer, sizeof bearer, "Authorization: Bearer %s", key);
    snprintf(once, sizeof once, "Idempotency-Key: %s", id);
    const struct fetch_ask ask = {.url = url,
                                  .header = {once, key[0] ? bearer : NULL},
                                  .body = body,
                                  .timeout_ms = timeout_ms};
    return fetch_ask(asker->fetch, &ask, ret_answer);
}

bool asker_is_stopping(struct asker *asker)
{
    pthread_mutex_lock(&asker->lock);
    bool stop = asker->stop;
    pthread_mutex_unlock(&asker->lock);
    return stop;
}

static bool wait_for_next(struct asker *asker)
{
    pthread_mutex_lock(&asker->lock);
    while (!asker->stop && clock_cond_wait(&asker->stopping, &asker->lock, asker->look_ms)) {
    }
    bool stop = asker->stop;
    pthread_mutex_unlock(&asker->lock);
    return !stop;
}

static void *run(void *argument)
{
    struct asker *asker = argument;
    while (wait_for_next(asker)) {
        asker->look(&asker->tools);
    }
    return NULL;
}

static void asker_free(struct asker *asker)
{
    fetch_free(asker->fetch);
    store_close(asker->tools.store);
    pthread_cond_destroy(&asker->stopping);
    pthread_mutex_destroy(&asker->lock);
    free(asker);
}

int asker_start(const struct server_config *config, struct app *app, int look_ms, asker_look *look,
                struct asker **ret_asker)
{
    struct asker *asker = calloc(1, sizeof *asker);
    if (!asker) {
        return DX_E_MEMORY;
    }
    asker->tools = (struct asker_tools){.config = config, .app = app, .asker = asker};
    asker->look = look;
    asker->look_ms = look_ms;
    pthread_mutex_init(&asker->lock, NULL);
    clock_cond_init(&asker->stopping);
    int error = store_open_reader(config->database, &asker->tools.store);
    error = error ? error : fetch_new(&asker->fetch);
    if (!error && pthread_create(&asker->thread, NULL, run, asker) != 0) {
        error = DX_E_IO;
    }
    if (error) {
        asker_free(asker);
        return error;
    }
    *ret_asker = asker;
    return 0;
}

void asker_stop(struct asker *asker)
{
    if (!asker) {
        return;
    }
    pthread_mutex_lock(&asker->lock);
    asker->stop = true;
    pthread_cond_signal(&asker->stopping);
    pthread_mutex_unlock(&asker->lock);
    fetch_stop(asker->fetch);
    pthread_join(asker->thread, NULL);
    asker_free(asker);
}
