#include "sim/live/options.h"

#include "proto/io/daemon.h"

#include <getopt.h>

enum { SECRET_FILE_MAX = 200 };

/* id, long name, value or "", help */
#define OPTIONS(X)                                                                                \
    X(MODBUS, "modbus", "LISTEN", "Modbus TCP module (127.0.0.1:1502)")                           \
    X(GATE, "gate", "URL", "the gate's pages and camera address (http://127.0.0.1:8081)")         \
    X(SERVER, "server", "URL", "the city's server (http://127.0.0.1:8080)")                       \
    X(BANK_SECRET, "bank-secret", "FILE", "signs the bank's notices, as SePay does")              \
    X(PROVIDER, "provider", "NAME", "who tells of transfers: sepay, payos or casso (sepay)")      \
    X(BANK_LIST, "bank-list", "LISTEN",                                                           \
      "the provider's list for polling; its token is the secret")                                 \
    X(OPERATOR, "operator", "USER", "the attendant and the auditor ask the server as this user")  \
    X(PASSWORD_FILE, "password-file", "FILE", "that user's password, in the first line")          \
    X(SCANNER_IN, "scanner-in", "LINE", "entry scanner: PATH, evdev:PATH or listen:ADDRESS:PORT") \
    X(SCANNER_OUT, "scanner-out", "LINE", "the same for the exit")                                \
    X(CAMERA, "camera", "MAKER", "hikvision, dahua, platerecognizer, openalpr, frigate or onvif") \
    X(CAMERA_LISTEN, "camera-listen", "LISTEN", "dahua, onvif: where they are (127.0.0.1:18090)") \
    X(CAMERA_PASSWORD, "camera-password", "FILE", "of user gate there; frigate: of user frigate") \
    X(SITE_BROKER, "site-broker", "URL", "frigate: its broker, ssl://address:port")               \
    X(SITE_CA, "site-ca", "FILE", "frigate: the authority that signed the broker")                \
    X(SPEED, "speed", "N", "driving, parking and paying N times faster than life, 1 to 1000 (1)") \
    X(RATE, "rate", "N", "vehicles that arrive in a minute of ours, 1 to 600 (6)")                \
    X(CARS, "cars", "PERCENT", "of the vehicles are cars, the rest motorbikes (40)")              \
    X(SEED, "seed", "N", "the same dice for people; real devices still differ (1)")               \
    X(FOR, "for", "SECONDS", "end by itself: all leave, the auditor compares (never)")            \
    X(TRUTH, "truth", "FILE", "what really happened, one JSON object a line")                     \
    X(LANG, "lang", "vi|en", "language of the lines on standard output (vi)")                     \
    X(MISBEHAVE, "misbehave", "PERMILLE", "of the drivers do something odd (80)")                 \
    X(CONFUSE, "confuse", "PERMILLE", "of the pictures are read with one wrong character (0)")    \
    X(LOSE, "lose", "PERMILLE", "of the bank's notices never come; the list has them (0)")        \
    X(STUCK, "stuck", "SECONDS", "nobody may wait longer at a lane while all is up (120)")        \
    X(GATES, "gates", "N", "instead of a street: N gates towards a server; --gates 1 --help")     \
    X(FAULTS, "faults", "", "devices and banks fail as the plan of this seed says")               \
    X(VERBOSE, "verbose", "", "debug lines on standard error")                                    \
    X(HELP, "help", "", "this text")                                                              \
    X(VERSION, "version", "", "the version")

/* Those from SPEED to FOR and from MISBEHAVE to STUCK take a number. */
enum option_id {
#define X(id, name, value, help) OPTION_##id,
    OPTIONS(X)
#undef X
        OPTION_COUNT
};

static void print_help(void)
{
    printf("doxe-sim live - the street: devices, drivers and a bank against the real programs\n\n"
           "usage: doxe-sim live [OPTION...]\n\n");
#define X(id, name, value, help) printf("  --%-14s%-9s %s\n", name, value, help);
    OPTIONS(X)
#undef X
    printf("\ncommands on standard input: silent [SECONDS], restart (the Modbus module), quit\n"
           "exit status: 0 stopped, or --for and everything agrees; 1 --for and something\n"
           "             does not; 2 wrong command line; 4 could not start\n");
}

/* The first line of a file, without the blanks around it. */
static int read_secret(const char *path, char *out, size_t cap)
{
    char line[SECRET_FILE_MAX];
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "doxe-sim: cannot read %s\n", path);
        return DX_E_NOT_FOUND;
    }
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    struct str text = read ? str_trim(str_c(line)) : (struct str){0};
    if (text.n == 0) {
        fprintf(stderr, "doxe-sim: %s is empty\n", path);
        return DX_E_FORMAT;
    }
    return str_copy(out, cap, text);
}

static int take_number(const char *name, const char *text, int64_t min, int64_t max,
                       int64_t *ret_value)
{
    int error = str_parse_i64(str_c(text), min, max, ret_value);
    if (error) {
        fprintf(stderr, "doxe-sim: --%s takes a whole number from %lld to %lld, not '%s'\n", name,
                (long long)min, (long long)max, text);
    }
    return error;
}

static int take_int(const char *name, const char *text, int min, int max, int *ret_value)
{
    int64_t value = 0;
    int error = take_number(name, text, min, max, &value);
    if (!error) {
        *ret_value = (int)value;
    }
    return error;
}

static int take_text(const char *name, const char *text, char *out, size_t cap)
{
    int error = str_copy(out, cap, str_c(text));
    if (error) {
        fprintf(stderr, "doxe-sim: --%s is too long\n", name);
    }
    return error;
}

static int take_url(const char *name, const char *text, char *out)
{
    struct str url = str_c(text);
    while (url.n && url.p[url.n - 1] == '/') {
        url.n--;
    }
    if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://"))) {
        fprintf(stderr, "doxe-sim: --%s takes an http:// address, not '%s'\n", name, text);
        return DX_E_FORMAT;
    }
    return str_copy(out, OPTIONS_URL_CAP, url);
}

struct login {
    const char *user;
    char password[SECRET_FILE_MAX];
};

static int take_place(int id, const char *value, struct street_options *o, struct login *login)
{
    switch (id) {
    case OPTION_MODBUS:
        return take_text("modbus", value, o->modbus, sizeof o->modbus);
    case OPTION_GATE:
        return take_url("gate", value, o->gate);
    case OPTION_SERVER:
        return take_url("server", value, o->server);
    case OPTION_BANK_SECRET:
        return read_secret(value, o->bank_secret, sizeof o->bank_secret);
    case OPTION_PROVIDER:
        if (bank_provider_from_text(str_c(value), &o->provider) == 0) {
            return 0;
        }
        fprintf(stderr, "doxe-sim: --provider takes sepay, payos or casso, not '%s'\n", value);
        return DX_E_NOT_FOUND;
    case OPTION_BANK_LIST:
        return take_text("bank-list", value, o->bank_list, sizeof o->bank_list);
    case OPTION_OPERATOR:
        login->user = value;
        return 0;
    case OPTION_PASSWORD_FILE:
        return read_secret(value, login->password, sizeof login->password);
    case OPTION_SCANNER_IN:
        return take_text("scanner-in", value, o->scanner[0], sizeof o->scanner[0]);
    case OPTION_SCANNER_OUT:
        return take_text("scanner-out", value, o->scanner[1], sizeof o->scanner[1]);
    case OPTION_CAMERA:
        if (maker_parse(str_c(value), &o->camera)) {
            fprintf(stderr, "doxe-sim: --camera takes one of %s, not '%s'\n", MAKER_WORDS, value);
            return DX_E_NOT_FOUND;
        }
        return 0;
    case OPTION_CAMERA_LISTEN:
        return take_text("camera-listen", value, o->camera_listen, sizeof o->camera_listen);
    case OPTION_CAMERA_PASSWORD:
        return read_secret(value, o->camera_password, sizeof o->camera_password);
    case OPTION_SITE_BROKER:
        return take_text("site-broker", value, o->site_broker, sizeof o->site_broker);
    case OPTION_SITE_CA:
        return take_text("site-ca", value, o->site_ca, sizeof o->site_ca);
    case OPTION_TRUTH:
        return take_text("truth", value, o->truth, sizeof o->truth);
    default:
        return DX_E_INVAL;
    }
}

static int take_number_option(int id, const char *value, struct street_options *o)
{
    switch (id) {
    case OPTION_SPEED:
        return take_int("speed", value, 1, 1000, &o->speed);
    case OPTION_RATE:
        return take_int("rate", value, 1, 600, &o->rate);
    case OPTION_CARS:
        return take_int("cars", value, 0, 100, &o->cars_percent);
    case OPTION_SEED:
        return take_number("seed", value, 0, INT64_MAX, &o->seed);
    case OPTION_FOR:
        return take_int("for", value, 10, 7 * 24 * 3600, &o->for_s);
    case OPTION_MISBEHAVE:
        return take_int("misbehave", value, 0, 1000, &o->misbehave);
    case OPTION_CONFUSE:
        return take_int("confuse", value, 0, 1000, &o->confuse);
    case OPTION_LOSE:
        return take_int("lose", value, 0, 1000, &o->lose);
    case OPTION_STUCK:
        return take_int("stuck", value, 5, 3600, &o->stuck_s);
    default:
        return DX_E_INVAL;
    }
}

static int take(int id, const char *value, struct street_options *o, struct login *login)
{
    if (id == OPTION_VERBOSE) {
        o->verbose = true;
        return 0;
    }
    if (id == OPTION_FAULTS) {
        o->faults = true;
        return 0;
    }
    if (id == OPTION_LANG) {
        int error = word_language(str_c(value), &o->language);
        if (error) {
            fprintf(stderr, "doxe-sim: --lang takes vi or en, not '%s'\n", value);
        }
        return error;
    }
    bool number = (id >= OPTION_SPEED && id <= OPTION_FOR) || id >= OPTION_MISBEHAVE;
    return number ? take_number_option(id, value, o) : take_place(id, value, o, login);
}

static void set_defaults(struct street_options *o)
{
    *o = (struct street_options){.modbus = "127.0.0.1:1502",
                                 .gate = "http://127.0.0.1:8081",
                                 .server = "http://127.0.0.1:8080",
                                 .camera_listen = "127.0.0.1:18090",
                                 .speed = 1,
                                 .rate = 6,
                                 .cars_percent = 40,
                                 .misbehave = 80,
                                 .stuck_s = 120,
                                 .seed = 1,
                                 .language = LANGUAGE_VI};
}

static int join_login(const struct login *login, struct street_options *o)
{
    if (!login->user && !login->password[0]) {
        return 0;
    }
    int n = login->user && login->password[0]
                ? snprintf(o->login, sizeof o->login, "%s:%s", login->user, login->password)
                : -1;
    if (n < 0 || (size_t)n >= sizeof o->login) {
        fprintf(stderr, "doxe-sim: --operator and --password-file belong together\n");
        return DX_E_INVAL;
    }
    return 0;
}

int street_options_read(int argc, char **argv, struct street_options *ret_options)
{
    static const struct option known[] = {
#define X(id, name, value, help) \
    {name, sizeof(value) > 1 ? required_argument : no_argument, NULL, OPTION_##id + 1000},
        OPTIONS(X)
#undef X
            {NULL, 0, NULL, 0}};
    struct street_options options;
    struct login login = {0};
    int option;
    set_defaults(&options);
    optind = 1;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == OPTION_HELP + 1000) {
            print_help();
            return EXIT_OK;
        }
        if (option == OPTION_VERSION + 1000) {
            printf("doxe-sim %s\n", DOXE_VERSION);
            return EXIT_OK;
        }
        if (option < 1000 || take(option - 1000, optarg, &options, &login)) {
            fprintf(stderr, "doxe-sim: see doxe-sim live --help\n");
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "doxe-sim: '%s' is one word too many; see doxe-sim live --help\n",
                argv[optind]);
        return EXIT_USAGE;
    }
    if (join_login(&login, &options)) {
        return EXIT_USAGE;
    }
    bool asked = options.camera == MAKER_DAHUA || options.camera == MAKER_ONVIF;
    bool site = options.camera == MAKER_FRIGATE;
    if (((asked || site) && !options.camera_password[0]) || (site && !options.site_broker[0])) {
        fprintf(stderr, "doxe-sim: this --camera needs --camera-password%s\n",
                site ? ", --site-broker and --site-ca" : "");
        return EXIT_USAGE;
    }
    *ret_options = options;
    return -1;
}
