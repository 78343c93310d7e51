#include "server/bank/mapping.h"

#include "proto/base/out.h"
#include "proto/io/config.h"

#include <dirent.h>

/* ---- one file ---- */

static const struct config_field word_fields[] = {{.key = "",
                                                   .type = CONFIG_STRING,
                                                   .offset = 0,
                                                   .size = STATEMENT_WORD_CAP,
                                                   .min = 1,
                                                   .sample = "Ngày giao dịch",
                                                   .help = "as the bank writes it"},
                                                  {0}};

#define WORDS(key_, member, help_)                                                                 \
    {                                                                                              \
        .key = key_, .type = CONFIG_LIST, CONFIG_AT(struct statement_mapping, member.word),        \
        .children = word_fields, .child_size = STATEMENT_WORD_CAP,                                 \
        .children_max = STATEMENT_WORDS_MAX, CONFIG_COUNT(struct statement_mapping, member.count), \
        .help = help_                                                                              \
    }

static const struct config_field column_fields[] = {
#define X(name, word, sentence) WORDS(word, column[STATEMENT_##name], sentence),
    STATEMENT_COLUMNS(X)
#undef X
        {0}};

static const struct config_field mapping_fields[] = {
    {.key = "name",
     .type = CONFIG_STRING,
     CONFIG_AT(struct statement_mapping, name),
     .required = true,
     .min = 1,
     .help = "for --mapping; that of the file"},
    {.key = "title",
     .type = CONFIG_STRING,
     CONFIG_AT(struct statement_mapping, title),
     .default_text = "",
     .help = "for people"},
    {.key = "bin",
     .type = CONFIG_STRING,
     CONFIG_AT(struct statement_mapping, bin),
     .default_text = "",
     .help = "of the bank, in quotes; empty: any"},
    {.key = "dates",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct statement_mapping, dates),
     .allowed = "dmy|ymd|mdy",
     .default_text = "dmy",
     .help = "order of day, month and year"},
    {.key = "columns",
     .type = CONFIG_MAP,
     .required = true,
     .children = column_fields,
     .help = "the names of each column"},
    WORDS("opening", opening, "how the row of the opening balance begins"),
    WORDS("closing", closing, "how the row of the closing balance begins"),
    WORDS("total", total, "how a row of totals begins"),
    WORDS("in", in, "words of direction: money in"),
    WORDS("out", out, "words of direction: money out"),
    {0}};

static const struct config_field mapping_schema[] = {{.key = "statement",
                                                      .type = CONFIG_MAP,
                                                      .required = true,
                                                      .children = mapping_fields,
                                                      .help = "one bank's way to write one"},
                                                     {0}};

static void fold_words(struct statement_words *words)
{
    for (int i = 0; i < words->count; i++) {
        char folded[STATEMENT_WORD_CAP];
        statement_fold(str_c(words->word[i]), folded, sizeof folded);
        memcpy(words->word[i], folded, sizeof folded);
    }
}

static void fold_mapping(struct statement_mapping *mapping)
{
    struct statement_words *const others[] = {&mapping->opening, &mapping->closing, &mapping->total,
                                              &mapping->in, &mapping->out};
    for (int c = 0; c < STATEMENT_COLUMN_COUNT; c++) {
        fold_words(&mapping->column[c]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        fold_words(others[i]);
    }
}

int mapping_load(const char *path, char *error, size_t cap, struct statement_mapping *ret_mapping)
{
    int rc = config_read(path, mapping_schema, ret_mapping, error, cap);
    if (!rc) {
        fold_mapping(ret_mapping);
    }
    return rc;
}

int mapping_load_text(const char *name, struct str text, char *error, size_t cap,
                      struct statement_mapping *ret_mapping)
{
    int rc = config_read_text(name, text, mapping_schema, ret_mapping, error, cap);
    if (!rc) {
        fold_mapping(ret_mapping);
    }
    return rc;
}

/* ---- a folder of them ---- */

static const char *find_folder(const char *folder)
{
    const char *named = getenv("DOXE_STATEMENT_DIR");
    DIR *tree = folder[0] || named ? NULL : opendir(DOXE_STATEMENT_TREE);
    if (tree) {
        closedir(tree);
        return DOXE_STATEMENT_TREE;
    }
    return folder[0] ? folder : named && named[0] ? named : DOXE_STATEMENT_INSTALLED;
}

/* Those of the bank, then those of any bank; by name. */
static int compare(const void *a, const void *b)
{
    const struct statement_mapping *x = a;
    const struct statement_mapping *y = b;
    bool any = x->bin[0] == '\0';
    if (any != (y->bin[0] == '\0')) {
        return any ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

static int load_entry(const char *folder, const char *name, const char *bin, char *error,
                      size_t cap, struct statement_mapping *mappings, int *count)
{
    static const char ending[] = ".yaml";
    char path[512];
    struct out out;
    size_t n = strlen(name);
    if (n < sizeof ending || strcmp(name + n - sizeof ending + 1, ending) != 0 ||
        *count == MAPPINGS_MAX) {
        return 0;
    }
    out_init(&out, path, sizeof path);
    out_fmt(&out, "%s/%s", folder, name);
    struct statement_mapping *mapping = &mappings[*count];
    int rc = out_failed(&out) ? DX_E_SPACE : mapping_load(path, error, cap, mapping);
    if (!rc && (mapping->bin[0] == '\0' || !bin || strcmp(mapping->bin, bin) == 0)) {
        ++*count;
    }
    return rc;
}

int mapping_load_all(const char *folder, const char *bin, char *error, size_t cap,
                     struct statement_mapping **ret_mappings, int *ret_count)
{
    int count = 0;
    int rc = 0;
    const struct dirent *entry;
    folder = find_folder(folder);
    DIR *dir = opendir(folder);
    if (!dir) {
        snprintf(error, cap, "%s: there is no such folder of statement mappings", folder);
        return DX_E_NOT_FOUND;
    }
    struct statement_mapping *mappings = calloc(MAPPINGS_MAX, sizeof *mappings);
    while (mappings && !rc && (entry = readdir(dir)) != NULL) {
        rc = load_entry(folder, entry->d_name, bin, error, cap, mappings, &count);
    }
    closedir(dir);
    if (!mappings || rc) {
        free(mappings);
        return mappings ? rc : DX_E_MEMORY;
    }
    qsort(mappings, (size_t)count, sizeof *mappings, compare);
    *ret_mappings = mappings;
    *ret_count = count;
    return 0;
}
