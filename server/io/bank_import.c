/*
 * bank_import.c - `doxe-server bank import`: a statement goes into the inbox, whole or not at all
 * (statement_intake.h), and is applied by the server or here.
 */
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/io/bank_cli.h"
#include "server/office/statement_intake.h"
#include "server/store/query_bank.h"

enum { WAIT_TURNS = 1500, PROGRESS_ROWS = 2000 };

struct import {
    const struct server_config *config;
    const struct bank_options *options;
    const struct app_lot *lot;
    char *bytes;
    size_t byte_count;
    struct intake intake;
    int64_t announced; /* rows waiting when progress was last told */
    struct db *db;     /* looks at the progress */
};

static int complain(const struct import *im, const char *why, int status)
{
    fprintf(stderr, "%s: %s\n", im->options->file, why);
    return status;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* ---- the file ---- */

static int read_file(struct import *im)
{
    FILE *file = fopen(im->options->file, "re");
    if (!file) {
        return complain(im, "cannot be read", EXIT_FAILED);
    }
    im->bytes = malloc(STATEMENT_FILE_MAX + 1);
    im->byte_count = im->bytes ? fread(im->bytes, 1, STATEMENT_FILE_MAX + 1, file) : 0;
    int bad = ferror(file);
    fclose(file);
    if (!im->bytes || bad || im->byte_count > STATEMENT_FILE_MAX) {
        return complain(im,
                        !im->bytes ? "no memory"
                        : bad      ? "cannot be read"
                                   : "over 32 MiB",
                        EXIT_FAILED);
    }
    return EXIT_OK;
}

static int tell_mistakes(const struct import *im)
{
    const struct statement *s = &im->intake.statement;
    for (int i = 0; i < s->mistake_count && i < STATEMENT_MISTAKES_MAX; i++) {
        if (s->mistake[i].line) {
            fprintf(stderr, "%s:%d: %s\n", im->options->file, s->mistake[i].line,
                    s->mistake[i].why);
        } else {
            fprintf(stderr, "%s: %s\n", im->options->file, s->mistake[i].why);
        }
    }
    if (s->mistake_count) {
        fprintf(stderr, "%s: %d mistakes, nothing is imported\n", im->options->file,
                s->mistake_count);
    }
    return s->mistake_count ? EXIT_FAILED : EXIT_OK;
}

static int judge(struct import *im)
{
    struct intake *in = &im->intake;
    const struct intake_ask ask = {.app = &im->config->app,
                                   .mappings = im->config->bank.statements,
                                   .lot = im->lot,
                                   .file = base_name(im->options->file),
                                   .mapping = im->options->mapping,
                                   .bytes = {im->bytes, im->byte_count}};
    int error = intake_read(&ask, in);
    if (error == DX_E_CONFIG) {
        fprintf(stderr, "%s\n", in->why);
        return EXIT_CONFIGURATION;
    }
    if (error == DX_E_CHECK && !in->why[0]) {
        return tell_mistakes(im);
    }
    return !error ? EXIT_OK
                  : complain(im, in->why, error == DX_E_NOT_FOUND ? EXIT_USAGE : EXIT_FAILED);
}

static void tell_file(const struct import *im)
{
    char from[TIME_ISO_CAP];
    char to[TIME_ISO_CAP];
    const struct statement *s = &im->intake.statement;
    time_format_iso(s->row[0].booked, from);
    time_format_iso(s->row[s->count - 1].booked, to);
    printf("file       %s (%s, %s between cells, header in line %d, mapping %s)\n",
           base_name(im->options->file), im->intake.charset,
           s->delimiter == '\t' ? "tab" : (char[]){'\'', s->delimiter, '\'', '\0'}, s->header_line,
           im->intake.mapping.name);
    printf("account    %s-%s, %.10s to %.10s\n", im->lot->bin, im->lot->account, from, to);
    printf("rows       %d: in %lld VND, out %lld VND\n", s->count, (long long)s->in_vnd,
           (long long)s->out_vnd);
    if (s->has_opening && s->has_closing) {
        printf("balance    %lld VND to %lld VND, %s\n", (long long)s->opening_vnd,
               (long long)s->closing_vnd, s->gaps ? "but not every step follows" : "each follows");
    }
    if (s->gaps) {
        printf("gaps       %d, the first in line %d: rows may be missing there\n", s->gaps,
               s->gap_line);
    }
    if (s->candidates) {
        printf("equal rows %d: kept; without a balance that proves them a person decides\n",
               s->candidates);
    }
}

/* ---- into the database ---- */

/* EXIT_OK with id 0: the file is there already. */
static int put_file(struct import *im)
{
    char text[TIME_ISO_CAP];
    const struct intake *in = &im->intake;
    int error = intake_put(&im->intake, clock_wall());
    time_format_short(in->known.imported, text);
    if (error == DX_E_DIFFERENT) {
        fprintf(
            stderr,
            "%s: was imported at %s, as statement %lld of account %s-%s; one of the two accounts"
            " is wrong, nothing is imported\n",
            im->options->file, text, (long long)in->known.id, in->known.bin, in->known.account);
        return EXIT_FAILED;
    }
    if (error == DX_E_EXISTS) {
        printf("this file was imported before, as statement %lld at %s: nothing to do\n",
               (long long)in->known.id, text);
        return EXIT_OK;
    }
    return error ? complain(im, dx_error_text(error), EXIT_FAILED) : EXIT_OK;
}

/* ---- applied, by whom it may be ---- */

static bool is_applied(void *context)
{
    int64_t waiting = 1;
    struct import *im = context;
    if (query_bank_waiting(im->db, im->intake.id, &waiting) != 0) {
        return false;
    }
    if (im->intake.statement.count >= PROGRESS_ROWS && im->announced - waiting >= PROGRESS_ROWS) {
        fprintf(stderr, "%lld of %d rows\n", (long long)(im->intake.statement.count - waiting),
                im->intake.statement.count);
        im->announced = waiting;
    }
    return waiting == 0;
}

static void tell_outcome(void *context, const struct bank_outcome *row)
{
    (void)context;
    printf("  %-10s %-20s %lld\n", row->state, strcmp(row->reason, row->state) ? row->reason : "",
           (long long)row->rows);
}

static int apply(struct import *im, struct bank_beside *beside)
{
    int error = db_open_reader(im->config->database, &im->db);
    im->announced = im->intake.statement.count;
    error = error
                ? error
                : bank_beside_wait(beside, is_applied, im, WAIT_TURNS + im->intake.statement.count);
    printf("imported as statement %lld\n", (long long)im->intake.id);
    if (error == DX_E_TIMEOUT) {
        printf("the server has not applied all of it yet; doxe-server bank list shows it later\n");
        error = 0;
    }
    error = error ? error : query_bank_outcomes(im->db, im->intake.id, tell_outcome, NULL);
    db_close(im->db);
    return error ? complain(im, dx_error_text(error), EXIT_FAILED) : EXIT_OK;
}

static int store_and_apply(struct import *im)
{
    char why[512] = "";
    struct bank_beside beside;
    if (bank_beside_open(im->config, why, sizeof why, &beside) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_START;
    }
    int status = put_file(im);
    if (status == EXIT_OK && im->intake.id) {
        status = apply(im, &beside);
    }
    bank_beside_close(&beside);
    return status;
}

int bank_import(const struct server_config *config, const struct bank_options *options)
{
    struct import im = {.config = config, .options = options};
    if (!options->file || !options->account) {
        fprintf(stderr, "doxe-server bank import: needs FILE and --account BIN-ACCOUNT\n");
        return EXIT_USAGE;
    }
    im.lot = bank_find_account(config, options->account);
    if (!im.lot) {
        fprintf(stderr, "--account %s: no lot of %s has it; write BIN-ACCOUNT\n", options->account,
                options->config);
        return EXIT_USAGE;
    }
    int status = dx_crypto_start() ? EXIT_START : read_file(&im);
    status = status ? status : judge(&im);
    if (status == EXIT_OK) {
        tell_file(&im);
        status = options->dry_run ? EXIT_OK : store_and_apply(&im);
        if (options->dry_run) {
            printf("nothing was written (--dry-run)\n");
        }
    }
    intake_fini(&im.intake);
    free(im.bytes);
    return fflush(stdout) == EOF ? EXIT_FAILED : status;
}
