/* doxe paycode - make, check and find payment codes. */
#include "proto/cli/cli.h"
#include "proto/crypto/crypto.h"
#include "proto/paycode.h"

static int print_code(const char *code)
{
    char space[128];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    json_c(&out, "code", code);
    json_object_end(&out);
    return cli_print(&out, CLI_VALID);
}

static int run_new(const char *prefix)
{
    uint8_t random[8];
    char code[PAYCODE_CAP];
    if (dx_crypto_start()) {
        return cli_broken("there is no randomness");
    }
    dx_random(random, sizeof random);
    if (paycode_make(prefix, random, code)) {
        return cli_invalid("the prefix is not 2 to 5 letters A-Z", "--prefix");
    }
    return print_code(code);
}

/* People type small letters; the code itself is capitals. */
static int run_check(const char *prefix, const char *text)
{
    char code[PAYCODE_CAP];
    size_t n = strlen(prefix);
    if (strlen(text) != n + PAYCODE_BODY) {
        return cli_invalid("not the prefix and 8 characters", "length");
    }
    for (size_t i = 0; i <= n + PAYCODE_BODY; i++) {
        code[i] = ascii_upper(text[i]);
    }
    if (!str_starts(str_c(code), str_c(prefix))) {
        return cli_invalid("the code does not start with the prefix", "prefix");
    }
    if (strspn(code + n, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != PAYCODE_BODY) {
        return cli_invalid("a code has digits and letters without I, L, O and U", "characters");
    }
    if (!paycode_is_valid(prefix, str_c(code))) {
        return cli_invalid("the check character does not match the others", "check character");
    }
    return print_code(code);
}

static int run_find(const char *prefix, struct str text)
{
    static const char *const results[] = {"none", "one", "several"};
    struct paycode_found found = paycode_find(prefix, text);
    char space[256];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    json_c(&out, "result", results[found.count]);
    json_i64(&out, "count", found.count);
    json_c(&out, "code", found.count == 1 ? found.code[0] : NULL);
    json_array(&out, "codes");
    for (int i = 0; i < found.count; i++) {
        json_c(&out, NULL, found.code[i]);
    }
    json_array_end(&out);
    json_object_end(&out);
    return cli_print(&out, CLI_VALID);
}

static int run_find_operand(const char *prefix, const char *operand)
{
    static char space[1 << 16];
    size_t n = 0;
    if (strcmp(operand, "-") != 0) {
        return run_find(prefix, str_c(operand));
    }
    int rc = cli_read_input(space, sizeof space, &n);
    if (rc == DX_E_SPACE) {
        return cli_invalid("the text is longer than 65536 bytes", "standard input");
    }
    return rc ? cli_broken("standard input: %s", dx_error_text(rc))
              : run_find(prefix, (struct str){space, n});
}

static int run(int argc, char **argv)
{
    struct cli_option prefix = {"--prefix", CLI_VALUE, 0, {PAYCODE_PREFIX_DEFAULT}};
    int operands;
    int status = cli_options(&cmd_paycode, argc, argv, &prefix, 1, &operands);
    if (status) {
        return status;
    }
    const char *word = operands ? argv[1] : "";
    bool is_new = operands == 1 && strcmp(word, "new") == 0;
    bool is_check = operands == 2 && strcmp(word, "check") == 0;
    bool is_find = operands == 2 && strcmp(word, "find") == 0;
    if (!is_new && !is_check && !is_find) {
        return cli_usage_error(&cmd_paycode, "new, check CODE or find TEXT?");
    }
    if (!paycode_is_prefix(prefix.value[0])) {
        return cli_invalid("the prefix is not 2 to 5 letters A-Z", "--prefix");
    }
    if (is_new) {
        return run_new(prefix.value[0]);
    }
    return is_check ? run_check(prefix.value[0], argv[2])
                    : run_find_operand(prefix.value[0], argv[2]);
}

const struct cli_command cmd_paycode = {
    .name = "paycode",
    .usage = "paycode [--prefix LETTERS] new\n"
             "paycode [--prefix LETTERS] check CODE\n"
             "paycode [--prefix LETTERS] find TEXT",
    .summary = "make a payment code, check one, or find it in a bank's text",
    .help = "The prefix is 2 to 5 letters, DX unless told otherwise.\n"
            "find answers \"result\": none, one or several, and the codes (two at most);\n"
            "- as TEXT reads standard input.  Each of the three results is an answer, exit 0.\n",
    .run = run,
};
