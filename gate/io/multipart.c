#include "gate/io/multipart.h"

/* Where `needle` begins in `text`, or text.n. */
static size_t find(struct str text, struct str needle)
{
    if (needle.n == 0 || needle.n > text.n) {
        return text.n;
    }
    size_t at = 0;
    while (at + needle.n <= text.n) {
        struct str tail = str_slice(text, at, text.n - needle.n + 1);
        size_t step = str_index(tail, needle.p[0]);
        if (step == tail.n) {
            return text.n;
        }
        at += step;
        if (str_eq(str_slice(text, at, at + needle.n), needle)) {
            return at;
        }
        at++;
    }
    return text.n;
}

/* The text up to LF, without CR; moves `rest` behind it. */
static struct str take_line(struct str *rest)
{
    size_t end = str_index(*rest, '\n');
    struct str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->n);
    if (line.n && line.p[line.n - 1] == '\r') {
        line.n--;
    }
    return line;
}

struct str multipart_parameter(struct str field, const char *key)
{
    struct str rest = field;
    while (rest.n) {
        size_t end = str_index(rest, ';');
        struct str piece = str_trim(str_slice(rest, 0, end));
        size_t equals = str_index(piece, '=');
        if (equals < piece.n && str_eq_nocase(str_trim(str_slice(piece, 0, equals)), str_c(key))) {
            struct str value = str_trim(str_slice(piece, equals + 1, piece.n));
            if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"') {
                value = str_slice(value, 1, value.n - 1);
            }
            return value;
        }
        rest = str_slice(rest, end + 1, rest.n);
    }
    return (struct str){NULL, 0};
}

/*
 * The place of the next line "--boundary", at a line's start, from `from` on.
 * A boundary inside a picture counts only when a line begins there, as the
 * standard has it.
 */
static size_t find_boundary(struct str text, size_t from, struct str boundary)
{
    while (from < text.n) {
        struct str tail = str_slice(text, from, text.n);
        size_t at = from + find(tail, boundary);
        if (at >= text.n) {
            return text.n;
        }
        bool dashes = at >= 2 && text.p[at - 1] == '-' && text.p[at - 2] == '-';
        if (dashes && (at == 2 || text.p[at - 3] == '\n')) {
            return at - 2;
        }
        from = at + 1;
    }
    return text.n;
}

int multipart_begin(struct multipart *m, struct str content_type, struct str body)
{
    struct str boundary = multipart_parameter(content_type, "boundary");
    size_t first = body.n;
    if (boundary.n && boundary.n <= MULTIPART_BOUNDARY_MAX) {
        first = find_boundary(body, 0, boundary);
    }
    if (first == body.n) { /* the header is missing or lies: believe the body */
        struct str rest = body;
        struct str line = take_line(&rest);
        while (line.n == 0 && rest.n) {
            line = take_line(&rest);
        }
        line = str_trim(line);
        if (line.n < 3 || line.n > MULTIPART_BOUNDARY_MAX + 2 || !str_starts(line, STR("--"))) {
            return DX_E_FORMAT;
        }
        boundary = str_slice(line, 2, line.n);
        first = find_boundary(body, 0, boundary);
    }
    if (first == body.n) {
        return DX_E_FORMAT;
    }
    *m = (struct multipart){str_slice(body, first, body.n), boundary};
    return 0;
}

static void read_header(struct str line, struct multipart_part *part)
{
    size_t colon = str_index(line, ':');
    struct str key = str_trim(str_slice(line, 0, colon));
    struct str value = str_trim(str_slice(line, colon + 1, line.n));
    if (str_eq_nocase(key, STR("Content-Disposition"))) {
        part->name = multipart_parameter(value, "name");
        part->filename = multipart_parameter(value, "filename");
    } else if (str_eq_nocase(key, STR("Content-Type"))) {
        part->type = str_trim(str_slice(value, 0, str_index(value, ';')));
    }
}

bool multipart_next(struct multipart *m, struct multipart_part *ret_part)
{
    struct str rest = m->rest;
    if (rest.n < m->boundary.n + 2) {
        return false;
    }
    struct str opening = take_line(&rest);
    if (str_starts(str_slice(opening, m->boundary.n + 2, opening.n), STR("--"))) {
        m->rest.n = 0; /* the closing boundary */
        return false;
    }
    if (rest.n == 0) {
        m->rest.n = 0;
        return false;
    }
    struct multipart_part part = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    for (;;) {
        struct str line = take_line(&rest);
        if (line.n == 0) {
            break; /* the empty line, or the end of a part cut in its header */
        }
        read_header(line, &part);
    }
    size_t end = find_boundary(rest, 0, m->boundary);
    part.body = str_slice(rest, 0, end);
    if (end < rest.n) { /* the line break belongs to the boundary */
        if (part.body.n && part.body.p[part.body.n - 1] == '\n') {
            part.body.n--;
        }
        if (part.body.n && part.body.p[part.body.n - 1] == '\r') {
            part.body.n--;
        }
    }
    m->rest = str_slice(rest, end, rest.n);
    *ret_part = part;
    return true;
}
