/* desk_access_test.c - every address of the attendant's console, asked by those who may not. */
#include "gate/console/desk.h"
#include "gate/console/desk_account.h"
#include "gate/console/desk_routes.h"
#include "gate/io/journal.h"
#include "proto/io/clock_os.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"

#define PIN "802517"

struct bench {
    char database[160], journal_path[160], pictures[160];
    struct journal_db *journal;
    struct desk *desk;
    int port;
    int orders; /* what reached the loop */
};

static struct bench bench;

/* A loop that records nothing and says that it did; it counts what would have been done. */
static int give(void *context, struct desk_order *order)
{
    struct bench *b = context;
    struct desk_answer answer = {.ticket = order->ticket};
    b->orders += order->kind == DESK_ORDER_COMMAND || order->kind == DESK_ORDER_LAMP;
    free(order);
    desk_answered(b->desk, &answer);
    return 0;
}

static void add_account(struct desk_book *book, const char *name, enum desk_role role)
{
    struct desk_attendant who = {.role = role, .active = true};
    str_copy_cut(who.name, sizeof who.name, str_c(name));
    ok(desk_account_add(book, &who, STR(PIN), clock_wall()));
}

static void begin(int64_t lock_ms)
{
    static struct desk_book book;
    struct journal_state state;
    char *folder = harness_temp_dir();
    static const struct desk_place place = {.lane = 1, .name = "Làn ra", .exit = true};
    log_start("test", LOG_LEVEL_ERROR);
    ok(dx_crypto_start());
    memset(&bench, 0, sizeof bench);
    snprintf(bench.database, sizeof bench.database, "%s/desk.db", folder);
    snprintf(bench.journal_path, sizeof bench.journal_path, "%s/journal.db", folder);
    snprintf(bench.pictures, sizeof bench.pictures, "%s/pictures", folder);
    free(folder);
    ok(journal_db_open(bench.journal_path, clock_wall(), &bench.journal, &state));
    ok(desk_book_open_accounts(bench.database, &book));
    add_account(&book, "an", DESK_ROLE_ATTENDANT);
    add_account(&book, "binh", DESK_ROLE_SUPERVISOR);
    add_account(&book, "kt", DESK_ROLE_TECHNICIAN);
    desk_book_close(&book);
    struct desk_config config = {.listen = "127.0.0.1:0",
                                 .database = bench.database,
                                 .journal = bench.journal_path,
                                 .pictures = bench.pictures,
                                 .gate = "g1",
                                 .lot = "lot1",
                                 .title = "Cổng",
                                 .lock_ms = lock_ms,
                                 .lane_count = 1,
                                 .lane = &place,
                                 .context = &bench,
                                 .give = give};
    ok(desk_start(&config, &bench.desk));
    bench.port = desk_port(bench.desk);
}

static void end(void)
{
    desk_stop(bench.desk);
    journal_db_close(bench.journal);
}

struct pass {
    char cookie[DESK_TOKEN_CAP];
    char token[DESK_TOKEN_CAP];
};

static int log_in(const char *name, const char *secret, struct pass *pass)
{
    char body[128];
    snprintf(body, sizeof body, "{\"name\":\"%s\",\"secret\":\"%s\"}", name, secret);
    struct http_reply reply =
        http_client_ask(bench.port, "POST", "/api/login", "X-Doxe-Token: login\r\n", body);
    int status = reply.status;
    if (status == 200) {
        char *cookie = http_reply_header(&reply, "Set-Cookie");
        struct jdoc *doc;
        const struct jdoc *me;
        struct str token;
        assert_non_null(cookie);
        assert_non_null(strstr(cookie, "HttpOnly"));
        assert_non_null(strstr(cookie, "SameSite=Strict"));
        assert_int_equal(sscanf(cookie, "doxe_desk=%64[0-9a-f]", pass->cookie), 1);
        ok(jdoc_read(str_c(reply.body), &doc, NULL));
        ok(jdoc_get_object(doc, "me", &me));
        ok(jdoc_get_str(me, "token", &token));
        ok(str_copy(pass->token, sizeof pass->token, token));
        jdoc_release(doc);
        free(cookie);
    }
    http_reply_free(&reply);
    return status;
}

/* The address of a row, its '*' filled with something that may exist. */
static void target_of(const struct desk_route_row *row, char out[128])
{
    size_t n = strlen(row->path);
    bool star = row->path[n - 1] == '*';
    snprintf(out, 128, "%.*s%s", (int)(star ? n - 1 : n), row->path, star ? "1" : "");
}

static int ask(const struct desk_route_row *row, const struct pass *pass, const char *token,
               const char *more)
{
    char target[128];
    char fields[512];
    char cookie[160] = "";
    char header[128] = "";
    target_of(row, target);
    if (pass) {
        snprintf(cookie, sizeof cookie, "Cookie: doxe_desk=%s\r\n", pass->cookie);
    }
    if (token) {
        snprintf(header, sizeof header, "X-Doxe-Token: %s\r\n", token);
    }
    snprintf(fields, sizeof fields, "%s%s%s", cookie, header, more);
    bool post = row->method == HTTP_POST;
    struct http_reply reply =
        http_client_ask(bench.port, post ? "POST" : "GET", target, fields, post ? "{}" : NULL);
    int status = reply.status;
    http_reply_free(&reply);
    return status;
}

static const char *said(const struct desk_route_row *row)
{
    return row->path;
}

static void test_desk_access__nothing_without_a_login(void **state)
{
    (void)state;
    static const struct pass forged = {.cookie = "00"};
    begin(TIME_HOUR_MS);
    for (int i = 0; i < DESK_ROUTE_COUNT; i++) {
        const struct desk_route_row *row = &desk_routes[i];
        if (row->need == DESK_NEED_NOTHING) {
            continue;
        }
        if (ask(row, NULL, "login", "") != 401 || ask(row, &forged, "00", "") != 401) {
            fail_msg("%s answers without a login", said(row));
        }
    }
    assert_int_equal(bench.orders, 0);
    end();
}

static void test_desk_access__no_post_without_the_logins_token(void **state)
{
    (void)state;
    struct pass an = {.cookie = ""};
    struct pass other = {.cookie = ""};
    begin(TIME_HOUR_MS);
    assert_int_equal(log_in("an", PIN, &an), 200);
    assert_int_equal(log_in("an", PIN, &other), 200);
    for (int i = 0; i < DESK_ROUTE_COUNT; i++) {
        const struct desk_route_row *row = &desk_routes[i];
        if (row->method != HTTP_POST) {
            continue;
        }
        bool login = i == DESK_ROUTE_LOGIN;
        if (ask(row, &an, NULL, "") != 403 || ask(row, &an, "", "") != 403 ||
            (!login && ask(row, &an, other.token, "") != 403) ||
            ask(row, &an, an.token, "Sec-Fetch-Site: cross-site\r\n") != 403) {
            fail_msg("%s takes a request of another page", said(row));
        }
    }
    assert_int_equal(bench.orders, 0);
    end();
}

static void test_desk_access__a_role_sees_its_own_only(void **state)
{
    (void)state;
    static const char *const names[DESK_ROLE_COUNT] = {"an", "binh", "kt"};
    begin(TIME_HOUR_MS);
    for (int role = 0; role < DESK_ROLE_COUNT; role++) {
        struct pass pass = {.cookie = ""};
        assert_int_equal(log_in(names[role], PIN, &pass), 200);
        for (int i = 0; i < DESK_ROUTE_COUNT; i++) {
            const struct desk_route_row *row = &desk_routes[i];
            bool may = (row->roles & 1u << role) != 0;
            if (row->need != DESK_NEED_LOGIN || i == DESK_ROUTE_LOCK) {
                continue;
            }
            int status = ask(row, &pass, pass.token, "");
            if ((status == 403) == may) {
                fail_msg("%s answers %d to %s", said(row), status, names[role]);
            }
        }
    }
    end();
}

static void act(const struct pass *pass, const char *body, int status, const char *text)
{
    char fields[320];
    snprintf(fields, sizeof fields, "Cookie: doxe_desk=%s\r\nX-Doxe-Token: %s\r\n", pass->cookie,
             pass->token);
    struct http_reply reply = http_client_ask(bench.port, "POST", "/api/act", fields, body);
    assert_int_equal(reply.status, status);
    if (!strstr(reply.body, text)) {
        fail_msg("%s: %s", body, reply.body);
    }
    http_reply_free(&reply);
}

/* A request that no page of ours would send: each act by a role that may not. */
static void test_desk_access__an_act_is_refused_to_a_wrong_role_and_a_wrong_state(void **state)
{
    (void)state;
    static const char *const names[DESK_ROLE_COUNT] = {"an", "binh", "kt"};
    struct desk_lane lane = {.lane = 1, .exit = true, .state = LANE_IDLE, .reachable = true};
    char body[128];
    begin(TIME_HOUR_MS);
    desk_set_lane(bench.desk, &lane);
    for (int role = 0; role < DESK_ROLE_COUNT; role++) {
        struct pass pass = {.cookie = ""};
        assert_int_equal(log_in(names[role], PIN, &pass), 200);
        for (int i = 0; i < DESK_ACT_COUNT; i++) {
            if (!desk_act_is_for((enum desk_act)i, (enum desk_role)role)) {
                snprintf(body, sizeof body, "{\"act\":\"%s\",\"lane\":1}",
                         desk_act_text((enum desk_act)i));
                act(&pass, body, 403, "role");
            }
        }
        if (role == DESK_ROLE_ATTENDANT) {
            act(&pass, "{\"act\":\"cash\",\"lane\":1,\"amount_vnd\":5000}", 200, "impossible");
            act(&pass, "{\"act\":\"open\",\"lane\":9}", 404, "no_lane");
            act(&pass, "{\"act\":\"no_such\",\"lane\":1}", 400, "body");
        }
    }
    assert_int_equal(bench.orders, 0);
    end();
}

static void test_desk_access__a_locked_login_can_only_be_unlocked(void **state)
{
    (void)state;
    struct pass an = {.cookie = ""};
    begin(TIME_HOUR_MS);
    assert_int_equal(log_in("an", PIN, &an), 200);
    assert_int_equal(ask(&desk_routes[DESK_ROUTE_LOCK], &an, an.token, ""), 200);
    for (int i = 0; i < DESK_ROUTE_COUNT; i++) {
        const struct desk_route_row *row = &desk_routes[i];
        if (row->need == DESK_NEED_LOGIN && ask(row, &an, an.token, "") != 423) {
            fail_msg("%s answers while it is locked", said(row));
        }
    }
    char fields[320];
    snprintf(fields, sizeof fields, "Cookie: doxe_desk=%s\r\nX-Doxe-Token: %s\r\n", an.cookie,
             an.token);
    struct http_reply wrong =
        http_client_ask(bench.port, "POST", "/api/unlock", fields, "{\"secret\":\"111222\"}");
    assert_int_equal(wrong.status, 403);
    http_reply_free(&wrong);
    struct http_reply right =
        http_client_ask(bench.port, "POST", "/api/unlock", fields, "{\"secret\":\"" PIN "\"}");
    assert_int_equal(right.status, 200);
    http_reply_free(&right);
    assert_int_equal(ask(&desk_routes[DESK_ROUTE_STATE], &an, an.token, ""), 200);
    end();
}

static void test_desk_access__guesses_are_rationed_and_the_right_pin_waits_too(void **state)
{
    (void)state;
    struct pass an = {.cookie = ""};
    begin(TIME_HOUR_MS);
    for (int i = 0; i <= DESK_FREE_GUESSES; i++) {
        assert_int_equal(log_in("an", "000111", &an), 403);
    }
    assert_int_equal(log_in("an", "000111", &an), 429);
    assert_int_equal(log_in("an", PIN, &an), 429);
    assert_int_equal(log_in("kt", PIN, &an), 429); /* the address waits, whatever the name */
    end();
}

TESTS(T(test_desk_access__nothing_without_a_login),
      T(test_desk_access__no_post_without_the_logins_token),
      T(test_desk_access__a_role_sees_its_own_only),
      T(test_desk_access__an_act_is_refused_to_a_wrong_role_and_a_wrong_state),
      T(test_desk_access__a_locked_login_can_only_be_unlocked),
      T(test_desk_access__guesses_are_rationed_and_the_right_pin_waits_too))
