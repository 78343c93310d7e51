/* Any bytes as a list of banks; each bank of an accepted list can be found. */
#include "proto/banks.h"
#include "proto/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct bank_list list;
    int line = 0;
    const char *why = NULL;
    if (banks_read((struct str){(const char *)bytes, n}, &list, &line, &why)) {
        must(why && line >= 1 && list.count == 0);
        return 0;
    }
    for (int i = 0; i < list.count; i++) {
        const struct bank *bank = banks_find(&list, list.bank[i].bin);
        must(bank && (list.bank[i].former || bank == &list.bank[i]));
    }
    struct banks_change change = banks_compare(&list, &list);
    must(change.added == 0 && change.removed == 0 && change.renamed == 0);
    return 0;
}
