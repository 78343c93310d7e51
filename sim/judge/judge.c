#include "sim/judge/judge_parts.h"

#include "proto/base/check.h"

#include <stdarg.h>
#include <stdlib.h>

struct judge *judge_new(void)
{
    struct judge *judge = calloc(1, sizeof *judge);
    must(judge);
    judge->stay_free = judge->money_free = -1;
    return judge;
}

void judge_free(struct judge *judge)
{
    if (judge) {
        index_free(&judge->index);
        free(judge->stay);
        free(judge->money);
        free(judge->place);
        free(judge);
    }
}

int judge_add_site(struct judge *judge, const struct judge_site *site)
{
    if (judge->place_count == judge->place_cap) {
        judge->place_cap = judge->place_cap ? judge->place_cap * 2 : 4;
        judge->place = realloc(judge->place, (size_t)judge->place_cap * sizeof *judge->place);
        must(judge->place);
    }
    int number = judge->place_count++;
    judge->place[number] = (struct judge_place){.site = *site};
    index_put(&judge->index, index_key(SALT_GATE, site->gate), number);
    index_put(&judge->index, index_key(SALT_LOT, site->lot), number);
    return number;
}

void judge_now(struct judge *judge, wall_t now)
{
    judge->now = now;
}

uint64_t judge_plate_key(int site, const char *plate)
{
    return index_key(SALT_KEY + (uint64_t)site * SALTS, plate);
}

void judge_find(struct judge *judge, enum judge_rule rule, int site, const char *format, ...)
{
    judge->report.findings++;
    judge->report.found[rule]++;
    if (judge->finding_count == JUDGE_FINDINGS_MAX) {
        return;
    }
    struct judge_finding *finding = &judge->finding[judge->finding_count++];
    va_list arguments;
    finding->rule = rule;
    finding->site = site;
    finding->at = judge->now;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

bool judge_failed(const struct judge *judge)
{
    return judge->finding_count > 0;
}

int judge_findings(const struct judge *judge, const struct judge_finding **ret_findings)
{
    *ret_findings = judge->finding;
    return judge->finding_count;
}

void judge_get_report(const struct judge *judge, struct judge_report *ret_report)
{
    *ret_report = judge->report;
}

void judge_clock_is_wrong(struct judge *judge, int site)
{
    judge->place[site].clock_is_wrong = true;
}

void judge_queue(struct judge *judge, int site, const char *what, int64_t count, int64_t limit)
{
    if (count > limit || count < 0) {
        judge_find(judge, JUDGE_QUEUE, site, "%s holds %lld, its limit is %lld", what,
                   (long long)count, (long long)limit);
    }
}

void judge_restored(struct judge *judge, int site, const void *before, size_t before_n,
                    const void *after, size_t after_n)
{
    if (before_n != after_n || memcmp(before, after, before_n) != 0) {
        judge_find(judge, JUDGE_REPLAY, site,
                   "after the replay it is not what was durable (%zu and %zu bytes)", before_n,
                   after_n);
    }
}

void judge_applied(struct judge *judge, const char *gate, int64_t generation, int64_t seq)
{
    int site = index_get(&judge->index, index_key(SALT_GATE, gate));
    if (site < 0) {
        judge_find(judge, JUDGE_NUMBERS, -1, "an event of a gate that is not there: %s", gate);
        return;
    }
    struct judge_place *place = &judge->place[site];
    bool follows = generation == place->generation ? seq == place->seq + 1
                                                   : generation > place->generation && seq == 1;
    judge->report.events++;
    if (!follows) {
        judge_find(judge, JUDGE_NUMBERS, site, "%lld.%lld was applied after %lld.%lld",
                   (long long)generation, (long long)seq, (long long)place->generation,
                   (long long)place->seq);
    }
    place->generation = generation;
    place->seq = seq;
}

void judge_settle(struct judge *judge, int site, int64_t generation, int64_t last_seq,
                  int64_t waiting)
{
    struct judge_place *place = &judge->place[site];
    place->settled = true;
    if (place->generation != generation || place->seq != last_seq) {
        judge_find(judge, JUDGE_NUMBERS, site,
                   "all is calm, the journal ends with %lld.%lld, the server has %lld.%lld",
                   (long long)generation, (long long)last_seq, (long long)place->generation,
                   (long long)place->seq);
    }
    if (waiting != 0) {
        judge_find(judge, JUDGE_NUMBERS, site, "all is calm, and %lld messages still wait",
                   (long long)waiting);
    }
}

const char *judge_rule_text(enum judge_rule rule)
{
    static const char *const text[JUDGE_RULE_COUNT] = {
#define X(name, word, sentence) word,
        JUDGE_RULES(X)
#undef X
    };
    return rule >= 0 && rule < JUDGE_RULE_COUNT ? text[rule] : "?";
}

const char *judge_rule_sentence(enum judge_rule rule)
{
    static const char *const text[JUDGE_RULE_COUNT] = {
#define X(name, word, sentence) sentence,
        JUDGE_RULES(X)
#undef X
    };
    return rule >= 0 && rule < JUDGE_RULE_COUNT ? text[rule] : "?";
}
