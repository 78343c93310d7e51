#include "sim/run/image.h"

#include "proto/base/check.h"

#include <stdlib.h>

void image_init(struct image *image, wall_t now)
{
    memset(image, 0, sizeof *image);
    image->generation = now.ms / 1000;
}

void image_fini(struct image *image)
{
    for (int i = 0; i < image->kept_count; i++) {
        free(image->kept[i].bytes);
    }
    free(image->inside);
    free(image->row);
    memset(image, 0, sizeof *image);
}

/* A new generation: what is not acknowledged is told again under new numbers. */
static int renew(struct image *image, wall_t now)
{
    int64_t above = image->generation > image->renew ? image->generation : image->renew;
    image->generation = now.ms / 1000 > above ? now.ms / 1000 : above + 1;
    image->renew = 0;
    image->last = image->acked_stored = 0;
    for (int i = 0; i < image->count; i++) {
        struct event *event = &image->row[image->first + i];
        event->generation = image->generation;
        event->seq = ++image->last;
    }
    return image->count;
}

void image_open(struct image *image, wall_t now, struct gate_event *ret_start)
{
    memset(ret_start, 0, sizeof *ret_start);
    ret_start->type = GATE_EV_START;
    if (image->renew) {
        ret_start->start.trouble = GATE_TROUBLE_BEHIND;
        ret_start->start.kept = renew(image, now);
    }
    image->boot++;
    image->acked = image->acked_stored;
    image->taken = image->taken_stored;
    ret_start->start.generation = image->generation;
    ret_start->start.last_seq = image->last;
    ret_start->start.acked_seq = image->acked;
    ret_start->start.boot = image->boot;
}

void image_restore(const struct image *image, struct gate *gate)
{
    for (int lane = 0; lane <= MSG_LANES_MAX; lane++) {
        if (image->has_context[lane]) {
            gate_restore_lane(gate, lane, &image->context[lane]);
        }
    }
    for (int i = 0; i < image->inside_count; i++) {
        gate_restore_inside(gate, &image->inside[i]);
    }
    for (int i = 0; i < image->alarm_count; i++) {
        gate_restore_alarm(gate, image->alarm[i].lane, image->alarm[i].code);
    }
}

/* ---- storing ---- */

static void add_row(struct image *image, const struct event *event)
{
    if (image->first + image->count == image->cap) {
        if (image->first > image->cap / 2) {
            memmove(image->row, image->row + image->first,
                    (size_t)image->count * sizeof *image->row);
        } else {
            image->cap = image->cap ? image->cap * 2 : 16;
            image->row = realloc(image->row, (size_t)image->cap * sizeof *image->row);
            must(image->row);
            memmove(image->row, image->row + image->first,
                    (size_t)image->count * sizeof *image->row);
        }
        image->first = 0;
    }
    image->row[image->first + image->count++] = *event;
    image->most = image->count > image->most ? image->count : image->most;
    image->last = event->seq;
    image->appended++;
}

static void remove_inside(struct image *image, int i)
{
    image->inside_count--;
    memmove(&image->inside[i], &image->inside[i + 1],
            (size_t)(image->inside_count - i) * sizeof *image->inside);
}

static void change_inside(struct image *image, const struct gate_record *record)
{
    const struct inside_entry *entry = &record->inside;
    for (int i = image->inside_count - 1; record->change != INSIDE_NONE && i >= 0; i--) {
        const struct inside_entry *there = &image->inside[i];
        bool same = strcmp(there->session, entry->session) == 0;
        bool gives_way = record->change == INSIDE_ADD && there->kind == entry->kind &&
                         there->vehicle == entry->vehicle && strcmp(there->key, entry->key) == 0;
        if (same || gives_way) {
            remove_inside(image, i);
        }
    }
    if (record->change != INSIDE_ADD) {
        return;
    }
    if (image->inside_count == INSIDE_MAX) {
        remove_inside(image, 0);
    }
    if (image->inside_count == image->inside_cap) {
        image->inside_cap = image->inside_cap ? image->inside_cap * 2 : 16;
        image->inside = realloc(image->inside, (size_t)image->inside_cap * sizeof *image->inside);
        must(image->inside);
    }
    image->inside[image->inside_count++] = *entry;
}

static bool is_device_code(const char *code)
{
    static const char *const codes[] = {
#define X(name, word, severity, sentence) word,
        HEALTH_CODES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

static void change_alarms(struct image *image, const struct event *event)
{
    if (event->type != EVENT_ALARM || !is_device_code(event->code)) {
        return;
    }
    for (int i = 0; i < image->alarm_count; i++) {
        if (image->alarm[i].lane == event->lane && strcmp(image->alarm[i].code, event->code) == 0) {
            image->alarm[i] = image->alarm[--image->alarm_count];
            break;
        }
    }
    if (event->raised) {
        must(image->alarm_count < IMAGE_ALARMS_MAX);
        image->alarm[image->alarm_count].lane = event->lane;
        snprintf(image->alarm[image->alarm_count++].code, HEALTH_CODE_CAP, "%s", event->code);
    }
}

static void put_cursors(struct image *image)
{
    image->acked_stored = image->acked;
    image->taken_stored = image->taken;
    while (image->count > 0 && image->row[image->first].generation == image->generation &&
           image->row[image->first].seq <= image->acked_stored) {
        image->first++;
        image->count--;
    }
    if (image->count == 0) {
        image->first = 0;
    }
}

int image_append(struct image *image, const struct gate_record *const *records, int count)
{
    for (int i = 0; i < count; i++) { /* all or none */
        const struct event *there = image_row(image, records[i]->event.seq);
        bool known = records[i]->event.seq <= image->last;
        if (known && (!there || strcmp(there->id, records[i]->event.id) != 0)) {
            return DX_E_DIFFERENT;
        }
    }
    for (int i = 0; i < count; i++) {
        const struct gate_record *record = records[i];
        int lane = record->event.lane;
        if (record->event.seq > image->last) {
            must(record->event.seq == image->last + 1);
            add_row(image, &record->event);
        }
        image->has_context[lane] = true;
        image->context[lane] = record->context;
        change_inside(image, record);
        change_alarms(image, &record->event);
    }
    put_cursors(image);
    return 0;
}

void image_keep_context(struct image *image, int lane, const struct lane_context *context)
{
    image->has_context[lane] = true;
    image->context[lane] = *context;
}

void image_acked(struct image *image, int64_t seq)
{
    image->acked = seq > image->acked ? seq : image->acked;
}

void image_flush(struct image *image)
{
    put_cursors(image);
}

const struct event *image_row(const struct image *image, int64_t seq)
{
    if (image->count == 0) {
        return NULL;
    }
    int64_t ahead = seq - image->row[image->first].seq;
    return ahead >= 0 && ahead < image->count ? &image->row[image->first + ahead] : NULL;
}

/* ---- what else is kept ---- */

void image_keep(struct image *image, const char *name, struct str bytes)
{
    int i = 0;
    while (i < image->kept_count && strcmp(image->kept[i].name, name) != 0) {
        i++;
    }
    must(i < IMAGE_KEPT_MAX);
    struct image_kept *kept = &image->kept[i];
    image->kept_count += i == image->kept_count;
    snprintf(kept->name, sizeof kept->name, "%s", name);
    kept->bytes = realloc(kept->bytes, bytes.n + 1);
    must(kept->bytes);
    memcpy(kept->bytes, bytes.p, bytes.n);
    kept->n = bytes.n;
}

bool image_add_read(struct image *image, int lane, const struct gate_plate *plate, wall_t now,
                    int64_t *ret_place)
{
    for (int i = 0; i < IMAGE_READS_MAX; i++) {
        const struct image_read *read = &image->read[i];
        bool same = read->place && read->lane == lane &&
                    strcmp(read->plate.camera_event, plate->camera_event) == 0;
        bool better =
            plate->raw[0] && (!read->plate.raw[0] || read->plate.confidence < plate->confidence);
        if (same && !better) {
            return false;
        }
    }
    int64_t place = ++image->places;
    image->read[place % IMAGE_READS_MAX] =
        (struct image_read){.place = place, .lane = lane, .received = now, .plate = *plate};
    *ret_place = place;
    return true;
}

void image_read_taken(struct image *image, int64_t place)
{
    image->taken = place > image->taken ? place : image->taken;
}
