#include "gate/io/part_stream.h"

void part_stream_init(struct part_stream *s, struct str content_type)
{
    struct str boundary = multipart_parameter(content_type, "boundary");
    memset(s, 0, sizeof *s);
    if (boundary.n && boundary.n <= MULTIPART_BOUNDARY_MAX) {
        /* Some write the two dashes into the header field already. */
        bool dashed = str_starts(boundary, STR("--"));
        snprintf(s->boundary, sizeof s->boundary, "%s%.*s", dashed ? "" : "--", (int)boundary.n,
                 boundary.p);
    }
}

void part_stream_fini(struct part_stream *s)
{
    free(s->bytes);
    memset(s, 0, sizeof *s);
}

static void drop_front(struct part_stream *s, size_t n)
{
    if (n) {
        memmove(s->bytes, s->bytes + n, s->n - n);
        s->n -= n;
    }
}

int part_stream_feed(struct part_stream *s, struct str bytes)
{
    drop_front(s, s->used);
    s->used = 0;
    if (bytes.n > PART_STREAM_MAX || s->n + bytes.n > PART_STREAM_MAX) {
        s->dropped += s->n; /* what is here shows no end */
        s->n = 0;
        if (bytes.n > PART_STREAM_MAX) {
            s->dropped += bytes.n - PART_STREAM_MAX;
            bytes = str_slice(bytes, bytes.n - PART_STREAM_MAX, bytes.n);
        }
    }
    if (s->n + bytes.n > s->cap) {
        size_t cap = s->cap ? s->cap : 16384;
        while (cap < s->n + bytes.n) {
            cap *= 2;
        }
        char *grown = realloc(s->bytes, cap);
        if (!grown) {
            return DX_E_MEMORY;
        }
        s->bytes = grown;
        s->cap = cap;
    }
    if (bytes.n) {
        memcpy(s->bytes + s->n, bytes.p, bytes.n);
        s->n += bytes.n;
    }
    return 0;
}

/* Where a line that begins with `mark` starts, from `from` on; or text.n. */
static size_t find_line(struct str text, size_t from, struct str mark)
{
    while (from + mark.n <= text.n) {
        struct str tail = str_slice(text, from, text.n);
        size_t at = from + str_index(tail, mark.p[0]);
        if (at + mark.n > text.n) {
            return text.n;
        }
        if (str_eq(str_slice(text, at, at + mark.n), mark) && (at == 0 || text.p[at - 1] == '\n')) {
            return at;
        }
        from = at + 1;
    }
    return text.n;
}

/* The end of the line that holds `at`, behind its LF; 0 when it is not here yet. */
static size_t line_end(struct str text, size_t at)
{
    size_t end = at + str_index(str_slice(text, at, text.n), '\n');
    return end < text.n ? end + 1 : 0;
}

static bool learn_boundary(struct part_stream *s, struct str text)
{
    size_t at = find_line(text, 0, STR("--"));
    size_t end = at < text.n ? line_end(text, at) : 0;
    if (!end) {
        return false;
    }
    struct str line = str_trim(str_slice(text, at, end));
    if (line.n < 3 || line.n >= sizeof s->boundary) {
        s->dropped += end;
        drop_front(s, end);
        return false;
    }
    str_copy_cut(s->boundary, sizeof s->boundary, line);
    return true;
}

struct head {
    struct multipart_part part;
    size_t body;    /* where it begins; 0: the header is not whole */
    int64_t length; /* -1: not told */
};

static void read_field(struct str line, struct head *head)
{
    size_t colon = str_index(line, ':');
    struct str key = str_trim(str_slice(line, 0, colon));
    struct str value = str_trim(str_slice(line, colon + 1, line.n));
    if (str_eq_nocase(key, STR("Content-Type"))) {
        head->part.type = str_trim(str_slice(value, 0, str_index(value, ';')));
    } else if (str_eq_nocase(key, STR("Content-Length"))) {
        int64_t length = -1;
        head->length =
            str_parse_i64(value, 0, PART_STREAM_MAX, &length) == 0 ? length : head->length;
    }
}

static struct head read_head(struct str text, size_t from)
{
    struct head head = {.length = -1};
    size_t at = line_end(text, from); /* behind the boundary's line */
    while (at) {
        size_t end = line_end(text, at);
        if (!end) {
            break;
        }
        struct str line = str_trim(str_slice(text, at, end));
        if (line.n == 0) {
            head.body = end;
            break;
        }
        read_field(line, &head);
        at = end;
    }
    return head;
}

/* Behind blanks and line ends a boundary begins, or nothing is here yet. */
static bool boundary_may_follow(struct str text, size_t at, struct str boundary)
{
    while (at < text.n && (text.p[at] == '\r' || text.p[at] == '\n')) {
        at++;
    }
    struct str rest = str_slice(text, at, at + boundary.n);
    return str_starts(boundary, rest);
}

bool part_stream_next(struct part_stream *s, struct multipart_part *ret_part)
{
    drop_front(s, s->used);
    s->used = 0;
    struct str text = {s->bytes, s->n};
    if (s->n == 0 || (!s->boundary[0] && !learn_boundary(s, text))) {
        return false;
    }
    struct str boundary = str_c(s->boundary);
    size_t start = find_line(text, 0, boundary);
    struct head head = start < text.n ? read_head(text, start) : (struct head){.length = -1};
    if (!head.body) {
        return false;
    }
    size_t end = head.body + (size_t)(head.length > 0 ? head.length : 0);
    bool told = head.length >= 0;
    if (told && end > text.n) {
        return false;
    }
    if (!told || !boundary_may_follow(text, end, boundary)) {
        end = find_line(text, head.body, boundary);
        if (end == text.n) {
            return false;
        }
        s->used = end;
        while (end > head.body && (text.p[end - 1] == '\n' || text.p[end - 1] == '\r')) {
            end--;
        }
    } else {
        s->used = end;
    }
    *ret_part = head.part;
    ret_part->body = str_slice(text, head.body, end);
    return true;
}
