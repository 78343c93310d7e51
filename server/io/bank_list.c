/* bank_list.c - `doxe-server bank list`: a table for people, or one JSON object a line. */
#include "proto/base/out.h"
#include "proto/io/daemon.h"
#include "server/core/payment.h"
#include "server/io/bank_cli.h"
#include "server/store/query_bank.h"

struct listing {
    bool json;
    int64_t count, in_vnd, out_vnd;
};

static void write_json(const struct bank_row *row)
{
    char space[2048];
    char booked[TIME_ISO_CAP];
    char received[TIME_ISO_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    time_format_iso(row->booked, booked);
    time_format_iso(row->received, received);
    json_object(&out, NULL);
    json_c(&out, "id", row->id);
    json_c(&out, "booked", booked);
    json_bool(&out, "date_only", row->date_only);
    json_c(&out, "received", received);
    json_c(&out, "account", row->account);
    json_c(&out, "direction", row->out ? "out" : "in");
    json_i64(&out, "amount_vnd", row->amount_vnd);
    json_c(&out, "provider", row->provider);
    json_c(&out, "provider_tx", row->provider_tx);
    json_c(&out, "bank_ref", row->bank_ref);
    json_c(&out, "code", row->code);
    json_c(&out, "session", row->session[0] ? row->session : NULL);
    json_c(&out, "verdict", row->verdict);
    json_c(&out, "sources", row->sources);
    json_c(&out, "where", row->where);
    json_i64(&out, "open_reviews", row->reviews);
    json_object_end(&out);
    puts(space);
}

static void show(void *context, const struct bank_row *row)
{
    char when[TIME_ISO_CAP];
    struct listing *listing = context;
    listing->count++;
    listing->in_vnd += row->out ? 0 : row->amount_vnd;
    listing->out_vnd += row->out ? row->amount_vnd : 0;
    if (listing->json) {
        write_json(row);
        return;
    }
    time_format_iso(row->booked, when);
    printf("%.10s %-5.*s %-19s %12lld %-17s %-13s %-28s %s%s\n", when, row->date_only ? 0 : 5,
           when + 11, row->account, (long long)(row->out ? -row->amount_vnd : row->amount_vnd),
           row->verdict, row->code, row->sources, row->where,
           row->reviews ? "  (waits for a person)" : "");
}

static bool take_day(const char *text, wall_t *ret_day)
{
    char space[32];
    if (!text) {
        return true;
    }
    snprintf(space, sizeof space, "%s 00:00:00", text);
    return strlen(text) == 10 && time_parse_iso(str_c(space), ret_day) == 0;
}

static bool is_verdict(const char *word)
{
    for (int i = 0; i < PAYMENT_VERDICT_COUNT; i++) {
        if (strcmp(payment_verdict_text((enum payment_verdict)i), word) == 0) {
            return true;
        }
    }
    return false;
}

int bank_list(const struct server_config *config, const struct bank_options *options)
{
    struct db *db;
    struct listing listing = {.json = options->json};
    struct bank_filter filter = {.account = options->account, .verdict = options->verdict};
    if (!take_day(options->from, &filter.from) || !take_day(options->to, &filter.to)) {
        fprintf(stderr, "doxe-server bank list: a day is YYYY-MM-DD\n");
        return EXIT_USAGE;
    }
    if (options->verdict && !is_verdict(options->verdict)) {
        fprintf(stderr, "doxe-server bank list: there is no verdict '%s'\n", options->verdict);
        return EXIT_USAGE;
    }
    const struct app_lot *lot =
        options->account ? bank_find_account(config, options->account) : NULL;
    filter.account = lot ? lot->account : options->account;
    int error = db_open_reader(config->database, &db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        return EXIT_START;
    }
    error = query_bank_credits(db, &filter, show, &listing);
    db_close(db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        return EXIT_FAILED;
    }
    if (!options->json) {
        printf("%lld transfers, in %lld VND, out %lld VND\n", (long long)listing.count,
               (long long)listing.in_vnd, (long long)listing.out_vnd);
    }
    return fflush(stdout) == EOF ? EXIT_FAILED : EXIT_OK;
}
