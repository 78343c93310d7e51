/*
 * bus_machine.h - what one Modbus bus does next: orders, pulses, polling, texts, and its own
 * recovery.
 *
 * A machine for one worker thread (modbus_bus.h), driven through function
 * pointers so that tests give it a line and a clock of their own.  No thread and
 * no waiting in here: bus_machine_work does what is due and says when to come
 * back; each request it makes is bounded by the line's timeout.
 *
 * Order of work: orders to outputs first, then the ends of pulses, then reading
 * the inputs in blocks (orders are looked for after every block), then at most
 * one text.  So an order waits for one request under way, never for a poll.
 *
 * Link.  After any error the line is quiet for one timeout and then flushed,
 * because a late RTU answer would be taken for the answer to the next question.
 * Three errors in a row without any answer: close, and connect again after 0.1 s
 * doubling to 5 s.  A unit that errs three times while others answer is down by
 * itself and probed every 2 s.  After connecting, nothing is assumed: motors are
 * written off (a held "open" on again), inputs are learnt anew, and only then the
 * lane counts as reachable.  An order older than its time is answered "failed",
 * never carried out late.
 *
 * Interlocks, at the last step before the register write:
 *     close only when interlock_may_close says so after a fresh reading; a close
 *     that is on when the safety loop is taken is switched off at once;
 *     open and close never together: the other is written off first;
 *     nothing goes on while an input of its not_while is on or not known;
 *     with reverse_ms an arm rests before it turns round, with stop_first it is stopped;
 *     at most per_minute switch-ons of one motor output a minute (a relay that chatters
 *     breaks the arm; a lane of motorbikes at its peak opens 20 to 30 times).
 * Modules.  A unit whose profile has an identity is asked for it first and is left alone
 * when it is another one (MODULE report); then its setup is written, once, and what has a
 * period again and again: that is how a module's own watchdog is set and fed.
 * No decision about parking is here: the core orders, this refuses or performs.
 */
#ifndef DOXE_GATE_IO_BUS_MACHINE_H
#define DOXE_GATE_IO_BUS_MACHINE_H

#include "gate/io/interlock.h"
#include "gate/io/modbus_port.h"

enum {
    BUS_INPUTS_MAX = MSG_LANES_MAX * INPUT_ROLE_COUNT,
    BUS_OUTPUTS_MAX = MSG_LANES_MAX * OUTPUT_ROLE_COUNT,
    BUS_UNITS_MAX = 32,
    BUS_ORDERS_MAX = 64,
    BUS_MOVES_PER_MINUTE_MAX = 240,
    BUS_ERRORS_MAX = 3,
    BUS_INTERLOCK_AGE_MS = 500, /* for a safety input on another bus */
    BUS_PROBE_MS = 2000,
    BUS_COUNT_MS = 10 * 1000, /* units' counts are told so often */
    BUS_RECONNECT_MS_MIN = 100,
    BUS_RECONNECT_MS_MAX = 5000,
    BUS_TEXT_REFRESH_MS = 60 * 1000,
    BUS_TEXT_RETRY_MS = 10 * 1000,
    BUS_SETUP_MAX = 32,
    BUS_RETRIES_MAX = 3
};

struct bus_input {
    int lane;
    enum input_role role;
    struct modbus_point point;
    int on_ms, off_ms;                 /* debounce */
    int64_t stuck_on_ms, stuck_off_ms; /* longer in one state is a fault; 0: may be for ever */
    bool counted;                      /* the module counts edges: none between polls is missed */
    struct modbus_point counter;
};

/*
 * What an output becomes when the program begins and ends; usual: motors off; at the end a
 * held open and lights stay, at the start they are left until the first order.
 */
enum { AT_STOP_USUAL, AT_STOP_OFF, AT_STOP_ON, AT_STOP_KEEP };

struct bus_output {
    int lane;
    enum output_role role;
    int unit;
    enum modbus_table table; /* COIL or HOLDING */
    int function;            /* 5, 6, 15, 16 */
    int address;
    uint16_t on, off;
    int words; /* 2: for on, `second` goes behind `on` in one function 16 */
    uint16_t second;
    int gap_ms;
    bool read_back;
    int at_stop;        /* AT_STOP_… of config.h: usual, off, on, keep */
    int at_start;       /* the same, of what is no motor */
    int refresh_ms;     /* held: written again so often; 0: never without a reason */
    uint16_t mask;      /* these bits of the register are it, the others stay; 0: all of it */
    uint32_t not_while; /* bit i: never goes on while input role i of its lane is on */
    int reverse_ms;     /* open, close: rest after the other one went off */
    bool stop_first;    /* open, close: the lane's stop is pulsed before */
    int pulse_ms;       /* 0: held */
    bool hardware_pulse;
    int per_minute; /* 1..BUS_MOVES_PER_MINUTE_MAX; of motors */
};

/* What must be in a module, or it is another one. */
struct bus_identity {
    int unit;
    enum modbus_table table;
    int address;
    uint16_t value, mask;
};

/* One word that a module gets after connecting, and each_ms later again; 0: once. */
struct bus_setup {
    struct modbus_write write;
    int each_ms;
};

struct bus_text {
    int lane;
    int unit, first, count; /* registers */
};

/* name, sentence */
#define BUS_REPORTS(X)                                                                            \
    X(LANE, "the lane's units on this bus answer (ok), or do not; inputs follow when they do")    \
    X(INPUT, "an input has this level")                                                           \
    X(COIL, "an order was carried out (ok), or was not")                                          \
    X(TEXT, "the lane's text display answers (ok), or does not")                                  \
    X(UNIT, "a unit answers (ok), or is down; or only its counts have grown")                     \
    X(MODULE, "a unit is the module that its profile describes (ok), or another one")             \
    X(STUCK, "an input is longer in one state than it may be, or has moved again (ok)")           \
    X(INTERLOCK, "an order to close was refused, or a closing output switched off (for the log)") \
    X(RATE, "an order was refused: too many (for the log)")                                       \
    X(LINK, "the line itself is up (ok) or down; for the log")

enum bus_report_kind {
#define X(name, sentence) BUS_REPORT_##name,
    BUS_REPORTS(X)
#undef X
        BUS_REPORT_COUNT
};

struct bus_report {
    enum bus_report_kind kind;
    int lane;
    enum input_role input;
    enum output_role output;
    enum level level;
    bool ok;
    int error;                          /* LINK, COIL: why, DX_E_… */
    int unit;                           /* UNIT */
    int64_t timeouts, checks, refusals; /* UNIT: more since the last report of this unit */
    bool good;                          /* UNIT: it answered since then */
};

/* What the machine talks through.  The calls are those of modbus_port.h. */
struct bus_line {
    void *context;
    int (*open)(void *context);
    void (*close)(void *context);
    void (*flush)(void *context);
    int (*read)(void *context, const struct modbus_block *block, uint16_t *ret_values);
    int (*write)(void *context, const struct modbus_write *write);
    int (*write_words)(void *context, int unit, int first, const uint16_t *words, int count);
    mono_t (*now)(void *context);
    /* Between two requests: hand in orders that have come meanwhile (bus_machine_order). */
    void (*between)(void *context);
    /* Not 0: no room now; the machine says it again later. */
    int (*report)(void *context, const struct bus_report *report);
};

struct bus_machine_config {
    int poll_ms, timeout_ms;
    int idle_poll_ms; /* while nothing is in the lanes; 0: poll_ms */
    int gap;          /* addresses between two points that are read along */
    int retries;      /* of an order that was not answered, 0..BUS_RETRIES_MAX */
    int input_count, output_count, text_count, identity_count, setup_count;
    struct bus_identity identity[BUS_UNITS_MAX];
    struct bus_setup setup[BUS_SETUP_MAX];
    struct bus_input input[BUS_INPUTS_MAX];
    struct bus_output output[BUS_OUTPUTS_MAX];
    struct bus_text text[MSG_LANES_MAX];
    struct interlock *interlock; /* outlives the machine */
};

/*
 * The block reads of a bus: points of one period share blocks.  ret_period[i] is the period of
 * block i, 0: each poll.  DX_E_SPACE.  The dry run (map_plan.h) asks the same.
 */
DX_MUST_USE int bus_plan_blocks(const struct bus_input *input, int count, int gap,
                                struct modbus_block ret_blocks[MODBUS_BLOCKS_MAX],
                                int ret_period[MODBUS_BLOCKS_MAX], int *ret_count);

struct bus_machine;

/* DX_E_CONFIG: too many blocks or units; DX_E_MEMORY.  Copies both structs. */
DX_MUST_USE int bus_machine_new(const struct bus_machine_config *config,
                                const struct bus_line *line, struct bus_machine **ret_machine);
void bus_machine_free(struct bus_machine *m);
/* Takes an order; DX_E_FULL, DX_E_NOT_FOUND (no such output on this bus).  Else one COIL follows.
 */
DX_MUST_USE int bus_machine_order(struct bus_machine *m, int lane, enum output_role role,
                                  enum output_act act);
/* What the lane's display shows from now on; `count` as configured.  Latest counts. */
DX_MUST_USE int bus_machine_text(struct bus_machine *m, int lane, const uint16_t *words, int count);
/* Does what is due; answers when to call again. */
mono_t bus_machine_work(struct bus_machine *m);
/* Ends pulses and closing, and closes the line.  A held open stays as it is. */
void bus_machine_stop(struct bus_machine *m);

#endif
