/*
 * statement.h - a bank's statement, as a file of cells, becomes rows of transfers.
 *
 * What a bank calls its columns is data (etc/statements/NAME.yaml, mapping.h).  The header
 * row is found behind whatever stands before it, and the delimiter with it.
 * Rows end where the file does; totals, opening and closing balances, repeated headers,
 * rows that number the columns and remarks are told apart from transfers.
 *
 * A file is good or it is not: any row that has an amount and cannot be read, a
 * total that is not the sum of the rows, or opening + in - out that is not closing, is a
 * mistake, and a file with a mistake has no rows to import.  (Half a statement cannot
 * be compared with anything.)  A running balance that does not follow is a gap: it is
 * counted and told, for some banks mix accounts in one file.
 *
 * Rows come out oldest first, whichever way the file goes.  Rows that are equal in
 * everything (time, amount, direction, reference, words) are not taken for one another: each has
 * its place among its equals (occurrence), and the running balance, where it follows, proves
 * that it moved money (proven).
 *
 * Pure but for memory.  Sources: docs/OPERATIONS.md "Statements of a bank".
 * Not here: what is imported and how (server/io/bank_import.h).
 */
#ifndef DOXE_SERVER_BANK_STATEMENT_H
#define DOXE_SERVER_BANK_STATEMENT_H

#include "server/bank/csv.h"
#include "server/bank/statement_text.h"
#include "server/core/payment.h"

#define STATEMENT_COLUMNS(X)                                                                \
    X(DATE, "date", "day of the booking, with or without time")                             \
    X(TIME, "time", "time of day, where it is a cell of its own")                           \
    X(REFERENCE, "reference", "the bank's number of the transfer")                          \
    X(DEBIT, "debit", "money out")                                                          \
    X(CREDIT, "credit", "money in")                                                         \
    X(AMOUNT, "amount", "one column for both: with a sign, or with the words of direction") \
    X(DIRECTION, "direction", "a word or sign that says in or out of amount")               \
    X(BALANCE, "balance", "of the account after the transfer")                              \
    X(CONTENT, "content", "what the payer wrote")

enum statement_column {
#define X(name, word, sentence) STATEMENT_##name,
    STATEMENT_COLUMNS(X)
#undef X
        STATEMENT_COLUMN_COUNT
};

enum {
    STATEMENT_WORDS_MAX = 32,
    STATEMENT_WORD_CAP = 64,
    STATEMENT_NAME_CAP = 33,
    STATEMENT_HEADER_WITHIN = 80, /* records before it */
    STATEMENT_MISTAKES_MAX = 50,  /* told; more are counted */
    STATEMENT_ROWS_MAX = 200000,
    STATEMENT_FILE_MAX = 32 << 20
};

/* Synonyms; folded by mapping.c, so that case, marks and punctuation do not matter. */
struct statement_words {
    int count;
    char word[STATEMENT_WORDS_MAX][STATEMENT_WORD_CAP];
};

struct statement_mapping {
    char name[STATEMENT_NAME_CAP];
    char title[81];
    char bin[7]; /* of the bank; "" any */
    int dates;   /* enum statement_dates */
    struct statement_words column[STATEMENT_COLUMN_COUNT];
    struct statement_words opening, closing, total; /* how such rows begin */
    struct statement_words in, out;                 /* of the column direction */
};

struct statement_row {
    int line;
    wall_t booked;
    bool date_only, out;
    int64_t amount_vnd; /* above 0 */
    bool has_balance, proven;
    int64_t balance_vnd;
    struct str ref, content;
    int occurrence;
    char id[40]; /* of what is in it and its place among equals */
};

struct statement_mistake {
    int line; /* 0: the file as a whole */
    char why[120];
};

struct statement {
    char delimiter;
    int header_line;
    int count, cap;
    struct statement_row *row;
    int64_t in_vnd, out_vnd;
    bool has_opening, has_closing;
    int64_t opening_vnd, closing_vnd;
    int gaps, gap_line; /* the first one's line */
    int candidates;     /* rows with occurrence above 0 */
    int remarks;        /* records behind the header that are no transfers */
    int mistake_count;  /* also those that are not kept */
    struct statement_mistake mistake[STATEMENT_MISTAKES_MAX];
    char *space; /* of the cells */
};

/*
 * Reads UTF-8 text (charset.h).  `account` goes into the rows' ids.  DX_E_NOT_FOUND: no header
 * that this mapping knows; DX_E_CHECK: there are mistakes (*ret_statement is filled);
 * DX_E_RANGE: too long; DX_E_MEMORY.  Whatever comes back but 0 and DX_E_CHECK leaves nothing to
 * free; else statement_fini.
 */
DX_MUST_USE int statement_read(struct str text, const struct statement_mapping *mapping,
                               const char *account, struct statement *ret_statement);
void statement_fini(struct statement *statement);

/* The row as JSON for bank_inbox, the way statement_read_row (bank.h) reads it. */
struct out;
void statement_write_row(const struct statement_row *row, const char *account, struct out *out);

/* Is this number written anywhere before the header?  To find a file of another account. */
bool statement_mentions(struct str text, const struct statement *statement, const char *account);

/* For the files that make it up: statement.c, statement_head.c, statement_sum.c. */
struct statement_head {
    int cell[STATEMENT_COLUMN_COUNT]; /* -1: not there */
};
bool statement_is_header(const struct statement_mapping *mapping, const struct csv_record *record,
                         struct statement_head *ret_head);
/* How many cells of it are names of columns. */
int statement_count_names(const struct statement_mapping *mapping, const struct csv_record *record);
/* Does the cell begin with one of them? */
bool statement_begins(const struct statement_words *words, struct str cell);
__attribute__((format(printf, 3, 4))) void statement_mistake(struct statement *statement, int line,
                                                             const char *format, ...);
/* Oldest first, ids, balances, sums. */
DX_MUST_USE int statement_finish(struct statement *statement, const char *account);

#endif
