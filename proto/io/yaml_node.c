/* A YAML document that was read: from node to node, and what a node says. */
#include "proto/io/yaml_inside.h"

#include "proto/base/out.h"

static const struct node *at(struct ynode node)
{
    return node.index < 0 ? NULL : &node.doc->nodes[node.index];
}

struct ynode ydoc_root(const struct ydoc *doc)
{
    return (struct ynode){doc, 0};
}

const char *ydoc_name(const struct ydoc *doc)
{
    return doc->name;
}

enum ynode_kind ynode_kind(struct ynode node)
{
    return node.index < 0 ? YNODE_NONE : at(node)->kind;
}

bool ynode_exists(struct ynode node)
{
    return node.index >= 0;
}

bool ynode_is_plain(struct ynode node)
{
    return node.index >= 0 && at(node)->plain;
}

bool ynode_is_null(struct ynode node)
{
    struct str text = ynode_text(node);
    return ynode_is_plain(node) && (text.n == 0 || str_eq_c(text, "~") || str_eq_c(text, "null"));
}

int ynode_line(struct ynode node)
{
    return node.index < 0 ? 0 : at(node)->line;
}

int ynode_column(struct ynode node)
{
    return node.index < 0 ? 0 : at(node)->column;
}

int ynode_count(struct ynode node)
{
    return node.index < 0 ? 0 : at(node)->count;
}

struct ynode ynode_first(struct ynode node)
{
    return (struct ynode){node.doc, node.index < 0 ? NONE : at(node)->first};
}

struct ynode ynode_next(struct ynode node)
{
    return (struct ynode){node.doc, node.index < 0 ? NONE : at(node)->next};
}

struct ynode ynode_get(struct ynode map, const char *key)
{
    struct ynode none = {map.doc, NONE};
    if (ynode_kind(map) != YNODE_MAP) {
        return none;
    }
    for (struct ynode m = ynode_first(map); ynode_exists(m); m = ynode_next(m)) {
        if (str_eq_c(ynode_key(m), key)) {
            return m;
        }
    }
    return none;
}

struct str ynode_key(struct ynode node)
{
    return node.index < 0 ? str_c("") : yaml_doc_text(node.doc, at(node)->key_at, at(node)->key_n);
}

struct str ynode_text(struct ynode node)
{
    return node.index < 0 ? str_c("")
                          : yaml_doc_text(node.doc, at(node)->text_at, at(node)->text_n);
}

void ynode_path(struct ynode node, char *out, size_t cap)
{
    int chain[YAML_DEPTH_MAX + 1];
    int n = 0;
    struct out text;
    out_init(&text, out, cap);
    for (int i = node.index; i > 0 && n <= YAML_DEPTH_MAX; i = node.doc->nodes[i].parent) {
        chain[n++] = i;
    }
    while (n-- > 0) {
        const struct node *step = &node.doc->nodes[chain[n]];
        if (step->key_n == 0) {
            out_fmt(&text, "[%d]", step->position);
        } else {
            out_add_c(&text, text.n ? "." : "");
            out_add(&text, yaml_doc_text(node.doc, step->key_at, step->key_n));
        }
    }
}

struct ynode ynode_find(const struct ydoc *doc, const char *path)
{
    struct ynode found = ydoc_root(doc);
    struct str rest = str_c(path);
    while (rest.n) {
        struct ynode step = {doc, NONE};
        size_t n;
        if (rest.p[0] == '[') {
            int64_t wanted = -1;
            n = str_index(rest, ']');
            if (str_parse_i64(str_slice(rest, 1, n), 0, YAML_MEMBERS_MAX, &wanted)) {
                break;
            }
            step = ynode_first(found);
            while (wanted-- > 0) {
                step = ynode_next(step);
            }
            n = n < rest.n ? n + 1 : n;
        } else {
            size_t dot = str_index(rest, '.');
            size_t bracket = str_index(rest, '[');
            char key[80];
            n = dot < bracket ? dot : bracket;
            if (str_copy(key, sizeof key, str_slice(rest, 0, n))) {
                break;
            }
            step = ynode_get(found, key);
        }
        if (!ynode_exists(step)) {
            break;
        }
        found = step;
        rest = str_slice(rest, n, rest.n);
        if (rest.n && rest.p[0] == '.') {
            rest = str_slice(rest, 1, rest.n);
        }
    }
    return found;
}

/* ---- typed readings ---- */

/* What is shown of a value in a message: its beginning, whole characters only. */
static struct str shown(struct ynode node)
{
    struct str text = str_slice(ynode_text(node), 0, 64);
    while (text.n && !str_is_utf8(text)) {
        text.n--;
    }
    return text;
}

static const char *kind_words(enum ynode_kind kind)
{
    switch (kind) {
    case YNODE_NONE:
        return "nothing";
    case YNODE_SCALAR:
        return "a single value";
    case YNODE_LIST:
        return "a list (lines that begin with '- ')";
    case YNODE_MAP:
        return "a mapping (lines of 'key: value')";
    }
    return "nothing";
}

int ynode_expect(struct ynode node, enum ynode_kind kind)
{
    if (ynode_kind(node) == kind) {
        return 0;
    }
    return ynode_fail(node, "%s is not allowed here; %s",
                      ynode_is_null(node) ? "an empty value" : kind_words(ynode_kind(node)),
                      kind_words(kind));
}

int ynode_int(struct ynode node, int64_t min, int64_t max, const char *unit, int64_t *ret_value)
{
    char range[96];
    snprintf(range, sizeof range, "a whole number from %lld to %lld%s%s%s", (long long)min,
             (long long)max, unit ? " (" : "", unit ? unit : "", unit ? ")" : "");
    struct str text = ynode_text(node);
    if (ynode_kind(node) != YNODE_SCALAR) {
        return ynode_fail(node, "%s is not allowed; %s", kind_words(ynode_kind(node)), range);
    }
    if (ynode_is_null(node)) {
        return ynode_fail(node, "no value; %s", range);
    }
    if (!ynode_is_plain(node)) {
        return ynode_fail(node, "text in quotes is not allowed; %s", range);
    }
    if (str_parse_i64(text, min, max, ret_value)) {
        text = shown(node);
        return ynode_fail(node, "%.*s is not allowed; %s", (int)text.n, text.p, range);
    }
    return 0;
}

int ynode_bool(struct ynode node, bool *ret_value)
{
    struct str text = ynode_text(node);
    if (ynode_is_plain(node) && (str_eq_c(text, "true") || str_eq_c(text, "false"))) {
        *ret_value = text.n == 4;
        return 0;
    }
    if (ynode_kind(node) != YNODE_SCALAR || ynode_is_null(node)) {
        return ynode_fail(node, "no value; true or false");
    }
    text = shown(node);
    return ynode_fail(node, "%s%.*s is not allowed; true or false, without quotes",
                      ynode_is_plain(node) ? "" : "quoted ", (int)text.n, text.p);
}

int yaml_word_index(const char *words, struct str word)
{
    struct str rest = str_c(words);
    for (int i = 0;; i++) {
        size_t n = str_index(rest, '|');
        if (str_eq(str_slice(rest, 0, n), word)) {
            return i;
        }
        if (n == rest.n) {
            return -1;
        }
        rest = str_slice(rest, n + 1, rest.n);
    }
}

int ynode_enum(struct ynode node, const char *allowed, int *ret_index)
{
    char words[256];
    struct out out;
    struct str text = ynode_text(node);
    out_init(&out, words, sizeof words);
    for (const char *p = allowed; *p; p++) {
        if (*p != '|') {
            out_char(&out, *p);
        } else if (out.n) {
            out_add_c(&out, ", ");
        }
    }
    if (ynode_kind(node) != YNODE_SCALAR) {
        return ynode_fail(node, "%s is not allowed; one of: %s", kind_words(ynode_kind(node)),
                          words);
    }
    int index = yaml_word_index(allowed, text);
    if (index < 0 || text.n == 0) {
        text = shown(node);
        return ynode_fail(node, "'%.*s' is not allowed; one of: %s", (int)text.n, text.p, words);
    }
    *ret_index = index;
    return 0;
}

int ynode_string(struct ynode node, size_t min, char *out, size_t cap)
{
    struct str text = ynode_text(node);
    if (ynode_kind(node) != YNODE_SCALAR) {
        return ynode_fail(node, "%s is not allowed; text of %zu to %zu bytes",
                          kind_words(ynode_kind(node)), min, cap - 1);
    }
    if (text.n < min || text.n >= cap) {
        return ynode_fail(node, "%zu bytes are not allowed; text of %zu to %zu bytes", text.n, min,
                          cap - 1);
    }
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if ((c < 0x20 && c != '\n') || c == 0x7F) {
            return ynode_fail(node, "control characters are not allowed; text of %zu to %zu bytes",
                              min, cap - 1);
        }
    }
    return str_copy(out, cap, text);
}
