#include "server/core/tariff_change.h"

#include <stdio.h>
#include <string.h>

bool tariff_change_has_price(const struct tariff_set *set, enum vehicle vehicle, wall_t from)
{
    for (int v = 0; v < set->count; v++) {
        const struct tariff *t = &set->versions[v];
        for (int i = 0; i < t->element_count && t->valid_until.ms > from.ms; i++) {
            if (t->elements[i].when.vehicles & 1u << vehicle) {
                return true;
            }
        }
    }
    return false;
}

static const struct tariff *find(const struct tariff_set *set, const char *version)
{
    for (int i = 0; set && i < set->count; i++) {
        if (strcmp(set->versions[i].version, version) == 0) {
            return &set->versions[i];
        }
    }
    return NULL;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/*
 * The first instant from which the two price otherwise, as far as this version of one of them
 * goes; INT64_MAX when it stands in the other, unchanged.  The end is no content: sealing with the
 * other's end must give the other's digest.
 */
static int64_t first_difference(const struct tariff *t, const struct tariff *other)
{
    struct tariff same;
    if (!other || other->valid_from.ms != t->valid_from.ms) {
        return other ? earlier(t->valid_from.ms, other->valid_from.ms) : t->valid_from.ms;
    }
    same = *t;
    same.valid_until = other->valid_until;
    tariff_seal(&same);
    if (strcmp(same.digest, other->digest) != 0) {
        return t->valid_from.ms;
    }
    return t->valid_until.ms == other->valid_until.ms
               ? INT64_MAX
               : earlier(t->valid_until.ms, other->valid_until.ms);
}

/* No stay that is priced now began before `since`: what ended by then may be left out. */
static int64_t compare(const struct tariff_set *a, const struct tariff_set *b, wall_t since)
{
    int64_t first = INT64_MAX;
    for (int i = 0; a && i < a->count; i++) {
        const struct tariff *t = &a->versions[i];
        const struct tariff *other = find(b, t->version);
        if (other || t->valid_until.ms > since.ms) {
            first = earlier(first, first_difference(t, other));
        }
    }
    return first;
}

int tariff_change_judge(const struct tariff_set *old, const struct tariff_set *new_set,
                        enum vehicle vehicle, wall_t now, wall_t *ret_from,
                        char why[TARIFF_CHANGE_WHY_CAP])
{
    char day[TIME_ISO_CAP];
    wall_t since = wall_add(now, -TARIFF_STAY_MAX_MS);
    int64_t from = earlier(compare(old, new_set, since), compare(new_set, old, (wall_t){0}));
    why[0] = '\0';
    if (old && from == INT64_MAX) {
        snprintf(why, TARIFF_CHANGE_WHY_CAP, "nothing differs from what is in force");
        return DX_E_EXISTS;
    }
    if (old && from <= now.ms) {
        time_format_short((wall_t){from}, day);
        snprintf(
            why, TARIFF_CHANGE_WHY_CAP,
            "it changes prices from %s on, which has begun; keep that version as it is, with an "
            "end, and add one that begins later",
            day);
        return DX_E_STATE;
    }
    if (!tariff_change_has_price(new_set, vehicle, old ? (wall_t){from} : now)) {
        snprintf(why, TARIFF_CHANGE_WHY_CAP, "it has no price for %s", vehicle_text(vehicle));
        return DX_E_NOT_FOUND;
    }
    *ret_from = (wall_t){from};
    return 0;
}
