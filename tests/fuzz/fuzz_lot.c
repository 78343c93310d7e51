/* Any bytes as what a gate keeps of its lot: refused with a sentence, or lists within their limits.
 * The bytes are read as they are, and once more under a digest that is right. */
#include "proto/base/check.h"
#include "proto/io/lot_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const struct lot *lot)
{
    const struct subject car = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    enum lot_list list;
    int used = 0;
    for (int b = 0; b < LOT_BUCKETS; b++) {
        must(lot->bucket[b].count == 0 || lot->bucket[b].stay);
    }
    for (int i = 0; i < lot->pass_count; i++) {
        must(lot->pass[i].span_count <= LOT_SPANS_MAX &&
             lot->pass[i].plate_count <= LOT_PLATES_MAX);
    }
    must(lot->policy < LOT_POLICY_COUNT);
    (void)lot_find(lot, "", &car);
    (void)lot_on_list(lot, &car, (wall_t){0}, &list);
    (void)lot_find_pass(lot, &car, (wall_t){0}, &used);
}

static void read_both(struct str text)
{
    struct lot lot = {.id = "hn-0001"};
    int bucket = 0;
    const char *why = NULL;
    int error = lot_read_config(text, &lot, &why);
    must(!error || (why && lot.version == 0 && !lot.pass && !lot.entry));
    why = NULL;
    error = lot_read_inside(text, &lot, &bucket, &why);
    must(error ? why != NULL : bucket >= 0 && bucket < LOT_BUCKETS);
    check(&lot);
    lot_fini(&lot);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    read_both((struct str){(const char *)bytes, n});
    char *sealed = malloc(n + 1);
    if (sealed && n > 0) {
        memcpy(sealed, bytes, n);
        if (lot_seal(sealed, n)) {
            read_both((struct str){sealed, n});
        }
    }
    free(sealed);
    return 0;
}
