/*
 * query_office.h - the operator's office in lists: lots, gates, alarms, tariffs, vehicles on lists,
 * statements, closed days, what was set aside.
 *
 * Each list is a row of one table: its words for the API, and a statement that gives its columns in
 * order.  So the API, the page and the spreadsheet show the same rows, and none forgets the scope.
 *
 * Scopes are a JSON array of "operator:ID" and "lot:ID", or NULL for everything; they are part of
 * every statement here.
 *
 * Not here: money that waits for people (query_cases.h), passes and shifts (query_pass.h,
 * query_books.h), lanes as they are now (query_lane.h).
 */
#ifndef DOXE_SERVER_QUERY_OFFICE_H
#define DOXE_SERVER_QUERY_OFFICE_H

#include "proto/io/db.h"

enum { OFFICE_COLUMNS_MAX = 16, OFFICE_ROWS_MAX = 1000 };

/* What a column holds. */
enum office_kind {
    OFFICE_ID,    /* text that names something; the others too */
    OFFICE_TEXT,  /* words of people */
    OFFICE_WORD,  /* a word of ours, shown in the reader's language */
    OFFICE_PLATE, /* personal data */
    OFFICE_COUNT, /* integer */
    OFFICE_VND,   /* đồng */
    OFFICE_TIME,  /* milliseconds UTC; NULL: has not come */
    OFFICE_FLAG   /* 0, 1 */
};

struct office_column {
    const char *name; /* in the API; times end in _ms, money in _vnd */
    enum office_kind kind;
};

/* id, word in addresses, sentence */
#define OFFICE_LISTS(X)                                                                      \
    X(LOTS, "lots", "lots with their places and who is inside")                              \
    X(GATES, "gates", "gates: heard of, version, open alarms")                               \
    X(ALARMS, "alarms", "alarms of gates, lanes and devices, the open and the newest first") \
    X(REVIEWS, "reviews", "what waits for a person, the oldest first")                       \
    X(COMPLAINTS, "complaints", "drivers who were asked for more, the newest first")         \
    X(TARIFFS, "tariffs", "publications of tariffs, the newest first")                       \
    X(VEHICLES, "lists", "vehicles on the lots' lists, and those taken off")                 \
    X(STATEMENTS, "statements", "statements of banks, the newest first")                     \
    X(DAYS, "days", "closed days, the newest first")                                         \
    X(QUARANTINE, "quarantine", "messages that were set aside, the newest first")

enum office_list {
#define X(id, word, sentence) OFFICE_##id##_LIST,
    OFFICE_LISTS(X)
#undef X
        OFFICE_LIST_COUNT
};

struct office_table {
    const char *word;
    const char *sentence;
    int column_count;
    const struct office_column *column;
};
const struct office_table *office_table(enum office_list list);

/*
 * The rows, at most `limit` (1..OFFICE_ROWS_MAX), of one lot or of all ("").  `take` reads the
 * columns of `row` in the table's order and returns 0 to go on.
 */
DX_MUST_USE int query_office(struct db *db, enum office_list list, const char *scopes,
                             const char *lot, int64_t limit, void *context,
                             int (*take)(void *context, const struct office_table *table,
                                         struct db_row *row));

/* The text of a publication.  DX_E_NOT_FOUND; DX_E_SPACE. */
DX_MUST_USE int query_office_tariff(struct db *db, const char *scopes, int64_t id, char *space,
                                    size_t cap, struct str *ret_text);

#endif
