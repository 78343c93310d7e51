#include "proto/io/config_words.h"

#include "proto/base/out.h"

static void add_words(struct out *out, const char *words)
{
    for (const char *p = words; *p; p++) {
        if (*p != '|') {
            out_char(out, *p);
        } else if (p > words) {
            out_add_c(out, ", ");
        }
    }
}

static void add_unit(struct out *out, const struct config_field *field)
{
    if (field->unit) {
        out_fmt(out, " (%s)", field->unit);
    }
}

static void add_string(struct out *out, const struct config_field *field)
{
    size_t most =
        field->max && (size_t)field->max < field->size ? (size_t)field->max : field->size - 1;
    out_fmt(out, "%s of %lld to %zu bytes",
            field->type == CONFIG_PATH ? "the name of a file or folder" : "text",
            (long long)field->min, most);
    add_unit(out, field);
}

static void add_duration(struct out *out, const struct config_field *field)
{
    char min[CONFIG_DURATION_CAP];
    char max[CONFIG_DURATION_CAP];
    config_format_duration(field->min, min);
    config_format_duration(field->max, max);
    out_fmt(out, "a time such as 90s, 15min or 1h30min, from %s to %s", min, max);
}

void config_allowed(const struct config_field *field, char *space)
{
    struct out out;
    out_init(&out, space, CONFIG_WORDS_CAP);
    switch (field->type) {
    case CONFIG_STRING:
    case CONFIG_PATH:
        add_string(&out, field);
        break;
    case CONFIG_INT:
        out_fmt(&out, "a whole number from %lld to %lld", (long long)field->min,
                (long long)field->max);
        add_unit(&out, field);
        break;
    case CONFIG_BOOL:
        out_add_c(&out, "true or false");
        break;
    case CONFIG_ENUM:
        out_add_c(&out, "one of: ");
        add_words(&out, field->allowed);
        break;
    case CONFIG_FLAGS:
        out_add_c(&out, "a list of: ");
        add_words(&out, field->allowed);
        break;
    case CONFIG_DURATION:
        add_duration(&out, field);
        break;
    case CONFIG_CUSTOM:
        out_add_c(&out, field->allowed);
        break;
    case CONFIG_MAP:
        out_add_c(&out, "a mapping");
        break;
    case CONFIG_LIST:
        out_fmt(&out, "a list of at most %d", field->children_max);
        break;
    case CONFIG_SKIP:
        out_add_c(&out, field->allowed ? field->allowed : "see the manual");
        break;
    case CONFIG_NONE:
        break;
    }
}

static int least(int a, int b, int c)
{
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* How many letters to change, add or leave out to make one word of the other (Levenshtein). */
static int distance(struct str a, struct str b)
{
    int row[65];
    if (a.n > 64 || b.n > 64) {
        return 64;
    }
    for (size_t j = 0; j <= b.n; j++) {
        row[j] = (int)j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b.n; j++) {
            int change = diagonal + (a.p[i - 1] == b.p[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = least(change, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[b.n];
}

const char *config_nearest(const struct config_field *schema, struct str key)
{
    const char *nearest = NULL;
    int best = key.n < 6 ? 2 : 3; /* beyond this a suggestion is a guess */
    for (const struct config_field *field = schema; field->key; field++) {
        int d = distance(key, str_c(field->key));
        if (d <= best && (size_t)d < key.n) {
            best = d - 1;
            nearest = field->key;
        }
    }
    return nearest;
}
