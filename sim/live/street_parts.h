/*
 * street_parts.h - what the files of the street share; nobody else includes it.
 *
 * street.c       starting, stopping, the loop
 * street_faults.c  what goes wrong with devices and banks
 * street_act.c   the world's effects carried out
 * street_cameras.c  cameras that are asked, and Frigate's broker
 * street_hear.c  mail turned into events
 * street_end.c   the end of --for: books fetched, compared, the summary
 */
#ifndef DOXE_SIM_STREET_PARTS_H
#define DOXE_SIM_STREET_PARTS_H

#include "proto/io/mqtt_link.h"
#include "sim/live/bank_list.h"
#include "sim/live/camera_server.h"
#include "sim/live/camera.h"
#include "sim/live/http_client.h"
#include "sim/live/modbus_module.h"
#include "sim/live/options.h"
#include "sim/live/scanner_pty.h"
#include "sim/live/server_book.h"
#include "sim/live/street_faults.h"

enum {
    STREET_MAIL = 4096,
    STREET_VISITS = 20000,
    STREET_WORKERS = 6,
    STREET_TIMEOUT_MS = 4000,
    STREET_COMMAND_CAP = 64,
    STREET_GRACE_MS = 60000, /* after --for, for those who still wait */
    STREET_TRIES_MAX = 25    /* of the auditor, a second apart */
};

/* ---- mail ---- */

enum mail_kind { MAIL_COIL, MAIL_TEXT, MAIL_ANSWER, MAIL_COMMAND, MAIL_STOP };

struct mail {
    enum mail_kind kind;
    int number; /* COIL: address; TEXT: display */
    bool on;
    struct http_answer answer;  /* ANSWER; its body is the receiver's */
    char text[MODULE_TEXT_CAP]; /* TEXT; COMMAND */
};

/* What a request was about; the subject's meaning. */
enum street_tag {
    TAG_PHOTO,    /* lane index */
    TAG_LOOK,     /* visit */
    TAG_TOKEN,    /* visit */
    TAG_PAGE,     /* visit */
    TAG_NOTICE,   /* transfer */
    TAG_HEALTH,   /* 0 gate, 1 server */
    TAG_LANES,    /* - */
    TAG_COMMAND,  /* lane */
    TAG_BEFORE,   /* - */
    TAG_SESSIONS, /* - */
    TAG_TOTALS    /* - */
};

/* A picture on its way to the gate. */
struct shot {
    bool active, under_way;
    bool stale; /* what is under way is an earlier picture */
    int visit;
    int times; /* still to be sent; 2 for a camera that repeats itself */
    unsigned variant;
    struct camera_shot shot;
    char text[PERSON_KEY_CAP + 4];
    mono_t next;
};

enum street_phase {
    PHASE_WAITING, /* for the server's sums before the first vehicle */
    PHASE_RUNNING,
    PHASE_COLLECTING, /* everybody has left: the auditor reads the books */
    PHASE_DONE
};

struct street {
    struct street_options options;
    enum street_phase phase;
    struct mailbox *box;
    struct http_client *http;
    struct modbus_module *module;
    struct bank_list_srv *bank_list; /* NULL: no list */
    struct scanner_pty *scanner[WORLD_LANES];
    struct camera_server *cameras; /* DAHUA, ONVIF */
    struct mqtt_link *site;        /* FRIGATE: its broker */
    FILE *truth;
    struct world world;
    struct bank bank;
    struct visit *visits;
    struct bill *bills; /* as many as visits */
    struct transfer *transfers;
    struct prng prng; /* of cameras */
    struct shot shot[WORLD_LANES];
    struct street_faults faults;
    mono_t now, started;
    wall_t wall, started_wall;
    /* is it up? */
    bool answers[2], asked[2];
    mono_t health_at, down_since;
    int64_t down_ms;
    /* the attendant's console */
    char gate[BOOK_GATE_CAP];
    bool lanes_asked;
    mono_t lanes_at;
    /* the auditor */
    bool has_before, before_asked, said_last;
    mono_t before_at;
    struct audit_input audit;
    struct audit_session *sessions;
    bool collecting; /* a request of his is under way */
    int tries;
    mono_t try_at;
    int status; /* of the program */
    bool stopped;
    /* standard input */
    pthread_t reader;
    bool reading;
    int reader_wake[2];
};

/* A line for people: the time and a sentence. */
__attribute__((format(printf, 2, 3))) void street_say(struct street *street, const char *format,
                                                      ...);

/* street_act.c */
void street_step(struct street *street, struct world_event event);
void street_send_shots(struct street *street);
void street_send_notices(struct street *street);
/* A request; when the queue is full it counts as not answered. */
void street_call(struct street *street, enum street_tag tag, int64_t subject,
                 struct http_call *call);
/* The gate has answered a camera, or not (0). */
void street_photo_answered(struct street *street, int lane_index, int status);
/* GET with the operator's login. */
void street_get(struct street *street, enum street_tag tag, int64_t subject, const char *path);

/* street_cameras.c */
DX_MUST_USE int street_start_cameras(struct street *street);
void street_stop_cameras(struct street *street);
/* A camera that does not push: its event goes out.  0 when nobody takes it now, else 200. */
int street_shoot(struct street *street, int lane_index);

/* street_hear.c */
void street_hear(struct street *street, struct mail *mail);
void street_ask_health(struct street *street);
void street_ask_lanes(struct street *street);
bool street_is_up(const struct street *street);

/* street_end.c */
void street_write_truth(struct street *street, int visit);
void street_watch_end(struct street *street);
void street_collected(struct street *street, enum street_tag tag, const struct http_answer *answer);
void street_goodbye(struct street *street);

#endif
