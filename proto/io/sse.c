#include "proto/io/sse.h"

#include "proto/base/check.h"
#include "proto/base/out.h"

#include <stdlib.h>
#include <string.h>

int sse_queue_append(struct sse_queue *queue, struct str text, size_t max)
{
    if (text.n > max || queue->n > max - text.n) {
        return DX_E_FULL;
    }
    if (queue->from + queue->n + text.n > queue->cap) {
        if (queue->n) {
            memmove(queue->p, queue->p + queue->from, queue->n);
        }
        queue->from = 0;
        size_t cap = queue->cap ? queue->cap : 1024;
        while (cap < queue->n + text.n) {
            cap *= 2;
        }
        char *larger = cap > queue->cap ? realloc(queue->p, cap) : queue->p;
        if (!larger) {
            return DX_E_MEMORY;
        }
        queue->p = larger;
        queue->cap = cap;
    }
    if (text.n) {
        memcpy(queue->p + queue->from + queue->n, text.p, text.n);
        queue->n += text.n;
    }
    return 0;
}

size_t sse_queue_take(struct sse_queue *queue, char *out, size_t max)
{
    size_t n = queue->n < max ? queue->n : max;
    if (n) {
        memcpy(out, queue->p + queue->from, n);
    }
    queue->n -= n;
    queue->from = queue->n ? queue->from + n : 0;
    return n;
}

void sse_queue_fini(struct sse_queue *queue)
{
    free(queue->p);
    memset(queue, 0, sizeof *queue);
}

int sse_event_text(const char *event, struct str data, char **ret_text, size_t *ret_n)
{
    size_t lines = 1;
    for (size_t i = 0; i < data.n; i++) {
        lines += data.p[i] == '\n';
    }
    must(strpbrk(event, "\r\n") == NULL);
    size_t cap = sizeof "event: \n\n" + strlen(event) + data.n + lines * sizeof "data: \n";
    char *text = malloc(cap);
    struct out out;
    if (!text) {
        return DX_E_MEMORY;
    }
    out_init(&out, text, cap);
    out_fmt(&out, "event: %s\n", event);
    do {
        size_t end = str_index(data, '\n');
        out_add_c(&out, "data: ");
        for (size_t i = 0; i < end; i++) {
            out_char(&out, data.p[i] == '\r' ? ' ' : data.p[i]);
        }
        out_char(&out, '\n');
        data = str_slice(data, end + 1, data.n);
    } while (data.n);
    out_char(&out, '\n');
    must(!out_failed(&out));
    *ret_text = text;
    *ret_n = out.n;
    return 0;
}

bool sse_channel_matches(const char *pattern, const char *channel)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1] == '*') {
        return strncmp(pattern, channel, n - 1) == 0;
    }
    return strcmp(pattern, channel) == 0;
}
