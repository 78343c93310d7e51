#include "proto/io/config.h"
#include "tests/harness/harness.h"

enum parity { PARITY_NONE, PARITY_EVEN, PARITY_ODD };

struct lane {
    char name[16];
    int16_t small;
    enum parity parity;
};

struct settings {
    char host[32];
    int64_t poll_ms;
    int port;
    bool on;
    int64_t grace_ms;
    uint32_t days;
    int percent;
    struct {
        char cert[64];
        int64_t depth;
    } tls;
    int has_tls;
    struct {
        int64_t a, b;
    } nested;
    struct lane lanes[2];
    int lane_count;
    char words[3][8];
    int word_count;
};

static int parse_percent(struct str text, void *ret_member)
{
    int64_t value = 0;
    if (text.n < 2 || text.p[text.n - 1] != '%') {
        return DX_E_FORMAT;
    }
    int error = str_parse_i64(str_slice(text, 0, text.n - 1), 0, 100, &value);
    if (!error) {
        *(int *)ret_member = (int)value;
    }
    return error;
}

static const struct config_field tls_fields[] = {{.key = "cert",
                                                  .type = CONFIG_PATH,
                                                  .offset = 0,
                                                  .size = 64,
                                                  .min = 1,
                                                  .required = true,
                                                  .sample = "/etc/cert.pem",
                                                  .help = "certificate"},
                                                 {.key = "depth",
                                                  .type = CONFIG_INT,
                                                  .offset = 64,
                                                  .size = 8,
                                                  .min = 1,
                                                  .max = 9,
                                                  .default_text = "3",
                                                  .help = "length of the chain"},
                                                 {0}};
static const struct config_field nested_fields[] = {
    {.key = "a", .type = CONFIG_INT, .offset = 0, .size = 8, .max = 9, .default_text = "4"},
    {.key = "b", .type = CONFIG_INT, .offset = 8, .size = 8, .max = 9},
    {0}};
static const struct config_field lane_fields[] = {
    {.key = "small", .type = CONFIG_INT, CONFIG_AT(struct lane, small), .min = -5, .max = 300},

    {.key = "parity",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct lane, parity),
     .allowed = "none|even|odd",
     .default_text = "odd",
     .help = "parity"},
    {.key = "name",
     .type = CONFIG_STRING,
     CONFIG_AT(struct lane, name),
     .min = 1,
     .required = true,
     .sample = "in",
     .help = "name of the lane"},
    {0}};
static const struct config_field word_field[] = {
    {.key = "", .type = CONFIG_STRING, .size = 8, .min = 1, .sample = "x"}, {0}};
static const struct config_field fields[] = {
    {.key = "host",
     .type = CONFIG_STRING,
     CONFIG_AT(struct settings, host),
     .min = 1,
     .required = true,
     .sample = "192.0.2.10",
     .help = "address of the board"},
    {.key = "poll_ms",
     .type = CONFIG_INT,
     CONFIG_AT(struct settings, poll_ms),
     .min = 10,
     .max = 1000,
     .unit = "ms",
     .default_text = "50",
     .help = "time between two readings"},
    {.key = "port",
     .type = CONFIG_INT,
     CONFIG_AT(struct settings, port),
     .min = 1,
     .max = 65535,
     .default_text = "502",
     .help = "TCP port"},
    {.key = "on", .type = CONFIG_BOOL, CONFIG_AT(struct settings, on), .default_text = "true"},
    {.key = "grace",
     .type = CONFIG_DURATION,
     CONFIG_AT(struct settings, grace_ms),
     .max = 3600000,
     .default_text = "15min",
     .help = "time to leave"},
    {.key = "days",
     .type = CONFIG_FLAGS,
     CONFIG_AT(struct settings, days),
     .allowed = "mon|tue|wed",
     .default_text = "[mon, wed]"},
    {.key = "discount",
     .type = CONFIG_CUSTOM,
     CONFIG_AT(struct settings, percent),
     .parse = parse_percent,
     .allowed = "a percentage such as 10%",
     .default_text = "5%"},
    {.key = "tls",
     .type = CONFIG_MAP,
     CONFIG_AT(struct settings, tls),
     .children = tls_fields,
     CONFIG_COUNT(struct settings, has_tls),
     .help = "encryption"},
    {.key = "nested",
     .type = CONFIG_MAP,
     CONFIG_AT(struct settings, nested),
     .children = nested_fields},
    {.key = "lanes",
     .type = CONFIG_LIST,
     CONFIG_AT(struct settings, lanes),
     .required = true,
     .children = lane_fields,
     .child_size = sizeof(struct lane),
     .children_max = 2,
     CONFIG_COUNT(struct settings, lane_count),
     .help = "the lanes"},
    {.key = "words",
     .type = CONFIG_LIST,
     CONFIG_AT(struct settings, words),
     .children = word_field,
     .child_size = 8,
     .children_max = 3,
     CONFIG_COUNT(struct settings, word_count)},
    {0}};

static char error_text[YAML_ERROR_CAP];

static void assert_refused(const char *text, const char *message)
{
    struct settings s;
    memset(&s, 0x5A, sizeof s);
    struct settings before = s;
    assert_int_equal(
        config_read_text("g.yaml", str_c(text), fields, &s, error_text, sizeof error_text),
        DX_E_CONFIG);
    assert_string_equal(error_text, message);
    assert_memory_equal(&s, &before, sizeof s);
}

static void test_config__a_full_file_and_the_defaults(void **state)
{
    (void)state;
    struct settings s;
    memset(&s, 0x5A, sizeof s);
    int error = config_read_text("g.yaml",
                                 STR("host: h\nlanes:\n  - {name: in, small: -5, parity: even}\n"
                                     "  - name: out\nwords: [a, bc]\n"),
                                 fields, &s, error_text, sizeof error_text);
    assert_string_equal(error_text, "");
    ok(error);
    assert_string_equal(s.host, "h");
    assert_int_equal(s.poll_ms, 50);
    assert_int_equal(s.port, 502);
    assert_true(s.on);
    assert_int_equal(s.grace_ms, 15 * 60 * 1000);
    assert_int_equal(s.days, 5);
    assert_int_equal(s.percent, 5);
    assert_int_equal(s.has_tls, 0);
    assert_int_equal(s.tls.depth, 3);
    assert_string_equal(s.tls.cert, "");
    assert_int_equal(s.nested.a, 4);
    assert_int_equal(s.nested.b, 0);
    assert_int_equal(s.lane_count, 2);
    assert_int_equal(s.lanes[0].small, -5);
    assert_int_equal(s.lanes[0].parity, PARITY_EVEN);
    assert_int_equal(s.lanes[1].small, 0);
    assert_int_equal(s.lanes[1].parity, PARITY_ODD);
    assert_int_equal(s.word_count, 2);
    assert_string_equal(s.words[1], "bc");
}

static void test_config__each_message_names_line_key_and_what_is_allowed(void **state)
{
    (void)state;
    assert_refused("lanes: [{name: x}]\n", "g.yaml:1: 'host' is missing; text of 1 to 31 bytes");
    assert_refused(
        "host: h\nlanes: [{name: x}]\npoll_ms: 5\n",
        "g.yaml:3: key 'poll_ms': 5 is not allowed; a whole number from 10 to 1000 (ms)");
    assert_refused(
        "host: h\nlanes: [{name: x}]\npol_ms: 50\n",
        "g.yaml:3: key 'pol_ms': unknown; did you mean 'poll_ms'? allowed: host, poll_ms, "
        "port, on, grace, days, discount, tls, nested, lanes, words");
    assert_refused("host: h\nlanes:\n  - name: x\n    colour: red\n",
                   "g.yaml:4: key 'lanes[0].colour': unknown; allowed: small, parity, name");
    assert_refused("host: h\nlanes:\n  - parity: even\n",
                   "g.yaml:3: key 'lanes[0]': 'name' is missing; text of 1 to 15 bytes");
    assert_refused("host: h\nlanes: []\n",
                   "g.yaml:2: key 'lanes': 0 entries are not allowed; from 1 to 2");
    assert_refused("host: h\nlanes: [{name: a}, {name: b}, {name: c}]\n",
                   "g.yaml:2: key 'lanes': 3 entries are not allowed; from 1 to 2");
    assert_refused(
        "host: h\nlanes: {name: a}\n",
        "g.yaml:2: key 'lanes': a mapping (lines of 'key: value') is not allowed here; a "
        "list (lines that begin with '- ')");
    assert_refused(
        "host: [h]\nlanes: [{name: a}]\n",
        "g.yaml:1: key 'host': a list (lines that begin with '- ') is not allowed; text of "
        "1 to 31 bytes");
    assert_refused(
        "host: h\nlanes: [a]\n",
        "g.yaml:2: key 'lanes[0]': a single value is not allowed here; a mapping (lines of "
        "'key: value')");
    assert_refused(
        "host: h\nlanes: [{name: a}]\ntls: {}\n",
        "g.yaml:3: key 'tls': 'cert' is missing; the name of a file or folder of 1 to 63 "
        "bytes");
    assert_refused(
        "host: h\nlanes: [{name: a}]\ngrace: 15m\n",
        "g.yaml:3: key 'grace': '15m' is not allowed; a time such as 90s, 15min or 1h30min, "
        "from 0 to 1h");
    assert_refused("host: h\nlanes: [{name: a}]\ngrace: 61min\n",
                   "g.yaml:3: key 'grace': '61min' is not allowed; a time such as 90s, 15min or "
                   "1h30min, from 0 to 1h");
    assert_refused("host: h\nlanes: [{name: a}]\ndays: [mon, mon]\n",
                   "g.yaml:3: key 'days[1]': this word is there already");
    assert_refused("host: h\nlanes: [{name: a}]\ndays: [sun]\n",
                   "g.yaml:3: key 'days[0]': 'sun' is not allowed; one of: mon, tue, wed");
    assert_refused("host: h\nlanes: [{name: a}]\ndiscount: 5\n",
                   "g.yaml:3: key 'discount': '5' is not allowed; a percentage such as 10%");
    assert_refused("- host\n",
                   "g.yaml:1: a list (lines that begin with '- ') is not allowed here; a "
                   "mapping (lines of 'key: value')");
}

static void test_config__durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"0", 0},          {"90s", 90000},    {"15min", 900000},          {"1h30min", 5400000},
        {"24h", 86400000}, {"7d", 604800000}, {"1d2h3min4s5ms", 93784005}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t ms = -1;
        ok(config_parse_duration(str_c(good[i].text), &ms));
        assert_true(ms == good[i].ms);
    }
    static const char *bad[] = {"",     "5",    "h",   "5m", "-5s",         "1min1h",
                                "1h1h", "1.5h", "1 h", "5S", "99999999999s"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms = -1;
        assert_int_not_equal(config_parse_duration(str_c(bad[i]), &ms), 0);
        assert_int_equal(ms, -1);
    }
    char text[CONFIG_DURATION_CAP];
    config_format_duration(93784005, text);
    assert_string_equal(text, "1d2h3min4s5ms");
    config_format_duration(0, text);
    assert_string_equal(text, "0");
}

static void test_config__the_sample_loads_and_names_every_key(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    assert_non_null(file);
    config_print_sample(file, fields);
    fclose(file);
    struct settings s;
    int error = config_read_text("sample", (struct str){text, n}, fields, &s, error_text,
                                 sizeof error_text);
    if (error) {
        fail_msg("%s\n%s", error_text, text);
    }
    assert_string_equal(s.host, "192.0.2.10");
    assert_int_equal(s.lane_count, 1);
    assert_string_equal(s.lanes[0].name, "in");
    assert_int_equal(s.has_tls, 0);
    for (const struct config_field *f = fields; f->key; f++) {
        assert_non_null(strstr(text, f->key));
    }
    assert_non_null(strstr(text, "a whole number from 10 to 1000 (ms)"));
    free(text);
}

static void test_config__help_and_manual_have_nested_keys(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    assert_non_null(file);
    config_print_help(file, fields);
    config_print_markdown(file, fields);
    fclose(file);
    assert_non_null(strstr(text, "  lanes[].name"));
    assert_non_null(strstr(text, "| `tls.cert` | the name of a file or folder of 1 to 63 bytes | "
                                 "required | certificate |"));
    free(text);
}

static void test_config__missing_file_is_not_found(void **state)
{
    (void)state;
    struct settings s;
    assert_int_equal(config_read("/nowhere.yaml", fields, &s, error_text, sizeof error_text),
                     DX_E_NOT_FOUND);
    assert_non_null(strstr(error_text, "/nowhere.yaml: cannot be opened"));
}

TESTS(T(test_config__a_full_file_and_the_defaults),
      T(test_config__each_message_names_line_key_and_what_is_allowed), T(test_config__durations),
      T(test_config__the_sample_loads_and_names_every_key),
      T(test_config__help_and_manual_have_nested_keys), T(test_config__missing_file_is_not_found))
