/*
 * web_fixture.h - a small city for the tests of pages and API: the real app over a real database
 * in a temporary folder, the real web server on a free port, and gates that are played here.
 *
 * Its clock starts at FIXTURE_START_MS and runs on, so that a day has the same
 * figures whenever the test is run.
 */
#ifndef DOXE_TESTS_WEB_FIXTURE_H
#define DOXE_TESTS_WEB_FIXTURE_H

#include "proto/msg.h"
#include "server/app/app.h"
#include "server/web/web.h"

/* Friday, 20 November 2026, 14:30 in Hanoi. */
#define FIXTURE_START_MS INT64_C(1795159800000)
#define FIXTURE_SECRET   "whsec_fixture_0001"
/* Operator "dieu-hanh" with "operator", city "so-xay-dung" with "city". */
#define FIXTURE_OPERATOR "Authorization: Basic ZGlldS1oYW5oOm9wZXJhdG9y\r\n"
/* A second operator, "nguoi-hai" with "operator". */
#define FIXTURE_SECOND   "Authorization: Basic bmd1b2ktaGFpOm9wZXJhdG9y\r\n"
#define FIXTURE_CITY     "Authorization: Basic c28teGF5LWR1bmc6Y2l0eQ==\r\n"

struct web_fixture;

struct web_fixture *web_fixture_start(void);
void web_fixture_stop(struct web_fixture *f);
int web_fixture_port(const struct web_fixture *f);
struct app *web_fixture_app(const struct web_fixture *f);
const char *web_fixture_database(const struct web_fixture *f);
wall_t web_fixture_now(const struct web_fixture *f);

/*
 * One event of a gate ("hn-0001-g1"), `ago_ms` before now; id, sequence and the
 * like are filled in.
 */
void web_fixture_event(struct web_fixture *f, const char *gate, struct event *event,
                       int64_t ago_ms);
/* Waits until everything that was sent is committed. */
void web_fixture_settle(struct web_fixture *f);
void web_fixture_status(struct web_fixture *f, const char *gate, bool online,
                        const struct status_lane *lanes, int count);

/* A vehicle that came in `ago_ms` ago. */
void web_fixture_enter(struct web_fixture *f, const char *gate, const char *plate,
                       enum vehicle vehicle, int64_t ago_ms, char ret_session[ULID_CAP]);
void web_fixture_ask_exit(struct web_fixture *f, const char *gate, const char *session,
                          const char *plate, enum vehicle vehicle, int64_t ago_ms);
void web_fixture_leave(struct web_fixture *f, const char *gate, const char *session,
                       enum permit permit, int64_t ago_ms);
/* The driver's token and payment code of a session. */
void web_fixture_names(struct web_fixture *f, const char *session, char ret_token[33],
                       char ret_code[PAYCODE_CAP]);
int64_t web_fixture_due(struct web_fixture *f, const char *token);
/* A signed notice of SePay over HTTP; the content is free.  Returns the status. */
int web_fixture_pay(struct web_fixture *f, const char *account, const char *content,
                    int64_t amount_vnd, int64_t ago_ms);

/* A morning of traffic in two lots, some of it unpaid, and vehicles still inside. */
void web_fixture_fill(struct web_fixture *f);

#endif
