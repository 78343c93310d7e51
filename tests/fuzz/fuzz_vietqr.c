/* Any bytes as a VietQR payload; what is read and can be built must come back the same. */
#include "proto/base/check.h"
#include "proto/vietqr.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct vietqr qr = {0};
    struct vietqr back = {0};
    const char *why = NULL;
    size_t where = 0;
    char text[VIETQR_PAYLOAD_CAP];
    if (vietqr_parse((struct str){(const char *)bytes, n}, &qr, &why, &where)) {
        must(why && where <= n);
        return 0;
    }
    if (vietqr_build(&qr, text, sizeof text) == 0) {
        must(vietqr_parse(str_c(text), &back, NULL, NULL) == 0);
        must(memcmp(&qr, &back, sizeof qr) == 0);
    }
    return 0;
}
