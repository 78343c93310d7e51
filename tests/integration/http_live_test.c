#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

#include <sys/socket.h>
#include <unistd.h>

static int listen_to(struct web_fixture *f, const char *target, const char *fields)
{
    char request[512];
    int n =
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\n%s\r\n", target, fields);
    int fd = http_client_connect(web_fixture_port(f));
    http_client_send(fd, request, (size_t)n);
    /* With the end of its chunk, so that what is read later is new. */
    http_client_expect(fd, "event: hello\ndata: {}\n\n\r\n");
    return fd;
}

/* Is nothing there to read this moment? */
static bool is_silent(int fd)
{
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

static void test_http_live__a_payment_reaches_its_own_driver_and_nobody_else(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    char session[2][ULID_CAP];
    char token[2][33];
    char code[2][PAYCODE_CAP];
    int fd[2];
    for (int i = 0; i < 2; i++) {
        char target[80];
        web_fixture_enter(f, "hn-0001-g1", i ? "30F-123.45" : "30F-543.21", VEHICLE_CAR, 3600000,
                          session[i]);
        web_fixture_names(f, session[i], token[i], code[i]);
        snprintf(target, sizeof target, "/s/%s/events", token[i]);
        fd[i] = listen_to(f, target, "");
    }
    assert_int_equal(web_fixture_pay(f, "0123456789", code[0], 25000, 0), 200);
    http_client_expect(fd[0], "event: change\n");
    assert_true(is_silent(fd[1]));
    assert_int_equal(web_fixture_pay(f, "0123456789", code[1], 25000, 0), 200);
    http_client_expect(fd[1], "event: change\n");
    close(fd[0]);
    close(fd[1]);
    web_fixture_stop(f);
}

static void test_http_live__console_and_city_hear_of_a_vehicle(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    char session[ULID_CAP];
    int console = listen_to(f, "/operator/events", FIXTURE_OPERATOR);
    int city = listen_to(f, "/city/events", FIXTURE_CITY);
    web_fixture_enter(f, "hn-0001-g1", "30F-123.45", VEHICLE_CAR, 0, session);
    http_client_expect(console, "event: change\n");
    http_client_expect(city, "event: change\n");
    web_fixture_status(f, "hn-0001-g1", false, NULL, 0);
    http_client_expect(console, "event: change\n");
    close(console);
    close(city);
    web_fixture_stop(f);
}

static void test_http_live__a_stop_with_open_streams_ends_them(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    int fd[3];
    for (int i = 0; i < 3; i++) {
        fd[i] = listen_to(f, "/operator/events", FIXTURE_OPERATOR);
    }
    web_fixture_stop(f);
    for (int i = 0; i < 3; i++) {
        assert_true(http_client_is_closed(fd[i]));
        close(fd[i]);
    }
}

static void test_http_live__many_events_are_told_in_few_pushes(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    int city = listen_to(f, "/city/events", FIXTURE_CITY);
    char session[ULID_CAP];
    for (int i = 0; i < 100; i++) {
        char plate[16];
        snprintf(plate, sizeof plate, "30F-123.%02d", i);
        web_fixture_enter(f, "hn-0001-g1", plate, VEHICLE_CAR, 0, session);
    }
    web_fixture_settle(f);
    int64_t from = web_fixture_now(f).ms;
    http_client_expect(city, "event: change\ndata: {}\n\n");
    /* A second push only after its pause, if at all; certainly not one for each vehicle. */
    char rest[4096];
    ssize_t n = recv(city, rest, sizeof rest - 1, MSG_DONTWAIT);
    rest[n > 0 ? n : 0] = '\0';
    int pushes = 1;
    for (const char *p = strstr(rest, "event: change"); p; p = strstr(p + 1, "event: change")) {
        pushes++;
    }
    assert_true(pushes <= 3 + (web_fixture_now(f).ms - from) / 1000);
    close(city);
    web_fixture_stop(f);
}

TESTS(T(test_http_live__a_payment_reaches_its_own_driver_and_nobody_else),
      T(test_http_live__console_and_city_hear_of_a_vehicle),
      T(test_http_live__a_stop_with_open_streams_ends_them),
      T(test_http_live__many_events_are_told_in_few_pushes))
