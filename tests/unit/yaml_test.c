#include "proto/io/yaml.h"
#include "tests/harness/harness.h"

static char error_text[YAML_ERROR_CAP];

/* The message of a text that must be refused. */
static const char *refused(const char *text, size_t n)
{
    struct ydoc *doc = NULL;
    int error =
        ydoc_load_text("f.yaml", (struct str){text, n}, error_text, sizeof error_text, &doc);
    assert_int_equal(error, DX_E_CONFIG);
    assert_null(doc);
    return error_text;
}
#define REFUSED(text) refused((text), sizeof(text) - 1)

static struct ydoc *load(const char *text)
{
    struct ydoc *doc = NULL;
    int error = ydoc_load_text("f.yaml", str_c(text), error_text, sizeof error_text, &doc);
    if (error) {
        fail_msg("%s", error_text);
    }
    assert_string_equal(error_text, "");
    return doc;
}

static void test_yaml__tree_knows_keys_lines_and_paths(void **state)
{
    (void)state;
    struct ydoc *doc = load("# a comment\nname: x\nlanes:\n  - id: 1\n    bus: {host: a, port: 5}\n"
                            "  - id: 2\nempty:\n");
    struct ynode root = ydoc_root(doc);
    assert_int_equal(ynode_kind(root), YNODE_MAP);
    assert_int_equal(ynode_count(root), 3);
    struct ynode port = ynode_find(doc, "lanes[0].bus.port");
    char path[YAML_PATH_CAP];
    ynode_path(port, path, sizeof path);
    assert_string_equal(path, "lanes[0].bus.port");
    assert_int_equal(ynode_line(port), 5);
    assert_int_equal(ynode_column(port), 26);
    assert_true(str_eq_c(ynode_text(port), "5"));
    assert_int_equal(ynode_line(ynode_find(doc, "lanes[1]")), 6);
    assert_int_equal(ynode_line(ynode_get(root, "lanes")), 3);
    /* A path that leads too far ends at the nearest node above. */
    assert_true(ynode_find(doc, "lanes[0].bus.nothing").index ==
                ynode_find(doc, "lanes[0].bus").index);
    assert_true(ynode_find(doc, "lanes[7].id").index == ynode_find(doc, "lanes").index);
    assert_true(ynode_is_null(ynode_get(root, "empty")));
    assert_false(ynode_exists(ynode_get(root, "none")));
    assert_int_equal(ynode_kind(ynode_get(root, "none")), YNODE_NONE);
    ydoc_free(doc);
}

static void test_yaml__what_a_file_may_not_hold_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_string_equal(REFUSED("a: 1\nb: 2\na: 3\n"),
                        "f.yaml:3: key 'a' is there already, in line 1");
    assert_string_equal(REFUSED("a: &x 1\nb: *x\n"), "f.yaml:1: anchors (&name) are not supported");
    assert_string_equal(REFUSED("a: 1\nb: *x\n"),
                        "f.yaml:2: aliases (*name) are not supported; write it out");
    assert_string_equal(REFUSED("a: !!int 1\n"), "f.yaml:1: tags (!name) are not supported");
    assert_string_equal(REFUSED("a: !x {b: 1}\n"), "f.yaml:1: tags (!name) are not supported");
    assert_string_equal(REFUSED("a: &x [1]\n"), "f.yaml:1: anchors (&name) are not supported");
    assert_string_equal(REFUSED("a:\n  <<: 1\n"),
                        "f.yaml:2: key '<<': merging is not supported; write the keys out");
    assert_string_equal(REFUSED("a: 1\n[b]: 1\n"), "f.yaml:2: a key must be plain text");
    assert_string_equal(REFUSED("a: 1\n---\nb: 1\n"),
                        "f.yaml:2: a second document; one file holds one");
    assert_string_equal(REFUSED("a:\n\tb: 1\n"),
                        "f.yaml:2: a tab indents this line; indent with blanks");
    assert_string_equal(REFUSED("a: 1\nb: \xC0\xAF\n"), "f.yaml:2: not UTF-8");
    assert_string_equal(REFUSED("a: 1\nb: x\0y\n"), "f.yaml:2: a NUL byte; this is no text file");
    assert_string_equal(REFUSED(""), "f.yaml:1: the file holds nothing");
    assert_string_equal(REFUSED("# only a comment\n"), "f.yaml:1: the file holds nothing");
    assert_true(strncmp(REFUSED("a: [1, 2\nb: 3\n"), "f.yaml:2: no YAML: ", 19) == 0);
    assert_true(strncmp(REFUSED("a: 'x\n"), "f.yaml:2: no YAML: ", 19) == 0);
    assert_true(strncmp(REFUSED("\"\": 1\n"), "f.yaml:1: a key is one line", 27) == 0);
}

static void test_yaml__limits_on_size_depth_and_members(void **state)
{
    (void)state;
    char deep[64];
    memset(deep, '[', sizeof deep);
    assert_string_equal(refused(deep, sizeof deep), "f.yaml:1: more than 16 levels");
    char text[40] = "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"; /* sixteen */
    ydoc_free(load(text));
    size_t n = YAML_SIZE_MAX + 1;
    char *huge = malloc(n);
    assert_non_null(huge);
    memset(huge, 'x', n);
    assert_string_equal(refused(huge, n), "f.yaml: larger than 1048576 bytes");
    n = 0;
    for (int i = 0; i <= YAML_MEMBERS_MAX; i++) {
        n += (size_t)snprintf(huge + n, 16, "- %d\n", i);
    }
    assert_string_equal(refused(huge, n), "f.yaml:1025: more than 1024 members in one place");
    free(huge);
}

static void test_yaml__missing_file_and_folder(void **state)
{
    (void)state;
    struct ydoc *doc = NULL;
    assert_int_equal(ydoc_load_file("/nowhere/x.yaml", error_text, sizeof error_text, &doc),
                     DX_E_NOT_FOUND);
    assert_string_equal(error_text, "/nowhere/x.yaml: cannot be opened: No such file or directory");
    assert_int_equal(ydoc_load_file("/tmp", error_text, sizeof error_text, &doc), DX_E_IO);
    assert_null(doc);
}

static void test_yaml__byte_order_mark_is_skipped(void **state)
{
    (void)state;
    struct ydoc *doc = load("\xEF\xBB\xBFgiá: \"5.000 đ\"\n");
    assert_true(str_eq_c(ynode_text(ynode_get(ydoc_root(doc), "giá")), "5.000 đ"));
    ydoc_free(doc);
}

static void test_yaml__integers_have_one_spelling(void **state)
{
    (void)state;
    static const char *bad[] = {"0x10",  "1e3",  "1.0", "+5",  "1_000",
                                "\"5\"", "true", "~",   "[5]", "{a: 5}",
                                "99",    "-1",   "''",  "o",   "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[64];
        int64_t value = 77;
        snprintf(text, sizeof text, "a: 1\nb:\n  c: %s\n", bad[i]);
        struct ydoc *doc = load(text);
        assert_int_equal(ynode_int(ynode_find(doc, "b.c"), 0, 50, "ms", &value), DX_E_CONFIG);
        assert_int_equal(value, 77);
        assert_true(strncmp(error_text, "f.yaml:3: key 'b.c': ", 21) == 0);
        assert_non_null(strstr(error_text, "a whole number from 0 to 50 (ms)"));
        ydoc_free(doc);
    }
    struct ydoc *doc = load("a: -9223372036854775808\n");
    int64_t value = 0;
    ok(ynode_int(ynode_find(doc, "a"), INT64_MIN, INT64_MAX, NULL, &value));
    assert_true(value == INT64_MIN);
    ydoc_free(doc);
}

static void test_yaml__booleans_words_and_texts(void **state)
{
    (void)state;
    struct ydoc *doc = load("yes: true\nno: no\nquoted: \"true\"\nword: even\ncolour: 'bl\\u00fc'\n"
                            "esc: \"a\\x07\"\nlong: abcdef\n");
    bool truth = false;
    int index = -1;
    char text[6] = "keep";
    ok(ynode_bool(ynode_find(doc, "yes"), &truth));
    assert_true(truth);
    assert_int_equal(ynode_bool(ynode_find(doc, "no"), &truth), DX_E_CONFIG);
    assert_string_equal(error_text,
                        "f.yaml:2: key 'no': no is not allowed; true or false, without quotes");
    /* The first message stays. */
    assert_int_equal(ynode_bool(ynode_find(doc, "quoted"), &truth), DX_E_CONFIG);
    assert_non_null(strstr(error_text, "f.yaml:2"));
    ok(ynode_enum(ynode_find(doc, "word"), "none|even|odd", &index));
    assert_int_equal(index, 1);
    error_text[0] = '\0';
    assert_int_equal(ynode_enum(ynode_find(doc, "long"), "none|even|odd", &index), DX_E_CONFIG);
    assert_string_equal(error_text,
                        "f.yaml:7: key 'long': 'abcdef' is not allowed; one of: none, even, odd");
    error_text[0] = '\0';
    assert_int_equal(ynode_string(ynode_find(doc, "long"), 1, text, sizeof text), DX_E_CONFIG);
    assert_non_null(strstr(error_text, "text of 1 to 5 bytes"));
    assert_string_equal(text, "keep");
    error_text[0] = '\0';
    assert_int_equal(ynode_string(ynode_find(doc, "esc"), 1, text, sizeof text), DX_E_CONFIG);
    assert_non_null(strstr(error_text, "control characters"));
    ok(ynode_string(ynode_find(doc, "word"), 1, text, sizeof text));
    assert_string_equal(text, "even");
    ydoc_free(doc);
}

static void test_yaml__a_cut_message_is_still_utf8(void **state)
{
    (void)state;
    char text[300] = "a: ";
    for (int i = 0; i < 40; i++) {
        strncat(text, "ế", sizeof text - strlen(text) - 1);
    }
    struct ydoc *doc = load(text);
    int64_t value = 0;
    assert_int_equal(ynode_int(ynode_find(doc, "a"), 0, 5, NULL, &value), DX_E_CONFIG);
    assert_true(str_is_utf8(str_c(error_text)));
    ydoc_free(doc);
    char big[2000];
    ok(ydoc_load_text("f", str_c(text), big, sizeof big, &doc));
    for (int shift = 0; shift < 3; shift++) { /* cut within a letter, far from the buffer's end */
        char long_text[900] = "xxx";
        for (int i = 0; i < 200; i++) {
            strncat(long_text, "ế", sizeof long_text - strlen(long_text) - 1);
        }
        big[0] = '\0';
        assert_int_equal(ynode_fail(ydoc_root(doc), "%s", long_text + shift), DX_E_CONFIG);
        assert_true(strlen(big) > 400 && str_is_utf8(str_c(big)));
    }
    ydoc_free(doc);
    char small[40];
    struct ydoc *other = NULL;
    ok(ydoc_load_text("f", str_c(text), small, sizeof small, &other));
    assert_int_equal(ynode_int(ynode_find(other, "a"), 0, 5, NULL, &value), DX_E_CONFIG);
    assert_true(strlen(small) < sizeof small && str_is_utf8(str_c(small)));
    ydoc_free(other);
}

TESTS(T(test_yaml__tree_knows_keys_lines_and_paths),
      T(test_yaml__what_a_file_may_not_hold_is_refused_with_its_line),
      T(test_yaml__limits_on_size_depth_and_members), T(test_yaml__missing_file_and_folder),
      T(test_yaml__byte_order_mark_is_skipped), T(test_yaml__integers_have_one_spelling),
      T(test_yaml__booleans_words_and_texts), T(test_yaml__a_cut_message_is_still_utf8))
