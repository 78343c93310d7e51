/* `doxe` as a script sees it: standard input, arguments, one line of JSON, exit status. */
#include "tests/harness/harness.h"

#include <fcntl.h>
#include <stdbool.h>
#include <jansson.h>
#include <sys/wait.h>

struct answer {
    int status;
    char out[8192], err[8192];
};

static size_t drain(int fd, char *space, size_t cap)
{
    size_t n = 0;
    for (ssize_t got; n < cap - 1 && (got = read(fd, space + n, cap - 1 - n)) > 0;) {
        n += (size_t)got;
    }
    close(fd);
    space[n] = '\0';
    return n;
}

/* Run doxe with these arguments (NULL at the end) and this input. */
static struct answer run(const char *const *arguments, const char *input, size_t input_n)
{
    static const char program[] = DOXE_BINARY_DIR "/bin/doxe";
    int in[2];
    int out[2];
    int err[2];
    ok(pipe(in) | pipe(out) | pipe(err));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char *argv[16] = {NULL};
        argv[0] = strdup(program);
        for (int i = 0; i < 14 && arguments[i]; i++) {
            argv[i + 1] = strdup(arguments[i]);
        }
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(err[1], 2);
        close(in[1]);
        execv(program, argv);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    /* Inputs and answers here are shorter than a pipe holds: nobody waits for the other. */
    if (input_n) {
        ssize_t written = write(in[1], input, input_n);
        (void)written; /* a command that reads no input closes it */
    }
    close(in[1]);
    struct answer answer;
    drain(out[0], answer.out, sizeof answer.out);
    drain(err[0], answer.err, sizeof answer.err);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return answer;
}
#define DOXE(input, ...) run((const char *const[]){__VA_ARGS__, NULL}, input, strlen(input))

/* One line, one object; the caller drops the reference. */
static json_t *object_of(const struct answer *answer)
{
    size_t n = strlen(answer->out);
    assert_true(n > 0 && strchr(answer->out, '\n') == answer->out + n - 1);
    json_t *object = json_loads(answer->out, 0, NULL);
    assert_true(json_is_object(object));
    return object;
}

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "(none)";
}

static json_t *vectors(const char *path)
{
    size_t size;
    char *text = harness_read_file(path, &size);
    json_t *root = json_loadb(text, size, 0, NULL);
    free(text);
    assert_non_null(root);
    return root;
}

static void test_cli__plate_answers_every_vector(void **state)
{
    (void)state;
    json_t *root = vectors("tests/vectors/plates.json");
    size_t at;
    json_t *one;
    json_array_foreach(json_object_get(root, "cases"), at, one)
    {
        const char *vehicle = json_string_value(json_object_get(one, "vehicle"));
        const char *raw = json_string_value(json_object_get(one, "raw"));
        struct answer answer =
            vehicle ? DOXE("", "plate", "--vehicle", vehicle, raw) : DOXE("", "plate", raw);
        json_t *object = object_of(&answer);
        bool valid = json_is_true(json_object_get(one, "valid"));
        assert_int_equal(answer.status, valid ? 0 : 1);
        assert_string_equal(answer.err, "");
        assert_int_equal(json_is_true(json_object_get(object, "valid")), valid);
        assert_string_equal(text_of(object, "raw"), raw);
        assert_true(json_is_array(json_object_get(object, "suggestions")));
        if (valid) {
            assert_string_equal(text_of(object, "kind"), text_of(one, "kind"));
            assert_string_equal(text_of(object, "canonical"), text_of(one, "canonical"));
            assert_string_equal(text_of(object, "why"), text_of(one, "why"));
        } else {
            assert_string_equal(text_of(object, "error"), text_of(one, "why"));
            assert_string_not_equal(text_of(object, "where"), "(none)");
        }
        if (json_is_string(json_object_get(one, "display"))) {
            assert_string_equal(text_of(object, "display"), text_of(one, "display"));
        }
        json_decref(object);
    }
    json_decref(root);
}

static void test_cli__plate_takes_hints_and_gives_suggestions(void **state)
{
    (void)state;
    struct answer answer = DOXE("", "plate", "--colour=yellow", "30F12345");
    assert_non_null(strstr(answer.out, "\"kind\":\"car\""));
    assert_non_null(strstr(answer.out, "\"province\":30"));
    answer = DOXE("", "plate", "--lines", "1", "30F12345");
    assert_non_null(strstr(answer.out, "\"kind\":\"car\""));
    answer = DOXE("", "plate", "3OF-I2345");
    assert_int_equal(answer.status, 1);
    assert_non_null(strstr(answer.out, "\"suggestions\":[\"30F12345\"]"));
    answer = DOXE("", "plate", "--vehicle", "car", "29-M1 123.45");
    assert_int_equal(answer.status, 0);
    assert_non_null(strstr(answer.out, "\"warnings\":[\"class_conflict\"]"));
    answer = DOXE("", "plate", "\xFF");
    assert_int_equal(answer.status, 1);
    assert_non_null(strstr(answer.out, "\"raw\":null"));
    answer = DOXE("", "plate", "--", "--vehicle");
    assert_int_equal(answer.status, 1);
}

static void test_cli__identity_answers_every_vector_and_reveals_only_when_told(void **state)
{
    (void)state;
    json_t *root = vectors("tests/vectors/cccd.json");
    size_t at;
    json_t *one;
    json_array_foreach(json_object_get(root, "cases"), at, one)
    {
        const char *scanned = json_string_value(json_object_get(one, "text"));
        const char *number = json_string_value(json_object_get(one, "number"));
        struct answer answer = DOXE(scanned, "identity");
        json_t *object = object_of(&answer);
        assert_string_equal(text_of(object, "result"), text_of(one, "result"));
        assert_int_equal(answer.status, strcmp(text_of(one, "result"), "reject") == 0);
        assert_string_equal(answer.err, "");
        assert_null(json_object_get(object, "number"));
        assert_null(json_object_get(object, "pseudonym"));
        assert_null(number ? strstr(answer.out, number) : NULL);
        assert_null(strstr(answer.out, "Mẫu"));
        struct answer revealed = DOXE(scanned, "identity", "--reveal");
        json_t *whole = object_of(&revealed);
        assert_string_equal(text_of(whole, "number"), number ? number : "(none)");
        if (number) {
            assert_string_equal(text_of(object, "number_last4"), number + 8);
            assert_true(
                json_equal(json_object_get(object, "warnings"), json_object_get(one, "warnings")));
            assert_true(
                json_equal(json_object_get(object, "parts"), json_object_get(one, "parts")));
        } else {
            assert_true(json_is_null(json_object_get(object, "number_last4")));
        }
        json_decref(whole);
        json_decref(object);
    }
    json_decref(root);
}

static void test_cli__identity_takes_bytes_as_a_scanner_sends_them(void **state)
{
    (void)state;
    static const char card[] = "\0\xEF\xBB\xBF]Q1001087012345||M|05091987|Nam|H|15082021\r\n";
    struct answer answer = run((const char *const[]){"identity", NULL}, card, sizeof card - 1);
    assert_int_equal(answer.status, 0);
    assert_non_null(strstr(answer.out, "\"faults\":[\"bom\",\"aim_prefix\",\"control_bytes\"]"));
    static char much[5000];
    memset(much, 'x', sizeof much);
    answer = run((const char *const[]){"identity", NULL}, much, sizeof much);
    assert_int_equal(answer.status, 1);
    assert_non_null(strstr(answer.out, "\"result\":\"reject\""));
    answer = run((const char *const[]){"identity", NULL}, "", 0);
    assert_int_equal(answer.status, 1);
    assert_non_null(strstr(answer.out, "\"error\":\"empty\""));
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void test_cli__identity_gives_a_pseudonym_with_a_key_file(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char path[512];
    snprintf(path, sizeof path, "%s/key", folder);
    write_file(path, "sixteen bytes...\n");
    static const char card[] = "001087012345||M|05091987|Nam|H|15082021";
    struct answer answer = DOXE(card, "identity", "--key-file", path);
    assert_int_equal(answer.status, 0);
    json_t *object = object_of(&answer);
    assert_int_equal(strlen(text_of(object, "pseudonym")), 32);
    json_decref(object);
    write_file(path, "too short\n");
    assert_int_equal(DOXE(card, "identity", "--key-file", path).status, 2);
    write_file(path, "");
    assert_int_equal(DOXE(card, "identity", "--key-file", path).status, 2);
    snprintf(path, sizeof path, "%s/none", folder);
    assert_int_equal(DOXE(card, "identity", "--key-file", path).status, 3);
    free(folder);
}

static void test_cli__a_wrong_command_line_is_told_on_standard_error(void **state)
{
    (void)state;
    static const char *const rows[][6] = {
        {"nothing"},
        {"help", "nothing"},
        {"--what"},
        {"plate"},
        {"plate", "30F", "12345"},
        {"plate", "--vehicle", "boat", "30F12345"},
        {"plate", "--vehicle"},
        {"plate", "--vehicle", "car", "--vehicle", "car", "30F12345"},
        {"plate", "--colour", "pink", "30F12345"},
        {"plate", "--lines", "3", "30F12345"},
        {"plate", "--speed", "30F12345"},
        {"identity", "text"},
        {"identity", "--reveal=yes"},
        {"identity", "--reveal", "--reveal"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer = run(rows[i], "", 0);
        if (answer.status != 2 || answer.out[0] || strncmp(answer.err, "doxe", 4) != 0) {
            fail_msg("%s %s: %d %s", rows[i][0], rows[i][1] ? rows[i][1] : "", answer.status,
                     answer.err);
        }
    }
    const char *const none[] = {NULL};
    struct answer answer = run(none, "", 0);
    assert_int_equal(answer.status, 2);
    assert_string_equal(answer.out, "");
}

static void test_cli__a_name_that_is_no_text_is_still_answered_in_json(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char path[512];
    static char name[3001];
    memset(name, 'x', sizeof name - 1);
    snprintf(path, sizeof path, "%s/\xFF.csv", folder);
    write_file(path, "no list of banks\n");
    const char *const rows[][7] = {
        {"tariff", "check", "\xFF"},  {"tariff", "check", ""},
        {"tariff", "check", name},    {"tariff", "table", "\xFF"},
        {"tariff", "table", "/\xC3"}, {"vietqr", "banks", "update", path, "--to", "\xFF"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer = run(rows[i], "", 0);
        json_t *object = object_of(&answer);
        assert_int_equal(answer.status, 1);
        assert_true(strlen(text_of(object, "error")) > 0);
        assert_true(strlen(text_of(object, "where")) > 0);
        json_decref(object);
    }
    char to[512];
    snprintf(to, sizeof to, "%s/\xFE.csv", folder);
    struct answer answer =
        DOXE("", "vietqr", "banks", "update", DOXE_SOURCE_DIR "/etc/banks.csv", "--to", to);
    assert_int_equal(answer.status, 0);
    json_t *object = object_of(&answer);
    assert_non_null(strstr(text_of(object, "file"), "/?.csv"));
    json_decref(object);
    free(folder);
}

static void test_cli__vietqr_draws_for_the_eye_and_for_the_script(void **state)
{
    (void)state;
    struct answer answer = DOXE("", "vietqr", "make", "--bin", "970416", "--account", "257678859",
                                "--amount", "5000", "--text");
    assert_int_equal(answer.status, 0);
    json_t *object = object_of(&answer);
    assert_string_equal(text_of(object, "text"), answer.err);
    assert_non_null(strstr(answer.err, "▄▄▄▄▄ █"));
    json_decref(object);
}

static void test_cli__help_and_version_are_answers(void **state)
{
    (void)state;
    struct answer answer = DOXE("", "--version");
    assert_int_equal(answer.status, 0);
    assert_string_equal(answer.out, "doxe " DOXE_VERSION "\n");
    struct answer help = DOXE("", "--help");
    assert_int_equal(help.status, 0);
    assert_string_equal(help.err, "");
    assert_string_equal(DOXE("", "help").out, help.out);
    /* Each command that is listed explains itself, in both ways. */
    int commands = 0;
    for (const char *line = help.out; (line = strstr(line, "\n  ")); line++) {
        char name[32];
        if (line[3] != ' ' && sscanf(line + 3, "%31[a-z]", name) == 1) {
            struct answer one = DOXE("", "help", name);
            assert_int_equal(one.status, 0);
            assert_non_null(strstr(one.out, "usage: doxe "));
            assert_string_equal(DOXE("", name, "--help").out, one.out);
            commands++;
        }
    }
    assert_true(commands >= 6);
}

/* The page without the backslashes of troff. */
static char *manual(void)
{
    size_t size;
    char *page = harness_read_file("proto/cli/doxe.1", &size);
    char *to = page;
    for (const char *from = page; *from; from++) {
        if (*from != '\\') {
            *to++ = *from;
        }
    }
    *to = '\0';
    return page;
}

static void test_cli__manual_and_completion_know_every_option_of_the_help(void **state)
{
    (void)state;
    size_t size;
    char *page = manual();
    char *completion = harness_read_file("etc/completion/doxe.bash", &size);
    static const char *const names[] = {"plate",   "identity", "vietqr",
                                        "paycode", "tariff",   "webhook"};
    int options = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct answer help = DOXE("", "help", names[i]);
        assert_int_equal(help.status, 0);
        for (const char *at = help.out; (at = strstr(at, "--")); at += 2) {
            char option[40];
            if (sscanf(at, "%39[a-z-]", option) == 1 && strlen(option) > 3) {
                if (!strstr(page, option) || !strstr(completion, option)) {
                    fail_msg("%s %s is in the help only", names[i], option);
                }
                options++;
            }
        }
    }
    assert_true(options > 30);
    free(completion);
    free(page);
}

static void test_cli__a_full_disk_is_not_an_answer(void **state)
{
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    if (full < 0) {
        skip();
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(full, 1);
        dup2(open("/dev/null", O_WRONLY), 2);
        execl(DOXE_BINARY_DIR "/bin/doxe", "doxe", "plate", "30F-123.45", (char *)NULL);
        _exit(127);
    }
    close(full);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
}

TESTS(T(test_cli__plate_answers_every_vector), T(test_cli__plate_takes_hints_and_gives_suggestions),
      T(test_cli__identity_answers_every_vector_and_reveals_only_when_told),
      T(test_cli__identity_takes_bytes_as_a_scanner_sends_them),
      T(test_cli__identity_gives_a_pseudonym_with_a_key_file),
      T(test_cli__a_wrong_command_line_is_told_on_standard_error),
      T(test_cli__a_name_that_is_no_text_is_still_answered_in_json),
      T(test_cli__vietqr_draws_for_the_eye_and_for_the_script),
      T(test_cli__help_and_version_are_answers),
      T(test_cli__manual_and_completion_know_every_option_of_the_help),
      T(test_cli__a_full_disk_is_not_an_answer))
