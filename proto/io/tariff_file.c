#include "proto/io/tariff_file.h"

#include "proto/base/out.h"
#include "proto/io/tariff_fields.h"

#include <unistd.h>

/* ---- what the table leaves ---- */

static int read_calendars(struct ynode list, const struct tariff *tariff, uint32_t *ret_bits)
{
    uint32_t bits = 0;
    if (!ynode_exists(list)) {
        *ret_bits = 0;
        return 0;
    }
    int error = ynode_expect(list, YNODE_LIST);
    for (struct ynode m = ynode_first(list); !error && ynode_exists(m); m = ynode_next(m)) {
        char name[TARIFF_NAME_CAP];
        int i = 0;
        error = ynode_string(m, 1, name, sizeof name);
        while (!error && i < tariff->calendar_count &&
               !str_eq(str_c(name), str_c(tariff->calendars[i].name))) {
            i++;
        }
        if (!error && i == tariff->calendar_count) {
            error = ynode_fail(m, "there is no calendar '%s' in this version", name);
        }
        bits |= UINT32_C(1) << i;
    }
    *ret_bits = bits;
    return error;
}

static int read_element(struct ynode node, const struct tariff *tariff,
                        struct tariff_element *element)
{
    struct ynode when = ynode_get(node, "when");
    element->has_turn = ynode_exists(ynode_get(node, "turn"));
    element->has_entry = ynode_exists(ynode_get(node, "entry_vnd"));
    element->has_night = ynode_exists(ynode_get(node, "night_vnd"));
    int error = read_calendars(ynode_get(when, "on"), tariff, &element->when.on);
    return error ? error : read_calendars(ynode_get(when, "not_on"), tariff, &element->when.not_on);
}

static int read_discount(struct ynode node, struct tariff_discount *discount)
{
    struct ynode percent = ynode_get(node, "percent");
    struct ynode amount = ynode_get(node, "amount_vnd");
    struct ynode time = ynode_get(node, "time");
    if (ynode_exists(percent) + ynode_exists(amount) + ynode_exists(time) != 1) {
        return ynode_fail(node, "give one of: percent, amount_vnd, time");
    }
    if (ynode_exists(amount)) {
        discount->kind = TARIFF_DISCOUNT_AMOUNT;
        return ynode_int(amount, 1, TARIFF_PRICE_MAX_VND, "đ", &discount->value);
    }
    if (ynode_exists(time)) {
        discount->kind = TARIFF_DISCOUNT_TIME;
        if (config_parse_duration(ynode_text(time), &discount->value)) {
            return ynode_fail(time, "not a time; such as 90s, 15min or 1h30min");
        }
        return 0;
    }
    discount->kind = TARIFF_DISCOUNT_PERCENT;
    if (tariff_parse_percent(ynode_text(percent), &discount->value)) {
        return ynode_fail(percent, "not a percentage such as 20%% or 12.5%%, up to 100%%");
    }
    return 0;
}

static int read_version(struct ynode node, struct tariff *tariff)
{
    int error = 0;
    struct ynode m = ynode_first(ynode_get(node, "elements"));
    for (int i = 0; !error && i < tariff->element_count; i++, m = ynode_next(m)) {
        error = read_element(m, tariff, &tariff->elements[i]);
    }
    m = ynode_first(ynode_get(node, "discounts"));
    for (int i = 0; !error && i < tariff->discount_count; i++, m = ynode_next(m)) {
        error = read_discount(m, &tariff->discounts[i]);
    }
    return error;
}

/* Published is published: receipts name version and digest. */
static int seal(struct ynode version, struct tariff *tariff)
{
    struct ynode stated = ynode_get(version, "digest");
    tariff_seal(tariff);
    if (ynode_exists(stated) && !str_eq_c(ynode_text(stated), tariff->digest)) {
        return ynode_fail(stated,
                          "the content has digest %s; a published version does not change: give "
                          "new content a new version, without a digest until it is published",
                          tariff->digest);
    }
    return 0;
}

static int say_problem(const struct ydoc *doc, const struct tariff_problem *problem)
{
    char path[YAML_PATH_CAP];
    struct ynode node = ynode_find(doc, problem->path);
    ynode_path(node, path, sizeof path);
    if (str_eq(str_c(path), str_c(problem->path))) {
        return ynode_fail(node, "%s", problem->sentence);
    }
    /* The key is not in the file: name it behind the place where it would be. */
    size_t common = strlen(path);
    const char *rest = strlen(problem->path) > common ? problem->path + common : "";
    rest += rest[0] == '.';
    return ynode_fail(node, "'%s' %s", rest, problem->sentence);
}

static int read_set(struct ydoc *doc, struct tariff_set *set)
{
    struct tariff_problem problem;
    int error = config_read_node(ydoc_root(doc), tariff_file_fields, set);
    struct ynode list = ynode_get(ydoc_root(doc), "versions");
    struct ynode m = ynode_first(list);
    for (int i = 0; !error && i < set->count; i++, m = ynode_next(m)) {
        str_copy_cut(set->versions[i].name, sizeof set->versions[i].name, str_c(set->name));
        error = read_version(m, &set->versions[i]);
    }
    if (!error && tariff_set_check(set, &problem)) {
        error = say_problem(doc, &problem);
    }
    m = ynode_first(list);
    for (int i = 0; !error && i < set->count; i++, m = ynode_next(m)) {
        error = seal(m, &set->versions[i]);
    }
    return error;
}

static int finish(int loaded, struct ydoc *doc, struct tariff_set *ret_set)
{
    if (loaded) {
        return loaded;
    }
    struct tariff_set *set = calloc(1, sizeof *set);
    int error = set ? read_set(doc, set) : DX_E_MEMORY;
    if (!error) {
        *ret_set = *set;
    }
    free(set);
    ydoc_free(doc);
    return error;
}

int tariff_file_load(const char *path, struct tariff_set *ret_set, char *error, size_t error_cap)
{
    struct ydoc *doc = NULL;
    int loaded = ydoc_load_file(path, error, error_cap, &doc);
    return finish(loaded, doc, ret_set);
}

int tariff_file_load_text(const char *name, struct str text, struct tariff_set *ret_set,
                          char *error, size_t error_cap)
{
    struct ydoc *doc = NULL;
    int loaded = ydoc_load_text(name, text, error, error_cap, &doc);
    return finish(loaded, doc, ret_set);
}

/* ---- where tariffs are ---- */

static int join(const char *folder, const char *name, char *ret_path, size_t cap)
{
    char path[512];
    int n = snprintf(path, sizeof path, "%s/%s.yaml", folder, name);
    if (n < 0 || (size_t)n >= sizeof path) {
        return DX_E_SPACE;
    }
    return str_copy(ret_path, cap, str_c(path));
}

int tariff_file_find(const char *name, char *ret_path, size_t cap)
{
    size_t n = strlen(name);
    if (strchr(name, '/') || (n > 5 && str_eq_c((struct str){name + n - 5, 5}, ".yaml"))) {
        return str_copy(ret_path, cap, str_c(name));
    }
    for (const char *p = name; *p; p++) {
        if (!ascii_is_alpha(*p) && !ascii_is_digit(*p) && *p != '-') {
            return DX_E_FORMAT;
        }
    }
    const char *folder = getenv("DOXE_TARIFF_DIR");
    if (!folder || !folder[0]) {
        folder = access(DOXE_TARIFF_TREE, R_OK) == 0 ? DOXE_TARIFF_TREE : DOXE_TARIFF_INSTALLED;
    }
    return n ? join(folder, name, ret_path, cap) : DX_E_FORMAT;
}
