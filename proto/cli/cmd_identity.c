/* doxe identity - what a scanned code is; never whose, unless told to reveal it. */
#include "proto/cli/cli.h"
#include "proto/crypto/crypto.h"
#include "proto/identity.h"
#include "proto/io/clock_os.h"

enum { OPTION_REVEAL, OPTION_KEY_FILE, OPTION_COUNT };
enum { INPUT_CAP = 8192, KEY_CAP = 256 };

static void put_names(struct out *out, const char *key, unsigned bits, int count,
                      const char *(*name)(int bit))
{
    json_array(out, key);
    for (int bit = 0; bit < count; bit++) {
        if (bits & 1u << bit) {
            json_c(out, NULL, name(bit));
        }
    }
    json_array_end(out);
}

static const char *warning_name(int bit)
{
    return identity_warning_text((enum identity_warning_bit)bit);
}

static const char *fault_name(int bit)
{
    return identity_fault_text((enum identity_fault_bit)bit);
}

static void put_identity(struct out *out, const struct identity *identity)
{
    bool card = identity->result == IDENTITY_CARD;
    json_bool(out, "valid", identity->result != IDENTITY_REJECT);
    json_c(out, "result", identity_result_text(identity->result));
    if (identity->result == IDENTITY_REJECT) {
        json_c(out, "error", identity->why);
        json_c(out, "where", identity->where);
    }
    put_names(out, "warnings", identity->warnings, IDENTITY_WARN_BIT_COUNT, warning_name);
    put_names(out, "faults", identity->faults, IDENTITY_FAULT_BIT_COUNT, fault_name);
    json_c(out, "number_last4", card ? identity->last4 : NULL);
    if (identity->parts) {
        json_i64(out, "parts", identity->parts);
    } else {
        json_null(out, "parts");
    }
    if (identity->pseudonym[0]) {
        json_c(out, "pseudonym", identity->pseudonym);
    }
}

static int judge(struct str bytes, struct str key, bool reveal)
{
    char space[2048];
    char number[IDENTITY_NUMBER_CAP];
    struct identity identity;
    wall_t now = clock_wall();
    if (identity_read(bytes, key, now, &identity)) {
        return cli_usage_error(&cmd_identity, "the key has fewer than %d bytes", IDENTITY_KEY_MIN);
    }
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    put_identity(&out, &identity);
    if (reveal && identity_reveal_whole_number(bytes, now, number) == 0) {
        json_c(&out, "number", number);
    }
    json_object_end(&out);
    int status = cli_print(&out, identity.result == IDENTITY_REJECT ? CLI_INVALID : CLI_VALID);
    dx_wipe(number, sizeof number);
    dx_wipe(space, sizeof space);
    return status;
}

/* The key's bytes without a line end behind them. */
static int read_key(const char *path, char *space, struct str *ret_key)
{
    size_t n = 0;
    int r = cli_read_file(path, space, KEY_CAP, &n);
    if (r) {
        return cli_broken("%s: %s", path, dx_error_text(r));
    }
    while (n && (space[n - 1] == '\n' || space[n - 1] == '\r')) {
        n--;
    }
    *ret_key = (struct str){space, n};
    return n ? 0 : cli_usage_error(&cmd_identity, "%s is empty", path);
}

static int run(int argc, char **argv)
{
    struct cli_option options[OPTION_COUNT] = {
        [OPTION_REVEAL] = {.name = "--reveal", .kind = CLI_FLAG},
        [OPTION_KEY_FILE] = {.name = "--key-file", .kind = CLI_VALUE},
    };
    char key_space[KEY_CAP];
    struct str key = {0};
    int operands;
    int status = cli_options(&cmd_identity, argc, argv, options, OPTION_COUNT, &operands);
    if (status == 0 && operands) {
        status = cli_usage_error(&cmd_identity, "the text is read from standard input");
    }
    if (status == 0 && options[OPTION_KEY_FILE].count) {
        status = read_key(options[OPTION_KEY_FILE].value[0], key_space, &key);
    }
    if (status == 0) {
        char input[INPUT_CAP];
        size_t n = 0;
        int r = cli_read_input(input, sizeof input, &n);
        if (r == DX_E_IO) {
            status = cli_broken("standard input: %s", dx_error_text(r));
        } else {
            /* Longer than the space is longer than any code: what is there is enough to say so. */
            n = r ? sizeof input : n;
            status = judge((struct str){input, n}, key, options[OPTION_REVEAL].count > 0);
        }
        dx_wipe(input, sizeof input);
    }
    dx_wipe(key_space, sizeof key_space);
    return status;
}

const struct cli_command cmd_identity = {
    .name = "identity",
    .usage = "identity [--key-file FILE] [--reveal] < TEXT",
    .summary = "say what a scanned code is: card, payment, opaque or reject",
    .help = "  --key-file FILE   print the pseudonym that this key (16 bytes or more) gives\n"
            "  --reveal          print the whole number of a card, in clear\n"
            "\n"
            "Reads the scanned bytes from standard input, so that they stand in no list of\n"
            "processes and no history.  Prints valid, result, warnings, faults, number_last4\n"
            "and parts.  Name, dates, sex and address are never printed.\n",
    .run = run,
};
