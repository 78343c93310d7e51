/*
 * asker.h - a thread that asks outside services what the store says is due, and brings their
 * answers to the writer: invoices (invoice_sender.h), traffic accounts (etc_sender.h).
 *
 * It looks into the store at its own pace, reads only, and never holds an answer back: what the
 * writer could not keep is due again at the next look.  One question is one POST of JSON whose id
 * is its idempotency key, so that a repeat after silence does nothing twice.
 *
 * Not here: what is asked and what an answer means (the senders), HTTP (fetch.h).
 */
#ifndef DOXE_SERVER_ASKER_H
#define DOXE_SERVER_ASKER_H

#include "server/app/app.h"
#include "server/io/config.h"
#include "server/io/fetch.h"
#include "server/store/store.h"

struct asker;

/* What a sender works with; all borrowed, for the time of the look. */
struct asker_tools {
    const struct server_config *config;
    struct app *app;
    struct store *store; /* reads only */
    struct asker *asker;
};

/* Asks what is due now.  In the asker's own thread, every `look_ms`. */
typedef void asker_look(const struct asker_tools *tools);

DX_MUST_USE int asker_start(const struct server_config *config, struct app *app, int look_ms,
                            asker_look *look, struct asker **ret_asker);
/* Ends what is under way.  NULL is fine. */
void asker_stop(struct asker *asker);
/* It is to end: a look that has more to ask leaves it. */
bool asker_is_stopping(struct asker *asker);

/*
 * One question.  `key` is the service's bearer token, "" none; `id` the idempotency key.
 * DX_E_MEMORY; else 0, *ret_answer is to be freed (fetch_answer_free), and its status is 0 when
 * no answer came.
 */
DX_MUST_USE int asker_post(struct asker *asker, const char *url, const char *key, const char *id,
                           struct str body, int timeout_ms, struct fetch_answer *ret_answer);

struct jdoc;
/* A text of the answer, cut to its space; what is not there leaves `out` alone. */
void asker_take_text(const struct jdoc *root, const char *name, char *out, size_t cap);

#endif
