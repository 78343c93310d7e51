#include "proto/io/lot_json.h"

#include "proto/io/json.h"
#include "proto/io/tariff_file.h"

enum { PASSES_MAX = 10000, ENTRIES_MAX = 10000, STAYS_MAX = 4096 };

static bool take_text(const struct jdoc *o, const char *key, char *out, size_t cap)
{
    struct str text;
    return jdoc_get_str(o, key, &text) == 0 && str_copy(out, cap, text) == 0;
}

static bool take_vehicle(const struct jdoc *o, enum vehicle *out)
{
    struct str text;
    return jdoc_get_str(o, "vehicle", &text) == 0 && vehicle_parse(text, out) == 0;
}

static bool take_kind(const struct jdoc *o, enum subject_kind *out)
{
    struct str text;
    if (jdoc_get_str(o, "kind", &text) != 0) {
        return false;
    }
    for (int i = 0; i < SUBJECT_KIND_COUNT; i++) {
        if (str_eq_c(text, subject_kind_text((enum subject_kind)i))) {
            *out = (enum subject_kind)i;
            return true;
        }
    }
    return false;
}

static bool take_time(const struct jdoc *o, const char *key, wall_t *out)
{
    return jdoc_get_i64_in(o, key, 0, INT64_C(31556952000000), &out->ms) == 0;
}

/* Head and digest; the document is the caller's to release when 0 is returned. */
static int open_message(struct str bytes, const char *type, const struct lot *lot,
                        struct jdoc **ret_root, int64_t *ret_version, const char **ret_why)
{
    struct str word = STR("");
    struct str id = STR("");
    int64_t v = 0;
    if (bytes.n > LOT_MESSAGE_MAX) {
        *ret_why = "longer than a retained message may be";
        return DX_E_SPACE;
    }
    if (!lot_is_sealed(bytes)) {
        *ret_why = "the digest is not that of the message";
        return DX_E_CHECK;
    }
    if (jdoc_read(bytes, ret_root, NULL) != 0) {
        *ret_why = "not valid JSON";
        return DX_E_FORMAT;
    }
    int error = 0;
    if (jdoc_get_i64(*ret_root, "v", &v) || v != MSG_VERSION ||
        jdoc_get_str(*ret_root, "type", &word) || !str_eq_c(word, type)) {
        *ret_why = "another type or version";
        error = DX_E_VERSION;
    } else if (jdoc_get_str(*ret_root, "lot", &id) || !str_eq_c(id, lot->id)) {
        *ret_why = "of another lot";
        error = DX_E_DIFFERENT;
    } else if (jdoc_get_i64_in(*ret_root, "version", 1, INT64_MAX, ret_version)) {
        *ret_why = "version: an integer from 1";
        error = DX_E_FORMAT;
    }
    if (error) {
        jdoc_release(*ret_root);
    }
    return error;
}

/* ---- config ---- */

static bool read_pass(const struct jdoc *o, struct lot_pass *pass)
{
    const struct jdoc *spans = NULL;
    const struct jdoc *plates = NULL;
    int64_t quota = 0;
    if (!take_text(o, "id", pass->id, sizeof pass->id) ||
        !take_text(o, "name", pass->name, sizeof pass->name) || !take_vehicle(o, &pass->vehicle) ||
        jdoc_get_i64_in(o, "quota", 1, 1000, &quota) || jdoc_get_array(o, "spans", &spans) ||
        jdoc_get_array(o, "plates", &plates) || jdoc_count(spans) > LOT_SPANS_MAX ||
        jdoc_count(plates) > LOT_PLATES_MAX) {
        return false;
    }
    pass->quota = (int)quota;
    pass->span_count = (int)jdoc_count(spans);
    pass->plate_count = (int)jdoc_count(plates);
    for (int i = 0; i < pass->span_count; i++) {
        const struct jdoc *span = jdoc_at(spans, (size_t)i);
        if (!take_time(span, "from_ms", &pass->span[i].from) ||
            !take_time(span, "until_ms", &pass->span[i].until)) {
            return false;
        }
    }
    for (int i = 0; i < pass->plate_count; i++) {
        struct str text;
        if (jdoc_str(jdoc_at(plates, (size_t)i), &text) ||
            str_copy(pass->plate[i], sizeof pass->plate[i], text)) {
            return false;
        }
    }
    return true;
}

static bool read_entry(const struct jdoc *o, struct lot_entry *entry)
{
    struct str list;
    return jdoc_get_str(o, "list", &list) == 0 && lot_list_parse(list, &entry->list) == 0 &&
           take_kind(o, &entry->kind) && take_vehicle(o, &entry->vehicle) &&
           take_text(o, "key", entry->key, sizeof entry->key) &&
           take_time(o, "until_ms", &entry->until);
}

static int read_tariffs(const struct jdoc *root, struct lot *lot, const char **ret_why)
{
    const struct jdoc *list = NULL;
    char error[512];
    *ret_why = "tariffs: a list of vehicle, name, text";
    if (jdoc_get_array(root, "tariffs", &list) || jdoc_count(list) > LOT_TARIFFS_MAX) {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < jdoc_count(list); i++) {
        const struct jdoc *o = jdoc_at(list, i);
        enum vehicle vehicle = VEHICLE_UNKNOWN;
        struct str text;
        if (!take_vehicle(o, &vehicle) || lot->tariff[vehicle] || jdoc_get_str(o, "text", &text)) {
            return DX_E_FORMAT;
        }
        lot->tariff[vehicle] = malloc(sizeof *lot->tariff[vehicle]);
        if (!lot->tariff[vehicle]) {
            return DX_E_MEMORY;
        }
        if (tariff_file_load_text("config", text, lot->tariff[vehicle], error, sizeof error)) {
            free(lot->tariff[vehicle]);
            lot->tariff[vehicle] = NULL;
            *ret_why = "a tariff in it is none";
            return DX_E_CONFIG;
        }
    }
    return 0;
}

static int read_lists(const struct jdoc *root, struct lot *lot, const char **ret_why)
{
    const struct jdoc *passes = NULL;
    const struct jdoc *entries = NULL;
    *ret_why = "passes or lists are not what they should be";
    if (jdoc_get_array(root, "passes", &passes) || jdoc_get_array(root, "lists", &entries) ||
        jdoc_count(passes) > PASSES_MAX || jdoc_count(entries) > ENTRIES_MAX) {
        return DX_E_FORMAT;
    }
    lot->pass = calloc(jdoc_count(passes) + 1, sizeof *lot->pass);
    lot->entry = calloc(jdoc_count(entries) + 1, sizeof *lot->entry);
    if (!lot->pass || !lot->entry) {
        return DX_E_MEMORY;
    }
    lot->pass_count = (int)jdoc_count(passes);
    lot->entry_count = (int)jdoc_count(entries);
    for (int i = 0; i < lot->pass_count; i++) {
        if (!read_pass(jdoc_at(passes, (size_t)i), &lot->pass[i])) {
            return DX_E_FORMAT;
        }
    }
    for (int i = 0; i < lot->entry_count; i++) {
        if (!read_entry(jdoc_at(entries, (size_t)i), &lot->entry[i])) {
            return DX_E_FORMAT;
        }
    }
    return 0;
}

static bool read_terms(const struct jdoc *root, struct lot *lot)
{
    struct str policy;
    return take_text(root, "prefix", lot->prefix, sizeof lot->prefix) &&
           paycode_is_prefix(lot->prefix) && take_text(root, "bin", lot->bin, sizeof lot->bin) &&
           take_text(root, "account", lot->account, sizeof lot->account) &&
           jdoc_get_i64_in(root, "quote_valid_ms", 0, TIME_DAY_MS, &lot->quote_valid_ms) == 0 &&
           jdoc_get_str(root, "policy", &policy) == 0 &&
           lot_policy_parse(policy, &lot->policy) == 0 &&
           jdoc_get_i64_in(root, "limit_vnd", 0, MONEY_MAX_VND, &lot->limit_vnd) == 0 &&
           jdoc_get_i64_in(root, "lists_version", 0, INT64_MAX, &lot->lists_version) == 0 &&
           take_text(root, "digest", lot->digest, sizeof lot->digest);
}

static void free_config(struct lot *lot)
{
    for (int i = 0; i < LOT_TARIFFS_MAX; i++) {
        free(lot->tariff[i]);
        lot->tariff[i] = NULL;
    }
    free(lot->pass);
    free(lot->entry);
    lot->pass = NULL;
    lot->entry = NULL;
    lot->pass_count = lot->entry_count = 0;
}

int lot_read_config(struct str bytes, struct lot *lot, const char **ret_why)
{
    struct jdoc *root = NULL;
    struct lot fresh = {0};
    int64_t version = 0;
    int error = open_message(bytes, "config", lot, &root, &version, ret_why);
    if (error) {
        return error;
    }
    if (version < lot->version) {
        *ret_why = "older than the one that is kept";
        error = DX_E_STATE;
    } else if (!read_terms(root, &fresh)) {
        *ret_why = "a term is missing or outside its limits";
        error = DX_E_FORMAT;
    }
    error = error ? error : read_tariffs(root, &fresh, ret_why);
    error = error ? error : read_lists(root, &fresh, ret_why);
    jdoc_release(root);
    if (error) {
        free_config(&fresh);
        return error;
    }
    free_config(lot);
    memcpy(fresh.id, lot->id, sizeof fresh.id);
    memcpy(fresh.bucket, lot->bucket, sizeof fresh.bucket);
    fresh.version = version;
    *lot = fresh;
    return 0;
}

/* ---- inside ---- */

static bool read_stay(const struct jdoc *o, struct lot_stay *stay)
{
    return take_text(o, "session", stay->session, sizeof stay->session) &&
           take_kind(o, &stay->kind) && take_vehicle(o, &stay->vehicle) &&
           take_text(o, "key", stay->key, sizeof stay->key) &&
           take_time(o, "entered_ms", &stay->entered) &&
           jdoc_get_i64_in(o, "paid_vnd", 0, MONEY_MAX_VND, &stay->paid_vnd) == 0 &&
           take_time(o, "paid_ms", &stay->paid_at) &&
           take_text(o, "paycode", stay->paycode, sizeof stay->paycode);
}

static int read_stays(const struct jdoc *root, struct lot_bucket *fresh, const char **ret_why)
{
    const struct jdoc *stays = NULL;
    *ret_why = "stays are not what they should be";
    if (jdoc_get_array(root, "stays", &stays) || jdoc_count(stays) > STAYS_MAX) {
        return DX_E_FORMAT;
    }
    fresh->stay = calloc(jdoc_count(stays) + 1, sizeof *fresh->stay);
    if (!fresh->stay) {
        return DX_E_MEMORY;
    }
    fresh->count = (int)jdoc_count(stays);
    for (int i = 0; i < fresh->count; i++) {
        if (!read_stay(jdoc_at(stays, (size_t)i), &fresh->stay[i])) {
            return DX_E_FORMAT;
        }
    }
    return 0;
}

int lot_read_inside(struct str bytes, struct lot *lot, int *ret_bucket, const char **ret_why)
{
    struct jdoc *root = NULL;
    struct lot_bucket fresh = {0};
    char name[2] = "";
    int error = open_message(bytes, "inside", lot, &root, &fresh.version, ret_why);
    if (error) {
        return error;
    }
    bool named = take_text(root, "bucket", name, sizeof name) &&
                 lot_bucket_char(lot_bucket_of(name)) == name[0];
    struct lot_bucket *bucket = &lot->bucket[lot_bucket_of(name)];
    if (!named) {
        *ret_why = "bucket: one character of a ULID";
        error = DX_E_FORMAT;
    } else if (fresh.version < bucket->version) {
        *ret_why = "older than the one that is kept";
        error = DX_E_STATE;
    }
    error = error ? error : read_stays(root, &fresh, ret_why);
    jdoc_release(root);
    if (error) {
        free(fresh.stay);
        return error;
    }
    free(bucket->stay);
    *bucket = fresh;
    *ret_bucket = lot_bucket_of(name);
    return 0;
}

void lot_fini(struct lot *lot)
{
    struct lot none = {0};
    free_config(lot);
    for (int i = 0; i < LOT_BUCKETS; i++) {
        free(lot->bucket[i].stay);
    }
    memcpy(none.id, lot->id, sizeof none.id);
    *lot = none;
}
