/* Any bytes as ONVIF XML: a notification's readings or an answer, bounded and in UTF-8. */
#include "gate/io/onvif.h"
#include "proto/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str body = {(const char *)bytes, n};
    struct camera_event event;
    struct onvif_answer answer;
    if (onvif_read(STR("multipart/related; boundary=b"), body, &event) == 0) {
        must((event.kind == CAMERA_PLATE) == (event.read_count > 0));
        for (int i = 0; i < event.read_count; i++) {
            must(event.read[i].vendor_id[0] != '\0');
            must(str_is_utf8(str_c(event.read[i].raw)));
            must(event.read[i].confidence >= 0 && event.read[i].confidence <= 1000);
        }
    }
    if (onvif_read_answer(body, &answer) == 0) {
        must(memchr(answer.address, '\0', sizeof answer.address) != NULL);
        must(memchr(answer.fault, '\0', sizeof answer.fault) != NULL);
    }
    return 0;
}
