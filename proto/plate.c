#include "proto/plate.h"

#include "proto/base/check.h"
#include "proto/plate_form.h"

#include <string.h>

/* Indices into the table of forms: what the text can still be. */
struct readings {
    int form[PLATE_CANDIDATES_MAX];
    int count;
};

struct reader {
    const struct plate_form *forms;
    const struct plate_text *text;
    const struct plate_hint *hint;
    struct readings left;
    struct readings uncertain; /* kinds that only the class of the hint put out */
    unsigned warnings;
};

typedef bool (*agrees_fn)(const struct reader *reader, const struct plate_form *form);

/* Keep the readings that agree, unless none does.  Did any? */
static bool keep(struct reader *reader, agrees_fn agrees)
{
    struct readings kept = {0};
    for (int i = 0; i < reader->left.count; i++) {
        if (agrees(reader, &reader->forms[reader->left.form[i]])) {
            kept.form[kept.count++] = reader->left.form[i];
        }
    }
    if (kept.count) {
        reader->left = kept;
    }
    return kept.count > 0;
}

static bool breaks_fit(const struct reader *reader, const struct plate_form *form)
{
    return plate_form_fits_breaks(form, reader->text, true);
}

static bool break_places_fit(const struct reader *reader, const struct plate_form *form)
{
    return plate_form_fits_breaks(form, reader->text, false);
}

static bool usual_class_fits(const struct reader *reader, const struct plate_form *form)
{
    return form->usual == reader->hint->vehicle;
}

static bool class_fits(const struct reader *reader, const struct plate_form *form)
{
    enum vehicle vehicle = reader->hint->vehicle;
    return form->usual == vehicle ||
           (form->both && (vehicle == VEHICLE_CAR || vehicle == VEHICLE_MOTORBIKE));
}

static bool colour_fits(const struct reader *reader, const struct plate_form *form)
{
    return plate_form_allows_colour(form, reader->text, reader->hint->colour);
}

static bool lines_fit(const struct reader *reader, const struct plate_form *form)
{
    (void)reader;
    return form->one_line;
}

static void filter_by_class(struct reader *reader)
{
    if (reader->hint->vehicle == VEHICLE_UNKNOWN) {
        return;
    }
    struct reader wide = *reader;
    if (!keep(&wide, class_fits)) {
        reader->warnings |= PLATE_WARN_CLASS_CONFLICT;
        return;
    }
    if (!keep(reader, usual_class_fits)) {
        keep(reader, class_fits);
    } else if (reader->left.count < wide.left.count) {
        reader->uncertain = wide.left;
        reader->warnings |= PLATE_WARN_KIND_UNCERTAIN;
    }
}

static void filter(struct reader *reader)
{
    if (!keep(reader, breaks_fit)) {
        keep(reader, break_places_fit);
    }
    filter_by_class(reader);
    if (!keep(reader, colour_fits)) {
        reader->warnings |= PLATE_WARN_COLOUR_CONFLICT;
    }
    if (reader->hint->lines == 1 && !keep(reader, lines_fit)) {
        reader->warnings |= PLATE_WARN_LINES_CONFLICT;
    }
}

static enum vehicle vehicle_of(const struct reader *reader, const struct plate_form *form)
{
    bool takes_hint = reader->hint->vehicle != VEHICLE_UNKNOWN && class_fits(reader, form);
    return takes_hint ? reader->hint->vehicle : form->usual;
}

/* "12" of 12A…, T12…; 0 for the forms without a province. */
static int province_in(const struct plate_form *form, const struct plate_text *text)
{
    char symbols[PLATE_CANONICAL_CAP];
    plate_form_symbols(form, symbols);
    const char *p = strchr(symbols, 'p');
    return p ? (text->c[p - symbols] - '0') * 10 + (text->c[p - symbols + 1] - '0') : 0;
}

static void list_candidates(const struct reader *reader, const struct readings *list,
                            struct plate *plate)
{
    for (int i = 0; i < list->count; i++) {
        const struct plate_form *form = &reader->forms[list->form[i]];
        struct plate_candidate *candidate = &plate->candidate[plate->candidate_count++];
        candidate->kind = form->kind;
        candidate->vehicle = vehicle_of(reader, form);
        plate_form_display(form, reader->text, candidate->display);
    }
}

static void describe(const struct reader *reader, struct plate *plate)
{
    const struct plate_form *first = &reader->forms[reader->left.form[0]];
    plate->kind = reader->left.count == 1 ? first->kind : PLATE_AMBIGUOUS;
    plate->vehicle = vehicle_of(reader, first);
    plate->colour = reader->hint->colour;
    plate->warnings = reader->warnings;
    plate->province = province_in(first, reader->text);
    memcpy(plate->canonical, reader->text->c, sizeof plate->canonical);
    if (plate->kind == PLATE_AMBIGUOUS) {
        for (int i = 1; i < reader->left.count; i++) {
            if (vehicle_of(reader, &reader->forms[reader->left.form[i]]) != plate->vehicle) {
                plate->vehicle = VEHICLE_UNKNOWN;
            }
        }
        memcpy(plate->display, plate->canonical, sizeof plate->canonical);
    } else {
        plate_form_display(first, reader->text, plate->display);
    }
    bool uncertain = (reader->warnings & PLATE_WARN_KIND_UNCERTAIN) != 0;
    list_candidates(reader, uncertain ? &reader->uncertain : &reader->left, plate);
    if (plate->kind == PLATE_ARMY && plate->colour == PLATE_COLOUR_UNKNOWN) {
        plate->colour = PLATE_COLOUR_RED;
    }
    if (plate->kind == PLATE_ARMY && !plate_army_prefix_is_listed(plate->canonical)) {
        plate->warnings |= PLATE_WARN_UNLISTED_PREFIX;
    }
    if (plate->kind == PLATE_EVENT) {
        plate->warnings |= PLATE_WARN_RARE_FORM;
    }
}

int plate_parse_explained(struct str raw, const struct plate_hint *hint, struct plate *ret_plate,
                          struct plate_fault *ret_fault)
{
    static const struct plate_hint nothing = {0};
    struct plate_text text;
    struct plate_fault fault;
    int r = plate_text_read(raw, &text, &fault);
    if (r) {
        *ret_fault = fault;
        return r;
    }
    int form_count;
    struct reader reader = {.forms = plate_forms(&form_count), .text = &text};
    reader.hint = hint ? hint : &nothing;
    for (int i = 0; i < form_count; i++) {
        if (plate_form_matches(&reader.forms[i], &text)) {
            must(reader.left.count < PLATE_CANDIDATES_MAX); /* the table allows three at most */
            reader.left.form[reader.left.count++] = i;
        }
    }
    if (reader.left.count == 0) {
        *ret_fault = plate_form_explain(&text);
        return DX_E_FORMAT;
    }
    filter(&reader);
    struct plate plate = {0};
    memcpy(plate.raw, raw.p, raw.n);
    describe(&reader, &plate);
    *ret_plate = plate;
    return 0;
}

int plate_parse(struct str raw, const struct plate_hint *hint, struct plate *ret_plate,
                const char **ret_why)
{
    struct plate_fault fault;
    int r = plate_parse_explained(raw, hint, ret_plate, &fault);
    if (r && ret_why) {
        *ret_why = fault.why;
    }
    return r;
}

const char *plate_kind_text(enum plate_kind kind)
{
    static const char *const texts[] = {
#define X(name, text) text,
        PLATE_KINDS(X)
#undef X
    };
    must(kind < PLATE_KIND_COUNT);
    return texts[kind];
}

static const char *const colour_texts[] = {
#define X(name, text) text,
    PLATE_COLOURS(X)
#undef X
};

const char *plate_colour_text(enum plate_colour colour)
{
    must(colour < PLATE_COLOUR_COUNT);
    return colour_texts[colour];
}

int plate_colour_parse(struct str text, enum plate_colour *ret_colour)
{
    if (text.n == 0) {
        *ret_colour = PLATE_COLOUR_UNKNOWN;
        return 0;
    }
    for (int i = 0; i < PLATE_COLOUR_COUNT; i++) {
        if (str_eq_nocase(text, str_c(colour_texts[i]))) {
            *ret_colour = (enum plate_colour)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

const char *plate_warning_text(enum plate_warning_bit bit)
{
    static const char *const texts[] = {
#define X(name, text, sentence) text,
        PLATE_WARNINGS(X)
#undef X
    };
    must(bit < PLATE_WARN_BIT_COUNT);
    return texts[bit];
}
