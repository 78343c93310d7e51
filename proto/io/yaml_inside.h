/* yaml_inside.h - a document in memory: shared by yaml.c (reading) and yaml_node.c (walking) only.
 */
#ifndef DOXE_IO_YAML_INSIDE_H
#define DOXE_IO_YAML_INSIDE_H

#include "proto/io/yaml.h"

enum { NAME_CAP = 256, NONE = -1 };

struct node {
    enum ynode_kind kind;
    bool plain;
    int line, column; /* from 1 */
    int parent, first, last, next;
    int count;    /* members */
    int position; /* place among the parent's members */
    size_t key_at, key_n;
    size_t text_at, text_n;
};

/* Nodes name each other by index and texts by offset, so both arrays may move while they grow. */
struct ydoc {
    char name[NAME_CAP];
    char *error;
    size_t error_cap;
    struct node *nodes;
    int node_count, node_cap;
    char *text;
    size_t text_n, text_cap;
};

/* `n` bytes of its texts. */
struct str yaml_doc_text(const struct ydoc *doc, size_t at, size_t n);

#endif
