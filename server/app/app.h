/*
 * app.h - the server seen from its other threads: what they may ask, and what they are told.
 *
 * One writer thread owns the database writer and every decision.  It calls
 * app_turn() in a loop: take what is queued, one transaction for the whole
 * group, commit, and only then speak to the gates.  Everybody else (the
 * broker's thread, the HTTP thread) posts into its bounded queue; a request
 * that wants an answer waits for it a bounded time.  Nobody else writes.
 *
 * All ways to the outside are ports (struct app_ports), so the simulator runs
 * the same code with its own clock, random numbers and network, by calling
 * app_turn() itself.
 *
 * Not here: SQL (server/store), rules (server/core), configuration files and
 * threads (server/io), HTTP (server/api, proto/io/http_srv.h).  Read-only
 * queries for pages: server/store/query_*.h with a handle of their own.
 */
#ifndef DOXE_SERVER_APP_H
#define DOXE_SERVER_APP_H

#include "proto/msg.h"

struct app;
struct tariff_set;
struct vat_rates;

/* ---- what it is made of; filled by server/io/config.c ---- */

enum {
    APP_GATES_PER_LOT = 16,
    APP_ANSWER_MS = 5000,
    APP_QUEUE_MAX = 8192, /* messages that wait for the writer */
    APP_GROUP_MAX = 256,  /* of one transaction */
    APP_CASE_KEY = 32,
    APP_CHORES_MS = 60 * 60 * 1000 /* between the looks at what has become old */
};

struct app_operator {
    char id[MSG_NAME_CAP];
    char name[121];
    char tax_code[15]; /* "" unknown: no invoices, and an empty field in form 01/TTGD */
    char address[161]; /* the taxpayer's */
    char series[7];    /* of its invoices, "C26MAA"; "" none are asked for */
    int64_t template_; /* 1 VAT, 2 sales, 5 ticket */
};

struct app_lot {
    char id[MSG_NAME_CAP];
    char operator_id[MSG_NAME_CAP];
    char name[121], address[161], ward[61];
    char bin[7], account[20], account_name[61]; /* the operator's own account at a bank */
    int64_t capacity_car, capacity_motorbike;
    int gate_count;
    char gate[APP_GATES_PER_LOT][MSG_NAME_CAP];
    /* By class; NULL: not charged by a tariff here, a person decides.  The writer puts what is
     * published in its place (shelf.h); whoever has read a pointer may use it until app_stop. */
    const struct tariff_set *_Atomic tariff[VEHICLE_COUNT];
    /* A request at the exit also asks for debts of earlier stays in this lot; the fee of the
     * stay, and what opens the barrier, stay the same. */
    bool debt_in_request;
    /* Without the server: 0 wait, 1 confirm, 2 open (proto/lot.h), and up to which debt. */
    int offline_policy;
    int64_t offline_limit_vnd;
    struct str tariff_text[VEHICLE_COUNT]; /* the files, for the gates; the writer's */
    char etc[17]; /* provider of traffic accounts that this lot takes; "" none */
};

struct app_config {
    const char *database;   /* path of the SQLite file */
    const char *public_url; /* "https://doxe.example"; the driver's page is /s/<token> below it */
    const char *prefix;     /* of payment codes: "DX" */
    int64_t quote_valid_s;  /* how long a quoted fee is promised */
    int64_t late_grace_s;   /* booked after the promise: what was due so long before is accepted */
    int64_t refund_erase_days;   /* a driver's account is erased so long after the refund */
    const uint8_t *case_key;     /* APP_CASE_KEY bytes, for refund links and accounts; NULL: none */
    const char *sepay_secret;    /* "" or NULL refuses every webhook of SePay */
    const char *payos_secret;    /* the checksum key; the same for payOS */
    const char *casso_secret;    /* the key of V2 and the token of V1; the same for Casso */
    const struct vat_rates *vat; /* NULL or empty: no invoices */
    const struct app_operator *operators;
    int operator_count;
    struct app_lot *lots;
    int lot_count;
};

/* ---- what it tells: small facts after each commit, never more than pages need to ask again ----
 */

#define CHANGES(X)                                                                            \
    X(SESSION, "session", "a session moved, was priced or was paid; word is its state")       \
    X(LANE, "lane", "an event of a lane that people watch; word is the event's type")         \
    X(GATE, "gate", "a gate's status: word is online or offline")                             \
    X(BANK, "bank", "a bank credit was booked; word is its verdict")                          \
    X(REVIEW, "review", "something waits for a person, or waits no longer; word is its kind") \
    X(ALARM, "alarm", "an alarm was raised or cleared; word is its code")                     \
    X(COMMAND, "command", "what became of a command; id is the command, word its outcome")    \
    X(QUARANTINE, "quarantine", "a message was set aside; word is empty")

enum change_kind {
#define X(name, word, sentence) CHANGE_##name,
    CHANGES(X)
#undef X
        CHANGE_KIND_COUNT
};
const char *change_kind_text(enum change_kind kind);

struct change {
    enum change_kind kind;
    char lot[MSG_NAME_CAP], gate[MSG_NAME_CAP]; /* "" when it concerns none */
    int lane;
    char session[ULID_CAP]; /* "" when none */
    char token[33];         /* of that session: names its page; "" when none */
    char id[ULID_CAP];
    char word[33];
};

/* ---- ports ---- */

struct app_ports {
    void *context;
    wall_t (*wall)(void *context);
    mono_t (*mono)(void *context);
    void (*random)(void *context, void *bytes, size_t n);
    /* To a gate's down topic.  DX_E_LINK while the line is down: it is said again later. */
    int (*publish)(void *context, const char *topic, struct str payload);
    int (*publish_down)(void *context, const char *gate, const struct down *down); /* values.h */
    /* The same, retained, to a lot's topic; NULL: nothing is retained (tests). */
    int (*publish_retained)(void *context, const char *topic, struct str payload);
    /* After a commit, in the writer's thread: be quick, do not call back into app.  May be NULL. */
    void (*on_change)(void *context, const struct change *change);
    /*
     * One thread does everything (the simulator, tests): a request that waits for
     * an answer runs app_turn itself instead of waiting for a writer.
     */
    bool single_thread;
};

/* ---- life ---- */

/*
 * Opens the database, migrates it up, writes lots and gates of the
 * configuration into it, and applies the bank notices that a crash left
 * unapplied.  `config`, its lots and tariffs are borrowed until app_stop; ports
 * are copied.  On failure `why` (of `cap` bytes) holds a sentence.
 */
DX_MUST_USE int app_start(const struct app_config *config, const struct app_ports *ports, char *why,
                          size_t cap, struct app **ret_app);
/*
 * The writer has made its last turn: who waits for an answer gets DX_E_TIMEOUT now,
 * who asks later gets it at once.  So the HTTP thread can end.
 */
void app_close(struct app *app);
/* Call it when no other thread uses the app any more.  NULL is fine. */
void app_stop(struct app *app);

/*
 * One turn of the writer: waits for something to do, but not beyond `until`
 * (a time past does not wait), and does what is queued, at most
 * APP_GROUP_MAX messages, in one transaction; then it speaks.  0; or DX_E_BUSY,
 * DX_E_FULL, DX_E_IO when the database refused: the group is kept and tried
 * again in the next turn, nothing was said.  DX_E_CORRUPT and DX_E_MEMORY: stop.
 */
DX_MUST_USE int app_turn(struct app *app, mono_t until);
/* Is there anything to do this moment?  app_turn with a past time until it says no. */
bool app_has_work(struct app *app);
/* When the outbox must be looked at though nothing comes; 0: never. */
wall_t app_deadline(const struct app *app);
/* Makes app_turn return soon; from any thread. */
void app_wake(struct app *app);

/* ---- for the broker's thread ---- */

/* Copies.  DX_E_FULL: the queue is full and the message is dropped; its journal sends it again. */
DX_MUST_USE int app_post_message(struct app *app, struct str topic, struct str payload);
/* The line to the broker is up (again): everything still unanswered is said at once. */
void app_post_connected(struct app *app, bool connected);

/*
 * A driver looks at a page: what is due is written down as a payment request.  Does not
 * wait; when the queue is full the page shows the fee all the same.
 */
void app_note_page(struct app *app, struct str token);

/* APP_CASE_KEY bytes of the configuration; NULL: there is none.  Any thread. */
const uint8_t *app_case_key(struct app *app);

/* ---- for the HTTP thread; each waits for the writer at most APP_ANSWER_MS ---- */

/*
 * A bank's or provider's notice: "sepay", "payos" or "casso".  Does not wait for the
 * writer's queue (inbox.h).  `header` looks up a header field of the
 * request without case (p NULL, n 0 when absent).  Returns the HTTP status to answer:
 *     200  stored durably (or known before); answer {"success": true}
 *     401  unsigned, wrongly signed or too old: nothing changed
 *     404  no such provider, or none configured
 *     413  too long        503  not stored; the provider sends it again
 */
DX_MUST_USE int app_bank_webhook(struct app *app, const char *provider,
                                 struct str (*header)(void *context, const char *name),
                                 void *context, struct str body);

/* Somebody put rows into the inbox himself; the writer looks in its next turn. */
void app_bank_news(struct app *app);

/* What the console asks a gate to do; written down before it is said. */
struct app_command {
    char gate[MSG_NAME_CAP];
    int lane; /* 1..MSG_LANES_MAX */
    enum command_action action;
    struct subject subject;    /* SET_SUBJECT: vehicle, kind, key and raw; source ATTENDANT */
    char reason[MSG_TEXT_CAP]; /* OPEN: not empty */
    char by[MSG_NAME_CAP];     /* not empty */
};
enum { APP_COMMAND_VALID_S = 30 };
/*
 * The command is on its way and has the id *ret_id; its outcome comes as
 * CHANGE_COMMAND and stays in the table `command`.  DX_E_NOT_FOUND: no such
 * gate; DX_E_INVAL: reason or person missing, lane or subject impossible;
 * DX_E_FULL, DX_E_TIMEOUT: ask again.
 */
DX_MUST_USE int app_command(struct app *app, const struct app_command *command,
                            char ret_id[ULID_CAP]);
/* A person has dealt with a review.  DX_E_NOT_FOUND: no such review, or closed before. */
DX_MUST_USE int app_review_close(struct app *app, int64_t review, const char *by);
/* A person has seen an alarm that nothing clears by itself.  DX_E_NOT_FOUND: not raised. */
DX_MUST_USE int app_alarm_clear(struct app *app, const char *gate, int lane, const char *code);

/* The fee of a stay as it would be this moment.  Nothing is written. */
struct app_quote {
    char session[ULID_CAP];
    enum quote_state state; /* DUE, PAID, FREE, EXEMPT; REVIEW: no tariff, a person decides */
    bool open;              /* false: the stay has ended, amounts are final */
    wall_t entered, at;     /* priced for [entered, at) */
    int64_t fee_vnd, paid_vnd, due_vnd;
    wall_t next_change;   /* the fee grows then if nothing is paid; 0: not known */
    int64_t next_fee_vnd; /* and is this from then on; 0: not known */
    wall_t leave_by;      /* PAID: until then nothing more is due; 0: none */
    char paycode[PAYCODE_CAP];
    char payload[VIETQR_PAYLOAD_CAP]; /* "" when nothing is due */
    int line_count;
    struct quote_line line[MSG_LINES_MAX];
};
/*
 * By the token of the driver's page.  Reads with a handle of its own; may be
 * called by several threads, one after the other.  DX_E_NOT_FOUND.
 */
DX_MUST_USE int app_quote_now(struct app *app, struct str token, struct app_quote *ret_quote);

#endif
