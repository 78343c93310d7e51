#include "sim/live/street_faults.h"

#include "sim/live/street_parts.h"

static bool is_mine(enum plan_class class_)
{
    static const bool mine[PLAN_CLASS_COUNT] = {
        [PLAN_BUS_SILENT] = true,     [PLAN_COIL_STUCK] = true,  [PLAN_INPUT_BOUNCE] = true,
        [PLAN_MODULE_RESTART] = true, [PLAN_SCAN_TWICE] = true,  [PLAN_SCAN_GARBAGE] = true,
        [PLAN_SCAN_GONE] = true,      [PLAN_CAMERA_SLOW] = true, [PLAN_CAMERA_ERROR] = true,
        [PLAN_CAMERA_CUT] = true,     [PLAN_BANK_LATE] = true,   [PLAN_BANK_TWICE] = true,
    };
    return mine[class_];
}

void street_faults_start(struct street *street, int64_t for_ms)
{
    int of_street = 0;
    struct street_faults *f = &street->faults;
    if (!street->options.faults) {
        return;
    }
    plan_draw(&f->plan, (uint64_t)street->options.seed, 1, WORLD_LANES, for_ms);
    int64_t longest_ms = (int64_t)street->options.stuck_s * 1000 / 4;
    for (int i = 0; i < f->plan.count; i++) {
        struct plan_fault *fault = &f->plan.fault[i];
        of_street += is_mine(fault->class_);
        if (fault->until_ms - fault->at_ms > longest_ms) {
            fault->until_ms = fault->at_ms + longest_ms;
        }
    }
    f->on = true;
    f->since = street->now;
    street_say(street, "%d faults are planned, %d of them are the street's", f->plan.count,
               of_street);
}

static int64_t time_of(const struct street *street)
{
    return mono_diff(street->now, street->faults.since);
}

static void say_fault(struct street *street, const struct plan_fault *fault)
{
    char text[160];
    plan_fault_text(fault, text, sizeof text);
    street->faults.struck++;
    street_say(street, "~ %s", text);
}

/* True the first time. */
static bool begins(struct street *street, int i)
{
    struct street_faults *f = &street->faults;
    bool first = !f->begun[i] && f->plan.fault[i].at_ms <= time_of(street);
    f->begun[i] |= first;
    return first;
}

static void turn_bounces(struct street *street)
{
    struct street_faults *f = &street->faults;
    int kept = 0;
    for (int i = 0; i < f->bounce_count; i++) {
        if (mono_reached(street->now, f->bounce[i].at)) {
            modbus_module_set_input(street->module, f->bounce[i].address, f->bounce[i].level);
        } else {
            f->bounce[kept++] = f->bounce[i];
        }
    }
    f->bounce_count = kept;
}

void street_faults_turn(struct street *street)
{
    struct street_faults *f = &street->faults;
    turn_bounces(street);
    for (int i = 0; f->on && i < f->plan.count; i++) {
        const struct plan_fault *fault = &f->plan.fault[i];
        if (!is_mine(fault->class_) || !begins(street, i)) {
            continue;
        }
        say_fault(street, fault);
        if (fault->class_ == PLAN_BUS_SILENT) {
            modbus_module_silence(street->module, fault->until_ms - fault->at_ms);
        } else if (fault->class_ == PLAN_MODULE_RESTART) {
            modbus_module_restart(street->module);
        } else if (fault->class_ == PLAN_CAMERA_ERROR && street->cameras) {
            camera_server_cut(street->cameras);
        }
    }
}

mono_t street_faults_deadline(const struct street *street)
{
    const struct street_faults *f = &street->faults;
    mono_t next = mono_never();
    for (int i = 0; i < f->bounce_count; i++) {
        next = mono_min(next, f->bounce[i].at);
    }
    for (int i = 0; f->on && i < f->plan.count; i++) {
        if (!f->begun[i] && is_mine(f->plan.fault[i].class_)) {
            next = mono_min(next, mono_add(f->since, f->plan.fault[i].at_ms));
        }
    }
    return next;
}

bool street_faults_strike(struct street *street, enum plan_class class_, int lane,
                          int64_t *ret_size)
{
    struct street_faults *f = &street->faults;
    int64_t now_ms = time_of(street);
    for (int i = 0; f->on && i < f->plan.count; i++) {
        struct plan_fault *fault = &f->plan.fault[i];
        bool here = fault->class_ == class_ && fault->at_ms <= now_ms && now_ms < fault->until_ms &&
                    (fault->lane == 0 || lane == 0 || fault->lane == lane);
        if (here && prng_chance(&fault->prng, fault->per_mille)) {
            f->struck++;
            *ret_size = fault->size;
            return true;
        }
    }
    return false;
}

int64_t street_faults_silence_ms(const struct street *street)
{
    int64_t all = 0;
    const struct street_faults *f = &street->faults;
    for (int i = 0; f->on && i < f->plan.count; i++) {
        const struct plan_fault *fault = &f->plan.fault[i];
        all += fault->class_ == PLAN_BUS_SILENT ? fault->until_ms - fault->at_ms : 0;
    }
    return all;
}

static void bounce_later(struct street *street, int address, bool level, int64_t after_ms)
{
    struct street_faults *f = &street->faults;
    if (f->bounce_count < FAULTS_BOUNCES) {
        f->bounce[f->bounce_count].at = mono_add(street->now, after_ms);
        f->bounce[f->bounce_count].address = address;
        f->bounce[f->bounce_count++].level = level;
    }
}

void street_faults_set_input(struct street *street, int lane, int address, bool on)
{
    enum { BOUNCE_MS = 12 }; /* below what the gate takes for a level */
    int64_t size = 0;
    modbus_module_set_input(street->module, address, on);
    if (street_faults_strike(street, PLAN_INPUT_BOUNCE, lane, &size) &&
        street->faults.bounce_count + 2 <= FAULTS_BOUNCES) {
        bounce_later(street, address, !on, BOUNCE_MS);
        bounce_later(street, address, on, 2 * (int64_t)BOUNCE_MS);
    }
}
