#include "server/office/jobs.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>

enum { SLOTS = JOBS_KEPT + JOBS_WAITING_MAX + 1 };

struct job {
    struct jobs *jobs;
    bool used;
    int64_t number; /* in order of arrival */
    struct job_view view;
    struct job_order order; /* its words are the view's */
    char *file;
    size_t file_n;
};

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t news; /* something to do, or the end */
    pthread_t thread;
    bool stop;
    int64_t last;
    struct job job[SLOTS];
};

const char *job_state_text(enum job_state state)
{
    static const char *const words[] = {
#define X(name, word, sentence) word,
        JOB_STATES(X)
#undef X
    };
    must(state < JOB_STATE_COUNT);
    return words[state];
}

/* ---- the slots; under the lock ---- */

static struct job *oldest(struct jobs *jobs, bool over)
{
    struct job *found = NULL;
    for (int i = 0; i < SLOTS; i++) {
        struct job *job = &jobs->job[i];
        bool fits =
            job->used && (over ? job->view.state >= JOB_DONE : job->view.state == JOB_WAITING);
        if (fits && (!found || job->number < found->number)) {
            found = job;
        }
    }
    return found;
}

static int count(const struct jobs *jobs, enum job_state state)
{
    int n = 0;
    for (int i = 0; i < SLOTS; i++) {
        n += jobs->job[i].used && jobs->job[i].view.state == state;
    }
    return n;
}

static void forget(struct job *job)
{
    free(job->file);
    *job = (struct job){0};
}

static struct job *free_slot(struct jobs *jobs)
{
    for (int i = 0; i < SLOTS; i++) {
        if (!jobs->job[i].used) {
            return &jobs->job[i];
        }
    }
    struct job *old = oldest(jobs, true);
    must(old);
    forget(old);
    return old;
}

static struct job *find(struct jobs *jobs, struct str id)
{
    for (int i = 0; i < SLOTS; i++) {
        if (jobs->job[i].used && str_eq_c(id, jobs->job[i].view.id)) {
            return &jobs->job[i];
        }
    }
    return NULL;
}

/* ---- the worker ---- */

static struct job *next(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    struct job *job = NULL;
    while (!jobs->stop && !(job = oldest(jobs, false))) {
        clock_cond_wait(&jobs->news, &jobs->lock, 60 * 1000);
    }
    job = jobs->stop ? NULL : job;
    if (job) {
        job->view.state = JOB_RUNNING;
    }
    pthread_mutex_unlock(&jobs->lock);
    return job;
}

static void end(struct job *job, int error)
{
    struct jobs *jobs = job->jobs;
    if (job->order.drop) {
        job->order.drop(job->order.cargo);
    }
    pthread_mutex_lock(&jobs->lock);
    job->order.cargo = NULL;
    job->view.error = error;
    job->view.state = error ? JOB_FAILED : JOB_DONE;
    pthread_mutex_unlock(&jobs->lock);
    log_info("job.over", "id=%s kind=%s by=%s outcome=%s", job->view.id, job->view.kind,
             job->view.by, error ? dx_error_name(error) : "done");
}

static void *work(void *argument)
{
    struct jobs *jobs = argument;
    struct job *job;
    while ((job = next(jobs)) != NULL) {
        end(job, job->order.run(job, job->order.cargo));
    }
    return NULL;
}

/* ---- life ---- */

int jobs_new(struct jobs **ret_jobs)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (!jobs) {
        return DX_E_MEMORY;
    }
    pthread_mutex_init(&jobs->lock, NULL);
    clock_cond_init(&jobs->news);
    if (pthread_create(&jobs->thread, NULL, work, jobs) != 0) {
        pthread_cond_destroy(&jobs->news);
        pthread_mutex_destroy(&jobs->lock);
        free(jobs);
        return DX_E_IO;
    }
    *ret_jobs = jobs;
    return 0;
}

void jobs_free(struct jobs *jobs)
{
    if (!jobs) {
        return;
    }
    pthread_mutex_lock(&jobs->lock);
    jobs->stop = true;
    pthread_cond_broadcast(&jobs->news);
    pthread_mutex_unlock(&jobs->lock);
    pthread_join(jobs->thread, NULL);
    for (int i = 0; i < SLOTS; i++) {
        struct job *job = &jobs->job[i];
        if (job->used && job->order.cargo && job->order.drop) {
            job->order.drop(job->order.cargo);
        }
        free(job->file);
    }
    pthread_cond_destroy(&jobs->news);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

/* ---- for the other threads ---- */

static void fill(struct jobs *jobs, struct job *job, const struct job_order *order)
{
    uint8_t random[ULID_RANDOM_SIZE];
    dx_random(random, sizeof random);
    *job = (struct job){.jobs = jobs, .used = true, .number = ++jobs->last, .order = *order};
    job->view.made = clock_wall();
    job->view.state = JOB_WAITING;
    ulid_make(job->view.id, job->view.made, random);
    str_copy_cut(job->view.kind, JOB_NAME_CAP, str_c(order->kind));
    str_copy_cut(job->view.by, JOB_NAME_CAP, str_c(order->by));
    str_copy_cut(job->view.operator_, JOB_NAME_CAP, str_c(order->operator_));
}

int jobs_post(struct jobs *jobs, const struct job_order *order, char ret_id[ULID_CAP])
{
    pthread_mutex_lock(&jobs->lock);
    bool full = jobs->stop || count(jobs, JOB_WAITING) >= JOBS_WAITING_MAX;
    if (!full) {
        struct job *job = free_slot(jobs);
        fill(jobs, job, order);
        memcpy(ret_id, job->view.id, ULID_CAP);
        pthread_cond_signal(&jobs->news);
    }
    pthread_mutex_unlock(&jobs->lock);
    return full ? DX_E_FULL : 0;
}

int jobs_look(struct jobs *jobs, struct str id, struct job_view *ret_view)
{
    pthread_mutex_lock(&jobs->lock);
    const struct job *job = find(jobs, id);
    if (job) {
        *ret_view = job->view;
    }
    pthread_mutex_unlock(&jobs->lock);
    return job ? 0 : DX_E_NOT_FOUND;
}

int jobs_file(struct jobs *jobs, struct str id, char **ret_bytes, size_t *ret_n)
{
    char *copy = NULL;
    pthread_mutex_lock(&jobs->lock);
    const struct job *job = find(jobs, id);
    bool there = job && job->file && job->view.state == JOB_DONE;
    if (there) {
        copy = malloc(job->file_n + 1);
        if (copy) {
            memcpy(copy, job->file, job->file_n);
            *ret_n = job->file_n;
        }
    }
    pthread_mutex_unlock(&jobs->lock);
    if (copy) {
        *ret_bytes = copy;
    }
    return !there ? DX_E_NOT_FOUND : copy ? 0 : DX_E_MEMORY;
}

/* ---- inside a job ---- */

void job_progress(struct job *job, int64_t done, int64_t total)
{
    pthread_mutex_lock(&job->jobs->lock);
    job->view.done = done;
    job->view.total = total;
    pthread_mutex_unlock(&job->jobs->lock);
}

void job_say(struct job *job, const char *format, ...)
{
    char line[512];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    pthread_mutex_lock(&job->jobs->lock);
    size_t used = strlen(job->view.text);
    if (used + strlen(line) + 2 <= JOB_TEXT_CAP) {
        snprintf(job->view.text + used, JOB_TEXT_CAP - used, "%s%s", used ? "\n" : "", line);
    }
    pthread_mutex_unlock(&job->jobs->lock);
}

void job_leave_file(struct job *job, const char *name, const char *type, char *bytes, size_t n)
{
    pthread_mutex_lock(&job->jobs->lock);
    free(job->file);
    job->file = bytes;
    job->file_n = n;
    str_copy_cut(job->view.file_name, JOB_NAME_CAP, str_c(name));
    str_copy_cut(job->view.file_type, JOB_NAME_CAP, str_c(type));
    pthread_mutex_unlock(&job->jobs->lock);
}

bool job_is_stopping(struct job *job)
{
    pthread_mutex_lock(&job->jobs->lock);
    bool stop = job->jobs->stop;
    pthread_mutex_unlock(&job->jobs->lock);
    return stop;
}

void job_wait(struct job *job, int ms)
{
    mono_t until = mono_add(clock_mono(), ms);
    pthread_mutex_lock(&job->jobs->lock);
    int64_t left_ms = ms;
    while (!job->jobs->stop && left_ms > 0) {
        clock_cond_wait(&job->jobs->news, &job->jobs->lock, left_ms);
        left_ms = mono_diff(until, clock_mono());
    }
    pthread_mutex_unlock(&job->jobs->lock);
}
