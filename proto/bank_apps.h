/*
 * bank_apps.h - links that open a bank's app on the driver's phone with everything filled in.
 *
 * Which apps there are and how their links look is data (etc/bank_apps.csv, with its source):
 * banks change them.  A link is offered only when its form is documented and the bank the money
 * goes to has a code in it; who has another app scans or copies.
 *
 * The file: UTF-8, '#' comments, the header line "bin,code,app,link", and a line per bank; app and
 * link may be empty.  A link starts with "https://"; in it {account} {bank} {amount} {content}
 * and {holder} stand for what is paid.  Fields hold no comma and no quote.
 *
 * Pure; no file is read here.
 */
#ifndef DOXE_BANK_APPS_H
#define DOXE_BANK_APPS_H

#include "proto/base/str.h"

enum {
    BANK_APPS_MAX = 64,
    BANK_APP_NAME_CAP = 48,
    BANK_APP_LINK_CAP = 256,
    BANK_APP_URL_CAP = 512
};

struct bank_app {
    char bin[7];
    char code[13];
    char name[BANK_APP_NAME_CAP]; /* "" : no link */
    char link[BANK_APP_LINK_CAP];
};

struct bank_app_list {
    int count;
    struct bank_app app[BANK_APPS_MAX];
};

/*
 * DX_E_FORMAT, or DX_E_RANGE for more than BANK_APPS_MAX lines; then *ret_line (from 1) and
 * *ret_why say what is wrong, and the list is empty.
 */
DX_MUST_USE int bank_apps_read(struct str csv, struct bank_app_list *list, int *ret_line,
                               const char **ret_why);

struct bank_app_pay {
    const char *bin, *account, *holder, *content;
    int64_t amount_vnd;
};
/*
 * The link of `app` for this payment.  DX_E_NOT_FOUND: the app has none, or the bank that is
 * paid has no code in the list; DX_E_SPACE: it does not fit.
 */
DX_MUST_USE int bank_app_link(const struct bank_app_list *list, const struct bank_app *app,
                              const struct bank_app_pay *pay, char out[BANK_APP_URL_CAP]);
/* "dl.vietqr.io": who is asked when it is tapped. */
void bank_app_host(const struct bank_app *app, char *out, size_t cap);

#endif
