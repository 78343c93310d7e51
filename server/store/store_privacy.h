/*
 * store_privacy.h - personal data in the database: how long it stays, who holds it back, what a
 * person gets of it, and how it goes.  docs/PRIVACY.md is the same in words, field by field.
 *
 * After its term a plate becomes a pseudonym: "p-" and 32 hexadecimal digits of a keyed
 * digest, the same for the same plate, so that counting goes on.  On a person's own wish it
 * becomes a name drawn for that erasure alone, which nobody can make again from the plate.
 * Fees, payments, the ledger and the statistics stay as they are: they name stays, not plates.
 *
 * A legal hold on a plate or a stay stops both.  What is still needed is no subject of
 * either: a stay under way, a debt, an open refund or review (contract; Law 91/2025/QH15).
 *
 * `key` is PRIVACY_KEY bytes that stand beside the database, not in it (server/io/privacy_cli.h).
 * Errors as in store.h.  Time comes in.
 */
#ifndef DOXE_SERVER_STORE_PRIVACY_H
#define DOXE_SERVER_STORE_PRIVACY_H

#include "proto/base/out.h"
#include "proto/base/time.h"
#include "server/store/store.h"

enum {
    PRIVACY_KEY = 32,
    PRIVACY_NAME_CAP = 35,
    PRIVACY_WHO_CAP = 33,
    PRIVACY_REASON_CAP = 161,
    PRIVACY_CHUNK = 200 /* rows of one transaction of the retention */
};

void privacy_pseudonym(const uint8_t key[PRIVACY_KEY], const char *plate,
                       char out[PRIVACY_NAME_CAP]);

/* ---- retention ---- */

/* term, its key in the configuration, days when nothing is said, and what it is for */
#define PRIVACY_TERMS(X)                                                                       \
    X(STAY, "stay_days", 90, "plates of finished and settled stays, lists, links to accounts") \
    X(PASS, "pass_days", 365, "plates and holders of passes that have ended")                  \
    X(WORDS, "words_days", 365, "complaints, reviews, messages set aside: free words")         \
    X(BANK, "bank_days", 730, "texts of transfers, with payers' names and accounts")           \
    X(OUTBOX, "outbox_days", 30, "messages to gates that were answered")                       \
    X(INVOICE, "invoice_days", 3653, "plates and buyers on invoices (accounting law: 10 years)")

enum privacy_term {
#define X(name, word, days, sentence) PRIVACY_TERM_##name,
    PRIVACY_TERMS(X)
#undef X
        PRIVACY_TERM_COUNT
};
struct privacy_terms {
    int64_t days[PRIVACY_TERM_COUNT];
};
void privacy_terms_default(struct privacy_terms *terms);

enum { PRIVACY_RULES_MAX = 16 };
struct privacy_count {
    int rules;
    struct {
        const char *name; /* "stay" */
        int64_t done, held;
    } rule[PRIVACY_RULES_MAX];
};
/* {"stay":3,…}: those that are not 0. */
void privacy_count_write(struct out *out, const struct privacy_count *count);

/*
 * Everything that is due, in transactions of PRIVACY_CHUNK rows: what was done stays done
 * wherever it ends, and the next run goes on.  `dry`: counts, and changes nothing.  A run that
 * changed something, and the first of each day, leaves a proof.  `stopping` may be NULL.
 */
struct privacy_run {
    const uint8_t *key;
    struct privacy_terms terms;
    wall_t now;
    const char *by;
    bool dry;
    bool (*stopping)(void *context);
    void *context;
};
DX_MUST_USE int store_privacy_retain(struct store *store, const struct privacy_run *run,
                                     struct privacy_count *ret_count);
/* When the retention last ran to its end; 0: never. */
DX_MUST_USE int store_privacy_last(struct store *store, wall_t *ret_at);

/* ---- holds, look-ups ---- */

/* Who asks for what; `plate` canonical. */
struct privacy_ask {
    const uint8_t *key;
    const char *plate; /* "" for a stay */
    const char *stay;  /* hold and release of a stay; "" of a plate */
    const char *by, *reason;
    const char *address; /* "" on the server itself */
    wall_t now;
};
/* Each is a transaction of its own and leaves a line in the log.  DX_E_INVAL: nobody, or no
 * reason; DX_E_EXISTS, DX_E_NOT_FOUND: held, not held. */
DX_MUST_USE int store_privacy_hold(struct store *store, const struct privacy_ask *ask);
DX_MUST_USE int store_privacy_release(struct store *store, const struct privacy_ask *ask);
/* The line in the log for a look-up, before anything is shown. */
DX_MUST_USE int store_privacy_note(struct store *store, const char *action,
                                   const struct privacy_ask *ask);

/* ---- a person's rights ---- */

/*
 * All that is kept under a plate, section by section, each a JSON array; the line in the
 * log is written first.  `each` borrows.
 */
DX_MUST_USE int store_privacy_export(struct store *store, const struct privacy_ask *ask,
                                     void (*each)(void *context, const char *section,
                                                  struct str json),
                                     void *context);
/*
 * One transaction: all or nothing, and its proof.  DX_E_DENIED: held; DX_E_STATE: still
 * needed, `ret_why` says for what; DX_E_NOT_FOUND: there is nothing of this plate.
 */
DX_MUST_USE int store_privacy_erase(struct store *store, const struct privacy_ask *ask,
                                    const char **ret_why, struct privacy_count *ret_count,
                                    int64_t *ret_proof);
/* DX_E_CHECK at the first row that does not fit, *ret_number is its number; else how many. */
DX_MUST_USE int store_privacy_verify(struct store *store, const uint8_t key[PRIVACY_KEY],
                                     int64_t *ret_number);

/* Lists for the command and pages: rows of text, by `what`: "holds", "log", "proofs", "stays"
 * (of `subject`, a plate), "analytics" (stays with pseudonyms).  `subject` "" all. */
struct db_row;
DX_MUST_USE int store_privacy_list(struct store *store, const char *what, const char *subject,
                                   void (*each)(void *context, struct db_row *row), void *context);

#endif
