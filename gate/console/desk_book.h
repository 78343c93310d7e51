/*
 * desk_book.h - what the attendant's console remembers: accounts, and a picture of the journal.
 *
 * One SQLite file beside the journal (proto/io/db.h).  Two kinds of tables:
 *
 *   its own       attendant, login, shift_count: written here and nowhere else
 *   a projection  stay, amend, deed, cash, shift, alarm, occupancy, gone: made from the journal's
 *                 events, row by row, with a cursor in the same transaction; lot_part and
 *                 lot_stay: of what the server tells the lot's gates (desk_lot.h)
 *
 * What a quote is made of stands in no event: `quote` is written when it is shown, and goes onto
 * the receipt of who pays it in cash.
 *
 * The projection can be thrown away and made again.  It never decides about money:
 * a receipt's number, a shift's cash and an alarm's end are what the journal says.
 * So the receipts of a gate have no gaps: the next number is one more than the
 * highest that the journal holds, and one act of cash is under way at a time.
 *
 * The journal is read through a read-only handle; SQLite's WAL lets the loop write
 * meanwhile.  A file belongs to its owner alone (plates are in it).
 *
 * Not here: who may do what (desk_rules.h), HTTP, the lanes as they are now.
 * Not safe for two threads: desk.c holds a lock around it.
 */
#ifndef DOXE_GATE_DESK_BOOK_H
#define DOXE_GATE_DESK_BOOK_H

#include "proto/io/db.h"
#include "proto/msg.h"

enum { DESK_PICTURE_CAP = 80, DESK_TITLE_CAP = 81 };

struct desk_book {
    struct db *db;
    struct db *journal;      /* read-only */
    int64_t generation, seq; /* of the last event taken in */
    struct event event;      /* the one being taken in */
    int64_t lot_changes;     /* counts what came of the lot: desk_lot.h */
    char journal_path[256];
};

/*
 * Opens or creates.  The journal must be there.  DX_E_IO, DX_E_CORRUPT, DX_E_VERSION (made by a
 * newer program), DX_E_FULL.
 */
DX_MUST_USE int desk_book_open(const char *path, const char *journal, struct desk_book *ret_book);
/* Only the accounts, for the command line: no journal is needed. */
DX_MUST_USE int desk_book_open_accounts(const char *path, struct desk_book *ret_book);
void desk_book_close(struct desk_book *book);

/* Takes in what the journal has more; *ret_count events.  An event it cannot read is passed over.
 */
DX_MUST_USE int desk_book_catch_up(struct desk_book *book, int *ret_count);

/* A camera's picture of a lane, by the name that picture_store gave it. */
DX_MUST_USE int desk_book_add_picture(struct desk_book *book, int lane, wall_t at,
                                      const char *name);
/* The picture nearest to a moment on a lane, at most 20 s before and 10 s after; "" none. */
void desk_book_picture_near(struct desk_book *book, int lane, wall_t at,
                            char ret_name[DESK_PICTURE_CAP]);
void desk_book_picture_last(struct desk_book *book, int lane, char ret_name[DESK_PICTURE_CAP]);

/* One stay, as the journal of this gate tells it. */
struct desk_stay {
    char session[ULID_CAP];
    struct subject subject;
    int lane; /* where it came in; 0: not through this gate */
    wall_t arrived, entered, left;
    bool inside;
    bool elsewhere; /* came in through another gate, as the server's list has it */
    int amendments;
};
/* DX_E_NOT_FOUND. */
DX_MUST_USE int desk_book_stay(struct desk_book *book, const char *session,
                               struct desk_stay *ret_stay);
/*
 * Stays whose plate, card's last digits or ticket has `part` in it, newest first; only those
 * inside unless `ended`.  Returns how many of at most `max` were written.
 */
int desk_book_find(struct desk_book *book, const char *part, bool ended,
                   struct desk_stay *ret_stays, int max);

/* The sum of cash of a shift, and how many receipts; and what was paid for drivers. */
struct desk_sums {
    int64_t cash_vnd, receipts;
    int64_t paid_for_vnd, paid_for; /* by the attendant's own transfer: no money of the drawer */
};
DX_MUST_USE int desk_book_sums(struct desk_book *book, const char *shift,
                               struct desk_sums *ret_sums);

struct desk_shift {
    char id[ULID_CAP];
    char by[MSG_NAME_CAP];
    wall_t opened;
    int64_t float_vnd;
};
/* The open shift of an attendant; DX_E_NOT_FOUND. */
DX_MUST_USE int desk_book_shift_of(struct desk_book *book, const char *by,
                                   struct desk_shift *ret_shift);

/*
 * What an amount is made of, as it is shown for a stay: kept until the stay is paid in cash, or for
 * some days.
 */
struct desk_quote {
    char session[ULID_CAP];
    wall_t at;
    int64_t fee_vnd;
    int line_count;
    struct quote_line line[MSG_LINES_MAX];
};
DX_MUST_USE int desk_book_add_quote(struct desk_book *book, const struct desk_quote *quote);

/* 1 more than the highest number in the journal's cash. */
DX_MUST_USE int desk_book_next_receipt(struct desk_book *book, int64_t *ret_number);

#endif
