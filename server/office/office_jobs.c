#include "server/office/office_jobs.h"

#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "server/office/dayclose.h"
#include "server/office/statement_intake.h"

#include <stdlib.h>

_Static_assert((int)OFFICE_FILE_MAX == (int)STATEMENT_FILE_MAX, "one limit");

enum { LOOK_MS = 100, FILE_CAP = 121 };

/* ---- a statement ---- */

struct statement_cargo {
    const struct office *office;
    const struct app_lot *lot;
    char file[FILE_CAP], mapping[STATEMENT_NAME_CAP], by[MSG_NAME_CAP];
    bool dry_run;
    char *bytes;
    size_t n;
};

static void drop_statement(void *context)
{
    struct statement_cargo *cargo = context;
    free(cargo->bytes);
    free(cargo);
}

static void tell_judged(struct job *job, const struct intake *in)
{
    char from[TIME_ISO_CAP];
    char to[TIME_ISO_CAP];
    const struct statement *s = &in->statement;
    time_format_iso(s->row[0].booked, from);
    time_format_iso(s->row[s->count - 1].booked, to);
    job_say(job, "%d rows, %.10s to %.10s, mapping %s, %s", s->count, from, to, in->mapping.name,
            in->charset);
    job_say(job, "in %lld VND, out %lld VND", (long long)s->in_vnd, (long long)s->out_vnd);
    if (s->has_opening && s->has_closing) {
        job_say(job, "balance %lld VND to %lld VND", (long long)s->opening_vnd,
                (long long)s->closing_vnd);
    }
    if (s->gaps) {
        job_say(job, "%d gaps in the running balance, the first in line %d", s->gaps, s->gap_line);
    }
}

static void tell_mistakes(struct job *job, const struct intake *in)
{
    const struct statement *s = &in->statement;
    if (in->why[0]) {
        job_say(job, "%s", in->why);
        return;
    }
    job_say(job, "%d mistakes, nothing is imported", s->mistake_count);
    for (int i = 0; i < s->mistake_count && i < STATEMENT_MISTAKES_MAX; i++) {
        job_say(job, "line %d: %s", s->mistake[i].line, s->mistake[i].why);
    }
}

/* The writer applies the rows; this only looks how far it is. */
static int watch(struct job *job, const struct statement_cargo *cargo, int64_t id)
{
    struct store *store = NULL;
    int64_t waiting = 1;
    int64_t all = 0;
    int error = store_open_reader(cargo->office->config->database, &store);
    app_bank_news(cargo->office->app);
    while (!error && waiting > 0 && !job_is_stopping(job)) {
        error = store_statement_progress(store, id, &waiting, &all);
        job_progress(job, all - waiting, all);
        if (!error && waiting > 0) {
            job_wait(job, LOOK_MS);
        }
    }
    store_close(store);
    return error;
}

static int run_statement(struct job *job, void *context)
{
    struct statement_cargo *cargo = context;
    struct intake in;
    const struct intake_ask ask = {.app = cargo->office->config,
                                   .mappings = cargo->office->mappings,
                                   .lot = cargo->lot,
                                   .file = cargo->file,
                                   .mapping = cargo->mapping[0] ? cargo->mapping : NULL,
                                   .bytes = {cargo->bytes, cargo->n}};
    int error = intake_read(&ask, &in);
    if (error) {
        tell_mistakes(job, &in);
        intake_fini(&in);
        return error;
    }
    tell_judged(job, &in);
    if (cargo->dry_run) {
        job_say(job, "only tried: nothing was written");
        intake_fini(&in);
        return 0;
    }
    error = intake_put(&in, clock_wall());
    if (!error) {
        job_say(job, "statement %lld", (long long)in.id);
        error = watch(job, cargo, in.id);
    } else if (error == DX_E_EXISTS) {
        job_say(job, "this file was imported before, as statement %lld: nothing to do",
                (long long)in.known.id);
        error = 0;
    } else if (error == DX_E_DIFFERENT) {
        job_say(job, "this file was imported as statement %lld of account %s-%s",
                (long long)in.known.id, in.known.bin, in.known.account);
    } else {
        job_say(job, "%s", dx_error_text(error));
    }
    intake_fini(&in);
    return error;
}

static const char *base_name(const char *path)
{
    const char *name = path;
    for (const char *p = path; *p; p++) {
        name = *p == '/' || *p == '\\' ? p + 1 : name;
    }
    return name;
}

int office_take_statement(const struct office *office, const struct office_statement *statement,
                          char *bytes, size_t n, char ret_id[ULID_CAP])
{
    struct statement_cargo *cargo = calloc(1, sizeof *cargo);
    if (!cargo) {
        return DX_E_MEMORY;
    }
    *cargo = (struct statement_cargo){
        .office = office, .lot = statement->lot, .dry_run = statement->dry_run};
    str_copy_cut(cargo->file, sizeof cargo->file, str_c(base_name(statement->file)));
    str_copy_cut(cargo->mapping, sizeof cargo->mapping,
                 str_c(statement->mapping ? statement->mapping : ""));
    str_copy_cut(cargo->by, sizeof cargo->by, str_c(statement->by));
    cargo->bytes = bytes;
    cargo->n = n;
    const struct job_order order = {.kind = "statement",
                                    .by = statement->by,
                                    .operator_ = statement->lot->operator_id,
                                    .run = run_statement,
                                    .drop = drop_statement,
                                    .cargo = cargo};
    int error = jobs_post(office->jobs, &order, ret_id);
    if (error) {
        free(cargo); /* the bytes stay the caller's */
    }
    return error;
}

/* ---- the close of a day ---- */

struct day_cargo {
    const struct office *office;
    struct dayclose_ask ask;
    char day[16], by[MSG_NAME_CAP];
};

static int run_day(struct job *job, void *context)
{
    char name[JOB_NAME_CAP];
    struct day_cargo *cargo = context;
    struct dayclose_result result;
    int error = dayclose_make(&cargo->ask, &result);
    if (error) {
        job_say(job, "%s", result.why[0] ? result.why : dx_error_text(error));
        dayclose_free(&result);
        return error;
    }
    job_say(job, "%lld totals differ, %lld transfers wait for a person",
            (long long)result.differences, (long long)result.open_items);
    bool signed_ = cargo->ask.by || cargo->ask.table >= 0;
    if (signed_) {
        job_say(job, "close %lld, signed by %s", (long long)result.nth + 1, result.by);
    }
    snprintf(name, sizeof name, "%s-%s%s.%s", cargo->ask.operator_->id, cargo->day,
             signed_ ? "" : "-draft", cargo->ask.format == SHEET_XLSX ? "xlsx" : "csv");
    job_leave_file(job, name, sheet_format_type(cargo->ask.format), result.bytes, result.n);
    result.bytes = NULL;
    dayclose_free(&result);
    return 0;
}

int office_close_day(const struct office *office, const struct office_dayclose *close,
                     char ret_id[ULID_CAP])
{
    struct day_cargo *cargo = calloc(1, sizeof *cargo);
    if (!cargo) {
        return DX_E_MEMORY;
    }
    str_copy_cut(cargo->day, sizeof cargo->day, str_c(close->day));
    str_copy_cut(cargo->by, sizeof cargo->by, str_c(close->by));
    cargo->office = office;
    cargo->ask = (struct dayclose_ask){.database = office->config->database,
                                       .operator_ = close->operator_,
                                       .day = cargo->day,
                                       .format = close->format,
                                       .table = close->sign ? -1 : close->table,
                                       .by = close->sign ? cargo->by : NULL};
    const struct job_order order = {.kind = "dayclose",
                                    .by = close->by,
                                    .operator_ = close->operator_->id,
                                    .run = run_day,
                                    .drop = free,
                                    .cargo = cargo};
    int error = jobs_post(office->jobs, &order, ret_id);
    if (error) {
        free(cargo);
    }
    return error;
}
