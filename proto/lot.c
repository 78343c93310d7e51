#include "proto/lot.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/topic.h"

#include <string.h>

#define X(name, word, sentence) word,
static const char *const policy_words[] = {LOT_POLICIES(X)};
static const char *const list_words[] = {LOT_LISTS(X)};
#undef X
static const char bucket_chars[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's, as ULIDs */
static const char head[] = "{\"digest\":\"";
enum { HEAD = sizeof head - 1, HEX = 64 };

int lot_bucket_of(const char *session)
{
    size_t n = strlen(session);
    const char *found = n ? strchr(bucket_chars, session[n - 1]) : NULL;
    return found ? (int)(found - bucket_chars) : 0;
}

char lot_bucket_char(int bucket)
{
    must(bucket >= 0 && bucket < LOT_BUCKETS);
    return bucket_chars[bucket];
}

int lot_topic_config(char out[96], const char *lot)
{
    struct out text;
    out_init(&text, out, 96);
    out_fmt(&text, "doxe/1/%s/config", lot);
    return !topic_name_is_valid(str_c(lot)) ? DX_E_FORMAT : out_failed(&text) ? DX_E_SPACE : 0;
}

int lot_topic_inside(char out[96], const char *lot, int bucket)
{
    struct out text;
    out_init(&text, out, 96);
    out_fmt(&text, "doxe/1/%s/inside/%c", lot, bucket < 0 ? '+' : lot_bucket_char(bucket));
    return !topic_name_is_valid(str_c(lot)) ? DX_E_FORMAT : out_failed(&text) ? DX_E_SPACE : 0;
}

/* ---- looking up ---- */

static bool is_of(enum subject_kind kind, enum vehicle vehicle, const char *key,
                  const struct subject *subject)
{
    /* A person has one key whatever he rides; a plate text stands for one vehicle a class. */
    bool same_class =
        vehicle == VEHICLE_UNKNOWN || vehicle == subject->vehicle || subject->kind != SUBJECT_PLATE;
    return kind == subject->kind && same_class && strcmp(key, subject->key) == 0;
}

static const struct lot_stay *find_session(const struct lot *lot, const char *session)
{
    const struct lot_bucket *bucket = &lot->bucket[lot_bucket_of(session)];
    for (int i = 0; i < bucket->count; i++) {
        if (strcmp(bucket->stay[i].session, session) == 0) {
            return &bucket->stay[i];
        }
    }
    return NULL;
}

const struct lot_stay *lot_find(const struct lot *lot, const char *session,
                                const struct subject *subject)
{
    const struct lot_stay *best = NULL;
    if (session[0]) {
        return find_session(lot, session);
    }
    for (int b = 0; b < LOT_BUCKETS && subject->key[0]; b++) {
        for (int i = 0; i < lot->bucket[b].count; i++) {
            const struct lot_stay *stay = &lot->bucket[b].stay[i];
            if (is_of(stay->kind, stay->vehicle, stay->key, subject) &&
                (!best || wall_diff(stay->entered, best->entered) > 0)) {
                best = stay;
            }
        }
    }
    return best;
}

bool lot_on_list(const struct lot *lot, const struct subject *subject, wall_t at,
                 enum lot_list *ret_list)
{
    bool found = false;
    for (int i = 0; i < lot->entry_count && subject->key[0]; i++) {
        const struct lot_entry *entry = &lot->entry[i];
        bool in_force = entry->until.ms == 0 || wall_diff(entry->until, at) > 0;
        if (in_force && is_of(entry->kind, entry->vehicle, entry->key, subject) &&
            (!found || entry->list == LOT_BLACK ||
             (entry->list == LOT_EXEMPT && *ret_list == LOT_WHITE))) {
            *ret_list = entry->list;
            found = true;
        }
    }
    return found;
}

static bool has_plate(const struct lot_pass *pass, const char *key)
{
    for (int i = 0; i < pass->plate_count; i++) {
        if (strcmp(pass->plate[i], key) == 0) {
            return true;
        }
    }
    return false;
}

const struct lot_pass *lot_find_pass(const struct lot *lot, const struct subject *subject,
                                     wall_t entered, int *ret_used)
{
    for (int p = 0; p < lot->pass_count && subject->kind == SUBJECT_PLATE; p++) {
        const struct lot_pass *pass = &lot->pass[p];
        if (pass->vehicle != subject->vehicle || !has_plate(pass, subject->key)) {
            continue;
        }
        *ret_used = 0;
        for (int b = 0; b < LOT_BUCKETS; b++) {
            for (int i = 0; i < lot->bucket[b].count; i++) {
                const struct lot_stay *stay = &lot->bucket[b].stay[i];
                *ret_used += stay->kind == SUBJECT_PLATE && stay->vehicle == pass->vehicle &&
                             has_plate(pass, stay->key) && wall_diff(stay->entered, entered) < 0;
            }
        }
        return pass;
    }
    return NULL;
}

/* ---- writing ---- */

void lot_write_head(struct out *out, const char *type, const char *lot, int64_t version)
{
    static const char zeros[HEX + 1] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    json_object(out, NULL);
    json_c(out, "digest", zeros);
    json_i64(out, "v", MSG_VERSION);
    json_c(out, "type", type);
    json_c(out, "lot", lot);
    json_i64(out, "version", version);
}

void lot_write_pass(struct out *out, const struct lot_pass *pass)
{
    json_object(out, NULL);
    json_c(out, "id", pass->id);
    json_c(out, "name", pass->name);
    json_c(out, "vehicle", vehicle_text(pass->vehicle));
    json_i64(out, "quota", pass->quota);
    json_array(out, "spans");
    for (int i = 0; i < pass->span_count; i++) {
        json_object(out, NULL);
        json_i64(out, "from_ms", pass->span[i].from.ms);
        json_i64(out, "until_ms", pass->span[i].until.ms);
        json_object_end(out);
    }
    json_array_end(out);
    json_array(out, "plates");
    for (int i = 0; i < pass->plate_count; i++) {
        json_c(out, NULL, pass->plate[i]);
    }
    json_array_end(out);
    json_object_end(out);
}

void lot_write_entry(struct out *out, const struct lot_entry *entry)
{
    json_object(out, NULL);
    json_c(out, "list", lot_list_text(entry->list));
    json_c(out, "kind", subject_kind_text(entry->kind));
    json_c(out, "vehicle", vehicle_text(entry->vehicle));
    json_c(out, "key", entry->key);
    json_i64(out, "until_ms", entry->until.ms);
    json_object_end(out);
}

void lot_write_stay(struct out *out, const struct lot_stay *stay)
{
    json_object(out, NULL);
    json_c(out, "session", stay->session);
    json_c(out, "kind", subject_kind_text(stay->kind));
    json_c(out, "vehicle", vehicle_text(stay->vehicle));
    json_c(out, "key", stay->key);
    json_i64(out, "entered_ms", stay->entered.ms);
    json_i64(out, "paid_vnd", stay->paid_vnd);
    json_i64(out, "paid_ms", stay->paid_at.ms);
    json_c(out, "paycode", stay->paycode);
    json_object_end(out);
}

static bool digest_of(struct str bytes, char out[HEX + 1])
{
    uint8_t part[2][SHA256_SIZE];
    uint8_t whole[SHA256_SIZE];
    if (bytes.n < HEAD + HEX + 1 || memcmp(bytes.p, head, HEAD) != 0) {
        return false;
    }
    /* Head and rest apart, so that nothing of the message's length is copied. */
    dx_sha256(part[0], str_slice(bytes, 0, HEAD));
    dx_sha256(part[1], str_slice(bytes, HEAD + HEX, bytes.n));
    dx_sha256(whole, (struct str){(const char *)part, sizeof part});
    str_hex(out, whole, sizeof whole);
    return true;
}

bool lot_seal(char *bytes, size_t n)
{
    char hex[HEX + 1];
    if (!digest_of((struct str){bytes, n}, hex)) {
        return false;
    }
    memcpy(bytes + HEAD, hex, HEX);
    return true;
}

bool lot_is_sealed(struct str bytes)
{
    char hex[HEX + 1];
    return digest_of(bytes, hex) && memcmp(bytes.p + HEAD, hex, HEX) == 0;
}

/* ---- words ---- */

static int find_word(struct str text, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (str_eq_c(text, words[i])) {
            return i;
        }
    }
    return -1;
}

const char *lot_policy_text(enum lot_policy policy)
{
    return policy_words[policy];
}

const char *lot_list_text(enum lot_list list)
{
    return list_words[list];
}

int lot_policy_parse(struct str text, enum lot_policy *ret_policy)
{
    int i = find_word(text, policy_words, LOT_POLICY_COUNT);
    if (i < 0) {
        return DX_E_NOT_FOUND;
    }
    *ret_policy = (enum lot_policy)i;
    return 0;
}

int lot_list_parse(struct str text, enum lot_list *ret_list)
{
    int i = find_word(text, list_words, LOT_LIST_COUNT);
    if (i < 0) {
        return DX_E_NOT_FOUND;
    }
    *ret_list = (enum lot_list)i;
    return 0;
}
