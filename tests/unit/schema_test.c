/*
 * The published schemas and examples against the code.  After a change of a field table run this
 * test once with DOXE_WRITE_SCHEMAS=1, and look at the difference.
 */
#include "proto/io/json.h"
#include "proto/io/lot_json.h"
#include "proto/io/msg_json.h"
#include "proto/msg_fields.h"
#include "proto/msg_schema.h"
#include "proto/topic.h"
#include "tests/harness/harness.h"

static void schema_path(int index, char *path, size_t cap)
{
    struct out out;
    out_init(&out, path, cap);
    out_add_c(&out, "docs/schema/");
    msg_schema_name(index, &out);
    out_add_c(&out, ".json");
    assert_false(out_failed(&out));
}

static void test_schema__published_schemas_are_what_the_tables_say(void **state)
{
    (void)state;
    for (int i = 0; i < msg_schema_count(); i++) {
        char path[96];
        char made[MSG_SCHEMA_CAP];
        struct out out;
        schema_path(i, path, sizeof path);
        out_init(&out, made, sizeof made);
        msg_schema_write(i, &out);
        assert_false(out_failed(&out));
        if (getenv("DOXE_WRITE_SCHEMAS")) {
            FILE *file = fopen(path, "w");
            assert_non_null(file);
            fputs(made, file);
            fclose(file);
        }
        char *published = harness_read_file(path, NULL);
        assert_string_equal(published, made);
        free(published);
    }
}

/* The next "payload: {…}" line of the AsyncAPI file, and the name above it. */
static char *next_example(char **at, char **ret_name)
{
    char *payload = strstr(*at, "payload: {\"v\"");
    if (!payload) {
        return NULL;
    }
    *payload = '\0';
    char *name = strstr(*at, "- name: ");
    for (char *later = name; later; later = strstr(later + 1, "- name: ")) {
        name = later;
    }
    assert_non_null(name);
    *ret_name = name + strlen("- name: ");
    (*ret_name)[strcspn(*ret_name, "\n")] = '\0';
    payload += strlen("payload: ");
    *at = payload + strcspn(payload, "\n");
    if (**at) {
        *(*at)++ = '\0';
    }
    return payload;
}

static void check_event(const char *text, bool *seen)
{
    struct event event;
    const char *why = "";
    if (event_read(str_c(text), &event, &why) != 0) {
        fail_msg("%s: %s", why, text);
    }
    seen[event.type] = true;
}

static void check_down(const char *text, bool *seen)
{
    struct down down;
    const char *why = "";
    if (down_read(str_c(text), &down, &why) != 0) {
        fail_msg("%s: %s", why, text);
    }
    seen[down.type] = true;
}

static void test_schema__every_example_of_asyncapi_is_read_and_every_type_has_one(void **state)
{
    (void)state;
    bool events[EVENT_TYPE_COUNT] = {false};
    bool downs[DOWN_TYPE_COUNT] = {false};
    int statuses = 0;
    int queries = 0;
    char *text = harness_read_file("docs/asyncapi.yaml", NULL);
    char *at = text;
    char *name;
    for (char *example; (example = next_example(&at, &name));) {
        if (strncmp(name, "up-", 3) == 0) {
            check_event(example, events);
        } else if (strncmp(name, "down-", 5) == 0) {
            check_down(example, downs);
        } else if (strcmp(name, "query") == 0) {
            struct query query;
            const char *why = "";
            ok(query_read(str_c(example), &query, &why));
            queries++;
        } else {
            struct status status;
            const char *why = "";
            ok(status_read(str_c(example), &status, &why));
            statuses++;
        }
    }
    for (int i = 0; i < EVENT_TYPE_COUNT; i++) {
        if (!events[i]) {
            fail_msg("docs/asyncapi.yaml has no example of the event %s", event_type_words[i]);
        }
    }
    for (int i = 0; i < DOWN_TYPE_COUNT; i++) {
        if (!downs[i]) {
            fail_msg("docs/asyncapi.yaml has no example of %s", down_type_words[i]);
        }
    }
    assert_true(statuses >= 2);
    assert_int_equal(queries, 1);
    free(text);
}

static void test_schema__asyncapi_refers_to_every_schema(void **state)
{
    (void)state;
    char *text = harness_read_file("docs/asyncapi.yaml", NULL);
    for (int i = 0; i < msg_schema_count(); i++) {
        char reference[96];
        struct out out;
        out_init(&out, reference, sizeof reference);
        out_add_c(&out, "schema/");
        msg_schema_name(i, &out);
        out_add_c(&out, ".json");
        if (!strstr(text, reference)) {
            fail_msg("docs/asyncapi.yaml does not refer to %s", reference);
        }
    }
    free(text);
}

/* ---- what the lot's gates keep: docs/schema/config.json and inside.json are written by hand ----
 */

/* Every name in what the server's writer made is described. */
static void check_names(const struct jdoc *value, const char *schema)
{
    struct jdoc_iter it = {0};
    struct str key;
    const struct jdoc *member;
    while (jdoc_next(value, &it, &key, &member)) {
        char mark[64];
        snprintf(mark, sizeof mark, "\"%.*s\": {", (int)key.n, key.p);
        if (!strstr(schema, mark)) {
            fail_msg("the schema does not describe %s", mark);
        }
        for (size_t i = 0; i < jdoc_count(member); i++) {
            check_names(jdoc_at(member, i), schema);
        }
    }
}

static void check_described(struct str bytes, const char *path)
{
    struct jdoc *root = NULL;
    char *schema = harness_read_file(path, NULL);
    ok(jdoc_read(bytes, &root, NULL));
    check_names(root, schema);
    jdoc_release(root);
    free(schema);
}

/* What was read, by the server's writer. */
static void check_writer(const struct lot *lot, const char *path)
{
    static char space[65536];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_array(&out, "passes");
    for (int i = 0; i < lot->pass_count; i++) {
        lot_write_pass(&out, &lot->pass[i]);
    }
    json_array_end(&out);
    json_array(&out, "lists");
    for (int i = 0; i < lot->entry_count; i++) {
        lot_write_entry(&out, &lot->entry[i]);
    }
    json_array_end(&out);
    for (int b = 0; b < LOT_BUCKETS; b++) {
        for (int i = 0; i < lot->bucket[b].count; i++) {
            out_init(&out, space, sizeof space); /* a part of `inside` instead */
            lot_write_stay(&out, &lot->bucket[b].stay[i]);
            check_described(out_str(&out), path);
            return;
        }
    }
    json_object_end(&out);
    check_described(out_str(&out), path);
}

static void test_schema__examples_of_what_the_gates_keep_are_read_and_described(void **state)
{
    (void)state;
    struct lot lot = {.id = "hn-0001"};
    struct lot stays = {.id = "hn-0001"};
    const char *why = "";
    int bucket = 0;
    int configs = 0;
    int insides = 0;
    char *text = harness_read_file("docs/asyncapi.yaml", NULL);
    for (char *at = text; (at = strstr(at, "payload: {\"digest\""));) {
        at += strlen("payload: ");
        struct str example = {at, strcspn(at, "\n")};
        bool config =
            strstr(at, "\"type\":\"config\"") == at + strlen("{\"digest\":\"\",\"v\":1,") + 64;
        int error = config ? lot_read_config(example, &lot, &why)
                           : lot_read_inside(example, &stays, &bucket, &why);
        if (error) {
            fail_msg("%s: %.80s", why, at);
        }
        check_described(example, config ? "docs/schema/config.json" : "docs/schema/inside.json");
        configs += config;
        insides += !config;
    }
    assert_true(configs >= 1 && insides >= 2);
    assert_true(lot.pass_count == 1 && lot.entry_count == 1 && lot.tariff[VEHICLE_CAR]);
    char *both = harness_read_file("docs/asyncapi.yaml", NULL);
    assert_non_null(strstr(both, "schema/config.json"));
    assert_non_null(strstr(both, "schema/inside.json"));
    struct lot none = lot;
    memset(none.bucket, 0, sizeof none.bucket);
    stays.pass_count = stays.entry_count = 0;
    check_writer(&none, "docs/schema/config.json");
    check_writer(&stays, "docs/schema/inside.json");
    free(both);
    free(text);
    lot_fini(&lot);
    lot_fini(&stays);
}

TESTS(T(test_schema__examples_of_what_the_gates_keep_are_read_and_described),
      T(test_schema__published_schemas_are_what_the_tables_say),
      T(test_schema__every_example_of_asyncapi_is_read_and_every_type_has_one),
      T(test_schema__asyncapi_refers_to_every_schema))
