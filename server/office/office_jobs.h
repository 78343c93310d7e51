/*
 * office_jobs.h - the jobs that pages give: a bank's statement, the close of a day.
 *
 * What a job says (job_say) is for the accountant who gave it: English words of the same kind as
 * the command's, figures as in the command.  Nothing of a payer is in it.
 */
#ifndef DOXE_SERVER_OFFICE_OFFICE_JOBS_H
#define DOXE_SERVER_OFFICE_OFFICE_JOBS_H

#include "proto/io/sheet.h"
#include "server/app/app.h"
#include "server/office/jobs.h"

enum { OFFICE_FILE_MAX = 32 << 20 }; /* of a statement */

/* Borrowed by the jobs: outlives them. */
struct office {
    struct app *app;
    const struct app_config *config;
    const char *mappings; /* of statements (mapping.h) */
    struct jobs *jobs;
};

struct office_statement {
    const struct app_lot *lot; /* one with the account */
    const char *file;          /* its name; a path is cut off */
    const char *mapping;       /* NULL: found by its header */
    bool dry_run;              /* judged, nothing is written */
    const char *by;
};
/*
 * `bytes` from malloc: the job's on success.  DX_E_FULL: too many jobs wait; DX_E_MEMORY.
 */
DX_MUST_USE int office_take_statement(const struct office *office,
                                      const struct office_statement *statement, char *bytes,
                                      size_t n, char ret_id[ULID_CAP]);

struct office_dayclose {
    const struct app_operator *operator_;
    const char *day; /* "2026-11-23" */
    enum sheet_format format;
    int64_t table; /* -1; or a signed one again */
    bool sign;
    const char *by;
};
DX_MUST_USE int office_close_day(const struct office *office, const struct office_dayclose *close,
                                 char ret_id[ULID_CAP]);

#endif
