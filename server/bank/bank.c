#include "server/bank/bank.h"

#include "proto/io/json.h"

static const struct {
    const char *provider;
    int (*read)(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why);
} readers[] = {{"sepay", sepay_read}};

int bank_read(const char *provider, struct str body, struct bank_credit *ret_credit,
              const char **ret_why)
{
    struct bank_credit credit = {0};
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
    if (error) {
        *ret_why = "not one JSON object";
        return error;
    }
    if (jdoc_kind(root) != JDOC_OBJECT) {
        *ret_why = "not one JSON object";
        error = DX_E_FORMAT;
    } else {
        str_copy_cut(credit.provider, sizeof credit.provider, str_c(provider));
        error = readers[at].read(root, &credit, ret_why);
    }
    jdoc_release(root);
    if (!error) {
        *ret_credit = credit;
    }
    return error;
}
