#include "proto/io/config_words.h"

static void indent(FILE *file, int depth)
{
    for (int i = 0; i < depth; i++) {
        fputs("  ", file);
    }
}

static bool is_text(const struct config_field *field)
{
    return field->type == CONFIG_STRING || field->type == CONFIG_PATH;
}

/* The value that the sample shows, or NULL. */
static const char *sample_of(const struct config_field *field)
{
    return field->sample ? field->sample : field->default_text;
}

/* Nothing in the table to show, and not needed: the line is commented out. */
static bool is_left_out(const struct config_field *field)
{
    if (field->required) {
        return false;
    }
    if (field->type == CONFIG_MAP) {
        return field->counted; /* its presence means something */
    }
    return !field->default_text;
}

static void sample_map(FILE *file, const struct config_field *schema, int depth, bool in_item,
                       bool commented);

static void sample_line(FILE *file, const struct config_field *field, const char *lead)
{
    const char *value = sample_of(field);
    fputs(lead, file);
    if (field->key[0]) {
        fprintf(file, "%s:", field->key);
    }
    if (value && is_text(field)) {
        fprintf(file, " \"%s\"", value);
    } else if (value) {
        fprintf(file, " %s", value);
    }
    fputc('\n', file);
}

static void sample_list(FILE *file, const struct config_field *field, int depth, bool commented)
{
    const struct config_field *item = field->children;
    if (item->key[0]) {
        sample_map(file, item, depth + 1, true, commented);
        return;
    }
    fputs(commented ? "# " : "", file);
    indent(file, depth + 1);
    fputs("-", file);
    sample_line(file, item, "");
}

static void sample_field(FILE *file, const struct config_field *field, int depth, bool first_item,
                         bool commented)
{
    char allowed[CONFIG_WORDS_CAP];
    bool off = commented || is_left_out(field);
    config_allowed(field, allowed);
    indent(file, depth);
    fprintf(file, "# %s: %s%s\n", field->help ? field->help : field->key, allowed,
            field->required ? "; required" : "");
    fputs(off ? "# " : "", file);
    indent(file, first_item ? depth - 1 : depth);
    fputs(first_item ? "- " : "", file);
    sample_line(file, field, "");
    if (sample_of(field)) {
        return;
    }
    if (field->type == CONFIG_MAP) {
        sample_map(file, field->children, depth + 1, false, off);
    } else if (field->type == CONFIG_LIST) {
        sample_list(file, field, depth, off);
    }
}

/* The first member of a list's entry carries the dash; a required one, so that it is not left out.
 */
static void sample_map(FILE *file, const struct config_field *schema, int depth, bool in_item,
                       bool commented)
{
    const struct config_field *lead = schema;
    if (in_item) {
        depth++;
        while (lead->key && is_left_out(lead)) {
            lead++;
        }
        lead = lead->key ? lead : schema;
        sample_field(file, lead, depth, true, commented);
    }
    for (const struct config_field *field = schema; field->key; field++) {
        if (!in_item || field != lead) {
            sample_field(file, field, depth, false, commented);
        }
    }
}

void config_print_sample(FILE *file, const struct config_field *schema)
{
    sample_map(file, schema, 0, false, false);
}

/* ---- one line per key ---- */

struct prefix {
    char text[YAML_PATH_CAP];
};

typedef void print_row(FILE *file, const char *path, const struct config_field *field);

static void walk(FILE *file, const struct config_field *schema, const struct prefix *above,
                 print_row *row)
{
    for (const struct config_field *field = schema; field->key; field++) {
        struct prefix path;
        snprintf(path.text, sizeof path.text, "%.100s%s%.40s", above->text,
                 above->text[0] && field->key[0] ? "." : "", field->key);
        row(file, path.text, field);
        if (field->type == CONFIG_LIST) {
            strncat(path.text, "[]", sizeof path.text - strlen(path.text) - 1);
        }
        if (field->children && (field->type == CONFIG_MAP || field->children->key[0])) {
            walk(file, field->children, &path, row);
        }
    }
}

static void help_row(FILE *file, const char *path, const struct config_field *field)
{
    char allowed[CONFIG_WORDS_CAP];
    config_allowed(field, allowed);
    fprintf(file, "  %-30s %s\n  %-30s %s", path, field->help ? field->help : "", "", allowed);
    if (field->required) {
        fputs("; required", file);
    } else if (field->default_text) {
        fprintf(file, "; default %s", field->default_text);
    }
    fputc('\n', file);
}

static void markdown_row(FILE *file, const char *path, const struct config_field *field)
{
    char allowed[CONFIG_WORDS_CAP];
    config_allowed(field, allowed);
    fprintf(file, "| `%s` | %s | ", path, allowed);
    if (field->required) {
        fputs("required", file);
    } else if (field->default_text) {
        fprintf(file, "`%s`", field->default_text);
    }
    fprintf(file, " | %s |\n", field->help ? field->help : "");
}

void config_print_help(FILE *file, const struct config_field *schema)
{
    walk(file, schema, &(struct prefix){""}, help_row);
}

void config_print_markdown(FILE *file, const struct config_field *schema)
{
    fputs("| key | value | default | meaning |\n| --- | --- | --- | --- |\n", file);
    walk(file, schema, &(struct prefix){""}, markdown_row);
}
