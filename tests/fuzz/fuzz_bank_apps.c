/* Any bytes as the list of banks' links; a link that is built is a plain https address. */
#include "proto/bank_apps.h"
#include "proto/base/check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct bank_app_list list;
    int line = 0;
    const char *why = NULL;
    char url[BANK_APP_URL_CAP];
    if (bank_apps_read((struct str){(const char *)bytes, n}, &list, &line, &why)) {
        must(why && list.count == 0);
        return 0;
    }
    for (int i = 0; i < list.count; i++) {
        const struct bank_app_pay pay = {list.app[0].bin, "01\"23", "A <B", "DX&7K", 85000};
        if (bank_app_link(&list, &list.app[i], &pay, url) == 0) {
            must(strncmp(url, "https://", 8) == 0 && !strpbrk(url, "\"<> "));
        }
    }
    return 0;
}
