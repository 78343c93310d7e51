#include "server/bank/bank.h"

#include "proto/io/json.h"

typedef int reader(const struct jdoc *object, struct bank_credit *credit, const char **ret_why);

static const struct {
    const char *provider;
    reader *webhook, *row;
} readers[] = {{"sepay", sepay_read, sepay_read_row},
               {"payos", payos_read, payos_read_row},
               {"casso", casso_read_v2, casso_read_row},
               {"statement", NULL, statement_read_row}};

/* One object is one transfer; true in *ret_none when it is signed and holds no money. */
static int read_one(const char *provider, enum credit_source source, reader *read,
                    const struct jdoc *object, struct bank_credit *credit, const char **ret_why,
                    bool *ret_none)
{
    memset(credit, 0, sizeof *credit);
    str_copy_cut(credit->provider, sizeof credit->provider, str_c(provider));
    credit->source = source;
    int error = jdoc_kind(object) == JDOC_OBJECT ? read(object, credit, ret_why) : DX_E_FORMAT;
    if (jdoc_kind(object) != JDOC_OBJECT) {
        *ret_why = "not one JSON object";
    }
    *ret_none = error == DX_E_STATE;
    return *ret_none ? 0 : error;
}

/* Casso V1: data is an array.  One bad element does not hide the others. */
static int read_array(const char *provider, reader *read, const struct jdoc *array,
                      const struct bank_visitor *visitor, const char **ret_why)
{
    struct bank_credit credit;
    size_t count = jdoc_count(array);
    if (count > BANK_CREDITS_MAX) {
        *ret_why = "more transfers in one notice than allowed";
        return DX_E_RANGE;
    }
    *ret_why = count ? NULL : "no money: an empty list";
    for (size_t i = 0; i < count; i++) {
        bool none = false;
        const char *why = NULL;
        int error =
            read_one(provider, CREDIT_WEBHOOK, read, jdoc_at(array, i), &credit, &why, &none);
        error = error  ? visitor->refused(visitor->context, (int)i + 1, why)
                : none ? 0
                       : visitor->credit(visitor->context, &credit);
        if (error) {
            return error;
        }
    }
    return 0;
}

static int read_root(const char *provider, enum credit_source source, size_t at,
                     const struct jdoc *root, const struct bank_visitor *visitor,
                     const char **ret_why)
{
    struct bank_credit credit;
    const struct jdoc *object = root;
    bool none = false;
    reader *read = source == CREDIT_WEBHOOK ? readers[at].webhook : readers[at].row;
    if (!read) {
        *ret_why = "no such provider";
        return DX_E_NOT_FOUND;
    }
    if (read == casso_read_v2) {
        object = jdoc_get(root, "data");
        if (jdoc_kind(object) == JDOC_ARRAY) {
            return read_array(provider, casso_read_row, object, visitor, ret_why);
        }
    }
    *ret_why = NULL;
    int error = read_one(provider, source, read, object, &credit, ret_why, &none);
    return error || none ? error : visitor->credit(visitor->context, &credit);
}

int bank_read_all(const char *provider, enum credit_source source, struct str body,
                  const struct bank_visitor *visitor, const char **ret_why)
{
    struct jdoc *root = NULL;
    size_t at = 0;
    while (at < sizeof readers / sizeof readers[0] && strcmp(readers[at].provider, provider) != 0) {
        at++;
    }
    if (at == sizeof readers / sizeof readers[0]) {
        *ret_why = "no such provider";
        return DX_E_NOT_FOUND;
    }
    int error = jdoc_read(body, &root, NULL);
    if (error || jdoc_kind(root) != JDOC_OBJECT) {
        jdoc_release(root);
        *ret_why = "not one JSON object";
        return error ? error : DX_E_FORMAT;
    }
    error = read_root(provider, source, at, root, visitor, ret_why);
    jdoc_release(root);
    return error;
}

/* ---- the first one ---- */

struct first {
    struct bank_credit *credit;
    bool any;
};

static int take_first(void *context, const struct bank_credit *credit)
{
    struct first *first = context;
    if (!first->any) {
        *first->credit = *credit;
    }
    first->any = true;
    return 0;
}

static int skip(void *context, int place, const char *why)
{
    (void)context;
    (void)place;
    (void)why;
    return 0;
}

int bank_read(const char *provider, struct str body, struct bank_credit *ret_credit,
              const char **ret_why)
{
    const char *why = NULL;
    struct bank_credit credit;
    struct first first = {&credit, false};
    const struct bank_visitor visitor = {&first, take_first, skip};
    int error = bank_read_all(provider, CREDIT_WEBHOOK, body, &visitor, &why);
    if (!error && !first.any) {
        error = DX_E_FORMAT;
        why = why ? why : "no transfer in it that can be read";
    }
    if (error) {
        *ret_why = why;
        return error;
    }
    *ret_credit = credit;
    return 0;
}
