/*
 * xml.h - walk an XML document that came from a device, over expat.
 *
 * One pass, no tree: `close` is called for every element with its local name
 * (the part behind a prefix), its parent's and its text.  What is careless or
 * hostile is bounded here, for all readers alike:
 *   - a document type declaration is refused, so no entity is ever expanded,
 *   - at most XML_DEPTH_MAX levels; names and texts are cut to their caps,
 *   - letters in a charset that is not what the document says do not cost the
 *     rest: the document is walked again as ISO 8859-1 (plates are ASCII).
 *
 * Pure but for the parser's memory, which is freed before the call ends.
 * Not here: what the elements mean (hikvision.h, onvif.h).
 */
#ifndef DOXE_GATE_IO_XML_H
#define DOXE_GATE_IO_XML_H

#include "proto/base/str.h"

enum { XML_DEPTH_MAX = 24, XML_NAME_CAP = 48, XML_TEXT_CAP = 512, XML_SIZE_MAX = 256 * 1024 };

/* Lives for one call. */
struct xml_node {
    const char *name, *parent;     /* local names; parent "" at the root */
    struct str text;               /* `close` only: trimmed; of the last stretch without a child */
    const char *const *attributes; /* `open` only: name, value, …, NULL */
};

struct xml_walk {
    void (*begin)(void *context); /* before a pass: forget the pass before it */
    void (*open)(void *context, const struct xml_node *node); /* may be NULL */
    void (*close)(void *context, const struct xml_node *node);
};

/*
 * DX_E_FORMAT: broken, too deep, or a document type declaration.  DX_E_RANGE: longer
 * than XML_SIZE_MAX.  DX_E_MEMORY.
 */
DX_MUST_USE int xml_read(struct str xml, const struct xml_walk *walk, void *context);
/* The value of the attribute with this local name, or NULL. */
const char *xml_attribute(const struct xml_node *node, const char *name);
/* Do the bytes begin like XML (after a byte order mark and blanks)? */
bool xml_looks_like(struct str bytes);

#endif
