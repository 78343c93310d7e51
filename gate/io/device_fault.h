/* device_fault.h - what may be wrong with a camera or a scanner, told when it comes and goes. */
#ifndef DOXE_GATE_IO_DEVICE_FAULT_H
#define DOXE_GATE_IO_DEVICE_FAULT_H

#include "proto/base/str.h"

/* name, word in logs and alarms, sentence; what the number with it is */
#define DEVICE_FAULTS(X)                                                                    \
    X(CAMERA_CLOCK, "camera.clock", "its clock differs from ours by so many milliseconds")  \
    X(CAMERA_SILENT, "camera.silent", "nothing came for so many milliseconds")              \
    X(CAMERA_UNREACHABLE, "camera.unreachable", "it is asked, and does not answer")         \
    X(CAMERA_UNREADABLE, "camera.unreadable", "it sends what is none of its maker's forms") \
    X(SCANNER_MISSING, "scanner.missing", "its line or device is not there")

enum device_fault {
#define X(name, word, sentence) DEVICE_##name,
    DEVICE_FAULTS(X)
#undef X
        DEVICE_FAULT_COUNT
};

/* From any thread; must only log it and put it into a mailbox.  `device`: the camera's name, … */
typedef void device_fault_fn(void *context, const char *device, enum device_fault fault, bool there,
                             int64_t value);

/* "camera.clock" */
const char *device_fault_text(enum device_fault fault);

#endif
