/*
 * yaml.h - read a small YAML file strictly, and know the line of everything in it.
 *
 * The one file of the project that includes libyaml.  It reads libyaml's events
 * and keeps a tree of its own, because the ready-made document of libyaml has
 * already replaced aliases by what they point to and no longer knows tags.
 *
 * Taken: one document of mappings, sequences and scalars in UTF-8.
 * Refused, each with its line: anchors, aliases, tags, merge keys ("<<"), keys
 * that are not plain text, a key twice in one mapping, a second document, tabs
 * that indent, NUL bytes, text that is not UTF-8, and whatever is larger than
 * the limits below.  So a file means what it looks like, and no file can grow.
 *
 * YAML 1.1's guesses do not exist here: a scalar is text, and the typed calls
 * take one spelling only (true and false; decimal digits; unquoted).
 *
 * Not here: which keys a file may have.  For a daemon's configuration that is
 * proto/io/config.h, for a tariff proto/io/tariff_file.h.
 *
 * Errors.  Loading takes `error` and remembers it: every later call that fails
 * writes "FILE:LINE: key 'a.b[2].c': what is wrong; what is allowed" there,
 * unless a message is there already: the first one stays.
 */
#ifndef DOXE_IO_YAML_H
#define DOXE_IO_YAML_H

#include "proto/base/str.h"

enum {
    YAML_SIZE_MAX = 1 << 20,  /* bytes of a file */
    YAML_DEPTH_MAX = 16,      /* mappings and sequences inside each other */
    YAML_NODES_MAX = 1 << 16, /* scalars, mappings and sequences in a file */
    YAML_MEMBERS_MAX = 1024,  /* members of one mapping or sequence */
    YAML_PATH_CAP = 160,      /* bytes for ynode_path */
    YAML_ERROR_CAP = 512      /* enough for any message here */
};

struct ydoc;

/* A place in a document; small, passed by value, valid until ydoc_free. */
struct ynode {
    const struct ydoc *doc;
    int index; /* below 0: no such node */
};

enum ynode_kind { YNODE_NONE, YNODE_SCALAR, YNODE_LIST, YNODE_MAP };

/*
 * Read a file, or text that goes by `name` in messages.  `error` (of `cap`
 * bytes, at least 1) is set to "" and must live as long as the document.
 * DX_E_NOT_FOUND, DX_E_IO, DX_E_MEMORY, or DX_E_CONFIG for what is in it.
 * The caller frees *ret_doc with ydoc_free.
 */
DX_MUST_USE int ydoc_load_file(const char *path, char *error, size_t cap, struct ydoc **ret_doc);
DX_MUST_USE int ydoc_load_text(const char *name, struct str text, char *error, size_t cap,
                               struct ydoc **ret_doc);
/* NULL is fine. */
void ydoc_free(struct ydoc *doc);
struct ynode ydoc_root(const struct ydoc *doc);
const char *ydoc_name(const struct ydoc *doc);

enum ynode_kind ynode_kind(struct ynode node);
bool ynode_exists(struct ynode node);
/* An unquoted scalar without text, or ~, or null. */
bool ynode_is_null(struct ynode node);
/* Unquoted? */
bool ynode_is_plain(struct ynode node);
/* From 1.  The line of a mapping's member is that of its key; the column is where the value begins.
 */
int ynode_line(struct ynode node);
int ynode_column(struct ynode node);

/* Members of a mapping or sequence, in the file's order. */
int ynode_count(struct ynode node);
struct ynode ynode_first(struct ynode node);
struct ynode ynode_next(struct ynode node);
/* Member of a mapping, or a node that does not exist. */
struct ynode ynode_get(struct ynode map, const char *key);
/* The key of a mapping's member; "" for any other node. */
struct str ynode_key(struct ynode node);
/* The bytes of a scalar; "" for any other node. */
struct str ynode_text(struct ynode node);

/* "elements[2].price.per_hour"; cut to what fits. */
void ynode_path(struct ynode node, char *out, size_t cap);
/* The node with such a path, or the nearest node above it that is there. */
struct ynode ynode_find(const struct ydoc *doc, const char *path);

/*
 * Write the message for this node and return DX_E_CONFIG, so that
 * `return ynode_fail(node, "…")` ends a check.
 */
__attribute__((format(printf, 2, 3))) int ynode_fail(struct ynode node, const char *format, ...);

/* Typed readings; each fails with ynode_fail, naming what is allowed. */
/* A list of mappings, and so on: the kind itself. */
DX_MUST_USE int ynode_expect(struct ynode node, enum ynode_kind kind);
/* Whole number; `unit` is for the message and may be NULL. */
DX_MUST_USE int ynode_int(struct ynode node, int64_t min, int64_t max, const char *unit,
                          int64_t *ret_value);
DX_MUST_USE int ynode_bool(struct ynode node, bool *ret_value);
/* `allowed` is "a|b|c"; the result is the index of the word ("|b|c" has no word for 0). */
DX_MUST_USE int ynode_enum(struct ynode node, const char *allowed, int *ret_index);
/* Text of min..cap-1 bytes, without control characters but newline, copied with a NUL. */
DX_MUST_USE int ynode_string(struct ynode node, size_t min, char *out, size_t cap);

/* The index of `word` in "a|b|c", or -1. */
int yaml_word_index(const char *words, struct str word);

#endif
