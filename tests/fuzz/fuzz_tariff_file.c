/* Any bytes as a tariff file: refused with a message, or a tariff that prices without surprises. */
#include "proto/base/check.h"
#include "proto/io/tariff_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void price_some(const struct tariff_set *set)
{
    static struct tariff_price price;
    static const int64_t lengths_ms[] = {0, 1, 3600001, 40000000, 200000000, 2592000000};
    for (int vehicle = 1; vehicle < VEHICLE_COUNT; vehicle++) {
        for (size_t i = 0; i < sizeof lengths_ms / sizeof lengths_ms[0]; i++) {
            struct tariff_stay stay = {.vehicle = (enum vehicle)vehicle};
            stay.entry = wall_add(set->versions[0].valid_from, 40000123);
            stay.exit = wall_add(stay.entry, lengths_ms[i]);
            if (tariff_price_stay(set, &stay, &price)) {
                continue;
            }
            int64_t sum = 0;
            for (int l = 0; l < price.line_count; l++) {
                sum += price.lines[l].amount_vnd;
                must(str_is_utf8(str_c(price.lines[l].text_vi)));
            }
            must(sum == price.total.vnd && price.total.vnd >= 0);
            must(!price.has_next_change || price.next_change.ms >= stay.exit.ms);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct tariff_set set;
    char error[512];
    struct str text = {(const char *)bytes, n};
    int result = tariff_file_load_text("f.yaml", text, &set, error, sizeof error);
    must(str_is_utf8(str_c(error)));
    if (result) {
        must(result == DX_E_MEMORY || error[0]);
        return 0;
    }
    struct tariff_problem problem;
    must(tariff_set_check(&set, &problem) == 0);
    for (int i = 0; i < set.count; i++) {
        must(tariff_is_sealed(&set.versions[i]));
    }
    price_some(&set);
    return 0;
}
