/*
 * Any bytes as JSON; what is read is written in canonical form, which must read as the same.
 * (It need not be readable: 1e20 is written 100000000000000000000, as JavaScript does, and
 * an integer beyond int64_t is refused.)
 */
#include "proto/base/check.h"
#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/webhook_canon.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void put(void *self, struct str piece)
{
    out_add(self, piece);
}

/* The canonical text of `text`, or false when it is no JSON or too long for us here. */
static bool canonical(struct str text, char *space, size_t cap, struct str *ret)
{
    struct jdoc *root;
    struct jdoc_error error;
    struct out out;
    struct canon_sink sink = {put, &out};
    if (jdoc_read(text, &root, &error)) {
        must(error.position <= text.n + 1);
        return false;
    }
    out_init(&out, space, cap);
    must(canon_value(&sink, root, CANON_SORTED) == 0);
    jdoc_release(root);
    *ret = out_str(&out);
    return !out_failed(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char first[1 << 16];
    static char second[1 << 16];
    struct str once;
    struct str twice;
    if (canonical((struct str){(const char *)bytes, n}, first, sizeof first, &once)) {
        must(!canonical(once, second, sizeof second, &twice) || str_eq(once, twice));
    }
    return 0;
}
