/*
 * report_ask.h - what every report is asked for: whose, which period, as what file; draft, signed,
 * or again.
 */
#ifndef DOXE_SERVER_REPORT_ASK_H
#define DOXE_SERVER_REPORT_ASK_H

#include "proto/io/sheet.h"
#include "server/io/config.h"

struct report_ask {
    const char *report; /* "ttgd": for messages */
    const char *usage;
    const char *period_option; /* "month" */
    const char *sign_option;   /* "issue" */
    /* Is the period's text one?  NULL, or what it should be. */
    const char *(*check_period)(const char *text, wall_t *ret_from, wall_t *ret_until);
    /* what was asked */
    const char *config_path, *operator_id, *period, *out, *by;
    enum sheet_format format;
    bool sign;
    int64_t table; /* below 0: not one that was signed before */
    wall_t from, until;
};

/* -1 to go on, else the exit status; it has been told. */
int report_ask_read(int argc, char **argv, struct report_ask *ask);
int report_ask_wrong(const struct report_ask *ask, const char *why);
/* NULL, and told: there is no such operator. */
const struct app_operator *report_find_operator(const struct report_ask *ask,
                                                const struct server_config *config);

#endif
