/* privacy_inside.h - what store_privacy.c and store_subject.c share.  Nobody else includes it. */
#ifndef DOXE_SERVER_STORE_PRIVACY_INSIDE_H
#define DOXE_SERVER_STORE_PRIVACY_INSIDE_H

#include "server/store/store_privacy.h"
#include "server/store/store_sqlite.h"

/* The message of a gate without what names a vehicle; the rest stays as it came. */
#define PRIVACY_EVENT_BODY                                                              \
    "CASE WHEN json_type(body, '$.subject') = 'object' THEN json_remove(json_set(body," \
    " '$.subject.key', ?2), '$.subject.raw', '$.subject.last4', '$.tag', '$.text')"     \
    " ELSE json_remove(body, '$.tag', '$.text') END"

/* What a stay leaves when its plate goes: ?1 the stay, ?2 the new name. */
#define PRIVACY_STAY_CHANGES                                                 \
    {                                                                        \
        "UPDATE session SET key = ?2, raw = '', last4 = '' WHERE id = ?1",   \
            "UPDATE event SET body = " PRIVACY_EVENT_BODY                    \
            " WHERE session = ?1 AND json_valid(body)",                      \
            "UPDATE etc_charge SET plate = ?2, tag = '' WHERE session = ?1", \
            "DELETE FROM outbox WHERE session = ?1 AND done_ms IS NOT NULL"  \
    }

/* By `plate` (or its pseudonym, "p-…") or `stay`; "" none. */
DX_MUST_USE int privacy_is_held(struct store *store, const uint8_t *key, const char *plate,
                                const char *stay, bool *ret_held);
/* Each of the statements, up to a NULL: ?1 `id`, ?2 `name` where it is used. */
DX_MUST_USE int privacy_change(struct store *store, const char *const change[], int count,
                               const char *id, const char *name);
/* The next link of the chain, in the caller's transaction. */
DX_MUST_USE int privacy_prove(struct store *store, const char *kind, const struct privacy_ask *ask,
                              const char *counts, int64_t *ret_number);

#endif
