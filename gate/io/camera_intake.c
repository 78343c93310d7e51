#include "gate/io/camera_intake.h"

#include "proto/io/log.h"

struct camera_intake {
    struct camera_intake_config config;
    pthread_mutex_t lock;
    bool fault[CAMERAS_MAX][DEVICE_FAULT_COUNT];
    mono_t heard[CAMERAS_MAX];
    struct {
        bool known, doubted;
        int64_t usual_ms; /* received - taken, both clocks' difference included */
        int64_t doubt_ms; /* another one, that may become the usual one */
        mono_t doubt_since;
    } delay[CAMERAS_MAX];
};

int camera_intake_new(const struct camera_intake_config *config, struct camera_intake **ret_intake)
{
    struct camera_intake *intake = calloc(1, sizeof *intake);
    if (!intake) {
        return DX_E_MEMORY;
    }
    intake->config = *config;
    pthread_mutex_init(&intake->lock, NULL);
    for (int i = 0; i < CAMERAS_MAX; i++) {
        intake->heard[i] = config->mono(config->context);
        intake->delay[i].known = config->camera[i].delay_known;
        intake->delay[i].usual_ms = config->camera[i].delay_ms;
    }
    *ret_intake = intake;
    return 0;
}

void camera_intake_free(struct camera_intake *intake)
{
    if (intake) {
        pthread_mutex_destroy(&intake->lock);
        free(intake);
    }
}

static void set_fault(struct camera_intake *intake, int i, enum device_fault fault, bool there,
                      int64_t value)
{
    if (intake->fault[i][fault] != there) {
        intake->fault[i][fault] = there;
        if (intake->config.fault) {
            intake->config.fault(intake->config.context, intake->config.camera[i].name, fault,
                                 there, value);
        }
    }
}

static void note_heard(struct camera_intake *intake, int i)
{
    intake->heard[i] = intake->config.mono(intake->config.context);
    set_fault(intake, i, DEVICE_CAMERA_SILENT, false, 0);
}

/* Once when a camera's clock goes wrong and once when it is right again. */
static void watch_clock(struct camera_intake *intake, int i, const struct plate_read *read)
{
    if (!read->has_taken) {
        return;
    }
    int64_t skew_ms = wall_diff(read->taken, intake->config.now(intake->config.context));
    int64_t limit_ms = intake->config.camera[i].skew_ms;
    set_fault(intake, i, DEVICE_CAMERA_CLOCK, skew_ms > limit_ms || skew_ms < -limit_ms, skew_ms);
}

static int64_t apart(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Did the camera keep it back?  What a camera sends in one go after a pause proves no clock. */
static bool is_late(struct camera_intake *intake, int i, const struct plate_read *read)
{
    if (!read->has_taken) {
        return false;
    }
    mono_t now = intake->config.mono(intake->config.context);
    int64_t delay_ms = wall_diff(intake->config.now(intake->config.context), read->taken);
    int64_t usual_ms = intake->delay[i].usual_ms;
    if (!intake->delay[i].known || delay_ms - usual_ms <= CAMERA_LATE_MS) {
        bool sooner = !intake->delay[i].known || delay_ms < usual_ms;
        intake->delay[i].usual_ms = sooner ? delay_ms : usual_ms + (delay_ms - usual_ms) / 16;
        intake->delay[i].known = true;
        intake->delay[i].doubted = false;
        return false;
    }
    if (!intake->delay[i].doubted ||
        apart(delay_ms, intake->delay[i].doubt_ms) > CAMERA_SAME_DELAY_MS) {
        intake->delay[i].doubted = true;
        intake->delay[i].doubt_ms = delay_ms;
        intake->delay[i].doubt_since = now;
        return true;
    }
    if (mono_diff(now, intake->delay[i].doubt_since) < CAMERA_DELAY_PROOF_MS) {
        return true;
    }
    intake->delay[i].known = true; /* its clock is another one now */
    intake->delay[i].doubted = false;
    intake->delay[i].usual_ms = delay_ms;
    return false;
}

static void keep_pictures(struct camera_intake *intake, int index, const struct camera_event *event)
{
    const struct camera_intake_config *config = &intake->config;
    wall_t now = config->now(config->context);

    for (int i = 0; config->pictures && i < event->picture_count; i++) {
        int error = picture_store_add(config->pictures, config->camera[index].name,
                                      event->read[0].vendor_id, now, i + 1, event->picture[i]);
        if (error) {
            log_warn("camera.picture_lost", "camera=%s bytes=%zu", config->camera[index].name,
                     event->picture[i].n);
        }
    }
}

static int take_reads(struct camera_intake *intake, int index, const struct camera_event *event)
{
    const struct camera_intake_config *config = &intake->config;
    for (int i = 0; i < event->read_count; i++) {
        struct plate_read read = event->read[i];
        str_copy_cut(read.camera, sizeof read.camera, str_c(config->camera[index].name));
        watch_clock(intake, index, &read);
        read.late = is_late(intake, index, &read);
        int error = config->take(config->context, index, &read);
        if (error == DX_E_EXISTS) {
            log_debug("camera.repeat", "camera=%s event=%s", read.camera, read.vendor_id);
        } else if (error) {
            log_error("camera.not_stored", "camera=%s error=%s", read.camera, dx_error_name(error));
            return error;
        }
    }
    return 0;
}

int camera_intake_take(struct camera_intake *intake, int index, const struct camera_event *event)
{
    int error = 0;
    pthread_mutex_lock(&intake->lock);
    note_heard(intake, index);
    set_fault(intake, index, DEVICE_CAMERA_UNREADABLE, false, 0);
    if (event->kind == CAMERA_PLATE) {
        error = take_reads(intake, index, event);
        /* A picture that finds no room is no reason to let the camera try for ever. */
        if (!error) {
            keep_pictures(intake, index, event);
        }
    } else {
        log_debug("camera.ignored", "camera=%s type=%s", intake->config.camera[index].name,
                  event->kind == CAMERA_HEARTBEAT ? "heartbeat" : "other");
    }
    pthread_mutex_unlock(&intake->lock);
    return error;
}

void camera_intake_unreadable(struct camera_intake *intake, int index, size_t bytes, int error)
{
    pthread_mutex_lock(&intake->lock);
    log_warn("camera.unreadable", "camera=%s bytes=%zu error=%s", intake->config.camera[index].name,
             bytes, dx_error_name(error));
    note_heard(intake, index);
    set_fault(intake, index, DEVICE_CAMERA_UNREADABLE, true, (int64_t)bytes);
    pthread_mutex_unlock(&intake->lock);
}

void camera_intake_link(struct camera_intake *intake, int index, bool up, const char *why)
{
    pthread_mutex_lock(&intake->lock);
    if (up) {
        note_heard(intake, index);
    }
    if (intake->fault[index][DEVICE_CAMERA_UNREACHABLE] == up) {
        log_info(up ? "camera.answers" : "camera.lost", "camera=%s reason=\"%s\"",
                 intake->config.camera[index].name, why);
    }
    set_fault(intake, index, DEVICE_CAMERA_UNREACHABLE, !up, 0);
    pthread_mutex_unlock(&intake->lock);
}

void camera_intake_look(struct camera_intake *intake)
{
    /* Who holds it may wait for this very thread; then somebody is being heard anyway. */
    if (pthread_mutex_trylock(&intake->lock) != 0) {
        return;
    }
    mono_t now = intake->config.mono(intake->config.context);
    for (int i = 0; i < intake->config.camera_count; i++) {
        int64_t limit_ms = intake->config.camera[i].silence_ms;
        int64_t silent_ms = mono_diff(now, intake->heard[i]);
        if (limit_ms && silent_ms > limit_ms) {
            set_fault(intake, i, DEVICE_CAMERA_SILENT, true, silent_ms);
        }
    }
    pthread_mutex_unlock(&intake->lock);
}
