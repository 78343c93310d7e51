/* doxe plate - what a plate text is, and what it might have been. */
#include "proto/cli/cli.h"
#include "proto/plate.h"
#include "proto/province.h"

enum { OPTION_VEHICLE, OPTION_COLOUR, OPTION_LINES, OPTION_COUNT };

static void put_warnings(struct out *out, unsigned warnings)
{
    json_array(out, "warnings");
    for (int bit = 0; bit < PLATE_WARN_BIT_COUNT; bit++) {
        if (warnings & 1u << bit) {
            json_c(out, NULL, plate_warning_text((enum plate_warning_bit)bit));
        }
    }
    json_array_end(out);
}

/* "car 30F-123.45 or motorbike 30-F1 2345" */
static void put_why(struct out *out, const struct plate *plate)
{
    char space[PLATE_CANDIDATES_MAX * 64];
    struct out why;
    out_init(&why, space, sizeof space);
    for (int i = 0; i < plate->candidate_count; i++) {
        const struct plate_candidate *candidate = &plate->candidate[i];
        out_fmt(&why, "%s%s %s", i ? " or " : "", plate_kind_text(candidate->kind),
                candidate->display);
    }
    json_str(out, "why", out_str(&why));
}

static void put_candidates(struct out *out, const struct plate *plate)
{
    json_array(out, "candidates");
    for (int i = 0; i < plate->candidate_count; i++) {
        json_object(out, NULL);
        json_c(out, "kind", plate_kind_text(plate->candidate[i].kind));
        json_c(out, "vehicle", vehicle_text(plate->candidate[i].vehicle));
        json_c(out, "display", plate->candidate[i].display);
        json_object_end(out);
    }
    json_array_end(out);
}

static void put_province(struct out *out, int code)
{
    const struct province *province = code ? province_of_plate(code) : NULL;
    if (!province) {
        json_null(out, "province");
        return;
    }
    json_i64(out, "province", code);
    json_c(out, "province_name", province->name);
    json_c(out, "province_since_2025", province->since_2025);
}

static int print_valid(struct out *out, const struct plate *plate)
{
    json_object(out, NULL);
    json_bool(out, "valid", true);
    json_c(out, "kind", plate_kind_text(plate->kind));
    json_c(out, "canonical", plate->canonical);
    json_c(out, "display", plate->display);
    json_c(out, "raw", plate->raw);
    json_c(out, "vehicle", vehicle_text(plate->vehicle));
    json_c(out, "colour", plate_colour_text(plate->colour));
    put_province(out, plate->province);
    put_warnings(out, plate->warnings);
    put_candidates(out, plate);
    if (plate->kind == PLATE_AMBIGUOUS) {
        put_why(out, plate);
    }
    json_array(out, "suggestions");
    json_array_end(out);
    json_object_end(out);
    return cli_print(out, CLI_VALID);
}

static int print_invalid(struct out *out, struct str raw, const struct plate_hint *hint,
                         const struct plate_fault *fault)
{
    char suggestions[PLATE_SUGGESTIONS_MAX][PLATE_CANONICAL_CAP];
    int count = plate_suggest(raw, hint, suggestions, PLATE_SUGGESTIONS_MAX);
    json_object(out, NULL);
    json_bool(out, "valid", false);
    json_c(out, "error", fault->why);
    json_c(out, "where", fault->where);
    if (str_is_utf8(raw) && raw.n < PLATE_RAW_CAP) {
        json_str(out, "raw", raw);
    } else {
        json_null(out, "raw");
    }
    json_array(out, "suggestions");
    for (int i = 0; i < count; i++) {
        json_c(out, NULL, suggestions[i]);
    }
    json_array_end(out);
    json_object_end(out);
    return cli_print(out, CLI_INVALID);
}

static int run(int argc, char **argv)
{
    struct cli_option options[OPTION_COUNT] = {
        [OPTION_VEHICLE] = {.name = "--vehicle", .kind = CLI_VALUE},
        [OPTION_COLOUR] = {.name = "--colour", .kind = CLI_VALUE},
        [OPTION_LINES] = {.name = "--lines", .kind = CLI_VALUE},
    };
    int operands;
    int status = cli_options(&cmd_plate, argc, argv, options, OPTION_COUNT, &operands);
    if (status) {
        return status;
    }
    if (operands != 1) {
        return cli_usage_error(&cmd_plate, operands ? "one TEXT only; quote one with blanks"
                                                    : "TEXT is missing");
    }
    struct plate_hint hint = {0};
    const char *vehicle = options[OPTION_VEHICLE].value[0];
    const char *colour = options[OPTION_COLOUR].value[0];
    const char *lines = options[OPTION_LINES].value[0];
    if (vehicle_parse(str_c(vehicle), &hint.vehicle)) {
        return cli_usage_error(&cmd_plate, "--vehicle is car, motorbike, bicycle or unknown");
    }
    if (plate_colour_parse(str_c(colour), &hint.colour)) {
        return cli_usage_error(&cmd_plate, "--colour is white, yellow, blue, red or unknown");
    }
    if (lines && strcmp(lines, "1") != 0 && strcmp(lines, "2") != 0) {
        return cli_usage_error(&cmd_plate, "--lines is 1 or 2");
    }
    hint.lines = lines ? lines[0] - '0' : 0;

    char space[4096];
    struct out out;
    out_init(&out, space, sizeof space);
    struct str raw = str_c(argv[1]);
    struct plate plate;
    struct plate_fault fault;
    if (plate_parse_explained(raw, &hint, &plate, &fault)) {
        return print_invalid(&out, raw, &hint, &fault);
    }
    return print_valid(&out, &plate);
}

const struct cli_command cmd_plate = {
    .name = "plate",
    .usage = "plate [--vehicle V] [--colour C] [--lines 1|2] TEXT",
    .summary = "say what a licence plate is, and what it may have been",
    .help = "  --vehicle V   car, motorbike or bicycle: the class that the camera saw\n"
            "  --colour C    white, yellow, blue or red: the background of the plate\n"
            "  --lines N     1 or 2: how many lines the plate has\n"
            "\n"
            "Prints valid, kind, canonical, display, raw, vehicle, colour, province, warnings,\n"
            "candidates and suggestions.  A text that may be several plates is valid, of kind\n"
            "ambiguous, and lists them as candidates; nothing is guessed and nothing repaired.\n",
    .run = run,
};
