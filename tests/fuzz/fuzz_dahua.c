/* Any bytes as a Dahua stream, in pieces that the first byte tells: parts, and readings of them. */
#include "gate/io/dahua.h"
#include "gate/io/part_stream.h"
#include "proto/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_part(struct str text)
{
    struct camera_event event;
    if (dahua_read(text, (wall_t){INT64_C(1772416500000)}, &event) == 0) {
        must((event.kind == CAMERA_PLATE) == (event.read_count > 0));
        for (int i = 0; i < event.read_count; i++) {
            must(event.read[i].vendor_id[0] != '\0');
            must(str_is_utf8(str_c(event.read[i].raw)));
            must(event.read[i].confidence >= 0 && event.read[i].confidence <= 1000);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct part_stream stream;
    struct multipart_part part;
    if (n == 0) {
        return 0;
    }
    struct str rest = {(const char *)bytes + 1, n - 1};
    size_t step = 1 + bytes[0];
    read_part(rest);
    part_stream_init(&stream, STR(""));
    while (rest.n) {
        must(part_stream_feed(&stream, str_slice(rest, 0, step)) == 0);
        rest = str_slice(rest, step, rest.n);
        while (part_stream_next(&stream, &part)) {
            read_part(part.body);
        }
    }
    part_stream_fini(&stream);
    return 0;
}
