/*
 * camera_intake.h - where all cameras' readings come together, whatever way they came.
 *
 * Stored first, answered then: camera_intake_take returns 0 when the reading is in the
 * journal and its pictures are on the disk, or were there already, or there was nothing
 * to keep.  Order: the reading (the lane waits for it), then the pictures, then the
 * answer.  A crash in between repeats nothing: the camera sends again, or not, and what is
 * there already is known by the camera's own name of the event.
 *
 * A camera's clock never sets a time of ours.  It is compared: further off than the
 * camera's limit is the fault camera.clock, with the measured difference.
 *
 * Nor is a reading believed that the camera kept back: after a cut line some deliver what
 * they saw while it was cut, and another vehicle stands there now.  What tells is the
 * camera's usual delay, its clock's difference included; a reading that comes much later
 * is stored and marked late (the very first reading of a camera is believed).  A clock that was set
 * differently shows the same delay again later on, and is then the usual one.
 *
 * Faults are told once when they come and once when they go (struct device_faults).
 * Every call may come from any thread; one runs at a time.
 * Not here: what a reading means for a lane (gate/core/pairing.h).
 */
#ifndef DOXE_GATE_IO_CAMERA_INTAKE_H
#define DOXE_GATE_IO_CAMERA_INTAKE_H

#include "gate/io/camera_event.h"
#include "gate/io/device_fault.h"
#include "gate/io/picture_store.h"

enum {
    CAMERAS_MAX = 16,
    CAMERA_LATE_MS = 8000,        /* beyond the usual delay: late */
    CAMERA_SAME_DELAY_MS = 3000,  /* two delays so close together are the same */
    CAMERA_DELAY_PROOF_MS = 10000 /* and so far apart in time, it is the clock */
};

struct camera_intake;

struct camera_intake_config {
    int camera_count;
    struct {
        const char *name;   /* must outlive the object */
        int64_t skew_ms;    /* the clock may be so far off */
        int64_t silence_ms; /* 0: it may be silent for ever */
        bool delay_known;   /* from its last readings, before this start */
        int64_t delay_ms;
    } camera[CAMERAS_MAX];
    struct picture_store *pictures; /* may be NULL */
    wall_t (*now)(void *context);
    mono_t (*mono)(void *context);
    void *context;
    /*
     * Stores the reading of camera `index` and hands it to the core; waits a bounded time.
     * 0; DX_E_EXISTS: it is there already; anything else: not stored.
     */
    int (*take)(void *context, int index, const struct plate_read *read);
    device_fault_fn *fault; /* may be NULL */
};

DX_MUST_USE int camera_intake_new(const struct camera_intake_config *config,
                                  struct camera_intake **ret_intake);
void camera_intake_free(struct camera_intake *intake);
/* 0 to tell the camera that all is well; else it should send again. */
DX_MUST_USE int camera_intake_take(struct camera_intake *intake, int index,
                                   const struct camera_event *event);
/* Something came that its parser refused. */
void camera_intake_unreadable(struct camera_intake *intake, int index, size_t bytes, int error);
/* For those who ask a camera: does it answer?  `why` for the log. */
void camera_intake_link(struct camera_intake *intake, int index, bool up, const char *why);
/* Now and then, also from the thread that `take` waits for: who has been silent for too long? */
void camera_intake_look(struct camera_intake *intake);

#endif
