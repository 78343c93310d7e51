/*
 * store_bank.h - the sources of bank credits: raw rows, who confirmed what, files, cursors.
 *
 * A part of the port store.h, apart because of its size; errors as there.  Raw
 * rows of every source wait in one inbox (store_next_notice) and are applied by
 * one script.
 */
#ifndef DOXE_SERVER_STORE_BANK_H
#define DOXE_SERVER_STORE_BANK_H

#include "server/store/store.h"

/*
 * A second writing handle beside the writer's, of a database that is migrated: for storing
 * raw rows alone.  store_begin waits at most `busy_ms` for the writer.
 */
DX_MUST_USE int store_open_another(const char *path, int busy_ms, struct store **ret_store);

/* ---- raw rows ---- */

struct store_inbox_row {
    const char *provider;
    enum credit_source source;
    wall_t received;
    struct str body;
    const char *digest; /* of a polled row, else "" */
    int64_t statement;  /* of a statement's row, else 0 */
    int line;
};
/* DX_E_EXISTS: a row with this digest is there; nothing is written. */
DX_MUST_USE int store_add_inbox_row(struct store *store, const struct store_inbox_row *row,
                                    int64_t *ret_id);
/* Is there a row that nobody has applied? */
DX_MUST_USE int store_has_notice(struct store *store, bool *ret_has);

/* ---- who told of a credit ---- */

/* This source told of it (again): first, last and times; the balance when it gave one. */
DX_MUST_USE int store_add_source(struct store *store, const char *credit_id,
                                 const struct bank_credit *told, int64_t inbox, wall_t now);

/* A credit that may be the same transfer, told by somebody else. */
struct store_twin {
    char id[ULID_CAP];
    char provider[CREDIT_PROVIDER_CAP];
    char provider_tx[CREDIT_TX_CAP];
    char content[CREDIT_CONTENT_CAP];
};
struct store_window {
    wall_t from, to;         /* both have a time of day: booked in [from, to) */
    wall_t day_from, day_to; /* one of them has the day alone */
};
/*
 * Among the credits with the account, amount, direction and payment code ("" none) of `credit`
 * that its source and provider have not told of yet: the first by booking that `is_it` says yes
 * to.  DX_E_NOT_FOUND.  `is_it` must not use the store.
 */
DX_MUST_USE int store_find_twin(struct store *store, const struct bank_credit *credit,
                                const char *code, const struct store_window *window,
                                bool (*is_it)(void *context, const struct store_twin *twin),
                                void *context, char ret_id[ULID_CAP]);

/* ---- files of banks ---- */

struct store_statement {
    char digest[65];
    const char *bin, *account, *file, *mapping;
    wall_t imported, first, last;
    int64_t rows, in_vnd, out_vnd, gaps;
    bool has_opening, has_closing;
    int64_t opening_vnd, closing_vnd;
};
/* DX_E_EXISTS: this very file was imported before. */
DX_MUST_USE int store_add_statement(struct store *store, const struct store_statement *statement,
                                    int64_t *ret_id);
struct store_known_statement {
    int64_t id;
    char bin[8], account[CREDIT_ACCOUNT_CAP];
    wall_t imported;
};
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_statement(struct store *store, const char *digest,
                                     struct store_known_statement *ret_known);
/* Its rows that wait, and all of them. */
DX_MUST_USE int store_statement_progress(struct store *store, int64_t statement,
                                         int64_t *ret_waiting, int64_t *ret_all);

/* ---- cursors of the pollers ---- */

/* 0 when there is none. */
DX_MUST_USE int store_get_cursor(struct store *store, const char *provider, const char *name,
                                 int64_t *ret_value);
DX_MUST_USE int store_put_cursor(struct store *store, const char *provider, const char *name,
                                 int64_t value, wall_t now);

#endif
