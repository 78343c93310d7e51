/*
 * cli.h - what the commands of `doxe` share: the shape of a command, its options, its answers.
 *
 * `doxe COMMAND …` tries one rule of libdoxe from a shell or a script.  Each
 * command is one cmd_x.c with one `const struct cli_command cmd_x`, declared
 * below and listed in main.c.  No rule lives here: a command reads its
 * arguments, calls the library and prints the answer.
 *
 * The contract with scripts, the same for every command:
 *   standard output   one JSON object in one line (or, where the usage says so,
 *                     an image or text), and nothing else
 *   standard error    complaints about the command line
 *   exit status       CLI_VALID, CLI_INVALID, CLI_USAGE or CLI_BROKEN
 */
#ifndef DOXE_CLI_H
#define DOXE_CLI_H

#include "proto/base/out.h"

enum {
    CLI_VALID = 0,   /* the thing asked about is right; the object says more */
    CLI_INVALID = 1, /* it is not; the object has "error" and "where" */
    CLI_USAGE = 2,   /* the command line makes no sense; nothing on standard output */
    CLI_BROKEN = 3   /* standard input, a file or standard output failed */
};

struct cli_command {
    const char *name;                  /* "plate" */
    const char *usage;                 /* "plate [--vehicle V] TEXT"; one line for each form */
    const char *summary;               /* one line, no full stop */
    const char *help;                  /* lines printed after the usage; NULL for none */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; an exit status */
};

extern const struct cli_command cmd_plate;
extern const struct cli_command cmd_identity;
extern const struct cli_command cmd_vietqr;
extern const struct cli_command cmd_paycode;
extern const struct cli_command cmd_webhook;
extern const struct cli_command cmd_tariff;

/* ---- options ---- */

enum { CLI_LIST_MAX = 16 };
/* CLI_OPTIONAL: "--name" alone, or with a value as "--name=value" only. */
enum cli_option_kind { CLI_FLAG, CLI_VALUE, CLI_LIST, CLI_OPTIONAL };

/* A row of a command's option table; `kind` and `name` are given, the rest is found. */
struct cli_option {
    const char *name; /* "--vehicle" */
    enum cli_option_kind kind;
    int count;                       /* times seen; for CLI_FLAG and CLI_OPTIONAL the answer */
    const char *value[CLI_LIST_MAX]; /* points into argv; [0] for CLI_VALUE, NULL when not given */
};

/*
 * Sort argv[1…] into options and operands.  "--name value" and "--name=value"
 * are the same; "--" ends the options; "-" is an operand.  The operands are
 * moved to argv[1…] in their order and counted in *ret_operands.  An unknown
 * option, a value that is missing or not wanted, and one given twice (unless
 * CLI_LIST) are usage errors.
 * Returns 0, or CLI_USAGE after having complained.
 */
DX_MUST_USE int cli_options(const struct cli_command *command, int argc, char **argv,
                            struct cli_option *options, int option_count, int *ret_operands);

/* ---- answers; each returns the exit status that goes with it ---- */

/* The complaint, then the command's usage, on standard error.  CLI_USAGE. */
__attribute__((format(printf, 2, 3))) int cli_usage_error(const struct cli_command *command,
                                                          const char *format, ...);
/*
 * {"valid":false,"error":…,"where":…} and CLI_INVALID.  `error` is a sentence for a
 * person, `where` names the part of the input ("text", "field 62.08", "--amount").
 */
int cli_invalid(const char *error, const char *where);
/*
 * A text from outside, such as a file's name, as a member.  Answers are UTF-8 and bounded, names
 * need not be: a byte that is no UTF-8 becomes '?', and from CLI_TEXT_MAX bytes on it is cut.
 */
enum { CLI_TEXT_MAX = 640 };
void cli_json_text(struct out *out, const char *key, const char *text);
/* What was written into `out`, and a line end.  `status` when all of it could be written. */
int cli_print(const struct out *out, int status);
/* A complaint about the system, not about the command line.  CLI_BROKEN. */
__attribute__((format(printf, 1, 2))) int cli_broken(const char *format, ...);

/* ---- input ---- */

/* All of standard input.  DX_E_SPACE when it is longer than `cap`, DX_E_IO. */
DX_MUST_USE int cli_read_input(char *space, size_t cap, size_t *ret_n);
/* All of a file; "-" is standard input.  DX_E_NOT_FOUND, DX_E_SPACE, DX_E_IO. */
DX_MUST_USE int cli_read_file(const char *path, char *space, size_t cap, size_t *ret_n);

#endif
