#include "proto/base/prng.h"
#include "proto/plate.h"
#include "proto/plate_form.h"
#include "proto/province.h"
#include "tests/harness/harness.h"

#include <jansson.h>

static const struct plate_hint car = {.vehicle = VEHICLE_CAR};
static const struct plate_hint motorbike = {.vehicle = VEHICLE_MOTORBIKE};

static struct plate parsed(const char *raw, const struct plate_hint *hint)
{
    struct plate plate;
    const char *why = "";
    int r = plate_parse(str_c(raw), hint, &plate, &why);
    if (r) {
        fail_msg("\"%s\" is no plate: %s", raw, why);
    }
    return plate;
}

static const struct plate_hint *hint_of(json_t *vehicle, struct plate_hint *space)
{
    if (!json_is_string(vehicle)) {
        return NULL;
    }
    *space = (struct plate_hint){0};
    ok(vehicle_parse(str_c(json_string_value(vehicle)), &space->vehicle));
    return space;
}

/* "car 30F-123.45 or motorbike 30-F1 2345" */
static void candidates_text(const struct plate *plate, char *out, size_t cap)
{
    size_t n = 0;
    for (int i = 0; i < plate->candidate_count; i++) {
        n += (size_t)snprintf(out + n, cap - n, "%s%s %s", i ? " or " : "",
                              plate_kind_text(plate->candidate[i].kind),
                              plate->candidate[i].display);
    }
}

static void test_plate__all_vectors_give_what_they_say(void **state)
{
    (void)state;
    size_t size;
    char *text = harness_read_file("tests/vectors/plates.json", &size);
    json_t *root = json_loadb(text, size, 0, NULL);
    json_t *cases = json_object_get(root, "cases");
    assert_true(json_array_size(cases) >= 18);
    size_t at;
    json_t *one;
    json_array_foreach(cases, at, one)
    {
        const char *raw = json_string_value(json_object_get(one, "raw"));
        const char *why = json_string_value(json_object_get(one, "why"));
        const char *display = json_string_value(json_object_get(one, "display"));
        struct plate_hint space;
        const struct plate_hint *hint = hint_of(json_object_get(one, "vehicle"), &space);
        if (!json_is_true(json_object_get(one, "valid"))) {
            struct plate untouched;
            struct plate plate;
            memset(&untouched, 0x5A, sizeof untouched);
            memset(&plate, 0x5A, sizeof plate);
            const char *found = NULL;
            assert_true(plate_parse(str_c(raw), hint, &plate, &found) < 0);
            assert_string_equal(found, why);
            assert_memory_equal(&plate, &untouched, sizeof plate);
            continue;
        }
        struct plate plate = parsed(raw, hint);
        assert_string_equal(plate.raw, raw);
        assert_string_equal(plate_kind_text(plate.kind),
                            json_string_value(json_object_get(one, "kind")));
        assert_string_equal(plate.canonical, json_string_value(json_object_get(one, "canonical")));
        if (display) {
            assert_string_equal(plate.display, display);
        }
        if (why) {
            char candidates[256];
            candidates_text(&plate, candidates, sizeof candidates);
            assert_string_equal(candidates, why);
        }
    }
    json_decref(root);
    free(text);
}

struct reading {
    const char *raw;
    const struct plate_hint *hint;
    enum plate_kind kind;
    enum vehicle vehicle;
    const char *canonical, *display;
};

static void check_readings(const struct reading *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct plate plate = parsed(rows[i].raw, rows[i].hint);
        if (plate.kind != rows[i].kind || plate.vehicle != rows[i].vehicle ||
            strcmp(plate.canonical, rows[i].canonical) != 0 ||
            (rows[i].display && strcmp(plate.display, rows[i].display) != 0)) {
            fail_msg("%s: %s, %s, %s, %s", rows[i].raw, plate_kind_text(plate.kind),
                     vehicle_text(plate.vehicle), plate.canonical, plate.display);
        }
    }
}
#define CHECK_READINGS(rows) check_readings(rows, sizeof(rows) / sizeof(rows)[0])

static void test_plate__every_class_has_its_form(void **state)
{
    (void)state;
    static const struct reading rows[] = {
        {"51K-999.99", NULL, PLATE_CAR, VEHICLE_CAR, "51K99999", "51K-999.99"},
        {"29A1234", NULL, PLATE_CAR, VEHICLE_CAR, "29A1234", "29A-1234"},
        {"80B01234", NULL, PLATE_CAR, VEHICLE_CAR, "80B01234", "80B-012.34"},
        {"59X312345", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "59X312345", "59-X3 123.45"},
        {"29AA00001", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "29AA00001", "29-AA 000.01"},
        {"29AA1234", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "29AA1234", "29-AA 1234"},
        {"29MD112345", NULL, PLATE_ELECTRIC_MOTORBIKE, VEHICLE_MOTORBIKE, "29MD112345",
         "29-MĐ1 123.45"},
        {"29-MĐ1 1234", NULL, PLATE_ELECTRIC_MOTORBIKE, VEHICLE_MOTORBIKE, "29MD11234",
         "29-MĐ1 1234"},
        {"51DA12345", &car, PLATE_SPECIAL, VEHICLE_CAR, "51DA12345", "51DA-123.45"},
        {"29KT1234", &car, PLATE_SPECIAL, VEHICLE_CAR, "29KT1234", "29KT-1234"},
        {"29CD12345", &car, PLATE_SPECIAL, VEHICLE_CAR, "29CD12345", "29CD-123.45"},
        {"29HC12345", &car, PLATE_SPECIAL, VEHICLE_CAR, "29HC12345", "29HC-123.45"},
        {"51R-123.45", NULL, PLATE_TRAILER, VEHICLE_CAR, "51R12345", "51R-123.45"},
        {"51RM12345", NULL, PLATE_TRAILER, VEHICLE_CAR, "51RM12345", "51RM-123.45"},
        {"29-MK1 123.45", NULL, PLATE_TRACTOR, VEHICLE_CAR, "29MK112345", "29-MK1 123.45"},
        {"29-TĐ1 123.45", NULL, PLATE_PILOT, VEHICLE_CAR, "29TD112345", "29-TĐ1 123.45"},
        {"43TĐ-012.34", NULL, PLATE_PILOT, VEHICLE_CAR, "43TD01234", "43-TĐ 012.34"},
        {"80-291-QT-01", NULL, PLATE_DIPLOMATIC, VEHICLE_CAR, "80291QT01", "80-291-QT-01"},
        {"29-011-CV-012", NULL, PLATE_DIPLOMATIC, VEHICLE_CAR, "29011CV012", "29-011-CV-012"},
        {"51011NN12", NULL, PLATE_DIPLOMATIC, VEHICLE_CAR, "51011NN12", "51-011-NN-12"},
        {"29NG011012", NULL, PLATE_DIPLOMATIC, VEHICLE_CAR, "29NG011012", "29-NG 011-012"},
        {"TM123", NULL, PLATE_ARMY, VEHICLE_MOTORBIKE, "TM123", "TM-123"},
        {"KT1234", NULL, PLATE_ARMY, VEHICLE_CAR, "KT1234", "KT-12-34"},
        {"AT-12-34 RM", NULL, PLATE_ARMY, VEHICLE_CAR, "AT1234RM", "AT-12-34 RM"},
        {"AT1234BM", NULL, PLATE_ARMY, VEHICLE_CAR, "AT1234BM", "AT-12-34 BM"},
        {"T29-123.45", NULL, PLATE_TEMPORARY, VEHICLE_CAR, "T2912345", "T29-123.45"},
        {"2912345", NULL, PLATE_EVENT, VEHICLE_CAR, "2912345", "2912345"},
    };
    CHECK_READINGS(rows);
    assert_int_equal(parsed("29-M1 123.45", NULL).province, 29);
    assert_int_equal(parsed("T29-123.45", NULL).province, 29);
    assert_int_equal(parsed("KT1234", NULL).province, 0);
    assert_int_equal(parsed("KT1234", NULL).warnings, 0);
    assert_int_equal(parsed("KT1234", NULL).colour, PLATE_COLOUR_RED);
    assert_int_equal(parsed("BS1234", NULL).warnings, PLATE_WARN_UNLISTED_PREFIX);
    assert_int_equal(parsed("2912345", NULL).warnings, PLATE_WARN_RARE_FORM);
}

static void test_plate__separators_prove_what_only_one_reading_has(void **state)
{
    (void)state;
    static const struct reading rows[] = {
        /* after the letter, or in the number of five: a car */
        {"30F-123.45", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", "30F-123.45"},
        {"30F 12345", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F-12345", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F123.45", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F-123-45", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30-F-123.45", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F\n123.45", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F\r\n12345", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F/123.45", NULL, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        /* after the digit of the series: a motorbike */
        {"30-F1 2345", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "30F12345", "30-F1 2345"},
        {"30F1-2345", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "30F12345", NULL},
        {"30F1.2345", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "30F12345", NULL},
        {"30-F1\n2345", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "30F12345", NULL},
        /* a dash in a diplomatic number, a dot in a civil one */
        {"29-NG 011-01", NULL, PLATE_DIPLOMATIC, VEHICLE_CAR, "29NG01101", "29-NG 011-01"},
        {"29-NG\n011-01", NULL, PLATE_DIPLOMATIC, VEHICLE_CAR, "29NG01101", NULL},
        {"29-NG 011.01", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "29NG01101", "29-NG 011.01"},
        {"29-MĐ1 1234", NULL, PLATE_ELECTRIC_MOTORBIKE, VEHICLE_MOTORBIKE, "29MD11234", NULL},
        {"29-MD1 1234", NULL, PLATE_ELECTRIC_MOTORBIKE, VEHICLE_MOTORBIKE, "29MD11234", NULL},
        {"29-MD 112.34", NULL, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "29MD11234", NULL},
        /* nothing proved */
        {"30F12345", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", "30F12345"},
        {" 30F12345 ", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
        {"30-F12345", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
        {"30F12.345", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
        {"30F-1-2345", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
        {"29NG01101", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "29NG01101", NULL},
        {"29-NG 011 01", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "29NG01101", NULL},
        {"51LD-123.45", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "51LD12345", NULL},
        {"51-LD 123.45", NULL, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "51LD12345", NULL},
        /* two kinds, one class */
        {"29MD11234", NULL, PLATE_AMBIGUOUS, VEHICLE_MOTORBIKE, "29MD11234", NULL},
    };
    CHECK_READINGS(rows);
}

static void test_plate__a_car_and_a_motorbike_collide_exactly_where_both_exist(void **state)
{
    (void)state;
    char raw[] = "30F12345";
    for (const char *letter = "ABCDEFGHKLMNPSTUVXYZ"; *letter; letter++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            raw[2] = *letter;
            raw[3] = digit;
            bool both = digit != '0';
            assert_int_equal(parsed(raw, NULL).kind, both ? PLATE_AMBIGUOUS : PLATE_CAR);
            assert_int_equal(parsed(raw, NULL).candidate_count, both ? 2 : 1);
            assert_int_equal(parsed(raw, &car).kind, PLATE_CAR);
            assert_int_equal(parsed(raw, &motorbike).kind, both ? PLATE_MOTORBIKE : PLATE_CAR);
        }
    }
    /* F1 0000 is not given out, so that this is the car 100.00 */
    assert_int_equal(parsed("30F10000", NULL).kind, PLATE_CAR);
}

static void test_plate__the_hint_chooses_and_a_hint_that_fits_nothing_only_warns(void **state)
{
    (void)state;
    static const struct plate_hint bicycle = {.vehicle = VEHICLE_BICYCLE};
    static const struct reading rows[] = {
        {"51LD12345", &motorbike, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "51LD12345", "51-LD 123.45"},
        {"29NG01101", &car, PLATE_DIPLOMATIC, VEHICLE_CAR, "29NG01101", "29-NG 011-01"},
        {"29NG01101", &motorbike, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "29NG01101", NULL},
        {"29-NG 011-01", &motorbike, PLATE_DIPLOMATIC, VEHICLE_MOTORBIKE, "29NG01101", NULL},
        {"29-M1 123.45", &car, PLATE_MOTORBIKE, VEHICLE_MOTORBIKE, "29M112345", NULL},
        {"30F-123.45", &motorbike, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F12345", &bicycle, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
    };
    CHECK_READINGS(rows);
    assert_int_equal(parsed("29-M1 123.45", &car).warnings, PLATE_WARN_CLASS_CONFLICT);
    assert_int_equal(parsed("30F-123.45", &motorbike).warnings, PLATE_WARN_CLASS_CONFLICT);
    assert_int_equal(parsed("30F12345", &bicycle).warnings, PLATE_WARN_CLASS_CONFLICT);
    assert_int_equal(parsed("30F12345", &car).warnings, 0);
    assert_int_equal(parsed("29-NG 011-01", &motorbike).warnings, 0);
    struct plate uncertain = parsed("29NG01101", &motorbike);
    assert_int_equal(uncertain.warnings, PLATE_WARN_KIND_UNCERTAIN);
    assert_int_equal(uncertain.candidate_count, 2);
    assert_int_equal(uncertain.candidate[1].kind, PLATE_DIPLOMATIC);
    assert_int_equal(uncertain.candidate[1].vehicle, VEHICLE_MOTORBIKE);
    assert_int_equal(parsed("51LD12345", &car).warnings, 0);
}

static void test_plate__colour_and_lines_decide_like_a_class(void **state)
{
    (void)state;
    static const struct plate_hint yellow = {.colour = PLATE_COLOUR_YELLOW};
    static const struct plate_hint blue = {.colour = PLATE_COLOUR_BLUE};
    static const struct plate_hint white = {.colour = PLATE_COLOUR_WHITE};
    static const struct plate_hint red = {.colour = PLATE_COLOUR_RED};
    static const struct plate_hint one_line = {.lines = 1};
    static const struct plate_hint two_lines = {.lines = 2};
    static const struct reading rows[] = {
        {"30F12345", &yellow, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F12345", &blue, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
        {"30F12345", &white, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
        {"30F12345", &one_line, PLATE_CAR, VEHICLE_CAR, "30F12345", NULL},
        {"30F12345", &two_lines, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "30F12345", NULL},
        {"29NG01101", &yellow, PLATE_AMBIGUOUS, VEHICLE_UNKNOWN, "29NG01101", NULL},
        {"51LD12345", &yellow, PLATE_SPECIAL, VEHICLE_CAR, "51LD12345", NULL},
        {"TM1234", &white, PLATE_ARMY, VEHICLE_CAR, "TM1234", NULL},
    };
    CHECK_READINGS(rows);
    assert_int_equal(parsed("30F12345", &yellow).colour, PLATE_COLOUR_YELLOW);
    assert_int_equal(parsed("30F-123.45", &blue).warnings, 0);
    /* N to Z are on no state vehicle's plate: Circular 24/2023/TT-BCA */
    assert_int_equal(parsed("30V-123.45", &blue).warnings, PLATE_WARN_COLOUR_CONFLICT);
    assert_int_equal(parsed("30F-123.45", &red).warnings, PLATE_WARN_COLOUR_CONFLICT);
    assert_int_equal(parsed("TM1234", &red).warnings, 0);
    assert_int_equal(parsed("TM1234", &white).warnings, PLATE_WARN_COLOUR_CONFLICT);
    assert_int_equal(parsed("29-M1 123.45", &yellow).warnings, PLATE_WARN_COLOUR_CONFLICT);
    assert_int_equal(parsed("29-M1 123.45", &one_line).warnings, PLATE_WARN_LINES_CONFLICT);
    enum plate_colour colour = PLATE_COLOUR_RED;
    ok(plate_colour_parse(STR("Blue"), &colour));
    assert_int_equal(colour, PLATE_COLOUR_BLUE);
    assert_int_equal(plate_colour_parse(STR("pink"), &colour), DX_E_NOT_FOUND);
    assert_int_equal(colour, PLATE_COLOUR_BLUE);
}

static void test_plate__case_width_and_signs_do_not_matter_and_raw_is_kept(void **state)
{
    (void)state;
    static const char *const same[] = {
        "29-MĐ1 123.45",
        "29-mđ1 123.45",
        "２９－ＭĐ１　１２３．４５",
        "29-MÐ1 123.45",
        "29–MĐ1 123·45",
        "29_MĐ1_123,45",
        "29 MĐ1\n123.45",
        "29MĐ1\t12345",
        "\xEF\xBB\xBF"
        "29MĐ112345",
        "  29MĐ1 12345\r\n",
        "29\u00A0MĐ1\u200B12345",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct plate plate = parsed(same[i], NULL);
        assert_string_equal(plate.canonical, "29MD112345");
        assert_string_equal(plate.display, "29-MĐ1 123.45");
        assert_string_equal(plate.raw, same[i]);
    }
}

struct refusal {
    const char *raw;
    int error;
    const char *why, *where;
};

static void test_plate__a_refusal_says_why_and_where(void **state)
{
    (void)state;
    static const struct refusal rows[] = {
        {"", DX_E_NOT_FOUND, "empty", "text"},
        {" -. \n", DX_E_NOT_FOUND, "empty", "text"},
        {"UNKNOWN", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"No Plate", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"no_plate", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"N/A", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"(null)", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"_无_", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"无车牌", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"không rõ", DX_E_NOT_FOUND, "camera word for no plate", "text"},
        {"????", DX_E_NOT_FOUND, "no character was read", "text"},
        {"30F-12?.45", DX_E_FORMAT, "a character was not read", "text"},
        {"30F-123.45 (xe)", DX_E_FORMAT, "a character that is on no plate", "text"},
        {"30Ô-123.45", DX_E_FORMAT, "a character that is on no plate", "text"},
        {"30F\xFF", DX_E_FORMAT, "not a text in UTF-8", "text"},
        {"30F-123.4567890", DX_E_FORMAT, "too long", "number"},
        {"30F-123.4567890123456", DX_E_FORMAT, "too long", "text"},
        {"                                                 30F12345", DX_E_FORMAT, "too long",
         "text"},
        {"3", DX_E_FORMAT, "too short", "province"},
        {"30", DX_E_FORMAT, "too short", "text"},
        {"3F12345", DX_E_FORMAT, "the province has two digits", "province"},
        {"42A-123.45", DX_E_FORMAT, "42 is no province", "province"},
        {"00A-123.45", DX_E_FORMAT, "00 is no province", "province"},
        {"T42-123.45", DX_E_FORMAT, "42 is no province", "province"},
        {"30J-123.45", DX_E_FORMAT, "J is not used", "series"},
        {"30O-123.45", DX_E_FORMAT, "O is not used", "series"},
        {"30Q-123.45", DX_E_FORMAT, "Q is not used", "series"},
        {"30W-123.45", DX_E_FORMAT, "W is not used", "series"},
        {"29-AI 123.45", DX_E_FORMAT, "I is not used", "series"},
        {"29-AR 123.45", DX_E_FORMAT, "R is used for trailers only", "series"},
        {"30Đ-123.45", DX_E_FORMAT, "Đ is used after M and T only", "series"},
        {"29-ABC 123", DX_E_FORMAT, "more than two letters", "series"},
        {"30112345", DX_E_FORMAT, "the series has no letter", "series"},
        {"30F-123", DX_E_FORMAT, "too short", "number"},
        {"29-AA 123.456", DX_E_FORMAT, "fits no form of a plate", "text"},
        {"30F-000.00", DX_E_FORMAT, "the number is zero", "number"},
        {"30F-1234S", DX_E_FORMAT, "a letter in the number", "number"},
        {"T29-1234", DX_E_FORMAT, "too short", "number"},
        {"TM12", DX_E_FORMAT, "too short", "number"},
        {"TM12345", DX_E_FORMAT, "too long", "number"},
        {"XY1234", DX_E_FORMAT, "begins with no province and no army prefix", "text"},
        {"TAXI", DX_E_FORMAT, "no digits", "text"},
        {"0000000", DX_E_FORMAT, "00 is no province", "province"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plate plate;
        struct plate_fault fault = {"", ""};
        int r = plate_parse_explained(str_c(rows[i].raw), NULL, &plate, &fault);
        if (r != rows[i].error || strcmp(fault.why, rows[i].why) != 0 ||
            strcmp(fault.where, rows[i].where) != 0) {
            fail_msg("%s: %s, %s, %s", rows[i].raw, dx_error_name(r), fault.why, fault.where);
        }
    }
    struct plate plate;
    assert_int_equal(plate_parse(((struct str){"30F\0-12345", 10}), NULL, &plate, NULL),
                     DX_E_FORMAT);
}

static void test_province__codes_are_those_of_the_two_annexes(void **state)
{
    (void)state;
    static const int never[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 42, 44, 45, 46, 87, 91, 96};
    size_t at = 0;
    for (int code = 0; code < 100; code++) {
        bool gap = at < sizeof never / sizeof never[0] && never[at] == code;
        at += gap ? 1 : 0;
        assert_true((province_of_plate(code) == NULL) == gap);
        char sentence[32];
        snprintf(sentence, sizeof sentence, "%02d is no province", code);
        if (gap) {
            assert_string_equal(province_why_not(code), sentence);
        } else {
            assert_null(province_why_not(code));
        }
    }
    int known = 0;
    for (int prefix = 0; prefix < 1000; prefix++) {
        known += province_of_identity(prefix) != NULL;
    }
    assert_int_equal(known, PROVINCE_COUNT);
    assert_string_equal(province_of_plate(33)->name, "Hà Nội");
    assert_string_equal(province_of_plate(41)->name, "TP. Hồ Chí Minh");
    assert_string_equal(province_of_plate(34)->since_2025, "Hải Phòng");
    assert_string_equal(province_of_identity(79)->name, "TP. Hồ Chí Minh");
    assert_null(province_of_identity(103));
    assert_null(province_of_plate(-1));
    assert_null(province_of_plate(100));
}

/* A text of a form, with random characters where it leaves a choice. */
static void draw(struct prng *prng, const struct plate_form *form, char *out)
{
    char symbols[PLATE_CANONICAL_CAP];
    plate_form_symbols(form, symbols);
    int i = 0;
    for (; symbols[i]; i++) {
        switch (symbols[i]) {
        case 'p':
            out[i] = i && symbols[i - 1] == 'p' ? (char)prng_range(prng, '4', '9') : '3';
            break;
        case 'd':
            out[i] = (char)prng_range(prng, '0', '9');
            break;
        case 'n':
            out[i] = (char)prng_range(prng, '1', '9');
            break;
        case 'l':
            out[i] = "ABCDEFGHKLMNPSTUVXYZ"[prng_range(prng, 0, 19)];
            break;
        case 'a':
            out[i] = "ABCHKPQTV"[prng_range(prng, 0, 8)];
            break;
        case 'z':
            out[i] = (char)prng_range(prng, 'A', 'Z');
            break;
        case '@':
        case '#':
            out[i] = 'D';
            break;
        default:
            out[i] = symbols[i];
        }
    }
    out[i] = '\0';
}

static bool lists(const struct plate *plate, enum plate_kind kind)
{
    for (int i = 0; i < plate->candidate_count; i++) {
        if (plate->candidate[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static void test_plate__any_plate_of_any_form_is_read_and_never_corrected(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 7);
    int count;
    const struct plate_form *forms = plate_forms(&count);
    for (int i = 0; i < count * 200; i++) {
        const struct plate_form *form = &forms[i % count];
        char text[PLATE_CANONICAL_CAP];
        char suggestion[PLATE_SUGGESTIONS_MAX][PLATE_CANONICAL_CAP];
        draw(&prng, form, text);
        if (strspn(text + strlen(text) - 4, "0") == 4) {
            continue; /* perhaps no number at all */
        }
        struct plate plate = parsed(text, NULL);
        if (strchr(form->template, '#')) {
            continue; /* without its Đ it is something else */
        }
        assert_true(lists(&plate, form->kind));
        assert_string_equal(plate.canonical, text);
        for (int v = 0; v < VEHICLE_COUNT; v++) {
            struct plate_hint hint = {.vehicle = (enum vehicle)v};
            assert_int_equal(plate_suggest(str_c(text), &hint, suggestion, PLATE_SUGGESTIONS_MAX),
                             0);
            struct plate with_hint = parsed(text, &hint);
            assert_string_equal(with_hint.canonical, text);
        }
        /* What is shown is read back as the same. */
        for (int k = 0; k < plate.candidate_count; k++) {
            struct plate_hint hint = {.vehicle = plate.candidate[k].vehicle};
            struct plate again = parsed(plate.candidate[k].display, &hint);
            assert_string_equal(again.canonical, text);
            assert_true(lists(&again, plate.candidate[k].kind));
        }
    }
    /* The two that a well-known positional correction breaks. */
    assert_string_equal(parsed("30A12345", &car).canonical, "30A12345");
    assert_string_equal(parsed("29X112345", &motorbike).canonical, "29X112345");
}

static void assert_suggests(const char *raw, const struct plate_hint *hint, const char *wanted)
{
    char found[PLATE_SUGGESTIONS_MAX][PLATE_CANONICAL_CAP];
    char line[PLATE_SUGGESTIONS_MAX * PLATE_CANONICAL_CAP] = "";
    int count = plate_suggest(str_c(raw), hint, found, PLATE_SUGGESTIONS_MAX);
    for (int i = 0; i < count; i++) {
        strncat(line, i ? " " : "", 2);
        strncat(line, found[i], PLATE_CANONICAL_CAP);
    }
    if (strcmp(line, wanted) != 0) {
        fail_msg("%s: \"%s\", not \"%s\"", raw, line, wanted);
    }
}

static void test_plate__suggestions_follow_the_place_of_a_character(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *wanted;
    } rows[] = {
        /* the province and the number are digits */
        {"3OF-123.45", "30F12345"},
        {"3QF12345", "30F12345"},
        {"3DF12345", "30F12345"},
        {"S1F12345", "51F12345"},
        {"Z9F12345", "29F12345"},
        {"30F1Z3A5", "30F12345"},
        {"30F123L5", "30F12315"},
        {"30F1234S", "30F12345"},
        {"30F12G45", "30F12645"},
        {"30F1T345", "30F17345"},
        {"30F1B345", "30F18345"},
        /* the third place is a letter */
        {"30012345", "30D12345"},
        {"30212345", "30Z12345"},
        {"30412345", "30A12345"},
        {"30512345", "30S12345"},
        {"30612345", "30G12345"},
        {"30812345", "30B12345"},
        {"30O12345", "30D12345"},
        {"30Đ12345", "30D12345"},
        /* which has no safe repair for these */
        {"30112345", ""},
        {"30I12345", ""},
        {"30J12345", ""},
        {"30W12345", ""},
        /* the fourth only where it can be neither */
        {"29MI12345", "29M112345"},
        {"29MO12345", "29MD12345"},
        {"29M012345", "29MD12345"},
        {"29M21234S", "29M212345"}, /* and not 29MZ12345 */
        {"29MS1234O", "29MS12340"}, /* and not 29M512340 */
        /* J has three digits, in this order */
        {"5JA1388", "51A1388 53A1388 57A1388"},
        {"TM-I2-34", "TM1234"},
        {"29-011-N6-01", "29011NG01"},
        {"T2912E45", ""},
        /* two and three characters */
        {"3OF-I2E45", ""},
        {"3OF-I2345", "30F12345"},
        {"3O4-I2345", "30A12345"},
        {"SOA-IZ3SS", ""},
        /* lines in the wrong order */
        {"123.45\n29-M1", "29M112345"},
        {"12345 29AA", "29AA12345"},
        {"1234530F", "30F12345"},
        /* what fits a form is left alone, however odd */
        {"29S512345", ""},
        {"29SS12345", ""},
        {"30A12345", ""},
        {"unknown", ""},
        {"", ""},
        {"30F-12", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_suggests(rows[i].raw, NULL, rows[i].wanted);
    }
    assert_suggests("3OF-123.45", &car, "30F12345");
    assert_suggests("3OF-123.45", &motorbike, "30F12345");
    assert_suggests("29MI12345", &car, ""); /* a motorbike's, and a car was seen */
    assert_suggests("29MI12345", &motorbike, "29M112345");
    char two[2][PLATE_CANONICAL_CAP];
    assert_int_equal(plate_suggest(STR("5JA1388"), NULL, two, 2), 2);
    assert_string_equal(two[1], "53A1388");
    assert_int_equal(plate_suggest(STR("5JA1388"), NULL, two, 0), 0);
}

static void test_plate__suggestions_are_plates_bounded_and_the_same_each_time(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 11);
    static const char alphabet[] = "0123456789ABCDGIJLOQSTZ-. ";
    int with_some = 0;
    for (int i = 0; i < 3000; i++) {
        char raw[12];
        int n = (int)prng_range(&prng, 5, 11);
        for (int k = 0; k < n; k++) {
            raw[k] = alphabet[prng_range(&prng, 0, (int64_t)sizeof alphabet - 2)];
        }
        struct str text = {raw, (size_t)n};
        char first[PLATE_SUGGESTIONS_MAX][PLATE_CANONICAL_CAP];
        char second[PLATE_SUGGESTIONS_MAX][PLATE_CANONICAL_CAP];
        int count = plate_suggest(text, NULL, first, PLATE_SUGGESTIONS_MAX);
        assert_in_range(count, 0, PLATE_SUGGESTIONS_MAX);
        assert_int_equal(plate_suggest(text, NULL, second, 1000), count);
        for (int k = 0; k < count; k++) {
            assert_string_equal(first[k], second[k]);
            assert_string_equal(parsed(first[k], NULL).canonical, first[k]);
        }
        with_some += count > 0;
    }
    assert_true(with_some > 20);
}

static void test_plate__distance_counts_as_a_camera_errs(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int distance;
    } rows[] = {
        {"30F12345", "30F12345", 0},   {"30F12345", "3OF12345", 1},   {"51A13883", "51A1388J", 1},
        {"30U12345", "30V12345", 1},   {"30D12345", "30012345", 1},   {"30F12345", "30F12346", 4},
        {"30F12345", "30F1234", 3},    {"30F12345", "30F123456", 3},  {"30F12345", "3OF1234S", 2},
        {"51A13883", "5JA3883", 4},    {"30F12345", "30F12354", 6},   {"", "", 0},
        {"", "30F12345", 24},          {"29A1234", "30F12345", 15},   {"29011NG01", "29NG01101", 1},
        {"29011NG0I", "29NG01101", 2}, {"29011NG01", "29NG01102", 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int there = plate_distance(rows[i].a, rows[i].b);
        if (there != rows[i].distance || plate_distance(rows[i].b, rows[i].a) != there) {
            fail_msg("%s %s: %d", rows[i].a, rows[i].b, there);
        }
    }
    assert_int_equal(plate_distance("30F12345", "30F1234567890123"), PLATE_DISTANCE_FAR);
    assert_true(plate_distance("30F123456789012", "30F12345") < PLATE_DISTANCE_FAR);
    char *long_text = malloc(1 << 20);
    memset(long_text, 'A', (1 << 20) - 1);
    long_text[(1 << 20) - 1] = '\0';
    assert_int_equal(plate_distance(long_text, long_text), PLATE_DISTANCE_FAR);
    free(long_text);
}

static void test_plate__nearest_gives_the_best_open_sessions_in_a_fixed_order(void **state)
{
    (void)state;
    static const char *const open[] = {"29A1234",  "30F12346", NULL,       "3OF12345",
                                       "30F12345", "30F1234S", "30F123AS", "30E12345"};
    struct plate_match match[3];
    int count = plate_nearest("30F12345", open, 8, PLATE_DISTANCE_NEAR, match, 3);
    assert_int_equal(count, 3);
    assert_int_equal(match[0].index, 4);
    assert_int_equal(match[0].distance, 0);
    assert_int_equal(match[1].index, 3);
    assert_int_equal(match[2].index, 5);
    count = plate_nearest("30F12345", open, 8, PLATE_DISTANCE_OTHER, match, 2);
    assert_int_equal(count, 2);
    assert_int_equal(match[1].index, 3);
    assert_int_equal(plate_nearest("99Z99999", open, 8, PLATE_DISTANCE_NEAR, match, 3), 0);
    assert_int_equal(plate_nearest("30F12345", open, 8, 9, match, 0), 0);
}

TESTS(T(test_plate__all_vectors_give_what_they_say), T(test_plate__every_class_has_its_form),
      T(test_plate__separators_prove_what_only_one_reading_has),
      T(test_plate__a_car_and_a_motorbike_collide_exactly_where_both_exist),
      T(test_plate__the_hint_chooses_and_a_hint_that_fits_nothing_only_warns),
      T(test_plate__colour_and_lines_decide_like_a_class),
      T(test_plate__case_width_and_signs_do_not_matter_and_raw_is_kept),
      T(test_plate__a_refusal_says_why_and_where),
      T(test_province__codes_are_those_of_the_two_annexes),
      T(test_plate__any_plate_of_any_form_is_read_and_never_corrected),
      T(test_plate__suggestions_follow_the_place_of_a_character),
      T(test_plate__suggestions_are_plates_bounded_and_the_same_each_time),
      T(test_plate__distance_counts_as_a_camera_errs),
      T(test_plate__nearest_gives_the_best_open_sessions_in_a_fixed_order))
