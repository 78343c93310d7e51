#include "server/web/fee_words.h"
#include "server/web/html.h"
#include "server/web/texts.h"
#include "server/web/words.h"
#include "tests/harness/harness.h"

#include <dirent.h>

/* ---- the table ---- */

static void test_texts__both_languages_say_every_text(void **state)
{
    (void)state;
    for (int i = 0; i < TEXT_COUNT; i++) {
        const char *vi = text_of((enum text)i, LANGUAGE_VI);
        const char *en = text_of((enum text)i, LANGUAGE_EN);
        if (!vi || !en || !*vi || !*en || !str_is_utf8(str_c(vi)) || !str_is_utf8(str_c(en))) {
            fail_msg("%s: one language is empty or no UTF-8", text_key((enum text)i));
        }
        /* The same holes to fill, each at least once in both. */
        static const char *const holes[] = {"{v}", "{l}", "{g}", "{x}", "{n}"};
        for (size_t j = 0; j < sizeof holes / sizeof holes[0]; j++) {
            if (!strstr(vi, holes[j]) != !strstr(en, holes[j])) {
                fail_msg("%s: %s is in one language only", text_key((enum text)i), holes[j]);
            }
        }
    }
}

/* Vietnamese of more than a word without a single letter beyond ASCII was typed without accents. */
static void test_texts__vietnamese_has_its_diacritics(void **state)
{
    (void)state;
    for (int i = 0; i < TEXT_COUNT; i++) {
        const char *vi = text_of((enum text)i, LANGUAGE_VI);
        bool accented = !strchr(vi, ' ');
        for (const char *p = vi; *p; p++) {
            accented = accented || (unsigned char)*p >= 0x80;
        }
        if (!accented) {
            fail_msg("%s: '%s'", text_key((enum text)i), vi);
        }
    }
}

/* The same holes in every language that says it; a driver's text is said in all of them. */
static void test_texts__drivers_read_every_text_in_six_languages(void **state)
{
    static const enum text for_drivers[] = {
#define X(key, vi, en) TEXT_##key,
        TEXTS_FOR_DRIVERS(X)
#undef X
    };
    (void)state;
    for (size_t i = 0; i < sizeof for_drivers / sizeof for_drivers[0]; i++) {
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            enum text text = for_drivers[i];
            const char *said = text_of(text, (enum language)language);
            if (!text_is_said(text, (enum language)language) || !*said ||
                !str_is_utf8(str_c(said)) ||
                !strstr(said, "{x}") != !strstr(text_of(text, LANGUAGE_VI), "{x}")) {
                fail_msg("%s in %s", text_key(text), language_code((enum language)language));
            }
        }
    }
}

/* Each language has its own letters: a text left in another one is found. */
static void test_texts__a_translation_is_in_its_own_writing(void **state)
{
    static const struct {
        enum language language;
        const char *first, *last; /* letters between these, as UTF-8 */
    } rows[] = {{LANGUAGE_KO, "가", "힣"}, {LANGUAGE_JA, "ぁ", "鿿"}, {LANGUAGE_ZH, "一", "鿿"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int text = 0; text < TEXT_COUNT; text++) {
            bool own = !text_is_said((enum text)text, rows[i].language);
            const char *said = text_of((enum text)text, rows[i].language);
            for (const char *p = said; *p && !own; p++) {
                own = strncmp(p, rows[i].first, 3) >= 0 && strncmp(p, rows[i].last, 3) <= 0;
            }
            if (!own) {
                fail_msg("%s in %s: '%s'", text_key((enum text)text),
                         language_code(rows[i].language), said);
            }
        }
    }
}

static bool is_used(const char *sources, const char *key)
{
    char name[96];
    size_t n = (size_t)snprintf(name, sizeof name, "TEXT_%s", key);
    for (const char *p = strstr(sources, name); p; p = strstr(p + n, name)) {
        char after = p[n];
        if (after != '_' && !ascii_is_alpha(after) && !ascii_is_digit(after)) {
            return true;
        }
    }
    return false;
}

/* Whatever text a driver's page names is one that is said in all languages. */
static void test_texts__pages_of_drivers_name_only_texts_for_drivers(void **state)
{
    static const char *const files[] = {
        "server/web/page_driver.c",  "server/web/page_stay.c",  "server/web/page_tariff.c",
        "server/web/page_receipt.c", "server/web/page_plain.c", "server/web/web_receipt.c",
        "server/web/web_feedback.c", "server/api/api_public.c",
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        size_t n = 0;
        char *source = harness_read_file(files[i], &n);
        for (int text = 0; text < TEXT_COUNT; text++) {
            for (int language = 0; language < LANGUAGE_COUNT; language++) {
                if (!text_is_said((enum text)text, (enum language)language) &&
                    is_used(source, text_key((enum text)text))) {
                    fail_msg("%s says %s", files[i], text_key((enum text)text));
                }
            }
        }
        free(source);
    }
}

static void append_sources(const char *folder, char **text, size_t *n)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", DOXE_SOURCE_DIR, folder);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        size_t length = strlen(entry->d_name);
        size_t size = 0;
        if (length < 3 || strcmp(entry->d_name + length - 2, ".c") != 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%.200s", folder, entry->d_name);
        char *source = harness_read_file(path, &size);
        *text = realloc(*text, *n + size + 1);
        assert_non_null(*text);
        memcpy(*text + *n, source, size + 1);
        *n += size;
        free(source);
    }
    closedir(dir);
}

static void test_texts__every_text_is_said_somewhere(void **state)
{
    (void)state;
    char *sources = NULL;
    size_t n = 0;
    append_sources("server/web", &sources, &n);
    append_sources("server/api", &sources, &n);
    for (int i = 0; i < TEXT_COUNT; i++) {
        if (!is_used(sources, text_key((enum text)i))) {
            fail_msg("nothing says TEXT_%s", text_key((enum text)i));
        }
    }
    assert_false(is_used(sources, "NO_SUCH_KEY"));
    assert_false(is_used(sources, "STATE")); /* a part of a key does not count */
    free(sources);
}

static void test_texts__language_is_the_visitors(void **state)
{
    (void)state;
    static const struct {
        const char *cookie, *accept;
        enum language language;
    } rows[] = {
        {"", "", LANGUAGE_VI},
        {"", "vi-VN,vi;q=0.9,en;q=0.8", LANGUAGE_VI},
        {"", "en-US,en;q=0.9,vi;q=0.8", LANGUAGE_EN},
        {"", "fr;q=1.0, vi;q=0.5, en;q=0.7", LANGUAGE_FR},
        {"", "de;q=1.0, vi;q=0.5, en;q=0.7", LANGUAGE_EN},
        {"", "ko-KR", LANGUAGE_KO},
        {"", "zh-Hans-CN, en;q=0.9", LANGUAGE_ZH},
        {"ja", "vi", LANGUAGE_JA},
        {"", "en;q=0,vi;q=0.1", LANGUAGE_VI},
        {"", "en;q=x, vi;q=0.001", LANGUAGE_VI},
        {"", "*", LANGUAGE_EN},
        {"vi", "en", LANGUAGE_VI},
        {"en", "vi", LANGUAGE_EN},
        {"xx", "vi", LANGUAGE_VI},
        {"", ";;;,,,=q", LANGUAGE_EN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (language_of_request(str_c(rows[i].cookie), str_c(rows[i].accept)) != rows[i].language) {
            fail_msg("cookie '%s', accept '%s'", rows[i].cookie, rows[i].accept);
        }
    }
}

/* ---- the writer ---- */

static const char *write_html(enum language language)
{
    static char space[512];
    struct html h;
    html_init(&h, space, sizeof space, language);
    html(&h, "<i title=\"%s\">%S</i> %m %i %l %d %h %%", "a\"b'", STR("<script>&\x01"),
         INT64_C(25000), -3, INT64_C(7), INT64_C(1795159800000), INT64_C(1795159801000));
    html_permille(&h, 931);
    html_permille(&h, -1);
    html_count(&h, 1234567);
    html_count(&h, -100000);
    assert_false(html_failed(&h));
    return space;
}

static void test_texts__what_comes_from_outside_is_only_ever_text(void **state)
{
    (void)state;
    assert_string_equal(write_html(LANGUAGE_VI),
                        "<i title=\"a&quot;b&#39;\">&lt;script&gt;&amp;\xEF\xBF\xBD</i> 25.000 đ "
                        "-3 7 14:30 20/11/2026 14:30:01 %93,1 %–1.234.567-100.000");
    assert_string_equal(write_html(LANGUAGE_EN),
                        "<i title=\"a&quot;b&#39;\">&lt;script&gt;&amp;\xEF\xBF\xBD</i> 25,000 VND "
                        "-3 7 14:30, 20 Nov 2026 14:30:01 %93.1 %–1,234,567-100,000");
    char space[64];
    struct html h;
    html_init(&h, space, sizeof space, LANGUAGE_VI);
    html_text(&h, STR("\xff\xfeok"));
    assert_string_equal(space, "\xEF\xBF\xBD\xEF\xBF\xBDok");
    html_init(&h, space, 8, LANGUAGE_VI);
    html(&h, "%s", "<<<<");
    assert_true(html_failed(&h));
}

/* ---- sentences ---- */

static const char *say(struct event_row *row, enum language language)
{
    static char space[512];
    struct out out;
    out_init(&out, space, sizeof space);
    words_event(&out, row, language);
    assert_false(out_failed(&out));
    return space;
}

static void test_texts__events_are_told_in_plain_words(void **state)
{
    (void)state;
    struct event_row row = {.event = {.type = EVENT_LEFT, .lane = 2}, .vehicle_name = "30F-123.45"};
    assert_string_equal(say(&row, LANGUAGE_VI), "30F-123.45 đã ra khỏi bãi, làn 2");
    assert_string_equal(say(&row, LANGUAGE_EN), "30F-123.45 left by lane 2");
    row.event.inferred = true;
    row.event.offline = true;
    assert_string_equal(say(&row, LANGUAGE_EN),
                        "30F-123.45 left by lane 2 (concluded) (while cut off)");
    row = (struct event_row){.event = {.type = EVENT_HELD, .lane = 1, .hold = HOLD_DUPLICATE}};
    assert_string_equal(say(&row, LANGUAGE_EN),
                        "Lane 1 waits for a person: This vehicle is inside already");
    row = (struct event_row){
        .event = {.type = EVENT_ALARM, .gate = "g1", .code = "gate.offline", .raised = true}};
    assert_string_equal(say(&row, LANGUAGE_VI), "Cảnh báo ở g1: Mất kết nối với cổng");
    /* Every type of every kind says something in both languages, and leaves no hole. */
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        for (int variant = 0; variant < PERMIT_COUNT; variant++) {
            row = (struct event_row){.event = {.type = (enum event_type)type,
                                               .lane = 1,
                                               .permit = (enum permit)variant,
                                               .outcome = (enum command_outcome)(variant % 3),
                                               .raised = variant % 2}};
            for (int language = 0; language < LANGUAGE_COUNT; language++) {
                const char *sentence = say(&row, (enum language)language);
                assert_true(*sentence != '\0' && !strchr(sentence, '{'));
            }
        }
    }
}

static void test_texts__lines_of_a_fee_are_said_in_every_language(void **state)
{
    (void)state;
    static const struct {
        const char *en;
        enum language language;
        const char *said;
    } rows[] = {
        {"Time, hours 1–2: 2 × 25,000 VND", LANGUAGE_FR, "Durée, heures 1–2: 2 × 25,000 VND"},
        {"Time, hours 1–2: 2 × 25,000 VND", LANGUAGE_KO, "시간 요금, 1–2시간째: 2 × 25,000 VND"},
        {"Time, from hour 5: 1 × 45,000 VND", LANGUAGE_ZH,
         "按时计费, 从第 5 小时起: 1 × 45,000 VND"},
        {"Time, after 4 h: 1 × 5,000 VND/30 min", LANGUAGE_FR,
         "Durée, après 4 h: 1 × 5,000 VND/30 min"},
        {"Turn by day and night: 1 × 12,000 VND", LANGUAGE_JA, "昼夜 1 回: 1 × 12,000 VND"},
        {"Turn by day: 1 × 5,000 VND [44-2017]", LANGUAGE_KO, "주간 1회: 1 × 5,000 VND [44-2017]"},
        {"Timeless", LANGUAGE_FR, "Timeless"},
        {"Festival, Overnight: 2 × 120,000 VND", LANGUAGE_FR, "Festival, La nuit: 2 × 120,000 VND"},
        {"", LANGUAGE_FR, ""},
        {"Paid before", LANGUAGE_JA, "支払い済み"},
        {"Time, hours {x}: <b>", LANGUAGE_FR, "Durée, hours {x}: <b>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char space[256];
        struct out out;
        out_init(&out, space, sizeof space);
        (void)!fee_words(&out, rows[i].en, rows[i].language);
        assert_string_equal(space, rows[i].said);
    }
}

/* The phrases are the engine's: one that it no longer says would never be found. */
static void test_texts__the_engine_says_what_is_looked_for(void **state)
{
    (void)state;
    char *sources = NULL;
    size_t n = 0;
    append_sources("proto/tariff", &sources, &n);
    append_sources("server/core", &sources, &n);
    for (int i = TEXT_LINE_FROM_HOUR; i <= TEXT_LINE_BEFORE; i++) {
        char phrase[64];
        const char *en = text_of((enum text)i, LANGUAGE_EN);
        snprintf(phrase, sizeof phrase, "%.*s", (int)strcspn(en, "{"), en);
        if (!strstr(sources, phrase)) {
            fail_msg("'%s'", phrase);
        }
    }
    free(sources);
}

static void test_texts__durations_have_two_units_at_most(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *vi;
    } rows[] = {
        {-5, "0 phút"},
        {59999, "0 phút"},
        {60000, "1 phút"},
        {8100000, "2 giờ 15 phút"},
        {86400000, "1 ngày 0 giờ"},
        {INT64_C(93600000), "1 ngày 2 giờ"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char space[64];
        struct out out;
        out_init(&out, space, sizeof space);
        words_duration(&out, rows[i].ms, LANGUAGE_VI);
        assert_string_equal(space, rows[i].vi);
    }
}

TESTS(T(test_texts__both_languages_say_every_text), T(test_texts__vietnamese_has_its_diacritics),
      T(test_texts__drivers_read_every_text_in_six_languages),
      T(test_texts__a_translation_is_in_its_own_writing),
      T(test_texts__pages_of_drivers_name_only_texts_for_drivers),
      T(test_texts__every_text_is_said_somewhere), T(test_texts__language_is_the_visitors),
      T(test_texts__what_comes_from_outside_is_only_ever_text),
      T(test_texts__events_are_told_in_plain_words),
      T(test_texts__lines_of_a_fee_are_said_in_every_language),
      T(test_texts__the_engine_says_what_is_looked_for),
      T(test_texts__durations_have_two_units_at_most))
