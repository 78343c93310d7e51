#include "sim/cli/run_chart.h"

#include "proto/base/check.h"
#include "sim/store/memory_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRETCHES = 240 };

void run_chart_init(struct run_chart *chart, const struct run_config *config)
{
    memset(chart, 0, sizeof *chart);
    chart->step_ms = config->play_ms / STRETCHES;
    if (chart->step_ms < TIME_MINUTE_MS) {
        chart->step_ms = TIME_MINUTE_MS;
    }
    chart->next_ms = chart->step_ms;
}

/* Money that the server has on the banks' accounts. */
static void add_bank(void *context, const char *account, int64_t balance_vnd)
{
    if (strncmp(account, "bank:", 5) == 0) {
        *(int64_t *)context += balance_vnd;
    }
}

static void take_sample(struct run_chart *chart, const struct run *run, const char *database,
                        int64_t at_ms)
{
    struct memory *memory = NULL;
    struct run_report report;
    int64_t entered = 0;
    int64_t left = 0;
    if (chart->count == CHART_SAMPLES_MAX) {
        chart->count = chart_halve(chart->sample, chart->count);
        chart->step_ms *= 2;
    }
    for (int i = 0; i < run_configuration(run)->site_count; i++) {
        const struct world *world = run_world(run, i);
        entered += world ? world->entered : 0;
        left += world ? world->left : 0;
    }
    run_get_report(run, &report);
    struct chart_sample *sample = &chart->sample[chart->count++];
    *sample = (struct chart_sample){.at_ms = at_ms,
                                    .arrived = entered - chart->entered,
                                    .left = left - chart->left,
                                    .inside = entered - left,
                                    .counted = -1,
                                    .moved_vnd = report.transferred_vnd,
                                    .booked_vnd = -1};
    chart->entered = entered;
    chart->left = left;
    if (run_app(run) && strncmp(database, MEMORY_PREFIX, strlen(MEMORY_PREFIX)) == 0 &&
        memory_find(database, &memory) == 0) {
        sample->counted = memory_look_inside(memory);
        sample->booked_vnd = 0;
        memory_each_balance(memory, add_bank, &sample->booked_vnd);
    }
}

void run_chart_look(struct run_chart *chart, const struct run *run, const char *database)
{
    while (run_now_ms(run) >= chart->next_ms) {
        take_sample(chart, run, database, chart->next_ms);
        chart->next_ms += chart->step_ms;
    }
}

static int write_file(const char *path, struct str text)
{
    FILE *file = fopen(path, "we");
    if (!file) {
        return DX_E_IO;
    }
    bool written = fwrite(text.p, 1, text.n, file) == text.n;
    return fclose(file) == 0 && written ? 0 : DX_E_IO;
}

/* The faults of the plan that fell into what was played. */
static int list_faults(const struct run_setup *setup, int64_t until_ms, struct chart_fault *faults)
{
    int count = 0;
    for (int i = 0; setup->config.plan && i < setup->plan.count; i++) {
        const struct plan_fault *fault = &setup->plan.fault[i];
        if (fault->at_ms < until_ms) {
            faults[count++] =
                (struct chart_fault){fault->at_ms, fault->until_ms, plan_class_text(fault->class_)};
        }
    }
    return count;
}

int run_chart_write(struct run_chart *chart, const struct run *run, const struct run_setup *setup,
                    const struct run_options *options)
{
    char title[160];
    struct run_report report;
    struct out out;
    int64_t now = run_now_ms(run);
    char *text = malloc(CHART_BYTES_MAX);
    struct chart_fault *faults = calloc(PLAN_FAULTS_MAX, sizeof *faults);
    must(text && faults);
    int64_t last = chart->count ? chart->sample[chart->count - 1].at_ms : 0;
    if (now > last && now > 0) { /* the stretch in which it ended */
        take_sample(chart, run, setup->app.database, now);
    }
    run_get_report(run, &report);
    bool vi = options->language == CHART_VI;
    snprintf(title, sizeof title,
             vi ? "doxe-sim run: hạt giống %llu, %d bãi, %lld lượt xe ra"
                : "doxe-sim run: seed %llu, %d sites, %lld vehicles left",
             (unsigned long long)options->seed, setup->site_count, (long long)report.left);
    struct chart picture = {.title = title,
                            .language = options->language,
                            .start = setup->config.start,
                            .sample = chart->sample,
                            .sample_count = chart->count,
                            .fault = faults,
                            .fault_count = list_faults(setup, now, faults),
                            .failed_ms = report.end == RUN_FAILED ? now : -1};
    out_init(&out, text, CHART_BYTES_MAX);
    int error = chart_write(&picture, &out);
    error = error ? error : write_file(options->svg, out_str(&out));
    free(text);
    free(faults);
    return error;
}
