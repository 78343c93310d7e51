/*
 * Any bytes as a plate text, with any hint: the first byte is the hint, the rest the text.
 * A plate that is read must be read again from what is stored and from what is shown.
 */
#include "proto/base/check.h"
#include "proto/plate.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_plate(struct str raw, const struct plate_hint *hint, const struct plate *plate)
{
    struct plate again;
    must(str_eq_c(raw, plate->raw));
    must(plate->kind != PLATE_NONE && plate->candidate_count >= 1);
    must(plate_parse(str_c(plate->canonical), hint, &again, NULL) == 0 ||
         strstr(plate->display, "Đ")); /* P-TĐ with its Đ folded may be none */
    for (int i = 0; i < plate->candidate_count; i++) {
        must(plate_parse(str_c(plate->candidate[i].display), hint, &again, NULL) == 0);
        must(strcmp(again.canonical, plate->canonical) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct plate_hint hint = {0};
    if (n) {
        hint.vehicle = (enum vehicle)(bytes[0] % VEHICLE_COUNT);
        hint.colour = (enum plate_colour)(bytes[0] / 4 % PLATE_COLOUR_COUNT);
        hint.lines = bytes[0] / 32 % 3;
        bytes++;
        n--;
    }
    struct str raw = {(const char *)bytes, n};
    char suggestions[PLATE_SUGGESTIONS_MAX][PLATE_CANONICAL_CAP];
    const char *why = NULL;
    struct plate plate;
    int r = plate_parse(raw, &hint, &plate, &why);
    int count = plate_suggest(raw, &hint, suggestions, PLATE_SUGGESTIONS_MAX);
    if (r == 0) {
        check_plate(raw, &hint, &plate);
        must(count == 0);
        must(plate_distance(plate.canonical, plate.canonical) == 0);
        return 0;
    }
    must(why && why[0]);
    for (int i = 0; i < count; i++) {
        must(plate_parse(str_c(suggestions[i]), &hint, &plate, NULL) == 0);
        must(strcmp(plate.canonical, suggestions[i]) == 0);
        must(plate_distance(suggestions[i], suggestions[0]) ==
             plate_distance(suggestions[0], suggestions[i]));
    }
    return 0;
}
