#include "server/io/writer.h"

#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/file.h>

enum { BEAT_MS = 1000, AGAIN_MS = 200, LAST_MS = 1000 };

struct writer {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopping;
    atomic_bool stop;
    void (*on_broken)(void *context);
    void *context;
};

int writer_lock(const char *database)
{
    char path[1024];
    struct out out;
    out_init(&out, path, sizeof path);
    out_fmt(&out, "%s.lock", database);
    if (out_failed(&out)) {
        return DX_E_IO;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return DX_E_IO;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return DX_E_BUSY;
    }
    return 0; /* stays open until the process ends */
}

/* The database refused; it is asked again soon, and the stop comes through meanwhile. */
static void wait_a_little(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    if (!atomic_load(&writer->stop)) {
        (void)clock_cond_wait(&writer->stopping, &writer->lock, AGAIN_MS);
    }
    pthread_mutex_unlock(&writer->lock);
}

static void *run(void *argument)
{
    struct writer *writer = argument;
    while (!atomic_load(&writer->stop)) {
        int error = app_turn(writer->app, mono_add(clock_mono(), BEAT_MS));
        daemon_watchdog();
        if (error && dx_error_class(error) == DX_CLASS_FATAL) {
            log_error("writer.broken", "error=%s", dx_error_name(error));
            writer->on_broken(writer->context);
            return NULL;
        }
        if (error) {
            wait_a_little(writer);
        }
    }
    mono_t end = mono_add(clock_mono(), LAST_MS);
    while (app_has_work(writer->app) && !mono_reached(clock_mono(), end)) {
        if (app_turn(writer->app, (mono_t){0}) != 0) {
            break; /* the journals send it again */
        }
    }
    return NULL;
}

int writer_start(struct app *app, void (*on_broken)(void *context), void *context,
                 struct writer **ret_writer)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        return DX_E_MEMORY;
    }
    writer->app = app;
    writer->on_broken = on_broken;
    writer->context = context;
    pthread_mutex_init(&writer->lock, NULL);
    clock_cond_init(&writer->stopping);
    if (pthread_create(&writer->thread, NULL, run, writer) != 0) {
        free(writer);
        return DX_E_IO;
    }
    *ret_writer = writer;
    return 0;
}

void writer_stop(struct writer *writer)
{
    if (!writer) {
        return;
    }
    pthread_mutex_lock(&writer->lock);
    atomic_store(&writer->stop, true);
    pthread_cond_signal(&writer->stopping);
    pthread_mutex_unlock(&writer->lock);
    app_wake(writer->app);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->stopping);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}
