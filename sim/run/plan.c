#include "sim/run/plan.h"

#include "proto/base/out.h"

struct class_row {
    const char *word, *sentence;
    int longest_s;
};

static const struct class_row rows[PLAN_CLASS_COUNT] = {
#define X(name, word, longest_s, sentence) {word, sentence, longest_s},
    PLAN_CLASSES(X)
#undef X
};

const char *plan_class_text(enum plan_class class_)
{
    return rows[class_].word;
}

const char *plan_class_sentence(enum plan_class class_)
{
    return rows[class_].sentence;
}

/* Small, middle or large: magnitudes, not a line. */
static int64_t magnitude(struct prng *prng, int64_t small, int64_t middle, int64_t large)
{
    switch (prng_range(prng, 0, 2)) {
    case 0:
        return prng_range(prng, 1, small);
    case 1:
        return prng_range(prng, small, middle);
    default:
        return prng_range(prng, middle, large);
    }
}

static bool is_of_server(enum plan_class class_)
{
    return class_ == PLAN_STORE_BUSY || class_ == PLAN_STORE_FULL || class_ == PLAN_STORE_CRASH ||
           class_ == PLAN_STORE_TAIL || class_ == PLAN_SERVER_CRASH || class_ == PLAN_NET_RESTART;
}

static bool is_of_lane(enum plan_class class_)
{
    return class_ >= PLAN_BUS_SILENT && class_ <= PLAN_CAMERA_LAST;
}

static int64_t size_of(enum plan_class class_, struct prng *prng)
{
    int64_t sign = prng_chance(prng, 500) ? 1 : -1;
    switch ((int)class_) {
    case PLAN_CLOCK_OFFSET:
        return sign * magnitude(prng, 1000, 30000, 120000);
    case PLAN_CLOCK_STEP:
        return sign * magnitude(prng, 100, 2000, 60000);
    case PLAN_CLOCK_DRIFT:
        return sign * magnitude(prng, 20, 200, 2000);
    case PLAN_CAMERA_SLOW:
        return 250 + magnitude(prng, 500, 2000, 5000);
    case PLAN_NET_DELAY:
        return 60 + magnitude(prng, 200, 3000, 20000);
    case PLAN_BANK_LATE:
        return 1000 + magnitude(prng, 10000, 120000, 900000);
    case PLAN_BANK_DAYS:
        return prng_range(prng, 1, 4) * TIME_DAY_MS;
    default:
        return 0;
    }
}

static void draw_one(struct plan *plan, enum plan_class class_, struct prng *prng, int sites,
                     int lanes, int64_t play_ms)
{
    if (plan->count == PLAN_FAULTS_MAX) {
        return;
    }
    struct plan_fault *fault = &plan->fault[plan->count++];
    int64_t longest_ms = (int64_t)rows[class_].longest_s * 1000;
    longest_ms = longest_ms > play_ms / 3 ? play_ms / 3 : longest_ms;
    *fault = (struct plan_fault){.class_ = class_, .site = -1};
    fault->at_ms = prng_range(prng, 1000, play_ms > 2000 ? play_ms - 1000 : 1001);
    fault->until_ms = fault->at_ms;
    if (longest_ms > 0) {
        fault->until_ms += magnitude(prng, longest_ms / 50 + 1, longest_ms / 5 + 2, longest_ms + 3);
    }
    if (!is_of_server(class_)) {
        fault->site = (int)prng_range(prng, 0, sites - 1);
    }
    if (is_of_lane(class_) && prng_chance(prng, 500)) {
        fault->lane = (int)prng_range(prng, 1, lanes);
    }
    fault->per_mille = prng_chance(prng, 333) ? 1000 : (int)magnitude(prng, 30, 300, 1000);
    fault->size = size_of(class_, prng);
}

static void sort(struct plan *plan)
{
    for (int i = 1; i < plan->count;
         i++) { /* few, and by insertion: equal times keep their order */
        struct plan_fault put = plan->fault[i];
        int k = i;
        for (; k > 0 && plan->fault[k - 1].at_ms > put.at_ms; k--) {
            plan->fault[k] = plan->fault[k - 1];
        }
        plan->fault[k] = put;
    }
}

static void draw_tunables(struct plan *plan, struct prng *prng)
{
    plan->pace = prng_chance(prng, 300) ? 1 : prng_chance(prng, 300) ? 2 : 0;
    plan->answer_ms = prng_chance(prng, 200) ? prng_range(prng, 2000, 6000) : 0;
    plan->turn_ms = prng_chance(prng, 300) ? magnitude(prng, 2, 200, 1500) : 0;
    plan->misbehave = prng_chance(prng, 300) ? 0 : (int)magnitude(prng, 100, 400, 1000);
    plan->wild = prng_chance(prng, 500) ? 0 : (int)magnitude(prng, 30, 150, 400);
    plan->confuse = prng_chance(prng, 700) ? 0 : (int)magnitude(prng, 10, 50, 200);
}

void plan_draw(struct plan *plan, uint64_t seed, int sites, int lanes, int64_t play_ms)
{
    struct prng root;
    memset(plan, 0, sizeof *plan);
    prng_init(&root, seed);
    struct prng plan_root = prng_fork(&root, "plan");
    for (int class_ = 0; class_ < PLAN_CLASS_COUNT; class_++) {
        struct prng prng = prng_fork(&plan_root, rows[class_].word);
        if (prng_chance(&prng, 500)) {
            continue;
        }
        for (int64_t n = magnitude(&prng, 2, 4, 10); n > 0; n--) {
            draw_one(plan, (enum plan_class)class_, &prng, sites, lanes, play_ms);
        }
    }
    struct prng tunables = prng_fork(&plan_root, "tunables");
    draw_tunables(plan, &tunables);
    sort(plan);
    for (int i = 0; i < plan->count; i++) {
        char name[32];
        plan->fault[i].number = i + 1;
        snprintf(name, sizeof name, "fault %d", i + 1);
        plan->fault[i].prng = prng_fork(&plan_root, name);
    }
}

/* "3" or "3-7". */
static int read_range(struct str part, int64_t *ret_low, int64_t *ret_high)
{
    size_t dash = str_index(part, '-');
    if (str_parse_i64(str_slice(part, 0, dash), 1, PLAN_FAULTS_MAX, ret_low)) {
        return DX_E_FORMAT;
    }
    *ret_high = *ret_low;
    if (dash < part.n &&
        str_parse_i64(str_slice(part, dash + 1, part.n), *ret_low, PLAN_FAULTS_MAX, ret_high)) {
        return DX_E_FORMAT;
    }
    return 0;
}

int plan_keep(struct plan *plan, struct str numbers)
{
    bool wanted[PLAN_FAULTS_MAX + 1] = {false};
    while (numbers.n) {
        size_t comma = str_index(numbers, ',');
        int64_t low = 0;
        int64_t high = 0;
        if (read_range(str_slice(numbers, 0, comma), &low, &high)) {
            return DX_E_FORMAT;
        }
        for (int64_t i = low; i <= high; i++) {
            wanted[i] = true;
        }
        numbers = str_slice(numbers, comma + 1, numbers.n);
    }
    int kept = 0;
    for (int i = 0; i < plan->count; i++) {
        if (wanted[plan->fault[i].number]) {
            plan->fault[kept++] = plan->fault[i];
        }
    }
    plan->count = kept;
    return 0;
}

void plan_fault_text(const struct plan_fault *fault, char *text, size_t cap)
{
    struct out out;
    out_init(&out, text, cap);
    out_fmt(&out, "%d %s", fault->number, rows[fault->class_].word);
    if (fault->site >= 0) {
        out_fmt(&out, " s%d", fault->site);
    }
    if (fault->lane) {
        out_fmt(&out, " lane %d", fault->lane);
    }
    out_fmt(&out, " at %lld.%03d", (long long)(fault->at_ms / 1000), (int)(fault->at_ms % 1000));
    if (fault->until_ms > fault->at_ms) {
        out_fmt(&out, " for %lld s, %d of 1000", (long long)(fault->until_ms - fault->at_ms) / 1000,
                fault->per_mille);
    }
    if (fault->size) {
        out_fmt(&out, ", %lld", (long long)fault->size);
    }
}
