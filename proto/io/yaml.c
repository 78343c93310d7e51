#include "proto/io/yaml_inside.h"

#include "proto/base/check.h"

#include <errno.h>
#include <stdarg.h>
#include <yaml.h>

/* ---- messages ---- */

static void say(const struct ydoc *doc, int line, const char *what)
{
    if (doc->error_cap == 0 || doc->error[0]) {
        return;
    }
    char whole[YAML_ERROR_CAP + NAME_CAP];
    if (line > 0) {
        snprintf(whole, sizeof whole, "%s:%d: %s", doc->name, line, what);
    } else {
        snprintf(whole, sizeof whole, "%s: %s", doc->name, what);
    }
    /* A message that was cut may end in half a character; drop it. */
    struct str text = str_c(whole);
    while (text.n && !str_is_utf8(text)) {
        text.n--;
    }
    str_copy_cut(doc->error, doc->error_cap, text);
}

__attribute__((format(printf, 3, 4))) static int fail_at(const struct ydoc *doc, int line,
                                                         const char *format, ...)
{
    char what[YAML_ERROR_CAP];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    say(doc, line, what);
    return DX_E_CONFIG;
}

int ynode_fail(struct ynode node, const char *format, ...)
{
    char what[YAML_ERROR_CAP];
    char path[YAML_PATH_CAP];
    char whole[YAML_ERROR_CAP + YAML_PATH_CAP + 16];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    ynode_path(node, path, sizeof path);
    if (path[0]) {
        snprintf(whole, sizeof whole, "key '%s': %s", path, what);
        say(node.doc, ynode_line(node), whole);
    } else {
        say(node.doc, ynode_line(node), what);
    }
    return DX_E_CONFIG;
}

/* ---- building the tree ---- */

struct build {
    struct ydoc *doc;
    int open[YAML_DEPTH_MAX]; /* mappings and sequences that are not yet closed */
    int depth;
    bool has_key; /* a mapping's key was read, its value comes next */
    int key_line;
    size_t key_at, key_n;
};

static int keep_text(struct ydoc *doc, const void *bytes, size_t n, size_t *ret_at)
{
    if (doc->text_cap - doc->text_n < n + 1) {
        size_t cap = (doc->text_n + n + 1) * 2;
        char *moved = realloc(doc->text, cap);
        if (!moved) {
            return DX_E_MEMORY;
        }
        doc->text = moved;
        doc->text_cap = cap;
    }
    if (n) {
        memcpy(doc->text + doc->text_n, bytes, n);
    }
    *ret_at = doc->text_n;
    doc->text_n += n;
    doc->text[doc->text_n++] = '\0';
    return 0;
}

static int new_node(struct ydoc *doc, int *ret_index)
{
    if (doc->node_count == doc->node_cap) {
        int cap = doc->node_cap ? doc->node_cap * 2 : 64;
        struct node *moved = realloc(doc->nodes, (size_t)cap * sizeof *moved);
        if (!moved) {
            return DX_E_MEMORY;
        }
        doc->nodes = moved;
        doc->node_cap = cap;
    }
    *ret_index = doc->node_count++;
    doc->nodes[*ret_index] =
        (struct node){.parent = NONE, .first = NONE, .last = NONE, .next = NONE};
    return 0;
}

struct str yaml_doc_text(const struct ydoc *doc, size_t at, size_t n)
{
    return (struct str){doc->text ? doc->text + at : "", n};
}

static int take_key(struct build *build, const yaml_event_t *event, int line)
{
    struct ydoc *doc = build->doc;
    struct str key = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (key.n == 0 || key.n > 64 || memchr(key.p, '\n', key.n)) {
        return fail_at(doc, line, "a key is one line of 1 to 64 bytes");
    }
    if (str_eq_c(key, "<<")) {
        return fail_at(doc, line, "key '<<': merging is not supported; write the keys out");
    }
    const struct node *map = &doc->nodes[build->open[build->depth - 1]];
    for (int i = map->first; i != NONE; i = doc->nodes[i].next) {
        const struct node *member = &doc->nodes[i];
        if (str_eq(yaml_doc_text(doc, member->key_at, member->key_n), key)) {
            return fail_at(doc, line, "key '%.*s' is there already, in line %d", (int)key.n, key.p,
                           member->line);
        }
    }
    build->has_key = true;
    build->key_line = line;
    build->key_n = key.n;
    return keep_text(doc, key.p, key.n, &build->key_at);
}

static int add_node(struct build *build, enum ynode_kind kind, int line, int column, int *ret_index)
{
    struct ydoc *doc = build->doc;
    int index = 0;
    if (doc->node_count >= YAML_NODES_MAX) {
        return fail_at(doc, line, "more than %d values in one file", YAML_NODES_MAX);
    }
    int error = new_node(doc, &index);
    if (error) {
        return error;
    }
    struct node *node = &doc->nodes[index];
    node->kind = kind;
    node->line = line;
    node->column = column;
    if (build->depth > 0) {
        int above = build->open[build->depth - 1];
        struct node *parent = &doc->nodes[above];
        if (parent->count >= YAML_MEMBERS_MAX) {
            return fail_at(doc, line, "more than %d members in one place", YAML_MEMBERS_MAX);
        }
        node->parent = above;
        node->position = parent->count++;
        if (parent->last == NONE) {
            parent->first = index;
        } else {
            doc->nodes[parent->last].next = index;
        }
        parent->last = index;
        if (build->has_key) {
            node->line = build->key_line;
            node->key_at = build->key_at;
            node->key_n = build->key_n;
            build->has_key = false;
        }
    }
    *ret_index = index;
    return 0;
}

static bool key_is_due(const struct build *build)
{
    return build->depth > 0 && !build->has_key &&
           build->doc->nodes[build->open[build->depth - 1]].kind == YNODE_MAP;
}

static int take_scalar(struct build *build, const yaml_event_t *event, int line, int column)
{
    if (event->data.scalar.anchor) {
        return fail_at(build->doc, line, "anchors (&name) are not supported");
    }
    if (event->data.scalar.tag) {
        return fail_at(build->doc, line, "tags (!name) are not supported");
    }
    if (key_is_due(build)) {
        return take_key(build, event, line);
    }
    int index = 0;
    int error = add_node(build, YNODE_SCALAR, line, column, &index);
    if (error) {
        return error;
    }
    size_t at = 0;
    error = keep_text(build->doc, event->data.scalar.value, event->data.scalar.length, &at);
    struct node *node = &build->doc->nodes[index];
    node->text_at = at;
    node->text_n = event->data.scalar.length;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return error;
}

static int take_open(struct build *build, enum ynode_kind kind, const yaml_event_t *event, int line,
                     int column)
{
    bool map = kind == YNODE_MAP;
    if (map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor) {
        return fail_at(build->doc, line, "anchors (&name) are not supported");
    }
    if (map ? event->data.mapping_start.tag : event->data.sequence_start.tag) {
        return fail_at(build->doc, line, "tags (!name) are not supported");
    }
    if (key_is_due(build)) {
        return fail_at(build->doc, line, "a key must be plain text");
    }
    if (build->depth == YAML_DEPTH_MAX) {
        return fail_at(build->doc, line, "more than %d levels", YAML_DEPTH_MAX);
    }
    int index = 0;
    int error = add_node(build, kind, line, column, &index);
    if (error) {
        return error;
    }
    build->open[build->depth++] = index;
    return 0;
}

/* One event; *ret_end when the stream is over. */
static int take_event(struct build *build, const yaml_event_t *event, bool *ret_end)
{
    int line = (int)event->start_mark.line + 1;
    int column = (int)event->start_mark.column + 1;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return take_scalar(build, event, line, column);
    case YAML_MAPPING_START_EVENT:
        return take_open(build, YNODE_MAP, event, line, column);
    case YAML_SEQUENCE_START_EVENT:
        return take_open(build, YNODE_LIST, event, line, column);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        build->depth--;
        return 0;
    case YAML_ALIAS_EVENT:
        return fail_at(build->doc, line, "aliases (*name) are not supported; write it out");
    case YAML_DOCUMENT_START_EVENT:
        if (build->doc->node_count > 0) {
            return fail_at(build->doc, line, "a second document; one file holds one");
        }
        return 0;
    case YAML_STREAM_END_EVENT:
        *ret_end = true;
        return 0;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return 0;
    }
    return 0;
}

static int parser_failed(const struct ydoc *doc, const yaml_parser_t *parser, struct str text)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        return DX_E_MEMORY;
    }
    if (parser->error == YAML_READER_ERROR) {
        int line = 1;
        for (size_t i = 0; i < parser->problem_offset && i < text.n; i++) {
            line += text.p[i] == '\n';
        }
        return fail_at(doc, line, "%s", parser->problem ? parser->problem : "cannot be read");
    }
    int line = (int)parser->problem_mark.line + 1;
    size_t start = 0;
    for (int i = 1; i < line && start < text.n; i++) {
        start += str_index(str_slice(text, start, text.n), '\n') + 1;
    }
    struct str rest = str_slice(text, start, text.n);
    struct str this_line = str_slice(rest, 0, str_index(rest, '\n'));
    for (size_t i = 0; i < this_line.n && (this_line.p[i] == ' ' || this_line.p[i] == '\t'); i++) {
        if (this_line.p[i] == '\t') {
            return fail_at(doc, line, "a tab indents this line; indent with blanks");
        }
    }
    return fail_at(doc, line, "no YAML: %s%s%s", parser->problem ? parser->problem : "syntax",
                   parser->context ? ", " : "", parser->context ? parser->context : "");
}

static int parse(struct ydoc *doc, struct str text)
{
    yaml_parser_t parser;
    struct build build = {.doc = doc};
    bool end = false;
    int error = 0;
    if (!yaml_parser_initialize(&parser)) {
        return DX_E_MEMORY;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
    while (!error && !end) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            error = parser_failed(doc, &parser, text);
            break;
        }
        error = take_event(&build, &event, &end);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!error && (doc->node_count == 0 || ynode_is_null(ydoc_root(doc)))) {
        error = fail_at(doc, 1, "the file holds nothing");
    }
    return error;
}

/* Before libyaml sees it: the size, the encoding and bytes that text does not have. */
static int check_bytes(const struct ydoc *doc, struct str text)
{
    if (text.n > YAML_SIZE_MAX) {
        return fail_at(doc, 0, "larger than %d bytes", YAML_SIZE_MAX);
    }
    int line = 1;
    for (size_t from = 0; from < text.n;) {
        struct str rest = str_slice(text, from, text.n);
        struct str row = str_slice(rest, 0, str_index(rest, '\n'));
        if (!str_is_utf8(row)) {
            return fail_at(doc, line, "not UTF-8");
        }
        if (str_index(row, '\0') != row.n) {
            return fail_at(doc, line, "a NUL byte; this is no text file");
        }
        from += row.n + 1;
        line++;
    }
    return 0;
}

static int new_doc(const char *name, char *error, size_t cap, struct ydoc **ret_doc)
{
    must(cap >= 1);
    error[0] = '\0';
    struct ydoc *doc = calloc(1, sizeof *doc);
    if (!doc) {
        return DX_E_MEMORY;
    }
    str_copy_cut(doc->name, sizeof doc->name, str_c(name));
    doc->error = error;
    doc->error_cap = cap;
    *ret_doc = doc;
    return 0;
}

static int fill_doc(struct ydoc *doc, struct str text)
{
    if (str_starts(text, STR("\xEF\xBB\xBF"))) {
        text = str_slice(text, 3, text.n);
    }
    int error = check_bytes(doc, text);
    return error ? error : parse(doc, text);
}

int ydoc_load_text(const char *name, struct str text, char *error, size_t cap,
                   struct ydoc **ret_doc)
{
    struct ydoc *doc = NULL;
    int result = new_doc(name, error, cap, &doc);
    if (!result) {
        result = fill_doc(doc, text);
    }
    if (result) {
        ydoc_free(doc);
        return result;
    }
    *ret_doc = doc;
    return 0;
}

/* The bytes of a file, at most one more than the limit; free() them. */
static int read_file(const struct ydoc *doc, char **ret_bytes, size_t *ret_n)
{
    FILE *file = fopen(doc->name, "rb");
    if (!file) {
        int error = errno == ENOENT ? DX_E_NOT_FOUND : DX_E_IO;
        (void)fail_at(doc, 0, "cannot be opened: %s", strerror(errno));
        return error;
    }
    char *bytes = malloc(YAML_SIZE_MAX + 1);
    size_t n = bytes ? fread(bytes, 1, YAML_SIZE_MAX + 1, file) : 0;
    int error = 0;
    if (!bytes) {
        error = DX_E_MEMORY;
    } else if (ferror(file)) {
        (void)fail_at(doc, 0, "cannot be read: %s", strerror(errno));
        error = DX_E_IO;
    }
    fclose(file);
    if (error) {
        free(bytes);
        return error;
    }
    *ret_bytes = bytes;
    *ret_n = n;
    return 0;
}

int ydoc_load_file(const char *path, char *error, size_t cap, struct ydoc **ret_doc)
{
    struct ydoc *doc = NULL;
    char *bytes = NULL;
    size_t n = 0;
    int result = new_doc(path, error, cap, &doc);
    if (!result && strlen(path) >= NAME_CAP) {
        result = fail_at(doc, 0, "the path is longer than %d bytes", NAME_CAP - 1);
    }
    if (!result) {
        result = read_file(doc, &bytes, &n);
    }
    if (!result) {
        result = fill_doc(doc, (struct str){bytes, n});
    }
    free(bytes);
    if (result) {
        ydoc_free(doc);
        return result;
    }
    *ret_doc = doc;
    return 0;
}

void ydoc_free(struct ydoc *doc)
{
    if (doc) {
        free(doc->nodes);
        free(doc->text);
        free(doc);
    }
}
