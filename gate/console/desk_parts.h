/* desk_parts.h - what the files of the attendant's console share and nobody else sees. */
#ifndef DOXE_GATE_DESK_PARTS_H
#define DOXE_GATE_DESK_PARTS_H

#include "gate/console/desk.h"
#include "gate/console/desk_account.h"
#include "gate/console/desk_lot.h"
#include "gate/console/desk_routes.h"
#include "proto/io/json.h"
#include "proto/io/mailbox.h"
#include "proto/io/web_files.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    DESK_SPACE = 512 * 1024, /* for one answer's text */
    DESK_BODY_MAX = 16 * 1024,
    DESK_WAIT_LOOP_MS = 3000,
    DESK_COMMAND_MS = 15 * 1000, /* deadline of a command */
    DESK_CARD_MS = 60 * 1000,    /* how long a card is waited for */
    DESK_FOUND_MAX = 20
};

/* A citizen card that the console waits for, or has. */
struct desk_card {
    mono_t until; /* waited for until then; 0: not */
    bool read;
    char key[41];
    char last4[5];
};

/* What the number of vehicles inside was counted from. */
struct desk_counted {
    int64_t generation, seq, told, lot_changes, once;
};

struct desk {
    struct desk_config config;
    struct http_srv *srv;
    struct files *files;
    struct mailbox *pokes, *answers;
    pthread_t worker;
    bool has_worker;
    atomic_bool stopping;
    atomic_uint lot_parts; /* of the lot's list that the worker is to look at: bits */
    atomic_int_least64_t ticket;
    pthread_mutex_t snap; /* of the part below */
    struct desk_lane lane[MSG_LANES_MAX];
    struct desk_card card[MSG_LANES_MAX];
    struct desk_line line;
    wall_t line_since, journal_since;
    pthread_mutex_t book_lock; /* of all that follows */
    struct desk_book book;
    struct desk_guard guard;
    struct desk_stay found[DESK_FOUND_MAX];
    struct desk_counted counted;
    int64_t inside[VEHICLE_COUNT];
    char pending_cash[ULID_CAP]; /* the command whose outcome is not known yet; "" none */
    char *space;
};

/* One request on its way. */
struct desk_visit {
    struct desk *desk;
    const struct http_request *request;
    struct http_response *response;
    enum desk_route route;
    struct str segment;
    struct desk_login login; /* when the route needs one */
    wall_t now;
    mono_t mono;
    struct out out;
};

/* ---- desk.c ---- */
int desk_lane_index(const struct desk *desk, int64_t lane);
/* What of the journal the server has acknowledged. */
struct desk_told desk_told(struct desk *desk);
/* A copy of a lane as it is now; false: there is none. */
bool desk_get_lane(struct desk *desk, int64_t lane, struct desk_lane *ret_lane);
/* Gives the order to the loop and waits until it was stepped.  Frees or hands over `order`. */
DX_MUST_USE int desk_ask(struct desk *desk, struct desk_order *order);
/* DESK_ACTION of the audit; 0 when it is durable. */
DX_MUST_USE int desk_record(struct desk_visit *visit, int lane, const char *session,
                            const char *code, const char *text);
void desk_make_ulid(char out[ULID_CAP], wall_t now);
/* The answer that stands in visit->out, or 500. */
void desk_answer(struct desk_visit *visit, int status);
void desk_answer_error(struct desk_visit *visit, int status, const char *error);

/* ---- the rest: one function a route ---- */
void desk_answer_state(struct desk_visit *visit);   /* desk_state.c */
void desk_write_line(struct desk_visit *visit);     /* line and journal */
void desk_write_lot(struct desk_visit *visit);      /* how fresh the lot's list is */
void desk_answer_act(struct desk_visit *visit);     /* desk_acts.c */
void desk_answer_outcome(struct desk_visit *visit); /* desk_acts.c */
void desk_answer_find(struct desk_visit *visit);    /* desk_look.c, and so on */
void desk_answer_suggest(struct desk_visit *visit);
void desk_answer_stay(struct desk_visit *visit);
void desk_answer_picture(struct desk_visit *visit);
void desk_answer_qr(struct desk_visit *visit);
void desk_answer_slip(struct desk_visit *visit);
void desk_answer_card(struct desk_visit *visit);
void desk_answer_alarms(struct desk_visit *visit); /* desk_lists.c, and so on */
void desk_answer_receipt(struct desk_visit *visit);
void desk_answer_shifts(struct desk_visit *visit);
void desk_answer_deeds(struct desk_visit *visit);
void desk_answer_devices(struct desk_visit *visit); /* desk_devices.c */
/* Logins: desk_doors.c. */
void desk_answer_login(struct desk_visit *visit);
void desk_answer_unlock(struct desk_visit *visit);
void desk_answer_lock(struct desk_visit *visit);
void desk_answer_logout(struct desk_visit *visit);
void desk_write_me(struct out *out, const struct desk_login *login);

/* ---- acts ---- */
/* What is asked for; texts are copied out of the body, absent ones are "". */
struct desk_wish {
    enum desk_act act;
    struct desk_lane lane; /* .lane 0: none */
    char text[MSG_TEXT_CAP];
    char reason[33];
    char plate[PLATE_RAW_CAP];
    char session[ULID_CAP];
    char code[41];
    char check[33];
    char name[MSG_NAME_CAP];
    char secret[DESK_SECRET_MAX + 1];
    enum vehicle vehicle;
    int64_t amount_vnd, entered_ms, from, to;
    bool confirm;
    const struct jdoc *body;
};
/* What is said about it. */
struct desk_result {
    const char *outcome; /* "done" "waiting" "late" "impossible" "denied" "wrong" */
    char text[MSG_TEXT_CAP];
    char id[ULID_CAP];
    char code[41];   /* of a slip */
    int64_t receipt; /* number */
    char shift[ULID_CAP];
};
/* Fills a command's id, deadline and by, gives it, and looks what became of it. */
void desk_command(struct desk_visit *visit, struct desk_order *order, struct desk_result *result);
struct desk_order *desk_new_command(const struct desk_visit *visit, int lane,
                                    enum command_action action);
struct desk_order *desk_new_event(const struct desk_visit *visit, int lane, enum event_type type);
/* Records it; the result says whether. */
void desk_deed(struct desk_visit *visit, struct desk_order *order, struct desk_result *result);
void desk_result_set(struct desk_result *result, const char *outcome, const char *text);
/* desk_money.c */
void desk_act_cash(struct desk_visit *visit, const struct desk_wish *wish,
                   struct desk_result *result);
void desk_act_shift(struct desk_visit *visit, const struct desk_wish *wish,
                    struct desk_result *result);
/* desk_subject.c */
void desk_act_subject(struct desk_visit *visit, const struct desk_wish *wish,
                      struct desk_result *result);

#endif
