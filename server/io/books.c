#include "server/io/books.h"

#include "proto/base/out.h"
#include "proto/io/daemon.h"
#include "server/store/query_audit.h"

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
