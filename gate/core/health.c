#include "gate/core/health.h"

#include <string.h>

static const struct {
    const char *code;
    enum health_severity severity;
} codes[] = {
#define X(name, code, severity, sentence) {code, HEALTH_##severity},
    HEALTH_CODES(X)
#undef X
};

enum health_severity health_code_severity(const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(codes[i].code, code) == 0) {
            return codes[i].severity;
        }
    }
    return HEALTH_WARNING;
}

const char *health_severity_text(enum health_severity severity)
{
    return severity == HEALTH_CRITICAL ? "critical" : "warning";
}

static int find_fault(const struct health *health, const char *device, const char *code)
{
    for (int i = 0; i < health->fault_count; i++) {
        if (strcmp(health->fault[i].device, device) == 0 &&
            strcmp(health->fault[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

static struct health_alarm *find_alarm(struct health *health, int lane, const char *code)
{
    for (int i = 0; i < health->alarm_count; i++) {
        if (health->alarm[i].lane == lane && strcmp(health->alarm[i].code, code) == 0) {
            return &health->alarm[i];
        }
    }
    return NULL;
}

static struct health_alarm *need_alarm(struct health *health, int lane, const char *code)
{
    struct health_alarm *alarm = find_alarm(health, lane, code);
    if (alarm || health->alarm_count == HEALTH_ALARMS_MAX) {
        return alarm;
    }
    alarm = &health->alarm[health->alarm_count++];
    *alarm = (struct health_alarm){.lane = lane};
    str_copy_cut(alarm->code, sizeof alarm->code, str_c(code));
    return alarm;
}

void health_restore(struct health *health, int lane, const char *code)
{
    struct health_alarm *alarm = need_alarm(health, lane, code);
    if (alarm) {
        alarm->recorded = alarm->restored = true;
    }
}

void health_start(struct health *health, mono_t now)
{
    for (int i = 0; i < health->alarm_count; i++) {
        health->alarm[i].due = mono_add(now, HEALTH_LEARN_MS);
    }
}

/* Is the alarm there by any device?  The first names it. */
static void look_at_alarm(struct health *health, struct health_alarm *alarm)
{
    alarm->there = false;
    for (int i = 0; i < health->fault_count && !alarm->there; i++) {
        const struct health_fault *fault = &health->fault[i];
        if (fault->lane == alarm->lane && strcmp(fault->code, alarm->code) == 0) {
            alarm->there = true;
            memcpy(alarm->device, fault->device, sizeof alarm->device);
        }
    }
}

bool health_note(struct health *health, const struct health_word *word, mono_t now)
{
    int at = find_fault(health, word->device, word->code);
    struct health_alarm *alarm = find_alarm(health, word->lane, word->code);
    if (!word->there && at < 0) {
        if (alarm && alarm->restored && !alarm->there) {
            alarm->due = now; /* restored, and the device says that it is over */
        }
        return false;
    }
    if (word->there == (at >= 0)) {
        return false;
    }
    if (word->there) {
        alarm = need_alarm(health, word->lane, word->code);
        if (!alarm || health->fault_count == HEALTH_FAULTS_MAX) {
            return false;
        }
        struct health_fault *fault = &health->fault[health->fault_count++];
        *fault = (struct health_fault){.lane = word->lane};
        memcpy(fault->device, word->device, sizeof fault->device);
        memcpy(fault->code, word->code, sizeof fault->code);
        if (alarm->restored) {
            alarm->restored = false;
            alarm->due = now;
        }
    } else {
        health->fault[at] = health->fault[--health->fault_count];
    }
    if (alarm) {
        look_at_alarm(health, alarm);
    }
    return true;
}

struct health_alarm *health_take(struct health *health, mono_t now)
{
    for (int i = 0; i < health->alarm_count; i++) {
        struct health_alarm *alarm = &health->alarm[i];
        if (alarm->there != alarm->recorded && mono_reached(now, alarm->due)) {
            return alarm;
        }
    }
    return NULL;
}

void health_recorded(struct health *health, struct health_alarm *alarm, mono_t now)
{
    (void)health;
    alarm->recorded = alarm->there;
    alarm->due = mono_add(now, HEALTH_REST_MS);
}

mono_t health_deadline(const struct health *health)
{
    mono_t first = mono_never();
    for (int i = 0; i < health->alarm_count; i++) {
        if (health->alarm[i].there != health->alarm[i].recorded) {
            first = mono_min(first, health->alarm[i].due);
        }
    }
    return first;
}
