/* Any bytes as a camera's push: an answer, no read outside, slices inside the body, UTF-8 out. */
#include "gate/io/hikvision.h"
#include "proto/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str body = {(const char *)bytes, n};
    struct camera_event push;
    if (hikvision_read(STR("multipart/form-data; boundary=b"), body, &push) == 0) {
        for (int i = 0; i < push.picture_count; i++) {
            must(push.picture[i].p >= body.p);
            must(push.picture[i].p + push.picture[i].n <= body.p + n);
        }
        must(push.kind == CAMERA_IGNORED || push.read[0].vendor_id[0] != '\0');
        must(str_is_utf8(str_c(push.read[0].raw)));
        must(push.read[0].confidence >= 0 && push.read[0].confidence <= 1000);
    }
    return 0;
}
