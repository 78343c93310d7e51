#include "server/io/books.h"

#include "proto/base/out.h"
#include "proto/io/daemon.h"
#include "server/store/query_audit.h"
#include "server/store/query_books.h"

/* By word: {"inside": {"count": 3, "fee_vnd": 0, "paid_vnd": 0}, …} */
static void write_list(struct out *out, const char *key, const struct audit_list *list,
                       const char *amount, const char *second)
{
    json_object(out, key);
    for (int i = 0; i <= list->count && i <= AUDIT_ROWS_MAX; i++) {
        const struct audit_row *row = i < list->count ? &list->row[i] : &list->rest;
        if (i == list->count && row->count == 0) {
            break;
        }
        json_object(out, row->word);
        json_i64(out, "count", row->count);
        if (amount) {
            json_i64(out, amount, row->amount_vnd);
        }
        if (second) {
            json_i64(out, second, row->second_vnd);
        }
        json_object_end(out);
    }
    json_object_end(out);
}

static void write_audit(struct out *out, const struct audit *audit)
{
    json_object(out, NULL);
    write_list(out, "sessions", &audit->sessions, "fee_vnd", "paid_vnd");
    json_i64(out, "fee_vnd", audit->fee_vnd);
    json_i64(out, "paid_vnd", audit->paid_vnd);
    write_list(out, "credits", &audit->credits, "amount_vnd", NULL);
    json_i64(out, "credit_in_vnd", audit->credit_in_vnd);
    json_i64(out, "credit_out_vnd", audit->credit_out_vnd);
    write_list(out, "accounts", &audit->accounts, "balance_vnd", NULL);
    json_i64(out, "trial_balance_vnd", audit->trial_balance_vnd);
    json_i64(out, "ledger_transactions", audit->ledger_transactions);
    json_i64(out, "uneven_transactions", audit->uneven_transactions);
    write_list(out, "reviews_open", &audit->reviews, NULL, NULL);
    json_i64(out, "alarms_open", audit->alarms_open);
    json_i64(out, "quarantine", audit->quarantine);
    json_i64(out, "parked", audit->parked);
    json_i64(out, "outbox_open", audit->outbox_waiting);
    json_i64(out, "inbox_new", audit->inbox_waiting);
    json_i64(out, "events", audit->events);
    json_object_end(out);
}

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
    write_audit(&out, &audit);
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
