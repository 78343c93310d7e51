/*
 * lot.h - what a gate keeps of its lot, so that it can go on when the server is silent.
 *
 * Two retained messages carry it (docs/PROTOCOL.md, "What the lot's gates keep"):
 *
 *   config   tariffs as texts, passes, lists, payee account, policy; one version
 *   inside   the open sessions, in LOT_BUCKETS parts by the last character of their
 *            id: a change rewrites one part of some KiB, each part is whole in
 *            itself, and none depends on another having arrived
 *
 * Every message begins with its digest: SHA-256 of two SHA-256 one behind the other, that
 * of the bytes before the 64 digits and that of the bytes behind them.  A gate keeps the last good
 * ones on its disk.
 *
 * This struct is what was read of them.  Lists are arrays of whoever reads
 * (proto/io/lot_json.h); the gate's core borrows the whole and never writes it.
 *
 * Not here: what is decided with it (gate/core/offline.h).
 */
#ifndef DOXE_LOT_H
#define DOXE_LOT_H

#include "proto/msg.h"
#include "proto/tariff/tariff.h"

enum {
    LOT_BUCKETS = 32,
    LOT_MESSAGE_MAX = 1 << 20, /* bytes of one retained message; the broker's limit is the same */
    LOT_KEY_CAP = 41,
    LOT_SPANS_MAX = 4,
    LOT_PLATES_MAX = 8,
    LOT_TARIFFS_MAX = VEHICLE_COUNT
};

/* name, word, sentence */
#define LOT_POLICIES(X)                                                                   \
    X(WAIT, "wait", "show the amount and wait for the line, the bank's word or a person") \
    X(CONFIRM, "confirm", "a person confirms the debt, or takes cash")                    \
    X(OPEN, "open", "let it out owing, up to the limit; above it as confirm")
#define LOT_LISTS(X)                                                       \
    X(BLACK, "black", "not let in; a person is called")                    \
    X(WHITE, "white", "always let in, whatever a soft rule says; it pays") \
    X(EXEMPT, "exempt", "owes nothing")

enum lot_policy {
#define X(name, word, sentence) LOT_##name,
    LOT_POLICIES(X)
#undef X
        LOT_POLICY_COUNT
};
enum lot_list {
#define X(name, word, sentence) LOT_##name,
    LOT_LISTS(X)
#undef X
        LOT_LIST_COUNT
};

struct lot_pass {
    char id[ULID_CAP];
    char name[TARIFF_NAME_CAP]; /* as the tariff calls it */
    enum vehicle vehicle;
    int quota; /* stays that it covers at the same time */
    int span_count;
    struct tariff_span span[LOT_SPANS_MAX];
    int plate_count;
    char plate[LOT_PLATES_MAX][LOT_KEY_CAP]; /* canonical */
};

struct lot_entry {
    enum lot_list list;
    enum subject_kind kind;
    enum vehicle vehicle; /* UNKNOWN: of any class */
    char key[LOT_KEY_CAP];
    wall_t until; /* 0: no end */
};

/* An open session. */
struct lot_stay {
    char session[ULID_CAP];
    enum subject_kind kind;
    enum vehicle vehicle;
    char key[LOT_KEY_CAP];
    wall_t entered;
    int64_t paid_vnd;
    wall_t paid_at; /* 0: not all was paid */
    char paycode[PAYCODE_CAP];
};

struct lot_bucket {
    int64_t version; /* 0: none came yet; else when it was made, ms since 1970 */
    int count;
    struct lot_stay *stay;
};

struct lot {
    char id[MSG_NAME_CAP];
    int64_t version; /* of config; 0: none came yet */
    char digest[65];
    char prefix[PAYCODE_PREFIX_MAX + 1];
    char bin[7], account[20];
    int64_t quote_valid_ms;
    enum lot_policy policy;
    int64_t limit_vnd;                          /* OPEN: debts up to this */
    struct tariff_set *tariff[LOT_TARIFFS_MAX]; /* by class; NULL: none */
    int64_t lists_version;
    int pass_count, entry_count;
    struct lot_pass *pass;
    struct lot_entry *entry;
    struct lot_bucket bucket[LOT_BUCKETS];
};

/* 0..LOT_BUCKETS-1 by the last character of a ULID; its character for the topic. */
int lot_bucket_of(const char *session);
char lot_bucket_char(int bucket);
/* doxe/1/<lot>/config; bucket below 0: the filter doxe/1/<lot>/inside/+. */
DX_MUST_USE int lot_topic_config(char out[96], const char *lot);
DX_MUST_USE int lot_topic_inside(char out[96], const char *lot, int bucket);

/* The stay of this session ("": of this subject, the latest), or NULL. */
const struct lot_stay *lot_find(const struct lot *lot, const char *session,
                                const struct subject *subject);
/* Is the subject on a list at this time?  A black entry counts before others. */
bool lot_on_list(const struct lot *lot, const struct subject *subject, wall_t at,
                 enum lot_list *ret_list);
/* The pass of this plate, or NULL; *ret_used: open stays of it that came in before `entered`. */
const struct lot_pass *lot_find_pass(const struct lot *lot, const struct subject *subject,
                                     wall_t entered, int *ret_used);

/* ---- writing (the server) ---- */

struct lot_tariff_text {
    enum vehicle vehicle;
    const char *name;
    struct str text; /* the file as it is */
};
/* The head with a digest of zeros; the caller writes the rest with lot_write_… and json_object_end,
 * then puts the digest there. */
void lot_write_head(struct out *out, const char *type, const char *lot, int64_t version);
void lot_write_pass(struct out *out, const struct lot_pass *pass);
void lot_write_entry(struct out *out, const struct lot_entry *entry);
void lot_write_stay(struct out *out, const struct lot_stay *stay);
/* The finished message gets its digest, in place.  False: it did not begin with lot_write_head. */
bool lot_seal(char *bytes, size_t n);
/* Is the digest that of the bytes? */
bool lot_is_sealed(struct str bytes);

const char *lot_policy_text(enum lot_policy policy);
const char *lot_list_text(enum lot_list list);
DX_MUST_USE int lot_policy_parse(struct str text, enum lot_policy *ret_policy);
DX_MUST_USE int lot_list_parse(struct str text, enum lot_list *ret_list);

#endif
