#include "gate/io/camera_words.h"

#include "proto/crypto/crypto.h"

int camera_confidence(struct str text)
{
    size_t point = str_index(text, '.');
    int64_t whole = 0;
    if (str_parse_i64(str_slice(text, 0, point), 0, 100, &whole)) {
        return 0;
    }
    int64_t thousandths = 0;
    int64_t weight = 100;
    for (size_t i = point + 1; i < text.n; i++) {
        if (!ascii_is_digit(text.p[i])) {
            return 0;
        }
        thousandths += (text.p[i] - '0') * weight;
        weight /= 10;
    }
    bool is_fraction = point < text.n && (whole == 0 || (whole == 1 && thousandths == 0));
    int64_t result = is_fraction ? whole * 1000 + thousandths : whole * 10 + thousandths / 100;
    return (int)(result > 1000 ? 1000 : result);
}

enum vehicle camera_vehicle(struct str type)
{
    static const char *const cars[] = {
        "vehicle",
        "SUVMPV",
        "smallCar",
        "mediumCar",
        "largeCar",
        "saloon",
        "car",
        "van",
        "truck",
        "lightTruck",
        "buggyCar",
        "bus",
        "largeBus",
        "coach",
        "mediumBus",
        "mediumTruck",
        "largeTruck",
        "pickupTruck",
        "miniTruck",
        "MPV",
        "SUV",
        "sedan",
        "minibus",
        "smallTruck",
        "pickup truck",
        "big truck",
        "hatchback",
        "crossover",
        "passengercar",
        "pickup",
        "microbus",
        "light_truck",
        "suv-crossover",
        "suv-standard",
        "van-full",
        "van-mini",
        "sedan-standard",
        "sedan-compact",
        "sedan-sports",
        "truck-standard",
        "tractor-trailer",
        "SaloonCar",
        "MidTruck",
    };
    if (str_eq_nocase(type, STR("twoWheelVehicle")) || str_eq_nocase(type, STR("motorcycle")) ||
        str_eq_nocase(type, STR("motorbike")) || str_eq_nocase(type, STR("motor")) ||
        str_eq_nocase(type, STR("scooter")) || str_eq_nocase(type, STR("TwoWheelMotorcycle"))) {
        return VEHICLE_MOTORBIKE;
    }
    for (size_t i = 0; i < sizeof cars / sizeof cars[0]; i++) {
        if (str_eq_nocase(type, str_c(cars[i]))) {
            return VEHICLE_CAR;
        }
    }
    return VEHICLE_UNKNOWN;
}

enum plate_colour camera_colour(struct str word)
{
    static const struct {
        const char *word;
        enum plate_colour colour;
    } colours[] = {
        {"white", PLATE_COLOUR_WHITE},
        {"yellow", PLATE_COLOUR_YELLOW},
        {"blue", PLATE_COLOUR_BLUE},
        {"red", PLATE_COLOUR_RED},
    };
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        if (str_eq_nocase(word, str_c(colours[i].word))) {
            return colours[i].colour;
        }
    }
    return PLATE_COLOUR_UNKNOWN;
}

bool camera_is_no_plate(struct str text)
{
    static const char *const words[] = {"unknown",  "unkown", "noplate",
                                        "no plate", "none",   "无车牌"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq_nocase(text, str_c(words[i]))) {
            return true;
        }
    }
    return text.n == 0;
}

/* Cut to what fits, but never inside a letter: what follows must stay UTF-8. */
void camera_plate(char out[PLATE_RAW_CAP], struct str text)
{
    text = str_slice(str_trim(text), 0, PLATE_RAW_CAP - 1);
    while (text.n && !str_is_utf8(text)) {
        text.n--;
    }
    str_copy_cut(out, PLATE_RAW_CAP, camera_is_no_plate(text) ? STR("") : text);
}

void camera_digest_id(char out[PLATE_VENDOR_ID_CAP], const char *prefix, struct str text)
{
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    dx_sha256(digest, text);
    str_hex(hex, digest, sizeof digest);
    snprintf(out, PLATE_VENDOR_ID_CAP, "%s%.48s", prefix, hex);
}

void camera_vendor_id(char out[PLATE_VENDOR_ID_CAP], const char *prefix, struct str id)
{
    bool plain = id.n > 0 && id.n < PLATE_VENDOR_ID_CAP;
    for (size_t i = 0; plain && i < id.n; i++) {
        char c = id.p[i];
        plain = ascii_is_digit(c) || ascii_is_alpha(c) || c == '-' || c == '_' || c == '.';
    }
    if (plain) {
        str_copy_cut(out, PLATE_VENDOR_ID_CAP, id);
    } else {
        camera_digest_id(out, prefix, id);
    }
}

int camera_clamp(int64_t confidence)
{
    return confidence < 0 ? 0 : confidence > 1000 ? 1000 : (int)confidence;
}

bool camera_looks_like_jpeg(struct str bytes)
{
    return str_starts(bytes, STR("\xff\xd8\xff"));
}

bool camera_has_zone(struct str time)
{
    struct str clock = str_slice(time, 11, time.n); /* behind the date, whose '-' is no zone */
    return str_index(clock, 'Z') < clock.n || str_index(clock, '+') < clock.n ||
           str_index(clock, '-') < clock.n;
}
