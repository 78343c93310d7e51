/* doxe webhook - did this notice come from the payment provider? */
#include "proto/cli/cli.h"
#include "proto/io/clock_os.h"
#include "proto/io/json.h"
#include "proto/io/webhook_verify.h"

enum { OPTION_PROVIDER, OPTION_KEY, OPTION_HEADER, OPTION_NOW, OPTION_COUNT };

/* "Name: value" */
static bool read_header(const char *text, struct webhook_header *header)
{
    struct str line = str_c(text);
    size_t colon = str_index(line, ':');
    if (colon == 0 || colon == line.n) {
        return false;
    }
    header->name = str_trim(str_slice(line, 0, colon));
    header->value = str_trim(str_slice(line, colon + 1, line.n));
    return true;
}

/* payOS signs data.code and not the outer one, so this is the one to report. */
static void put_payos(struct out *out, struct str body)
{
    struct jdoc *root;
    const struct jdoc *data;
    struct str code;
    if (jdoc_read(body, &root, NULL)) {
        return;
    }
    if (jdoc_get_object(root, "data", &data) == 0 && jdoc_get_str(data, "code", &code) == 0) {
        json_bool(out, "paid", str_eq_c(code, "00"));
    } else {
        json_bool(out, "paid", false);
    }
    jdoc_release(root);
}

static int print_verdict(enum webhook_provider provider, const char *name, struct str body,
                         const struct webhook_verdict *verdict)
{
    char space[1024];
    struct out out;
    bool accept = verdict->why == NULL;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", accept);
    json_bool(&out, "accept", accept);
    json_c(&out, "provider", name);
    json_c(&out, "scheme", verdict->scheme);
    if (!accept) {
        json_c(&out, "error", verdict->why);
        json_c(&out, "where", verdict->where);
    } else if (provider == WEBHOOK_PAYOS) {
        put_payos(&out, body);
    }
    json_object_end(&out);
    return cli_print(&out, accept ? CLI_VALID : CLI_INVALID);
}

/*
 * Without --now: SePay's rule needs a clock, so it gets the real one; Casso documents no limit,
 * so only a given clock is held against its timestamp.
 */
static wall_t default_now(enum webhook_provider provider)
{
    return provider == WEBHOOK_SEPAY ? clock_wall() : SIGNATURE_ANY_TIME;
}

static int verify(const struct cli_option *options)
{
    static char space[JDOC_TEXT_MAX];
    struct webhook_header headers[CLI_LIST_MAX];
    struct webhook_verdict verdict;
    enum webhook_provider provider;
    const char *name = options[OPTION_PROVIDER].value[0];
    int count = options[OPTION_HEADER].count;
    size_t n = 0;
    if (webhook_provider_from_name(str_c(name), &provider)) {
        return cli_usage_error(&cmd_webhook, "unknown provider %s", name);
    }
    for (int i = 0; i < count; i++) {
        if (!read_header(options[OPTION_HEADER].value[i], &headers[i])) {
            return cli_usage_error(&cmd_webhook, "a header is \"Name: value\"");
        }
    }
    wall_t now = default_now(provider);
    int64_t seconds;
    if (options[OPTION_NOW].count) {
        if (str_parse_i64(str_c(options[OPTION_NOW].value[0]), 0, INT64_C(99999999999), &seconds)) {
            return cli_usage_error(&cmd_webhook, "--now is a number of seconds since 1970");
        }
        now = (wall_t){seconds * TIME_SECOND_MS};
    }
    int rc = cli_read_input(space, sizeof space, &n);
    if (rc == DX_E_SPACE) {
        return cli_invalid("the body is too long", "body");
    }
    if (rc) {
        return cli_broken("standard input: %s", dx_error_text(rc));
    }
    struct str body = {space, n};
    struct str key = str_c(options[OPTION_KEY].value[0]);
    rc = webhook_check(provider, key, headers, count, body, now, &verdict);
    if (rc == DX_E_MEMORY) {
        return cli_broken("%s", dx_error_text(rc));
    }
    return print_verdict(provider, name, body, &verdict);
}

static int run(int argc, char **argv)
{
    struct cli_option options[OPTION_COUNT] = {
        [OPTION_PROVIDER] = {"--provider", CLI_VALUE, 0, {0}},
        [OPTION_KEY] = {"--key", CLI_VALUE, 0, {0}},
        [OPTION_HEADER] = {"--header", CLI_LIST, 0, {0}},
        [OPTION_NOW] = {"--now", CLI_VALUE, 0, {0}},
    };
    int operands;
    int status = cli_options(&cmd_webhook, argc, argv, options, OPTION_COUNT, &operands);
    if (status) {
        return status;
    }
    if (operands != 1 || strcmp(argv[1], "verify") != 0) {
        return cli_usage_error(&cmd_webhook, "verify?");
    }
    if (!options[OPTION_PROVIDER].count || !options[OPTION_KEY].count) {
        return cli_usage_error(&cmd_webhook, "verify needs --provider and --key");
    }
    return verify(options);
}

const struct cli_command cmd_webhook = {
    .name = "webhook",
    .usage = "webhook verify --provider NAME --key KEY [--header 'NAME: VALUE']... [--now SECONDS]",
    .summary = "check the signature of a payment provider's notice",
    .help = "The exact bytes of the body are read from standard input.\n"
            "\n"
            "payos   the body's own \"signature\" over \"data\"; \"paid\" repeats data.code\n"
            "sepay   X-SePay-Signature and X-SePay-Timestamp, at most 5 minutes from --now, or\n"
            "        from the clock; or Authorization: Apikey KEY\n"
            "casso   X-Casso-Signature, at most 5 minutes from --now; without --now any age\n"
            "        (Casso names no limit, and stored notices are old); or secure-token: KEY\n",
    .run = run,
};
