/* options.h - the command line of `doxe-sim live`; one table makes both the reading and --help. */
#ifndef DOXE_SIM_OPTIONS_H
#define DOXE_SIM_OPTIONS_H

#include "sim/bank_provider.h"
#include "sim/live/camera_kinds.h"
#include "sim/live/words.h"

enum { OPTIONS_URL_CAP = 256, OPTIONS_SECRET_CAP = 256 };

struct street_options {
    char modbus[64];            /* address to listen on */
    char gate[OPTIONS_URL_CAP]; /* without a '/' at its end */
    char server[OPTIONS_URL_CAP];
    char bank_secret[OPTIONS_SECRET_CAP]; /* the secret itself; "" none: notices are not signed */
    enum bank_provider provider;          /* whose notices they are */
    char bank_list[64];                   /* where its list is; "" nowhere */
    int lose;                             /* per mille of the notices are lost */
    char login[OPTIONS_SECRET_CAP];       /* "operator:password"; "" none */
    char scanner[2][OPTIONS_URL_CAP];     /* scanner_pty.h has the forms; "" none */
    enum maker camera;                    /* who made the lanes' cameras */
    char camera_listen[64];               /* DAHUA, ONVIF: where they wait to be asked */
    char camera_password[OPTIONS_SECRET_CAP]; /* of user "gate" there; FRIGATE: of "frigate" */
    char site_broker[OPTIONS_URL_CAP], site_ca[OPTIONS_URL_CAP]; /* FRIGATE */
    char truth[OPTIONS_URL_CAP];                                 /* "" none */
    int speed, rate, cars_percent, misbehave, confuse, stuck_s;
    int64_t seed;
    int for_s; /* 0: until stopped */
    enum language language;
    bool verbose, faults;
};

/*
 * argv[0] is "live".  Handles --help and --version itself.  Returns -1 to go on, else
 * the exit status to end with.
 */
int street_options_read(int argc, char **argv, struct street_options *ret_options);

#endif
