/*
 * routes.h - every address the server answers, in one table, with who may ask.
 *
 * docs/openapi.yaml describes the same table; a test compares both in both
 * directions.  {name} stands for one segment of a path.
 *
 * Access.  PUBLIC: anybody; a driver's page is named by a random token of 128
 * bits.  SIGNED: the body carries its own signature (server/bank).  OPERATOR,
 * CITY: HTTP Basic, a user of that role.  ANY: any user.
 * A POST of the console must come from our own page as well (auth_is_same_origin).
 */
#ifndef DOXE_SERVER_ROUTES_H
#define DOXE_SERVER_ROUTES_H

#include "proto/io/http_srv.h"

#define ACCESSES(X)                            \
    X(PUBLIC, "anybody")                       \
    X(SIGNED, "whoever can sign the body")     \
    X(OPERATOR, "a user of the role operator") \
    X(CITY, "a user of the role city")

enum access {
#define X(name, sentence) ACCESS_##name,
    ACCESSES(X)
#undef X
        ACCESS_COUNT
};

/* What an answer is for, which decides how a refusal looks. */
enum route_kind { ROUTE_PAGE, ROUTE_DATA };

/* Money that waits for people; see ROUTES. */
#define ROUTES_MONEY(X)                                                                            \
    X(MONEY, GET, "/operator/money", OPERATOR, PAGE, "money that waits for people")                \
    X(MONEY_PART, GET, "/operator/money/part", OPERATOR, PAGE, "the part of it that changes")      \
    X(REFUND_FORM, GET, "/r/{link}", PUBLIC, PAGE, "where a driver gives an account")              \
    X(REFUND_TAKE, POST, "/r/{link}", PUBLIC, PAGE, "the account, from the driver")                \
    X(REFUND_ASK, POST, "/s/{token}/refund", PUBLIC, PAGE, "the driver asks for money back")       \
    X(API_CASES, GET, "/api/v1/cases", OPERATOR, DATA, "transfers nobody could match")             \
    X(API_PROPOSE, POST, "/api/v1/reviews/{id}/propose", OPERATOR, DATA, "what a transfer was")    \
    X(API_APPROVE, POST, "/api/v1/proposals/{id}/approve", OPERATOR, DATA, "a second person")      \
    X(API_REFUSE, POST, "/api/v1/proposals/{id}/refuse", OPERATOR, DATA, "and the reason")         \
    X(API_DEBTS, GET, "/api/v1/debts", OPERATOR, DATA, "stays that left unpaid")                   \
    X(API_WRITE_OFF, POST, "/api/v1/debts/{id}/write-off", OPERATOR, DATA, "give a debt up")       \
    X(API_REFUNDS, GET, "/api/v1/refunds", OPERATOR, DATA, "refund cases")                         \
    X(API_REFUND_EXPORT, GET, "/api/v1/refunds/export", OPERATOR, DATA, "approved ones, as CSV")   \
    X(API_REFUND_NEW, POST, "/api/v1/refunds", OPERATOR, DATA, "give a fee back")                  \
    X(API_REFUND_LINK, POST, "/api/v1/refunds/{id}/link", OPERATOR, DATA, "for the driver")        \
    X(API_REFUND_APPROVE, POST, "/api/v1/refunds/{id}/approve", OPERATOR, DATA, "a second person") \
    X(API_REFUND_SENT, POST, "/api/v1/refunds/{id}/sent", OPERATOR, DATA, "the bank's reference")  \
    X(API_REFUND_CANCEL, POST, "/api/v1/refunds/{id}/cancel", OPERATOR, DATA, "and the reason")

/* The operator's office. */
#define ROUTES_OFFICE(X)                                                                          \
    X(OFFICE, GET, "/office", OPERATOR, PAGE, "the way into the office")                          \
    X(OFFICE_LOTS, GET, "/office/lots", OPERATOR, PAGE, "lots with their places")                 \
    X(OFFICE_GATES, GET, "/office/gates", OPERATOR, PAGE, "gates and whether they are heard of")  \
    X(OFFICE_ALARMS, GET, "/office/alarms", OPERATOR, PAGE, "what is and was wrong with devices") \
    X(OFFICE_REVIEWS, GET, "/office/reviews", OPERATOR, PAGE, "what waits for a person")          \
    X(OFFICE_COMPLAINTS, GET, "/office/complaints", OPERATOR, PAGE, "drivers asked for more")     \
    X(API_COMPLAINTS, GET, "/api/v1/complaints", OPERATOR, DATA,                                  \
      "drivers who were asked for more")                                                          \
    X(OFFICE_TARIFFS, GET, "/office/tariffs", OPERATOR, PAGE, "prices in force, and new ones")    \
    X(OFFICE_VEHICLES, GET, "/office/lists", OPERATOR, PAGE, "vehicles on the lots' lists")       \
    X(OFFICE_STATEMENTS, GET, "/office/statements", OPERATOR, PAGE, "statements of banks")        \
    X(OFFICE_DAYS, GET, "/office/days", OPERATOR, PAGE, "days that are closed, and closing one")  \
    X(OFFICE_QUARANTINE, GET, "/office/quarantine", OPERATOR, PAGE, "messages set aside")         \
    X(API_LOTS, GET, "/api/v1/lots", OPERATOR, DATA, "lots with their places")                    \
    X(API_GATES, GET, "/api/v1/gates", OPERATOR, DATA, "gates and whether they are heard of")     \
    X(API_ALARMS, GET, "/api/v1/alarms", OPERATOR, DATA, "what is and was wrong with devices")    \
    X(API_REVIEWS, GET, "/api/v1/reviews", OPERATOR, DATA, "what waits for a person")             \
    X(API_TARIFFS, GET, "/api/v1/tariffs", OPERATOR, DATA, "publications of tariffs")             \
    X(API_TARIFF, POST, "/api/v1/tariffs", OPERATOR, DATA, "try or publish a tariff")             \
    X(API_TARIFF_TEXT, GET, "/api/v1/tariffs/{id}", OPERATOR, DATA, "the file of a publication")  \
    X(API_PRICES, GET, "/api/v1/prices", OPERATOR, DATA, "prices in force")                       \
    X(API_PRICE_CHART, GET, "/api/v1/prices/{lot}", OPERATOR, DATA, "a price as a picture")       \
    X(API_VEHICLES, GET, "/api/v1/lists", OPERATOR, DATA, "vehicles on the lots' lists")          \
    X(API_VEHICLE_ADD, POST, "/api/v1/lists", OPERATOR, DATA, "put a vehicle on a list")          \
    X(API_VEHICLE_REMOVE, POST, "/api/v1/lists/remove", OPERATOR, DATA, "take a vehicle off")     \
    X(API_STATEMENTS, GET, "/api/v1/statements", OPERATOR, DATA, "statements of banks")           \
    X(API_STATEMENT, POST, "/api/v1/statements", OPERATOR, DATA, "take a statement in: a job")    \
    X(API_DAYS, GET, "/api/v1/days", OPERATOR, DATA, "days that are closed")                      \
    X(API_DAY_CLOSE, POST, "/api/v1/days", OPERATOR, DATA, "draft or sign a day: a job")          \
    X(API_QUARANTINE, GET, "/api/v1/quarantine", OPERATOR, DATA, "messages set aside")            \
    X(API_JOB, GET, "/api/v1/jobs/{id}", OPERATOR, DATA, "how far a job is")                      \
    X(API_JOB_FILE, GET, "/api/v1/jobs/{id}/file", OPERATOR, DATA, "what a job has left")

/* Lots and what drivers say; see ROUTES. */
#define ROUTES_LOT(X)                                                                              \
    X(LOT, GET, "/l/{lot}", PUBLIC, PAGE, "behind the printed QR: find a stay, see the prices")    \
    X(LOT_FIND, POST, "/l/{lot}", PUBLIC, PAGE, "plate and time or lane code; to the stay's page") \
    X(LOT_SHEET, GET, "/operator/lots/{lot}/sheet", OPERATOR, PAGE, "the QR sheets to print")      \
    X(DRIVER_RATE, POST, "/s/{token}/rating", PUBLIC, PAGE, "one vote of this stay")               \
    X(DRIVER_COMPLAIN, POST, "/s/{token}/complaint", PUBLIC, PAGE, "I was asked for more")         \
    X(API_LOT, GET, "/api/v1/public/lots/{lot}", PUBLIC, DATA, "a lot and its price lists")        \
    X(API_FIND, POST, "/api/v1/public/lots/{lot}/find", PUBLIC, DATA, "the stay of a plate")       \
    X(API_STAY, GET, "/api/v1/public/stays/{token}", PUBLIC, DATA, "a stay: fee, QR, paid or not") \
    X(API_RATE, POST, "/api/v1/public/stays/{token}/rating", PUBLIC, DATA, "one vote of it")       \
    X(API_COMPLAIN, POST, "/api/v1/public/stays/{token}/complaint", PUBLIC, DATA,                  \
      "I was asked for more")

/* id, method, pattern, access, kind, sentence */
#define ROUTES(X)                                                                                  \
    X(INDEX, GET, "/", PUBLIC, PAGE, "the addresses of this server")                               \
    X(HEALTH, GET, "/health", PUBLIC, DATA, "is the server able to answer")                        \
    X(DRIVER, GET, "/s/{token}", PUBLIC, PAGE, "a driver's page: fee, QR, payment, receipt")       \
    X(DRIVER_PART, GET, "/s/{token}/part", PUBLIC, PAGE, "the part of it that changes")            \
    X(DRIVER_EVENTS, GET, "/s/{token}/events", PUBLIC, DATA, "server-sent: this stay changed")     \
    X(DRIVER_QR, GET, "/s/{token}/qr.png", PUBLIC, DATA, "the QR as a picture to keep")            \
    X(DRIVER_RECEIPT, GET, "/s/{token}/receipt", PUBLIC, PAGE, "the receipt, for printing")        \
    X(DRIVER_INVOICE, POST, "/s/{token}/invoice", PUBLIC, PAGE, "ask for an electronic invoice")   \
    X(PASSES, GET, "/passes", PUBLIC, PAGE, "buy or renew a monthly pass")                         \
    X(PASS_BUY, POST, "/passes", PUBLIC, PAGE, "ask for one; then its page with the QR")           \
    X(PASS, GET, "/p/{token}", PUBLIC, PAGE, "months of a pass: dates, QR, paid or not")           \
    X(VERIFY, GET, "/verify", PUBLIC, PAGE, "is a receipt genuine")                                \
    X(OPERATOR, GET, "/operator", OPERATOR, PAGE, "the console")                                   \
    X(OPERATOR_PART, GET, "/operator/part", OPERATOR, PAGE, "the part of it that changes")         \
    X(OPERATOR_EVENTS, GET, "/operator/events", OPERATOR, DATA, "server-sent: something changed")  \
    X(OPERATOR_PASSES, GET, "/operator/passes", OPERATOR, PAGE, "passes, and which end soon")      \
    X(OPERATOR_SHIFTS, GET, "/operator/shifts", OPERATOR, PAGE, "drawers and their differences")   \
    X(CITY, GET, "/city", CITY, PAGE, "the city's figures of today")                               \
    X(CITY_PART, GET, "/city/part", CITY, PAGE, "the part of it that changes")                     \
    X(CITY_EVENTS, GET, "/city/events", CITY, DATA, "server-sent: figures changed")                \
    X(WEBHOOK, POST, "/webhook/{provider}", SIGNED, DATA, "a bank's or provider's notice")         \
    X(API_SESSIONS, GET, "/api/v1/sessions", OPERATOR, DATA, "sessions, in order of arrival")      \
    X(API_LANES, GET, "/api/v1/lanes", OPERATOR, DATA, "gates and lanes as they are now")          \
    X(API_EVENTS, GET, "/api/v1/events", OPERATOR, DATA, "what happened last, in plain words")     \
    X(API_AUDIT, GET, "/api/v1/audit", OPERATOR, DATA, "sums that must agree")                     \
    X(API_PASSES, GET, "/api/v1/passes", OPERATOR, DATA, "passes as they are now")                 \
    X(API_PASS_ORDER, POST, "/api/v1/passes", OPERATOR, DATA, "a pass made, renewed or changed")   \
    X(API_SHIFTS, GET, "/api/v1/shifts", OPERATOR, DATA, "the last shifts with their differences") \
    X(API_COMMAND, POST, "/api/v1/command", OPERATOR, DATA, "ask a gate to do something")          \
    X(API_REVIEW, POST, "/api/v1/reviews/{id}/close", OPERATOR, DATA,                              \
      "a person has dealt with it")                                                                \
    X(API_CITY, GET, "/api/v1/city/today", CITY, DATA, "the city's figures of today")              \
    X(API_FIGURES, GET, "/api/v1/city/figures", CITY, DATA, "figures of any period")               \
    X(FEED, GET, "/api/v1/feed/lots", PUBLIC, DATA, "lots and free places, for everybody")         \
    X(FEED_CSV, GET, "/api/v1/feed/lots.csv", PUBLIC, DATA, "the same as CSV")                     \
    X(ASSET, GET, "/assets/{file}", PUBLIC, DATA, "our own styles and scripts")                    \
    X(LIB, GET, "/lib/{file}", PUBLIC, DATA, "Debian's Bootstrap and Chart.js")                    \
    ROUTES_MONEY(X)                                                                                \
    ROUTES_OFFICE(X)                                                                               \
    ROUTES_LOT(X)

enum route_id {
#define X(id, method, pattern, access, kind, sentence) ROUTE_##id,
    ROUTES(X)
#undef X
        ROUTE_COUNT
};

struct route {
    enum http_method method;
    const char *pattern;
    enum access access;
    enum route_kind kind;
    const char *sentence;
};
const struct route *route_at(enum route_id id);

/*
 * Which route a request means; `ret_segment` is what stands in its {…} (no
 * pattern has two), a part of `path`.  DX_E_NOT_FOUND: no such path; DX_E_STATE:
 * the path is there with another method.
 */
DX_MUST_USE int route_find(enum http_method method, struct str path, enum route_id *ret_id,
                           struct str *ret_segment);

#endif
