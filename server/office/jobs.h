/*
 * jobs.h - work that takes longer than a page may wait: a statement taken in, a day closed.
 *
 * One worker thread does one job after another.  A job tells how far it is and what came of it; it
 * may leave a file.  Jobs live in memory: what they did is in the database, whole or not at all, so
 * a restart loses a progress bar and nothing else.  The last JOBS_KEPT that are over can still be
 * looked at by who may see them: whose they are is said when they are given.
 *
 * Any thread may call; nothing here waits for a job except jobs_free.
 */
#ifndef DOXE_SERVER_OFFICE_JOBS_H
#define DOXE_SERVER_OFFICE_JOBS_H

#include "proto/base/str.h"
#include "proto/base/time.h"
#include "proto/ulid.h"

enum {
    JOBS_KEPT = 32,
    JOBS_WAITING_MAX = 8,
    JOB_TEXT_CAP = 4096, /* lines for people */
    JOB_NAME_CAP = 64
};

#define JOB_STATES(X)                                  \
    X(WAITING, "waiting", "another job is being done") \
    X(RUNNING, "running", "it is being done")          \
    X(DONE, "done", "all went well")                   \
    X(FAILED, "failed", "nothing was changed; text says why")

enum job_state {
#define X(name, word, sentence) JOB_##name,
    JOB_STATES(X)
#undef X
        JOB_STATE_COUNT
};
const char *job_state_text(enum job_state state);

struct jobs;
struct job; /* in the worker */

struct job_order {
    const char *kind;      /* "statement", "dayclose": a word of ours */
    const char *by;        /* the person */
    const char *operator_; /* whose it is */
    /* Does it, in the worker; 0 or an error.  `cargo` stays the caller's until `drop`. */
    int (*run)(struct job *job, void *cargo);
    void (*drop)(void *cargo);
    void *cargo;
};

struct job_view {
    char id[ULID_CAP];
    char kind[JOB_NAME_CAP], by[JOB_NAME_CAP], operator_[JOB_NAME_CAP];
    enum job_state state;
    int error; /* FAILED: DX_E_… */
    wall_t made;
    int64_t done, total;          /* total 0: not known */
    char text[JOB_TEXT_CAP];      /* lines */
    char file_name[JOB_NAME_CAP]; /* "": no file */
    char file_type[JOB_NAME_CAP];
};

DX_MUST_USE int jobs_new(struct jobs **ret_jobs);
/* Tells the running job to stop, waits for it, drops the others.  NULL is fine. */
void jobs_free(struct jobs *jobs);

/* DX_E_FULL: too many wait, `cargo` is still the caller's; else it is dropped when it is over. */
DX_MUST_USE int jobs_post(struct jobs *jobs, const struct job_order *order, char ret_id[ULID_CAP]);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int jobs_look(struct jobs *jobs, struct str id, struct job_view *ret_view);
/* A copy of its file; the caller frees.  DX_E_NOT_FOUND: no such job, or it left none. */
DX_MUST_USE int jobs_file(struct jobs *jobs, struct str id, char **ret_bytes, size_t *ret_n);

/* ---- inside a job ---- */

void job_progress(struct job *job, int64_t done, int64_t total);
/* Adds a line for people; what does not fit is left out. */
__attribute__((format(printf, 2, 3))) void job_say(struct job *job, const char *format, ...);
/* Its file; `bytes` from malloc, the job's from now on. */
void job_leave_file(struct job *job, const char *name, const char *type, char *bytes, size_t n);
bool job_is_stopping(struct job *job);
/* Waits so long, or less when it is to stop. */
void job_wait(struct job *job, int ms);

#endif
