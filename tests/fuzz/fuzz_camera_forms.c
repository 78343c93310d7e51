/* Any bytes as a push of Plate Recognizer, OpenALPR or Frigate: an answer, and nothing outside. */
#include "gate/io/frigate.h"
#include "gate/io/openalpr.h"
#include "gate/io/plate_recognizer.h"
#include "proto/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_event(const struct camera_event *event, struct str body)
{
    must(event->read_count >= 0 && event->read_count <= CAMERA_READS_MAX);
    must((event->kind == CAMERA_PLATE) == (event->read_count > 0));
    for (int i = 0; i < event->read_count; i++) {
        must(event->read[i].vendor_id[0] != '\0');
        must(str_is_utf8(str_c(event->read[i].raw)));
        must(event->read[i].confidence >= 0 && event->read[i].confidence <= 1000);
    }
    for (int i = 0; i < event->picture_count; i++) {
        must(event->picture[i].p >= body.p);
        must(event->picture[i].p + event->picture[i].n <= body.p + body.n);
    }
}

/* The first byte chooses the form. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct camera_event event;
    char camera[FRIGATE_CAMERA_CAP];
    if (n == 0) {
        return 0;
    }
    struct str body = {(const char *)bytes + 1, n - 1};
    int error = 0;
    switch (bytes[0] % 4) {
    case 0:
        error = plate_recognizer_read(STR("multipart/form-data; boundary=b"), body, &event);
        break;
    case 1:
        error = openalpr_read(STR(""), body, &event);
        break;
    case 2:
        error = frigate_read(STR("events"), body, camera, &event);
        break;
    default:
        error = frigate_read(STR("tracked_object_update"), body, camera, &event);
        break;
    }
    if (!error) {
        check_event(&event, body);
    }
    return 0;
}
