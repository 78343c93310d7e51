#include "server/io/books.h"

#include "proto/base/out.h"
#include "proto/io/daemon.h"
#include "server/store/query_audit.h"
#include "server/store/query_books.h"

static int open_books(const struct server_config *config, struct db **ret_db)
{
    int error = db_open_reader(config->database, ret_db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
    }
    return error;
}

int books_audit(const struct server_config *config)
{
    enum { SPACE = 64 * 1024 };
    static struct audit audit;
    static char space[SPACE];
    struct db *db;
    struct out out;
    if (open_books(config, &db) != 0) {
        return EXIT_START;
    }
    int error = query_audit(db, &audit);
    db_close(db);
    out_init(&out, space, sizeof space);
    audit_write(&out, &audit);
    if (error || out_failed(&out)) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error ? error : DX_E_SPACE));
        return EXIT_FAILED;
    }
    return puts(space) == EOF || fflush(stdout) == EOF ? EXIT_FAILED : EXIT_OK;
}

static void say_fault(void *context, const struct books_fault *fault)
{
    int *faults = context;
    printf("%s: %s: %lld VND, should be %lld VND\n", fault->rule, fault->what,
           (long long)fault->is_vnd, (long long)fault->should_vnd);
    ++*faults;
}

int books_verify(const struct server_config *config)
{
    int faults = 0;
    struct db *db;
    if (open_books(config, &db) != 0) {
        return EXIT_START;
    }
    int error = query_books(db, say_fault, &faults);
    db_close(db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        return EXIT_FAILED;
    }
    printf(faults ? "%d faults\n" : "the ledger is right\n", faults);
    return faults ? EXIT_FAILED : EXIT_OK;
}
