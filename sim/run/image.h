/*
 * image.h - the gate's journal as its disk holds it: what a crash leaves.
 *
 * The simulator's stand-in for gate/io/journal.h, with its promises: records of one call are
 * all there or none; a number that is there with the same id is success, with another id
 * DX_E_DIFFERENT; the acknowledgement is written with the next record or on a flush; an
 * event is kept until the acknowledgement that is on the disk has passed it.
 *
 * `sum` is folded over all that was written, so that one can see whether two images are one.
 */
#ifndef DOXE_SIM_RUN_IMAGE_H
#define DOXE_SIM_RUN_IMAGE_H

#include "gate/core/gate.h"

enum { IMAGE_ALARMS_MAX = 32, IMAGE_KEPT_MAX = LOT_BUCKETS + 1, IMAGE_READS_MAX = 32 };

struct image_kept {
    char name[16];
    char *bytes;
    size_t n;
};

/* A camera's word, written before the camera is answered. */
struct image_read {
    int64_t place; /* 0: free */
    int lane;
    wall_t received;
    struct gate_plate plate;
};

struct image {
    /* on the disk */
    int64_t generation, last, acked_stored, boot, renew;
    bool has_context[MSG_LANES_MAX + 1];
    struct lane_context context[MSG_LANES_MAX + 1];
    struct inside_entry *inside; /* oldest first */
    int inside_count, inside_cap;
    struct event *row; /* those that are not acknowledged, oldest first, from `first` on */
    int first, count, cap;
    struct {
        int lane;
        char code[HEALTH_CODE_CAP];
    } alarm[IMAGE_ALARMS_MAX];
    int alarm_count;
    struct image_kept kept[IMAGE_KEPT_MAX];
    int kept_count;
    struct image_read read[IMAGE_READS_MAX];
    int64_t places, taken_stored;
    int64_t appended; /* records, ever */
    int64_t most;     /* rows at the same time */
    /* in memory */
    int64_t acked, taken;
};

void image_init(struct image *image, wall_t now);
void image_fini(struct image *image);
/* Counts a boot, begins a new generation when that was asked for, forgets what was in memory. */
void image_open(struct image *image, wall_t now, struct gate_event *ret_start);
void image_restore(const struct image *image, struct gate *gate);

DX_MUST_USE int image_append(struct image *image, const struct gate_record *const *records,
                             int count);
void image_keep_context(struct image *image, int lane, const struct lane_context *context);
void image_acked(struct image *image, int64_t seq);
void image_flush(struct image *image);
/* Event with this number, or NULL: acknowledged and gone. */
const struct event *image_row(const struct image *image, int64_t seq);
void image_keep(struct image *image, const char *name, struct str bytes);
/* False: this camera event is there already, no worse. */
bool image_add_read(struct image *image, int lane, const struct gate_plate *plate, wall_t now,
                    int64_t *ret_place);
void image_read_taken(struct image *image, int64_t place);

#endif
