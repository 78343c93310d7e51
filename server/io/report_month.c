/*
 * report_month.c - the city's figures of a month as a file with a detached signature.
 *
 * FOLDER/doxe-city-2026-10.csv, the same name with .sig (Ed25519, RFC 8032, 64 bytes), and
 * FOLDER/doxe-city.pub.pem.  Anybody with openssl 3 verifies it:
 *
 *     openssl pkeyutl -verify -pubin -inkey doxe-city.pub.pem -rawin \
 *         -in doxe-city-2026-10.csv -sigfile doxe-city-2026-10.csv.sig
 *
 * A report that is there with its signature is never made again: what a reader has stays true.
 * --due makes each month that has ended and has none, so that a timer that was off catches up.
 */
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/io/config.h"
#include "server/io/report_cli.h"
#include "server/office/city_sheet.h"
#include "server/store/query.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "doxe-server report month - the city's figures of a month, signed\n\n"
    "usage: doxe-server report month --config FILE --key FILE --out FOLDER --month YYYY-MM\n"
    "       doxe-server report month --config FILE --key FILE --out FOLDER --due\n\n"
    "  --key FILE   32 random bytes, readable by its owner; made when it is missing\n"
    "  --due        every month that has ended and has no report yet (for a timer)\n\n"
    "Verified with: openssl pkeyutl -verify -pubin -inkey doxe-city.pub.pem -rawin\n"
    "                 -in doxe-city-YYYY-MM.csv -sigfile doxe-city-YYYY-MM.csv.sig\n"
    "exit status: 0 made, or there already; 1 failed, 2, 3, 4 as everywhere\n";

enum { PATH_MAX_ = 512 };

struct month_report {
    const char *config_path, *key_path, *folder;
    int64_t month; /* -1: those that are due */
    bool due;
    uint8_t seed[DX_SIGN_SEED];
};

static int wrong(const char *why)
{
    fprintf(stderr, "doxe-server report month: %s; see doxe-server report month --help\n", why);
    return EXIT_USAGE;
}

/* Written beside, flushed, then given its name: a crash leaves the whole file or none. */
static int write_whole(const char *path, const void *bytes, size_t n, mode_t mode)
{
    char beside[PATH_MAX_ + 8];
    snprintf(beside, sizeof beside, "%s.new", path);
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (file < 0) {
        return DX_E_IO;
    }
    bool whole = write(file, bytes, n) == (ssize_t)n && fsync(file) == 0;
    whole = close(file) == 0 && whole;
    return whole && rename(beside, path) == 0 ? 0 : DX_E_IO;
}

static int load_key(struct month_report *r)
{
    int file = open(r->key_path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        dx_random(r->seed, sizeof r->seed);
        return write_whole(r->key_path, r->seed, sizeof r->seed, 0600);
    }
    ssize_t n = read(file, r->seed, sizeof r->seed);
    close(file);
    return n == (ssize_t)sizeof r->seed ? 0 : DX_E_FORMAT;
}

/* The signature last: a report without it is made again. */
static int write_report(const struct month_report *r, const char *path, struct str bytes)
{
    char other[PATH_MAX_ + 16];
    char pem[DX_SIGN_PEM];
    uint8_t signature[DX_SIGN_SIZE];
    dx_sign(signature, r->seed, bytes);
    dx_sign_public_pem(pem, r->seed);
    int error = write_whole(path, bytes.p, bytes.n, 0644);
    snprintf(other, sizeof other, "%s/doxe-city.pub.pem", r->folder);
    error = error ? error : write_whole(other, pem, strlen(pem), 0644);
    snprintf(other, sizeof other, "%s.sig", path);
    return error ? error : write_whole(other, signature, sizeof signature, 0644);
}

static int make_bytes(struct db *db, int64_t month, char **ret_bytes, size_t *ret_n)
{
    const struct figures_ask ask = {
        .period = {period_month_start(month), period_month_start(month + 1)},
        .now = period_day_start(period_month_start(month + 1))};
    struct figures_answer *answer = malloc(sizeof *answer);
    int error = answer ? query_begin(db) : DX_E_MEMORY;
    if (!error) {
        error = query_figures(db, &ask, answer);
        query_end(db);
    }
    error = error ? error : city_sheet(answer, SHEET_CSV, ret_bytes, ret_n);
    free(answer);
    return error;
}

static int make_month(const struct month_report *r, struct db *db, int64_t month)
{
    char text[PERIOD_TEXT_CAP];
    char path[PATH_MAX_];
    char sig[PATH_MAX_ + 8];
    char *bytes = NULL;
    size_t n = 0;
    period_month_text(month, text);
    snprintf(path, sizeof path, "%s/doxe-city-%s.csv", r->folder, text);
    snprintf(sig, sizeof sig, "%s.sig", path);
    if (access(sig, F_OK) == 0 && access(path, F_OK) == 0) {
        printf("%s: there already\n", path);
        return 0;
    }
    int error = make_bytes(db, month, &bytes, &n);
    error = error ? error : write_report(r, path, (struct str){bytes, n});
    free(bytes);
    if (!error) {
        printf("%s: signed\n", path);
    }
    return error;
}

/* From the first month with figures to the last one that has ended. */
static int make_due(const struct month_report *r, struct db *db, int64_t now_month)
{
    int64_t first = 0;
    int error = db_query_i64(
        db, 0, &first, "SELECT coalesce(min(at), ?1) FROM rollup WHERE grain = 2", "i", now_month);
    for (int64_t month = first; month < now_month && !error; month++) {
        error = make_month(r, db, month);
    }
    return error;
}

static int run(struct month_report *r)
{
    struct server_config *config = NULL;
    struct db *db = NULL;
    char why[512];
    int64_t now_month = period_month_of(period_day_of(clock_wall()));
    if (!r->due && r->month >= now_month) {
        return wrong("that month has not ended");
    }
    if (server_config_load(r->config_path, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    int error = db_open_reader(config->database, &db);
    server_config_free(config);
    if (error) {
        fprintf(stderr, "doxe-server report month: the database cannot be read\n");
        return EXIT_START;
    }
    error = dx_crypto_start();
    error = error ? error : load_key(r);
    error = error ? error : r->due ? make_due(r, db, now_month) : make_month(r, db, r->month);
    db_close(db);
    dx_wipe(r->seed, sizeof r->seed);
    if (error) {
        fprintf(stderr, "doxe-server report month: %s\n", dx_error_text(error));
    }
    return error ? EXIT_FAILED : EXIT_OK;
}

int report_month(int argc, char **argv)
{
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"key", required_argument, NULL, 'k'},
                                          {"out", required_argument, NULL, 'w'},
                                          {"month", required_argument, NULL, 'm'},
                                          {"due", no_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct month_report r = {.month = -1};
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        if (option == 'm' && period_month_parse(str_c(optarg), &r.month) != 0) {
            return wrong("a month is written 2026-10");
        }
        if (option == '?') {
            return wrong("an option is not known");
        }
        r.config_path = option == 'c' ? optarg : r.config_path;
        r.key_path = option == 'k' ? optarg : r.key_path;
        r.folder = option == 'w' ? optarg : r.folder;
        r.due = r.due || option == 'd';
    }
    if (!r.config_path || !r.key_path || !r.folder || r.due == (r.month >= 0)) {
        return wrong("--config, --key, --out, and either --month or --due");
    }
    if (strlen(r.folder) + 40 > PATH_MAX_) {
        return wrong("the folder's name is too long");
    }
    return run(&r);
}
