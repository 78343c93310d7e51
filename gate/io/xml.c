#include "gate/io/xml.h"

#include <expat.h>

struct reader {
    XML_Parser parser;
    const struct xml_walk *walk;
    void *context;
    char name[XML_DEPTH_MAX][XML_NAME_CAP]; /* local names, from the root */
    int depth;
    char text[XML_TEXT_CAP];
    size_t text_n;
    bool refused; /* a document type, or nesting beyond the limit */
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static struct xml_node node_of(const struct reader *r)
{
    return (struct xml_node){.name = r->name[r->depth - 1],
                             .parent = r->depth >= 2 ? r->name[r->depth - 2] : ""};
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *r = context;
    if (r->depth == XML_DEPTH_MAX) {
        r->refused = true;
        XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    str_copy_cut(r->name[r->depth++], XML_NAME_CAP, str_c(local_name(name)));
    r->text_n = 0;
    if (r->walk->open) {
        struct xml_node node = node_of(r);
        node.attributes = attributes;
        r->walk->open(r->context, &node);
    }
}

static void on_text(void *context, const XML_Char *text, int n)
{
    struct reader *r = context;
    for (int i = 0; i < n && r->text_n < sizeof r->text; i++) {
        r->text[r->text_n++] = text[i];
    }
}

static void on_end(void *context, const XML_Char *unused)
{
    struct reader *r = context;
    (void)unused;
    if (r->depth > 0) {
        struct xml_node node = node_of(r);
        node.text = str_trim((struct str){r->text, r->text_n});
        r->walk->close(r->context, &node);
        r->depth--;
    }
    r->text_n = 0;
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public_id, int internal)
{
    struct reader *r = context;
    (void)name;
    (void)system;
    (void)public_id;
    (void)internal;
    r->refused = true;
    XML_StopParser(r->parser, XML_FALSE);
}

/* One pass.  `encoding` NULL believes the document. */
static int read_as(struct str xml, const char *encoding, const struct xml_walk *walk, void *context)
{
    struct reader r = {.walk = walk, .context = context};
    r.parser = XML_ParserCreate(encoding);
    if (!r.parser) {
        return DX_E_MEMORY;
    }
    walk->begin(context);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    enum XML_Status status = XML_Parse(r.parser, xml.p, (int)xml.n, XML_TRUE);
    enum XML_Error error = XML_GetErrorCode(r.parser);
    XML_ParserFree(r.parser);
    if (status == XML_STATUS_OK) {
        return 0;
    }
    bool letters = error == XML_ERROR_UNKNOWN_ENCODING || error == XML_ERROR_INVALID_TOKEN ||
                   error == XML_ERROR_INCORRECT_ENCODING;
    if (letters && !r.refused && !encoding) {
        /* A lane's name in GBK or broken UTF-8 must not cost us the plate, which is ASCII. */
        return read_as(xml, "ISO-8859-1", walk, context);
    }
    return error == XML_ERROR_NO_MEMORY ? DX_E_MEMORY : DX_E_FORMAT;
}

int xml_read(struct str xml, const struct xml_walk *walk, void *context)
{
    xml = str_trim(xml);
    if (xml.n > XML_SIZE_MAX) {
        return DX_E_RANGE;
    }
    return xml.n ? read_as(xml, NULL, walk, context) : DX_E_FORMAT;
}

const char *xml_attribute(const struct xml_node *node, const char *name)
{
    for (const char *const *at = node->attributes; at && at[0]; at += 2) {
        if (strcmp(local_name(at[0]), name) == 0) {
            return at[1];
        }
    }
    return NULL;
}

bool xml_looks_like(struct str bytes)
{
    if (str_starts(bytes, STR("\xef\xbb\xbf"))) {
        bytes = str_slice(bytes, 3, bytes.n);
    }
    return str_starts(str_trim(str_slice(bytes, 0, 64)), STR("<"));
}
