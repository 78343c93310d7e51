/*
 * run_setup.h - what `doxe-sim run` plays: lots, tariffs, sites and the plan, from options.
 *
 * A shell: it reads tariff files.  Everything that struct run borrows lives in struct run_setup.
 */
#ifndef DOXE_SIM_CLI_RUN_SETUP_H
#define DOXE_SIM_CLI_RUN_SETUP_H

#include "proto/tariff/tariff.h"
#include "sim/chart/chart.h"
#include "sim/city/city.h"
#include "sim/run/run.h"

enum { SETUP_TARIFFS_MAX = 16, SETUP_NAME_CAP = 64 };

struct run_options {
    uint64_t seed;
    int64_t days;      /* 0: the small world's own time, or one day of --world */
    int64_t minutes;   /* of a small lot; 0: its own time */
    const char *world; /* NULL: a small lot that is drawn from the seed */
    wall_t start;      /* of --world; 0: as the file says */
    const char *only;  /* numbers of faults; NULL all */
    bool faults;
    const char *trace;    /* file; NULL none */
    const char *database; /* NULL: in memory */
    const char *svg;      /* a picture to write; NULL none */
    enum chart_language language;
    const char *export_path; /* a database to write; NULL none */
    bool export_messages;    /* with what gates, banks and lanes said */
    bool json, progress, quiet, verbose;
    struct run_sweep sweep;
    bool sweep_all;
    int step; /* of a sweep: every how many-th */
};

struct setup_tariff {
    char name[SETUP_NAME_CAP];
    struct tariff_set *set;
    char *text;
};

struct run_setup {
    struct app_config app;
    struct app_operator operator_;
    struct city city;               /* of --world */
    struct app_operator *operators; /* of --world; NULL: the one above */
    int operator_count;
    struct app_lot *lots;
    struct run_site *sites;
    int site_count;
    struct plan plan;
    struct setup_tariff tariff[SETUP_TARIFFS_MAX];
    int tariff_count;
    char database[256];
    struct run_config config;
};

/* DX_E_CONFIG, DX_E_NOT_FOUND, …; a sentence in `why`. */
DX_MUST_USE int run_setup_make(const struct run_options *options, struct run_setup *ret_setup,
                               char *why, size_t cap);
/* The lot's price for a class; a tariff is read once, whoever uses it. */
DX_MUST_USE int run_setup_tariff(struct run_setup *setup, struct app_lot *lot, enum vehicle vehicle,
                                 const char *name, char *why, size_t cap);
/* The name of the tariff of a site and class, or NULL; `setup` is a struct run_setup. */
const char *run_setup_tariff_name(void *setup, int site, enum vehicle vehicle);
void run_setup_free(struct run_setup *setup);

#endif
