#include "sim/story/play/story_cli.h"

#include "proto/base/check.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "sim/story/play/play.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 * 1024, PATH_CAP = 512, STORY_BAD = 1 };

/* name, takes a value, help */
#define STORY_FLAGS(X)                                                                \
    X(UPDATE, "update", "", "write the golden chronicles anew; read the difference")  \
    X(TRACE, "trace", "", "every step of the engine on standard error")               \
    X(SHOW, "show", "", "the chronicle on standard output")                           \
    X(SEED, "seed", "N", "another order of everything that has none; no golden then") \
    X(WORDS, "words", "", "every clause of the language")                             \
    X(HELP, "help", "", "this text")

enum story_flag {
#define X(id, name, value, help) FLAG_##id,
    STORY_FLAGS(X)
#undef X
        FLAG_COUNT
};

struct story_run {
    bool update, trace, show, seeded;
    uint64_t seed;
    char text[FILE_MAX + 1];
    char golden[STORY_CHRONICLE_MAX + 1];
    char chronicle[STORY_CHRONICLE_MAX];
    struct story story;
};

static void print_help(void)
{
    printf("doxe-sim story - plays stories: small scripts about a lot, in virtual time\n\n"
           "usage: doxe-sim story [OPTION...] FILE.story...\n\n");
#define X(id, name, value, help) printf("  --%-8s%-3s %s\n", name, value, help);
    STORY_FLAGS(X)
#undef X
    printf(
        "\nexit status: 0 all as told; 1 a story came out otherwise; 2 wrong command line, or no "
        "story\nlanguage: docs/SIMULATION.md, and --words\n");
}

/* Bytes of a file with a NUL behind them; below 0: it cannot be read, or is too long. */
static long read_file(const char *path, char *text, size_t max)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return -1;
    }
    size_t n = fread(text, 1, max, file);
    bool whole = fgetc(file) == EOF && !ferror(file);
    fclose(file);
    text[n] = '\0';
    return whole ? (long)n : -1;
}

static bool write_file(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        return false;
    }
    bool written = fwrite(text.p, 1, text.n, file) == text.n;
    return fclose(file) == 0 && written;
}

static void print_trace(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

/* The first line that differs, and the ten before it. */
static void print_difference(const char *path, const char *golden, const char *now)
{
    int line = 1;
    const char *a = golden;
    const char *b = now;
    while (*a && *a == *b) {
        line += *a == '\n';
        a++;
        b++;
    }
    while (a > golden && a[-1] != '\n') {
        a--;
        b--;
    }
    const char *from = b;
    for (int back = 0; from > now && back < 10; back++) {
        from--;
        while (from > now && from[-1] != '\n') {
            from--;
        }
    }
    fprintf(stderr,
            "%s:%d: the chronicle has changed\n  golden: %.*s\n  now:    %.*s\nbefore it:\n%.*s",
            path, line, (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b, (int)(b - from), from);
    fprintf(stderr, "if that is right: doxe-sim story --update\n");
}

static int compare(struct story_run *run, const char *path, struct str now)
{
    char golden[PATH_CAP];
    size_t n = strlen(path);
    bool ends = n > 6 && strcmp(path + n - 6, ".story") == 0;
    if (n + 8 > sizeof golden) {
        fprintf(stderr, "%s: the path is too long\n", path);
        return EXIT_USAGE;
    }
    snprintf(golden, sizeof golden, "%.*s.golden", (int)(ends ? n - 6 : n), path);
    if (run->update) {
        if (!write_file(golden, now)) {
            fprintf(stderr, "%s cannot be written\n", golden);
            return EXIT_USAGE;
        }
        return EXIT_OK;
    }
    if (read_file(golden, run->golden, STORY_CHRONICLE_MAX) < 0) {
        fprintf(stderr, "%s is missing; --update writes it\n", golden);
        return STORY_BAD;
    }
    if (strcmp(run->golden, run->chronicle) != 0) {
        print_difference(golden, run->golden, run->chronicle);
        return STORY_BAD;
    }
    return EXIT_OK;
}

static void print_error(const char *path, const struct story_error *error)
{
    if (error->line > 0) {
        fprintf(stderr, "%s:%d: %s\n", path, error->line, error->text);
    } else {
        fprintf(stderr, "%s: %s\n", path, error->text);
    }
}

static int play_file(struct story_run *run, const char *path)
{
    struct story_error error = {0};
    struct out out;
    long n = read_file(path, run->text, FILE_MAX);
    if (n < 0) {
        fprintf(stderr, "%s cannot be read, or is longer than %d bytes\n", path, FILE_MAX);
        return EXIT_USAGE;
    }
    if (story_parse((struct str){run->text, (size_t)n}, &run->story, &error)) {
        print_error(path, &error);
        return EXIT_USAGE;
    }
    struct story_options options = {.seed = run->seed, .trace = run->trace ? print_trace : NULL};
    out_init(&out, run->chronicle, sizeof run->chronicle);
    int failed = story_play(&run->story, &options, &out, &error);
    if (run->show) {
        printf("%s", run->chronicle);
    }
    if (failed) {
        fprintf(stderr, "%s", run->show ? "" : run->chronicle);
        print_error(path, &error);
        fprintf(stderr, "again, with every step: doxe-sim story --trace %s\n", path);
        return STORY_BAD;
    }
    must(!out_failed(&out));
    return run->seeded ? EXIT_OK : compare(run, path, out_str(&out));
}

static void print_words(void)
{
    static char text[64 * 1024];
    struct out out;
    out_init(&out, text, sizeof text);
    story_write_words(&out);
    must(!out_failed(&out));
    printf("| clause | |\n| --- | --- |\n%s", text);
}

/* -1: play the files. */
static int read_options(int argc, char **argv, struct story_run *run)
{
    static const struct option known[] = {
#define X(id, name, value, help) \
    {name, sizeof(value) > 1 ? required_argument : no_argument, NULL, FLAG_##id + 1000},
        STORY_FLAGS(X)
#undef X
            {NULL, 0, NULL, 0}};
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        int64_t seed = 0;
        switch (option - 1000) {
        case FLAG_UPDATE:
            run->update = true;
            break;
        case FLAG_TRACE:
            run->trace = true;
            break;
        case FLAG_SHOW:
            run->show = true;
            break;
        case FLAG_SEED:
            if (str_parse_i64(str_c(optarg), 0, INT64_MAX, &seed)) {
                fprintf(stderr, "doxe-sim: --seed takes a whole number, not '%s'\n", optarg);
                return EXIT_USAGE;
            }
            run->seed = (uint64_t)seed;
            run->seeded = true;
            break;
        case FLAG_WORDS:
            print_words();
            return EXIT_OK;
        case FLAG_HELP:
            print_help();
            return EXIT_OK;
        default:
            fprintf(stderr, "doxe-sim: see doxe-sim story --help\n");
            return EXIT_USAGE;
        }
    }
    if (optind >= argc) {
        fprintf(stderr, "doxe-sim: which story?  see doxe-sim story --help\n");
        return EXIT_USAGE;
    }
    return -1;
}

int story_cli(int argc, char **argv)
{
    struct story_run *run = calloc(1, sizeof *run);
    must(run);
    run->seed = 1;
    int status = read_options(argc, argv, run);
    if (status < 0) {
        status = EXIT_OK;
        log_start("doxe-sim", run->trace ? LOG_LEVEL_DEBUG : (enum log_level)0);
        for (int i = optind; i < argc; i++) {
            int one = play_file(run, argv[i]);
            status = one > status ? one : status;
        }
    }
    free(run);
    return status;
}
