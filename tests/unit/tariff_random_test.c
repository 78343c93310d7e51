/*
 * The engine against the slow calculator of tariff_reference.c, on random tariffs.
 *
 * A failure names its number; DOXE_TARIFF_FROM=number DOXE_TARIFF_COUNT=1 repeats
 * it, and a larger count explores further than what runs every day.
 */
#include "tests/harness/harness.h"
#include "tests/unit/tariff_random.h"
#include "tests/unit/tariff_reference.h"

static struct tariff_set set;
static struct tariff_price price;

static int64_t setting(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    int64_t value = otherwise;
    if (text && str_parse_i64(str_c(text), 0, INT64_MAX, &value)) {
        fail_msg("%s is no number", name);
    }
    return value;
}

static void complain(int64_t number, const struct tariff_stay *stay, const char *what, int64_t have,
                     int64_t want)
{
    char entry[TIME_ISO_CAP];
    char exit[TIME_ISO_CAP];
    time_format_iso(stay->entry, entry);
    time_format_iso(stay->exit, exit);
    for (int i = 0; i < price.line_count; i++) {
        print_error("  %10lld %s\n", (long long)price.lines[i].amount_vnd, price.lines[i].text_en);
    }
    fail_msg("tariff %lld, %s - %s: %s %lld, the reference has %lld", (long long)number, entry,
             exit, what, (long long)have, (long long)want);
}

static int64_t reference_total(const struct tariff_stay *stay, int64_t exit_ms)
{
    struct reference reference;
    struct tariff_stay until = *stay;
    until.exit.ms = exit_ms;
    int error = reference_price(&set, &until, &reference);
    return error ? -1000 + error : reference.total_vnd;
}

/* The total stays until next_change, and is another just after it; the reference says so. */
static void check_next_change(int64_t number, const struct tariff_stay *stay)
{
    int64_t total = price.total.vnd;
    int64_t last = stay->entry.ms + TARIFF_STAY_MAX_MS;
    int64_t change = price.has_next_change ? price.next_change.ms : last;
    for (int64_t quarter = 1; quarter <= 4 && change > stay->exit.ms; quarter++) {
        int64_t at = stay->exit.ms + (change - 1 - stay->exit.ms) * quarter / 4;
        if (at - stay->entry.ms < 6 * TIME_DAY_MS && reference_total(stay, at) != total) {
            complain(number, stay, "same price until after", at - stay->exit.ms, total);
        }
    }
    if (price.has_next_change && change - stay->entry.ms < 6 * TIME_DAY_MS &&
        reference_total(stay, change + 1) == total) {
        complain(number, stay, "another price after", change - stay->exit.ms, total);
    }
}

static int64_t lines_total(void)
{
    int64_t sum = 0;
    for (int i = 0; i < price.line_count; i++) {
        sum += price.lines[i].amount_vnd;
    }
    return sum;
}

static void check_one(int64_t number, int64_t *counts)
{
    struct tariff_stay stay;
    struct reference reference;
    struct tariff_problem problem;
    tariff_random((uint64_t)number, &set, &stay);
    if (tariff_set_check(&set, &problem)) {
        fail_msg("tariff %lld: %s: %s", (long long)number, problem.path, problem.sentence);
    }
    price.line_count = 0;
    int have = tariff_price_stay(&set, &stay, &price);
    int want = reference_price(&set, &stay, &reference);
    for (int i = 0; i < REFERENCE_COUNT; i++) {
        counts[i] += reference.did[i];
    }
    if (have != want) {
        complain(number, &stay, "result", have, want);
    }
    if (have) {
        return;
    }
    if (price.total.vnd != reference.total_vnd) {
        complain(number, &stay, "total", price.total.vnd, reference.total_vnd);
    }
    if (price.vat.vnd != reference.vat_vnd) {
        complain(number, &stay, "VAT", price.vat.vnd, reference.vat_vnd);
    }
    if (lines_total() != price.total.vnd || price.line_count < 1) {
        complain(number, &stay, "sum of the lines", lines_total(), price.total.vnd);
    }
    if (number % 16 == 0) {
        check_next_change(number, &stay);
    }
}

static void test_tariff__agrees_with_the_slow_calculator(void **state)
{
    (void)state;
    static int64_t counts[REFERENCE_COUNT];
    static const char *const sentences[] = {
#define X(name, sentence) sentence,
        REFERENCE_FEATURES(X)
#undef X
    };
    int64_t from = setting("DOXE_TARIFF_FROM", 1);
    int64_t count = setting("DOXE_TARIFF_COUNT", 100000);
    for (int64_t number = from; number < from + count; number++) {
        check_one(number, counts);
    }
    for (int i = 0; i < REFERENCE_COUNT; i++) {
        if (getenv("DOXE_TARIFF_COUNT")) {
            print_message("%8lld %s\n", (long long)counts[i], sentences[i]);
        } else if (counts[i] < 100) {
            fail_msg("only %lld cases of: %s", (long long)counts[i], sentences[i]);
        }
    }
}

TESTS(T(test_tariff__agrees_with_the_slow_calculator))
