/*
 * bank_import.c - `doxe-server bank import`: a statement goes into the inbox, whole or not at all.
 *
 * The file is read and judged first; one transaction then writes the file's row and all its
 * transfers; they are applied after that, by the server or here.  So a crash leaves either
 * nothing or everything, and what was not applied yet is applied at the next start.
 */
#include "proto/base/out.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/bank/charset.h"
#include "server/bank/mapping.h"
#include "server/io/bank_cli.h"
#include "server/store/query_bank.h"
#include "server/store/store_bank.h"

enum { BUSY_MS = 30000, WAIT_TURNS = 1500, PROGRESS_ROWS = 2000 };

struct import {
    const struct server_config *config;
    const struct bank_options *options;
    const struct app_lot *lot;
    char *bytes, *text;
    size_t byte_count, text_n;
    char digest[65];
    const char *charset;
    struct statement_mapping mapping;
    struct statement statement;
    int64_t id;        /* of the imported file */
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
    uint8_t digest[SHA256_SIZE];
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
    dx_sha256(digest, (struct str){im->bytes, im->byte_count});
    str_hex(im->digest, digest, sizeof digest);
    return EXIT_OK;
}

static int decode(struct import *im)
{
    const char *why = "no memory";
    int error = charset_to_utf8((struct str){im->bytes, im->byte_count}, &im->text, &im->text_n,
                                &im->charset, &why);
    return error ? complain(im, why, EXIT_FAILED) : EXIT_OK;
}

/* The named mapping, or the first that knows the header: of this bank, then of any. */
static int find_mapping(struct import *im)
{
    char why[MAPPING_ERROR_CAP];
    struct statement_mapping *all = NULL;
    int count = 0;
    const char *name = im->options->mapping;
    int error = mapping_load_all(im->config->bank.statements, name ? NULL : im->lot->bin, why,
                                 sizeof why, &all, &count);
    if (error) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    bool known = false;
    error = DX_E_NOT_FOUND;
    for (int i = 0; i < count && error == DX_E_NOT_FOUND; i++) {
        if (!name || strcmp(all[i].name, name) == 0) {
            known = true;
            im->mapping = all[i];
            error = statement_read((struct str){im->text, im->text_n}, &im->mapping,
                                   im->lot->account, &im->statement);
        }
    }
    free(all);
    if (!known) {
        return complain(im, "there is no mapping of that name (etc/statements)", EXIT_USAGE);
    }
    if (error == DX_E_NOT_FOUND) {
        return complain(im,
                        "no row names the columns day, words and amount as any mapping knows; "
                        "add their names to a file of etc/statements",
                        EXIT_FAILED);
    }
    return error && error != DX_E_CHECK ? complain(im, dx_error_text(error), EXIT_FAILED) : EXIT_OK;
}

/* A file whose head names another account of ours, and not this one, is another account's. */
static int check_account(const struct import *im)
{
    struct str text = {im->text, im->text_n};
    if (statement_mentions(text, &im->statement, im->lot->account)) {
        return EXIT_OK;
    }
    for (int i = 0; i < im->config->lot_count; i++) {
        const struct app_lot *lot = &im->config->lot[i].lot;
        if (strcmp(lot->account, im->lot->account) != 0 &&
            statement_mentions(text, &im->statement, lot->account)) {
            fprintf(stderr, "%s: it is of account %s-%s\n", im->options->file, lot->bin,
                    lot->account);
            return EXIT_FAILED;
        }
    }
    return EXIT_OK;
}

static int tell_mistakes(const struct import *im)
{
    const struct statement *s = &im->statement;
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

static void tell_file(const struct import *im)
{
    char from[TIME_ISO_CAP];
    char to[TIME_ISO_CAP];
    const struct statement *s = &im->statement;
    time_format_iso(s->row[0].booked, from);
    time_format_iso(s->row[s->count - 1].booked, to);
    printf("file       %s (%s, %s between cells, header in line %d, mapping %s)\n",
           base_name(im->options->file), im->charset,
           s->delimiter == '\t' ? "tab" : (char[]){'\'', s->delimiter, '\'', '\0'}, s->header_line,
           im->mapping.name);
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

static int write_rows(struct import *im, struct store *store, wall_t now)
{
    char body[4096];
    const struct statement *s = &im->statement;
    int error = 0;
    for (int i = 0; i < s->count && !error; i++) {
        int64_t id = 0;
        struct out out;
        out_init(&out, body, sizeof body);
        statement_write_row(&s->row[i], im->lot->account, &out);
        const struct store_inbox_row row = {.provider = "statement",
                                            .source = CREDIT_STATEMENT,
                                            .received = now,
                                            .body = out_str(&out),
                                            .digest = "",
                                            .statement = im->id,
                                            .line = s->row[i].line};
        error = out_failed(&out) ? DX_E_SPACE : store_add_inbox_row(store, &row, &id);
    }
    return error;
}

static int write_all(struct import *im, struct store *store)
{
    const struct statement *s = &im->statement;
    struct store_statement row = {.bin = im->lot->bin,
                                  .account = im->lot->account,
                                  .file = base_name(im->options->file),
                                  .mapping = im->mapping.name,
                                  .imported = clock_wall(),
                                  .first = s->row[0].booked,
                                  .last = s->row[s->count - 1].booked,
                                  .rows = s->count,
                                  .in_vnd = s->in_vnd,
                                  .out_vnd = s->out_vnd,
                                  .gaps = s->gaps,
                                  .has_opening = s->has_opening,
                                  .has_closing = s->has_closing,
                                  .opening_vnd = s->opening_vnd,
                                  .closing_vnd = s->closing_vnd};
    memcpy(row.digest, im->digest, sizeof row.digest);
    int error = store_begin(store);
    error = error ? error : store_add_statement(store, &row, &im->id);
    error = error ? error : write_rows(im, store, row.imported);
    error = error ? error : store_commit(store);
    if (error) {
        store_rollback(store);
    }
    return error;
}

/* The same bytes again: nothing to do, or one of two accounts is not whose file this is. */
static int tell_known(const struct import *im, const struct store_known_statement *known)
{
    char text[TIME_ISO_CAP];
    time_format_short(known->imported, text);
    if (strcmp(known->bin, im->lot->bin) != 0 || strcmp(known->account, im->lot->account) != 0) {
        fprintf(
            stderr,
            "%s: was imported at %s, as statement %lld of account %s-%s; one of the two accounts"
            " is wrong, nothing is imported\n",
            im->options->file, text, (long long)known->id, known->bin, known->account);
        return EXIT_FAILED;
    }
    printf("this file was imported before, as statement %lld at %s: nothing to do\n",
           (long long)known->id, text);
    return EXIT_OK;
}

/* EXIT_OK with im->id 0: the file is there already. */
static int put_file(struct import *im)
{
    struct store_known_statement known;
    int status = EXIT_OK;
    struct store *store;
    int error = store_open_another(im->config->database, BUSY_MS, &store);
    if (error) {
        fprintf(stderr, "%s: %s\n", im->config->database, dx_error_text(error));
        return EXIT_START;
    }
    error = store_find_statement(store, im->digest, &known);
    if (error == DX_E_NOT_FOUND) {
        error = write_all(im, store);
    } else if (!error) {
        status = tell_known(im, &known);
    }
    store_close(store);
    return error ? complain(im, dx_error_text(error), EXIT_FAILED) : status;
}

/* ---- applied, by whom it may be ---- */

static bool is_applied(void *context)
{
    int64_t waiting = 1;
    struct import *im = context;
    if (query_bank_waiting(im->db, im->id, &waiting) != 0) {
        return false;
    }
    if (im->statement.count >= PROGRESS_ROWS && im->announced - waiting >= PROGRESS_ROWS) {
        fprintf(stderr, "%lld of %d rows\n", (long long)(im->statement.count - waiting),
                im->statement.count);
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
    im->announced = im->statement.count;
    error =
        error ? error : bank_beside_wait(beside, is_applied, im, WAIT_TURNS + im->statement.count);
    printf("imported as statement %lld\n", (long long)im->id);
    if (error == DX_E_TIMEOUT) {
        printf("the server has not applied all of it yet; doxe-server bank list shows it later\n");
        error = 0;
    }
    error = error ? error : query_bank_outcomes(im->db, im->id, tell_outcome, NULL);
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
    if (status == EXIT_OK && im->id) {
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
    status = status ? status : decode(&im);
    status = status ? status : find_mapping(&im);
    status = status ? status : tell_mistakes(&im);
    status = status ? status : check_account(&im);
    if (status == EXIT_OK) {
        tell_file(&im);
        status = options->dry_run ? EXIT_OK : store_and_apply(&im);
        if (options->dry_run) {
            printf("nothing was written (--dry-run)\n");
        }
    }
    statement_fini(&im.statement);
    free(im.text);
    free(im.bytes);
    return fflush(stdout) == EOF ? EXIT_FAILED : status;
}
