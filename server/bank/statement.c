#include "server/bank/statement.h"

#include "proto/base/out.h"

/* The file being read. */
struct reading {
    const struct statement_mapping *mapping;
    struct statement *s;
    struct csv csv;
    struct csv_record record;
    struct statement_head head;
};

static struct str cell(const struct reading *r, enum statement_column column)
{
    int at = r->head.cell[column];
    return at >= 0 && at < r->record.count ? r->record.cell[at] : STR("");
}

/* ---- what stands before and behind the rows ---- */

/* "Số dư đầu kỳ: 1.000.000", or the number in a cell further right; the last one counts. */
static bool find_number(const struct csv_record *record, int from, int64_t *ret_vnd)
{
    bool found = false;
    for (int i = from; i < record->count; i++) {
        int64_t vnd;
        struct str text = record->cell[i];
        size_t colon = str_index(text, ':');
        text = colon < text.n ? str_trim(str_slice(text, colon + 1, text.n)) : text;
        if (text.n && statement_amount(text, &vnd) == 0 && !str_eq_c(text, "-")) {
            *ret_vnd = vnd;
            found = true;
        }
    }
    return found;
}

/* The first cell with something in it; count when there is none. */
static int first_cell(const struct csv_record *record)
{
    int i = 0;
    while (i < record->count && record->cell[i].n == 0) {
        i++;
    }
    return i;
}

/*
 * A balance before or behind the rows; true when the record was one.  Behind the header it must
 * begin the record: a payer's words may begin like anything.
 */
static bool take_balance(struct reading *r, bool anywhere)
{
    struct statement *s = r->s;
    const struct csv_record *record = &r->record;
    int first = first_cell(record);
    int end = anywhere ? record->count : first + 1;
    for (int i = first; i < end && i < record->count && record->cell[i].n < 120; i++) {
        if (statement_begins(&r->mapping->opening, record->cell[i])) {
            s->has_opening = find_number(record, i, &s->opening_vnd) || s->has_opening;
            return true;
        }
        if (statement_begins(&r->mapping->closing, record->cell[i])) {
            s->has_closing = find_number(record, i, &s->closing_vnd) || s->has_closing;
            return true;
        }
    }
    return false;
}

/* A row of totals must be the sums. */
static bool take_total(struct reading *r)
{
    struct statement *s = r->s;
    int first = first_cell(&r->record);
    if (first == r->record.count || !statement_begins(&r->mapping->total, r->record.cell[first])) {
        return false;
    }
    const struct {
        enum statement_column column;
        int64_t sum;
        const char *name;
    } sums[] = {{STATEMENT_DEBIT, s->out_vnd, "debit"}, {STATEMENT_CREDIT, s->in_vnd, "credit"}};
    for (int i = 0; i < 2; i++) {
        int64_t told = 0;
        struct str text = cell(r, sums[i].column);
        /* A row that could not be read would make the sum wrong as well. */
        if (s->mistake_count == 0 && text.n && statement_amount(text, &told) == 0 &&
            told != sums[i].sum && told != -sums[i].sum) {
            statement_mistake(s, r->record.line, "the total of %s is %lld, the rows make %lld",
                              sums[i].name, (long long)told, (long long)sums[i].sum);
        }
    }
    return true;
}

/* "(1)", "(2)", …, or A, B: a row that numbers the columns. */
static bool numbers_columns(const struct csv_record *record)
{
    int filled = 0;
    for (int i = 0; i < record->count; i++) {
        char folded[8];
        statement_fold(record->cell[i], folded, sizeof folded);
        if (record->cell[i].n > 4 || strlen(folded) > 2) {
            return false;
        }
        filled += folded[0] != '\0';
    }
    return filled > 2;
}

/* ---- one transfer ---- */

static int grow(struct statement *s)
{
    if (s->count < s->cap) {
        return 0;
    }
    if (s->count == STATEMENT_ROWS_MAX) {
        return DX_E_RANGE;
    }
    int cap = s->cap ? 2 * s->cap : 256;
    struct statement_row *grown = realloc(s->row, (size_t)cap * sizeof *grown);
    if (!grown) {
        return DX_E_MEMORY;
    }
    s->row = grown;
    s->cap = cap;
    return 0;
}

static bool take_direction(const struct reading *r, int64_t *amount)
{
    struct str word = cell(r, STATEMENT_DIRECTION);
    bool minus = str_eq_c(word, "-") || statement_begins(&r->mapping->out, word);
    bool plus = str_eq_c(word, "+") || statement_begins(&r->mapping->in, word);
    if (r->head.cell[STATEMENT_DIRECTION] < 0 || *amount < 0) {
        return true; /* the sign says it */
    }
    *amount = minus ? -*amount : *amount;
    return minus != plus;
}

/* Above 0 is in, below 0 is out; false: a mistake was noted. */
static bool take_amount(struct reading *r, int64_t *ret_vnd)
{
    int64_t debit = 0;
    int64_t credit = 0;
    int64_t amount = 0;
    struct statement *s = r->s;
    int line = r->record.line;
    if (statement_amount(cell(r, STATEMENT_DEBIT), &debit) != 0 ||
        statement_amount(cell(r, STATEMENT_CREDIT), &credit) != 0 ||
        statement_amount(cell(r, STATEMENT_AMOUNT), &amount) != 0) {
        statement_mistake(s, line, "an amount is no number of whole dong");
        return false;
    }
    if (amount != 0 && !take_direction(r, &amount)) {
        statement_mistake(s, line, "it does not say whether the money came in or went out");
        return false;
    }
    debit = debit < 0 ? -debit : debit; /* the column says that it went out */
    if ((debit != 0) + (credit != 0) + (amount != 0) != 1) {
        statement_mistake(s, line,
                          debit || credit || amount
                              ? "more than one amount: debit and credit"
                              : "there is no amount, neither in debit nor in credit");
        return false;
    }
    *ret_vnd = credit + amount - debit;
    return true;
}

static int take_row(struct reading *r, wall_t booked, bool date_only)
{
    int64_t vnd = 0;
    struct statement *s = r->s;
    if (!take_amount(r, &vnd)) {
        csv_forget(&r->csv);
        return 0;
    }
    struct statement_row row = {.line = r->record.line,
                                .booked = booked,
                                .date_only = date_only,
                                .out = vnd < 0,
                                .amount_vnd = vnd < 0 ? -vnd : vnd,
                                .ref = cell(r, STATEMENT_REFERENCE),
                                .content = cell(r, STATEMENT_CONTENT)};
    struct str balance = cell(r, STATEMENT_BALANCE);
    if (balance.n) {
        row.has_balance = statement_amount(balance, &row.balance_vnd) == 0;
        if (!row.has_balance) {
            statement_mistake(s, row.line, "the balance is no number of whole dong");
        }
    }
    if (row.ref.n >= CREDIT_REF_CAP) {
        statement_mistake(s, row.line, "the reference is longer than %d bytes", CREDIT_REF_CAP - 1);
    }
    int error = grow(s);
    if (!error) {
        s->row[s->count++] = row;
        s->in_vnd += row.out ? 0 : row.amount_vnd;
        s->out_vnd += row.out ? row.amount_vnd : 0;
    }
    return error;
}

/* A record that has an amount, and no day, is a mistake; one without amounts is a remark. */
static void judge_other(struct reading *r)
{
    static const enum statement_column amounts[] = {STATEMENT_DEBIT, STATEMENT_CREDIT,
                                                    STATEMENT_AMOUNT};
    bool amount = false;
    for (int i = 0; i < 3; i++) {
        int64_t vnd = 0;
        struct str text = cell(r, amounts[i]);
        amount = amount || (text.n && statement_amount(text, &vnd) == 0 && vnd != 0);
    }
    struct str date = cell(r, STATEMENT_DATE);
    if (amount) {
        statement_mistake(r->s, r->record.line,
                          date.n ? "the day of the booking is no day" : "there is no day");
    } else if (date.n && ascii_is_digit(date.p[0]) && cell(r, STATEMENT_CONTENT).n) {
        statement_mistake(r->s, r->record.line, "neither the day nor the amount can be read");
    } else {
        r->s->remarks++;
    }
}

static int take_record(struct reading *r)
{
    wall_t booked;
    bool date_only = false;
    if (csv_is_blank(&r->record)) {
        csv_forget(&r->csv);
        return 0;
    }
    if (statement_date(cell(r, STATEMENT_DATE), cell(r, STATEMENT_TIME),
                       (enum statement_dates)r->mapping->dates, &booked, &date_only) == 0) {
        return take_row(r, booked, date_only);
    }
    if (take_balance(r, false) || take_total(r) ||
        statement_count_names(r->mapping, &r->record) > 1 || numbers_columns(&r->record)) {
        r->s->remarks++;
    } else {
        judge_other(r);
    }
    csv_forget(&r->csv);
    return 0;
}

/* ---- the whole ---- */

/* The first line of some exports names the delimiter. */
static struct str take_hint(struct str text, char *delimiter)
{
    if (text.n > 6 && str_eq_nocase(str_slice(text, 0, 4), STR("sep="))) {
        size_t end = str_index(text, '\n');
        if (end <= 6) {
            *delimiter = text.p[4];
            return str_slice(text, end + 1, text.n);
        }
    }
    return text;
}

/* The header with this delimiter; balances before it are taken. */
static int find_header(struct reading *r, struct str text, char delimiter, size_t cap)
{
    struct statement *s = r->s;
    s->has_opening = s->has_closing = false;
    csv_init(&r->csv, text, delimiter, s->space, cap);
    for (int i = 0; i < STATEMENT_HEADER_WITHIN; i++) {
        if (csv_next(&r->csv, &r->record) != 0) {
            return DX_E_NOT_FOUND;
        }
        if (statement_is_header(r->mapping, &r->record, &r->head)) {
            s->delimiter = delimiter;
            s->header_line = r->record.line;
            csv_forget(&r->csv);
            return 0;
        }
        (void)take_balance(r, true);
        csv_forget(&r->csv);
    }
    return DX_E_NOT_FOUND;
}

static int read_rows(struct reading *r)
{
    int error = 0;
    while (!error) {
        error = csv_next(&r->csv, &r->record);
        if (error == DX_E_FORMAT || (error == DX_E_RANGE && r->s->count < STATEMENT_ROWS_MAX)) {
            statement_mistake(r->s, r->record.line,
                              error == DX_E_FORMAT ? "a quotation mark is never closed"
                                                   : "more than %d cells",
                              CSV_CELLS_MAX);
            return 0; /* nothing behind it can be trusted */
        }
        error = error ? error : take_record(r);
    }
    return error == DX_E_NOT_FOUND ? 0 : error;
}

int statement_read(struct str text, const struct statement_mapping *mapping, const char *account,
                   struct statement *ret_statement)
{
    static const char delimiters[] = {';', '\t', ',', '|'};
    struct statement s = {0};
    struct reading r = {.mapping = mapping, .s = &s};
    char hint = '\0';
    if (text.n > STATEMENT_FILE_MAX) {
        return DX_E_RANGE;
    }
    size_t cap = text.n + 1;
    s.space = malloc(cap);
    if (!s.space) {
        return DX_E_MEMORY;
    }
    text = take_hint(text, &hint);
    int error = hint ? find_header(&r, text, hint, cap) : DX_E_NOT_FOUND;
    for (size_t i = 0; i < sizeof delimiters && error == DX_E_NOT_FOUND; i++) {
        error = find_header(&r, text, delimiters[i], cap);
    }
    error = error ? error : read_rows(&r);
    error = error ? error : statement_finish(&s, account);
    if (error) {
        statement_fini(&s);
        return error;
    }
    if (s.count == 0 && s.mistake_count == 0) {
        statement_mistake(&s, s.header_line, "there is no transfer behind the header");
    }
    *ret_statement = s;
    return s.mistake_count ? DX_E_CHECK : 0;
}

void statement_fini(struct statement *statement)
{
    free(statement->row);
    free(statement->space);
    memset(statement, 0, sizeof *statement);
}

void statement_write_row(const struct statement_row *row, const char *account, struct out *out)
{
    char when[TIME_ISO_CAP];
    char content[CREDIT_CONTENT_CAP];
    struct str words = row->content;
    time_format_iso(row->booked, when);
    while (words.n >= sizeof content || !str_is_utf8(words)) {
        words.n--; /* cut between two characters */
    }
    str_copy_cut(content, sizeof content, words);
    json_object(out, NULL);
    json_c(out, "id", row->id);
    json_c(out, "account", account);
    json_str(out, "at", (struct str){when, row->date_only ? 10 : 19});
    json_i64(out, "amount", row->out ? -row->amount_vnd : row->amount_vnd);
    json_str(out, "ref", row->ref);
    json_c(out, "content", content);
    json_i64(out, "occurrence", row->occurrence);
    if (row->proven) {
        json_i64(out, "balance", row->balance_vnd);
    }
    json_object_end(out);
}

bool statement_mentions(struct str text, const struct statement *statement, const char *account)
{
    int line = 1;
    size_t n = strlen(account);
    for (size_t i = 0; i + n <= text.n && line < statement->header_line; i++) {
        bool before = i > 0 && ascii_is_digit(text.p[i - 1]);
        bool behind = i + n < text.n && ascii_is_digit(text.p[i + n]);
        if (!before && !behind && memcmp(text.p + i, account, n) == 0) {
            return true;
        }
        line += text.p[i] == '\n';
    }
    return false;
}
