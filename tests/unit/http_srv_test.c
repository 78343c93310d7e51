#include "proto/io/http_srv.h"
#include "proto/io/http_text.h"
#include "proto/io/sse.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_MAX = 8 * 1024, CONNECTIONS = 40 };

/* ---- a server that shows what it was given ---- */

static void show(void *context, const struct http_request *request, struct http_response *response)
{
    char text[4096];
    char space[64];
    struct str field = {0};
    (void)context;
    if (str_eq_c(request->path, "/stream")) {
        http_stream(response, "channel:one", "hello", STR("first\nsecond"));
        return;
    }
    if (str_eq_c(request->path, "/other")) {
        http_stream(response, "channel:other", "hello", STR(""));
        return;
    }
    if (str_starts(request->path, STR("/file/"))) {
        http_answer_file(response, request, DOXE_SOURCE_DIR "/cmake",
                         str_slice(request->path, 6, request->path.n));
        return;
    }
    if (http_form(request, "f", space, sizeof space, &field)) {
        field = STR("-");
    }
    struct str header = http_header(request, "x-test");
    struct str query = http_query(request, "q");
    struct str cookie = http_cookie(request, "c");
    int n = snprintf(text, sizeof text, "%d|%.*s|%zu|%.*s|%.*s|%.*s|%.*s|%s", request->method,
                     (int)request->path.n, request->path.p, request->body.n, (int)header.n,
                     header.n ? header.p : "", (int)query.n, query.n ? query.p : "", (int)cookie.n,
                     cookie.n ? cookie.p : "", (int)field.n, field.p, request->peer);
    http_answer_header(response, "X-Frame-Options", "SAMEORIGIN");
    http_answer(response, 200, "text/plain", (struct str){text, (size_t)n});
}

static struct http_srv *start(int keep_alive_ms)
{
    struct http_srv *srv = NULL;
    struct http_config config = {.listen = "127.0.0.1:0",
                                 .body_max = BODY_MAX,
                                 .connection_max = CONNECTIONS,
                                 .keep_alive_ms = keep_alive_ms,
                                 .handle = show};
    ok(http_srv_start(&config, &srv));
    assert_true(http_srv_port(srv) > 0);
    return srv;
}

static void assert_header(const struct http_reply *reply, const char *name, const char *value)
{
    char *found = http_reply_header(reply, name);
    assert_non_null(found);
    assert_string_equal(found, value);
    free(found);
}

static void assert_status(int port, const char *method, const char *target, const char *fields,
                          const char *body, int status)
{
    struct http_reply reply = http_client_ask(port, method, target, fields, body);
    if (reply.status != status) {
        fail_msg("%s %s: got %d, expected %d", method, target, reply.status, status);
    }
    http_reply_free(&reply);
}

static void test_http_srv__hands_over_method_path_fields_and_body(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    int port = http_srv_port(srv);
    struct http_reply reply =
        http_client_ask(port, "POST", "/a%20b/%C4%91?q=x%26y+z&r=1",
                        "X-Test: seen\r\nCookie: b=1; c=two\r\n", "e=1&f=a+%26b&g=");
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "1|/a b/đ|15|seen|x&y z|two|a &b|127.0.0.1");
    http_reply_free(&reply);
    reply = http_client_ask(port, "HEAD", "/h", "", NULL);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.body_n, 0);
    http_reply_free(&reply);
    reply = http_client_ask(port, "DELETE", "/h", "", NULL);
    assert_string_equal(reply.body, "2|/h|0||||-|127.0.0.1");
    http_reply_free(&reply);
    http_srv_stop(srv);
}

static void test_http_srv__adds_security_fields_that_a_handler_may_replace(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    struct http_reply reply = http_client_ask(http_srv_port(srv), "GET", "/", "", NULL);
    char *policy = http_reply_header(&reply, "Content-Security-Policy");
    assert_non_null(policy);
    assert_non_null(strstr(policy, "default-src 'none'"));
    assert_null(strstr(policy, "unsafe"));
    free(policy);
    assert_header(&reply, "X-Content-Type-Options", "nosniff");
    assert_header(&reply, "Referrer-Policy", "no-referrer");
    assert_header(&reply, "Cache-Control", "no-store");
    assert_header(&reply, "X-Frame-Options", "SAMEORIGIN");
    http_reply_free(&reply);
    http_srv_stop(srv);
}

static void test_http_srv__refuses_paths_with_two_meanings(void **state)
{
    (void)state;
    static const char *bad[] = {
        "/%2e%2e/etc/passwd",
        "/..",
        "/a/../b",
        "/a/%2E%2e",
        "/./a",
        "/a/.",
        "//a",
        "/a//b",
        "/a//",
        "/%00",
        "/a%00b",
        "/a\\b",
        "/%5c",
        "/a%2fb",
        "/%",
        "/%4",
        "/%zz",
        "/%ff",
        "/%c0%af",
        "/a%0d%0ab",
        "/a#b",
        "*",
        "http://h/a",
    };
    struct http_srv *srv = start(0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_status(http_srv_port(srv), "GET", bad[i], "", NULL, 400);
    }
    assert_status(http_srv_port(srv), "GET", "/a/...b/.c", "", NULL, 200);
    assert_status(http_srv_port(srv), "GET", "/a/", "", NULL, 200);
    char longest[HTTP_PATH_CAP + 2];
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[HTTP_PATH_CAP] = '\0';
    assert_status(http_srv_port(srv), "GET", longest, "", NULL, 414);
    longest[HTTP_PATH_CAP - 1] = '\0';
    assert_status(http_srv_port(srv), "GET", longest, "", NULL, 200);
    http_srv_stop(srv);
}

static void test_http_srv__body_beyond_the_limit_is_413(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    int port = http_srv_port(srv);
    char *body = malloc(BODY_MAX + 2);
    assert_non_null(body);
    memset(body, 'x', BODY_MAX + 1);
    body[BODY_MAX] = '\0';
    assert_status(port, "POST", "/", "", body, 200);
    body[BODY_MAX] = 'x';
    body[BODY_MAX + 1] = '\0';
    assert_status(port, "POST", "/", "", body, 413);
    /* Said to be huge, and never sent: refused at once. */
    assert_status(port, "POST", "/", "Content-Length: 99999999999\r\n", NULL, 413);
    /* In chunks, without a length said before. */
    int fd = http_client_connect(port);
    const char head[] = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n2001\r\n";
    http_client_send(fd, head, sizeof head - 1);
    http_client_send(fd, body, BODY_MAX + 1);
    http_client_send(fd, "\r\n0\r\n\r\n", 7);
    struct http_reply reply = http_client_read(fd);
    assert_int_equal(reply.status, 413);
    http_reply_free(&reply);
    /* A sender that never ends is cut off. */
    fd = http_client_connect(port);
    http_client_send(fd, head, sizeof head - 7);
    for (int i = 0; i < 100; i++) {
        http_client_send(fd, "2000\r\n", 6);
        http_client_send(fd, body, 0x2000);
        http_client_send(fd, "\r\n", 2);
    }
    assert_true(http_client_is_closed(fd));
    close(fd);
    free(body);
    http_srv_stop(srv);
}

static void test_http_srv__ambiguous_lengths_and_header_floods_are_refused(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    int port = http_srv_port(srv);
    assert_status(port, "POST", "/", "Content-Length: 3\r\n", "abc", 400);
    assert_status(port, "POST", "/", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", 400);
    char many[64 * 20] = "";
    size_t n = 0;
    for (int i = 0; i < HTTP_HEADERS_MAX - 2; i++) { /* Host and Connection are there already */
        n += (size_t)snprintf(many + n, sizeof many - n, "X-%d: 1\r\n", i);
    }
    assert_status(port, "GET", "/", many, NULL, 200);
    snprintf(many + n, sizeof many - n, "X-more: 1\r\n");
    assert_status(port, "GET", "/", many, NULL, 431);
    http_srv_stop(srv);
}

static void test_http_srv__files_have_types_and_versions_and_no_way_out(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    int port = http_srv_port(srv);
    struct http_reply reply = http_client_ask(port, "GET", "/file/banned.h", "", NULL);
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "DOXE_BANNED_H"));
    char *etag = http_reply_header(&reply, "ETag");
    assert_non_null(etag);
    char fields[160];
    snprintf(fields, sizeof fields, "If-None-Match: %s\r\n", etag);
    free(etag);
    http_reply_free(&reply);
    assert_status(port, "GET", "/file/banned.h", fields, NULL, 304);
    assert_status(port, "GET", "/file/nothing.h", "", NULL, 404);
    assert_status(port, "GET", "/file/", "", NULL, 404);
    assert_status(port, "GET", "/file/%25", "", NULL, 404);
    assert_string_equal(http_content_type(STR("a/b.min.js")), "text/javascript; charset=utf-8");
    assert_string_equal(http_content_type(STR(".js")), "application/octet-stream");
    http_srv_stop(srv);
}

/* ---- streams ---- */

static int open_stream(struct http_srv *srv, const char *path)
{
    char request[96];
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path);
    int fd = http_client_connect(http_srv_port(srv));
    http_client_send(fd, request, (size_t)n);
    return fd;
}

static void test_http_srv__stream_gets_first_event_pushes_and_comments(void **state)
{
    (void)state;
    struct http_srv *srv = start(20);
    int fd = open_stream(srv, "/stream");
    http_client_expect(fd, "text/event-stream");
    http_client_expect(fd, "event: hello\ndata: first\ndata: second\n\n");
    assert_int_equal(http_srv_streams(srv), 1);
    http_push(srv, "channel:two", "wrong", STR("x"));
    http_push(srv, "channel:one", "change", STR("a\r\nb"));
    http_client_expect(fd, "event: change\ndata: a \ndata: b\n\n");
    http_push(srv, "channel:*", "prefix", STR("đ"));
    http_client_expect(fd, "event: prefix\ndata: đ\n\n");
    http_client_expect(fd, ":\n\n");
    close(fd);
    http_srv_stop(srv);
}

static void test_http_srv__streams_leave_room_for_pages(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    int fd[CONNECTIONS];
    int most = CONNECTIONS * 3 / 4;
    for (int i = 0; i < most; i++) {
        fd[i] = open_stream(srv, "/stream");
        http_client_expect(fd[i], "event: hello");
    }
    assert_status(http_srv_port(srv), "GET", "/stream", "", NULL, 503);
    assert_status(http_srv_port(srv), "GET", "/", "", NULL, 200);
    assert_int_equal(http_srv_streams(srv), most);
    http_srv_stop(srv); /* with all of them open */
    for (int i = 0; i < most; i++) {
        assert_true(http_client_is_closed(fd[i]));
        close(fd[i]);
    }
}

static void test_http_srv__client_that_does_not_read_is_cut_off(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    int slow = open_stream(srv, "/stream");
    int other = open_stream(srv, "/other");
    http_client_expect(slow, "event: hello");
    http_client_expect(other, "event: hello");
    char data[4000];
    memset(data, 'd', sizeof data);
    /* Far more than the sockets' buffers and the queue hold together. */
    for (int i = 0; i < 20000 && http_srv_streams(srv) == 2; i++) {
        http_push(srv, "channel:one", "much", (struct str){data, sizeof data});
    }
    /* What had left for the kernel arrives, then the connection ends without a proper end. */
    assert_true(http_client_is_closed(slow));
    http_push(srv, "channel:*", "last", STR("x"));
    http_client_expect(other, "event: last");
    assert_int_equal(http_srv_streams(srv), 1);
    close(slow);
    close(other);
    http_srv_stop(srv);
}

static void test_http_srv__client_that_went_away_is_noticed_without_a_push(void **state)
{
    (void)state;
    struct http_srv *srv = start(600 * 1000); /* no comment line would find it */
    int fd = open_stream(srv, "/stream");
    http_client_expect(fd, "event: hello");
    close(fd);
    /* Asked again and again until it is so; the test's own time limit ends a wait in vain. */
    while (http_srv_streams(srv) > 0) {
        assert_status(http_srv_port(srv), "GET", "/", "", NULL, 200);
    }
    http_srv_stop(srv);
}

struct pusher {
    struct http_srv *srv;
    int count;
};

static void *push_many(void *context)
{
    struct pusher *pusher = context;
    for (int i = 0; i < pusher->count; i++) {
        http_push(pusher->srv, "channel:one", "n", STR("x"));
    }
    http_push(pusher->srv, "channel:one", "end", STR("x"));
    return NULL;
}

static void test_http_srv__pushes_from_threads_meet_streams_that_come_and_go(void **state)
{
    (void)state;
    struct http_srv *srv = start(0);
    int reader = open_stream(srv, "/stream");
    http_client_expect(reader, "event: hello");
    struct pusher pusher = {srv, 300};
    pthread_t thread[2];
    for (int i = 0; i < 2; i++) {
        ok(pthread_create(&thread[i], NULL, push_many, &pusher));
    }
    for (int i = 0; i < 20; i++) {
        int fd = open_stream(srv, "/stream");
        http_client_expect(fd, "event: hello");
        close(fd);
    }
    http_client_expect(reader, "event: end");
    http_client_expect(reader, "event: end");
    for (int i = 0; i < 2; i++) {
        ok(pthread_join(thread[i], NULL));
    }
    close(reader);
    http_srv_stop(srv);
}

static void test_http_srv__addresses_are_numeric_and_a_taken_port_is_an_error(void **state)
{
    (void)state;
    struct http_address address;
    ok(http_address_parse("[::1]:8080", &address));
    assert_true(address.is_v6 && address.is_loopback && address.port == 8080);
    ok(http_address_parse("127.9.9.9:0", &address));
    assert_true(address.is_loopback);
    ok(http_address_parse("0.0.0.0:80", &address));
    assert_false(address.is_loopback);
    static const char *bad[] = {"",           "8080",    "localhost:80",    "127.0.0.1",
                                "127.0.0.1:", "1.2.3:4", "127.0.0.1:70000", "[::1]",
                                "[::1]8",     "::1:80",  "127.0.0.1:+1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(http_address_parse(bad[i], &address), DX_E_CONFIG);
    }
    struct http_srv *srv = start(0);
    struct http_srv *second = NULL;
    char listen[32];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", http_srv_port(srv));
    struct http_config config = {
        .listen = listen, .body_max = 1, .connection_max = 8, .handle = show};
    assert_int_equal(http_srv_start(&config, &second), DX_E_IO);
    config.listen = "nowhere:80";
    assert_int_equal(http_srv_start(&config, &second), DX_E_CONFIG);
    config.listen = "127.0.0.1:0";
    config.tls_cert = config.tls_key = DOXE_SOURCE_DIR "/no/such.pem";
    assert_int_equal(http_srv_start(&config, &second), DX_E_CONFIG);
    assert_null(second);
    http_srv_stop(srv);
    http_srv_stop(NULL);
}

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static CURLcode get_tls(int port, const char *ca, long *ret_status)
{
    char url[64];
    CURL *curl = curl_easy_init();
    assert_non_null(curl);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", port);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
    curl_easy_cleanup(curl);
    return code;
}

static void test_http_srv__speaks_tls_with_a_certificate_of_its_own(void **state)
{
    (void)state;
    char command[512];
    char cert[128];
    char key[128];
    long status = 0;
    struct http_srv *srv = NULL;
    char *folder = harness_temp_dir();
    snprintf(cert, sizeof cert, "%s/cert.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    snprintf(
        command, sizeof command,
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=doxe-test -addext subjectAltName=IP:127.0.0.1 -keyout %s -out %s 2>/dev/null",
        key, cert);
    ok(system(command));
    struct http_config config = {.listen = "127.0.0.1:0",
                                 .body_max = BODY_MAX,
                                 .connection_max = CONNECTIONS,
                                 .tls_cert = cert,
                                 .tls_key = key,
                                 .handle = show};
    ok(http_srv_start(&config, &srv));
    ok(get_tls(http_srv_port(srv), cert, &status));
    assert_int_equal(status, 200);
    struct http_reply plain = http_client_ask(http_srv_port(srv), "GET", "/", "", NULL);
    assert_int_not_equal(plain.status, 200);
    http_reply_free(&plain);
    http_srv_stop(srv);
    free(folder);
}

static void test_http_srv__form_fields_are_read_strictly(void **state)
{
    (void)state;
    char space[8];
    struct str value = {0};
    struct str form = STR("a=1&ab=%C4%91&a=2&z=%&y=%00&x&w=12345678");
    ok(http_form_value(form, "a", space, sizeof space, &value));
    assert_true(str_eq_c(value, "1"));
    ok(http_form_value(form, "ab", space, sizeof space, &value));
    assert_true(str_eq_c(value, "đ"));
    ok(http_form_value(form, "x", space, sizeof space, &value));
    assert_int_equal(value.n, 0);
    assert_int_equal(http_form_value(form, "z", space, sizeof space, &value), DX_E_FORMAT);
    assert_int_equal(http_form_value(form, "y", space, sizeof space, &value), DX_E_FORMAT);
    assert_int_equal(http_form_value(form, "w", space, sizeof space, &value), DX_E_SPACE);
    assert_int_equal(http_form_value(form, "b", space, sizeof space, &value), DX_E_NOT_FOUND);
    assert_int_equal(http_form_value(STR(""), "b", space, sizeof space, &value), DX_E_NOT_FOUND);
}

static void test_http_srv__queue_keeps_order_and_refuses_what_is_too_much(void **state)
{
    (void)state;
    struct sse_queue queue = {0};
    char out[8];
    ok(sse_queue_append(&queue, STR("abcdef"), 10));
    assert_int_equal(sse_queue_append(&queue, STR("12345"), 10), DX_E_FULL);
    assert_int_equal(sse_queue_take(&queue, out, 4), 4);
    assert_memory_equal(out, "abcd", 4);
    ok(sse_queue_append(&queue, STR("12345678"), 10));
    assert_int_equal(sse_queue_take(&queue, out, 8), 8);
    assert_memory_equal(out, "ef123456", 8);
    assert_int_equal(sse_queue_take(&queue, out, 8), 2);
    assert_int_equal(sse_queue_take(&queue, out, 8), 0);
    sse_queue_fini(&queue);
}

TESTS(T(test_http_srv__hands_over_method_path_fields_and_body),
      T(test_http_srv__adds_security_fields_that_a_handler_may_replace),
      T(test_http_srv__refuses_paths_with_two_meanings),
      T(test_http_srv__body_beyond_the_limit_is_413),
      T(test_http_srv__ambiguous_lengths_and_header_floods_are_refused),
      T(test_http_srv__files_have_types_and_versions_and_no_way_out),
      T(test_http_srv__stream_gets_first_event_pushes_and_comments),
      T(test_http_srv__streams_leave_room_for_pages),
      T(test_http_srv__client_that_does_not_read_is_cut_off),
      T(test_http_srv__client_that_went_away_is_noticed_without_a_push),
      T(test_http_srv__pushes_from_threads_meet_streams_that_come_and_go),
      T(test_http_srv__addresses_are_numeric_and_a_taken_port_is_an_error),
      T(test_http_srv__speaks_tls_with_a_certificate_of_its_own),
      T(test_http_srv__form_fields_are_read_strictly),
      T(test_http_srv__queue_keeps_order_and_refuses_what_is_too_much))
