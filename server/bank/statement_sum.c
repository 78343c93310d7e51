/* statement_sum.c - the rows of a statement against each other: order, equals, balances, sums. */
#include "proto/crypto/crypto.h"
#include "server/bank/statement.h"

static int64_t signed_amount(const struct statement_row *row)
{
    return row->out ? -row->amount_vnd : row->amount_vnd;
}

static int count_breaks(const struct statement *s, bool newest_first)
{
    int breaks = 0;
    for (int i = 1; i < s->count; i++) {
        const struct statement_row *older = &s->row[newest_first ? i : i - 1];
        const struct statement_row *newer = &s->row[newest_first ? i - 1 : i];
        breaks += older->has_balance && newer->has_balance &&
                  older->balance_vnd + signed_amount(newer) != newer->balance_vnd;
    }
    return breaks;
}

/* By the running balance where there is one, else by the first and the last booking. */
static bool is_newest_first(const struct statement *s)
{
    if (s->count < 2) {
        return false;
    }
    int64_t difference = wall_diff(s->row[s->count - 1].booked, s->row[0].booked);
    int up = count_breaks(s, false);
    int down = count_breaks(s, true);
    return difference != 0 ? difference < 0 : down < up;
}

static void turn_around(struct statement *s)
{
    for (int i = 0, k = s->count - 1; i < k; i++, k--) {
        struct statement_row row = s->row[i];
        s->row[i] = s->row[k];
        s->row[k] = row;
    }
}

/* A row is proven when its balance follows from the one before. */
static void follow_balances(struct statement *s)
{
    bool known = s->has_opening;
    int64_t balance = s->opening_vnd;
    for (int i = 0; i < s->count; i++) {
        struct statement_row *row = &s->row[i];
        if (!row->has_balance) {
            known = false;
            continue;
        }
        row->proven = known && balance + signed_amount(row) == row->balance_vnd;
        if (known && !row->proven) {
            s->gap_line = s->gaps ? s->gap_line : row->line;
            s->gaps++;
        }
        known = true;
        balance = row->balance_vnd;
    }
    if (s->count == 0) {
        return;
    }
    const struct statement_row *first = &s->row[0];
    const struct statement_row *last = &s->row[s->count - 1];
    if (!s->has_opening && first->has_balance) {
        s->has_opening = true;
        s->opening_vnd = first->balance_vnd - signed_amount(first);
    }
    if (!s->has_closing && last->has_balance) {
        s->has_closing = true;
        s->closing_vnd = last->balance_vnd;
    }
}

static void add_text(struct dx_hmac *hmac, struct str text)
{
    dx_hmac_sha256_update(hmac, text);
    dx_hmac_sha256_update(hmac, (struct str){"\0", 1});
}

static void make_id(struct statement_row *row, const char *account)
{
    enum { HEX = 28 };
    char numbers[80];
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    struct dx_hmac hmac;
    snprintf(numbers, sizeof numbers, "%lld %d %lld", (long long)row->booked.ms, row->date_only,
             (long long)signed_amount(row));
    dx_hmac_sha256_init(&hmac, STR("doxe statement row"));
    add_text(&hmac, str_c(account));
    add_text(&hmac, str_c(numbers));
    add_text(&hmac, row->ref);
    add_text(&hmac, row->content);
    dx_hmac_sha256_final(&hmac, digest);
    str_hex(hex, digest, sizeof digest);
    memcpy(row->id, hex, HEX);
    row->id[HEX] = '\0';
}

struct place {
    const char *id;
    int row;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : x->row - y->row;
}

/* Equal rows get their place among each other, in the file's order. */
static int count_equals(struct statement *s)
{
    struct place *places = calloc((size_t)s->count + 1, sizeof *places);
    if (!places) {
        return DX_E_MEMORY;
    }
    for (int i = 0; i < s->count; i++) {
        places[i] = (struct place){s->row[i].id, i};
    }
    qsort(places, (size_t)s->count, sizeof *places, compare_places);
    for (int i = 1; i < s->count; i++) {
        if (strcmp(places[i].id, places[i - 1].id) == 0) {
            s->row[places[i].row].occurrence = s->row[places[i - 1].row].occurrence + 1;
            s->candidates++;
        }
    }
    for (int i = 0; i < s->count; i++) {
        size_t n = strlen(s->row[i].id);
        snprintf(s->row[i].id + n, sizeof s->row[i].id - n, "-%d", s->row[i].occurrence);
    }
    free(places);
    return 0;
}

int statement_finish(struct statement *s, const char *account)
{
    if (is_newest_first(s)) {
        turn_around(s);
    }
    for (int i = 0; i < s->count; i++) {
        make_id(&s->row[i], account);
    }
    bool told = s->has_opening && s->has_closing && s->mistake_count == 0;
    if (told && s->opening_vnd + s->in_vnd - s->out_vnd != s->closing_vnd) {
        statement_mistake(s, 0, "opening %lld + in %lld - out %lld is not the closing balance %lld",
                          (long long)s->opening_vnd, (long long)s->in_vnd, (long long)s->out_vnd,
                          (long long)s->closing_vnd);
    }
    follow_balances(s);
    return count_equals(s);
}
