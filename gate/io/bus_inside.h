/* bus_inside.h - the state of a bus machine, shared by bus_machine.c, bus_outputs.c, bus_module.c.
 */
#ifndef DOXE_GATE_IO_BUS_INSIDE_H
#define DOXE_GATE_IO_BUS_INSIDE_H

#include "gate/io/bus_machine.h"

struct input_state {
    struct debounce debounce;
    enum level reported; /* UNKNOWN: to be said again */
    bool stable;         /* as it was when `since` began */
    mono_t since;        /* when it moved last, or became known */
    bool stuck;
    bool counting; /* `edges` means something */
    int64_t edges;
};

struct output_state {
    enum level state; /* what the register holds as far as we know */
    enum level want;  /* last order for a held output; UNKNOWN: none */
    bool unsettled;   /* to be written before the lane counts as reachable */
    bool refresh;     /* to be written again: the module may have been away for a moment */
    mono_t on_at;     /* when it went on last; 0: not yet */
    mono_t off_at;    /* end of the pulse; mono_never() */
    mono_t off_since; /* when it went off last; 0: not yet */
    mono_t written;   /* when it was written last */
    mono_t moves[BUS_MOVES_PER_MINUTE_MAX]; /* a ring of per_minute */
    int move;
};

struct unit_state {
    int unit;
    bool known; /* it is the right one, and set up */
    bool wrong; /* as last reported */
    bool up;
    int errors;         /* passes in a row with an error */
    mono_t probe;       /* while down: not before this */
    bool tried, failed; /* in this pass */
    enum level told;    /* up, as last reported */
    bool good;
    int64_t timeouts, checks, refusals; /* since the last report */
    mono_t tell;
};

struct text_state {
    uint16_t want[MODBUS_TEXT_WORDS_MAX];
    bool wanted, dirty, told, ok;
    int errors;
    mono_t due;
};

struct order {
    int output;
    enum output_act act;
    mono_t asked;
    int tries;
    bool stopped; /* the arm was told to stop before it turns round */
};

struct bus_machine {
    struct bus_machine_config config;
    struct bus_line line;
    /* the plan */
    struct modbus_block block[MODBUS_BLOCKS_MAX];
    bool is_probe[MODBUS_BLOCKS_MAX]; /* read only to see whether the unit is alive */
    int block_count;
    int block_period[MODBUS_BLOCKS_MAX]; /* 0: each pass */
    mono_t block_due[MODBUS_BLOCKS_MAX];
    mono_t setup_due[BUS_SETUP_MAX];
    struct unit_state unit[BUS_UNITS_MAX];
    int unit_count;
    /* the link */
    bool open;
    bool failed; /* it was down, or could not be opened, at least once */
    int errors;  /* in a row, without any answer between */
    bool quiet;  /* after an error, until: */
    mono_t quiet_until;
    mono_t reconnect;
    int64_t backoff_ms;
    /* the work */
    int cursor; /* item of the pass under way: blocks, then outputs to settle */
    mono_t pass, next_pass;
    struct input_state input[BUS_INPUTS_MAX];
    struct output_state output[BUS_OUTPUTS_MAX];
    struct text_state text[MSG_LANES_MAX];
    enum level lane_told[MSG_LANES_MAX + 1]; /* reachable, as last reported */
    bool lane_used[MSG_LANES_MAX + 1];
    struct order order[BUS_ORDERS_MAX];
    int order_first, order_count;
    bool again;          /* the order under way was tried before: its move is counted */
    mono_t order_wakeup; /* an order waits for an arm to rest until then */
    struct bus_report owed[BUS_ORDERS_MAX]; /* COIL reports that found no room */
    int owed_count;
};

/* ---- bus_machine.c ---- */
mono_t bus_now(const struct bus_machine *m);
struct unit_state *bus_find_unit(struct bus_machine *m, int unit);
/* Nothing may be sent now. */
bool bus_is_barred(const struct bus_machine *m);
/* What an error, or an answer (0 or DX_E_DENIED), of any request means for the link. */
void bus_note(struct bus_machine *m, int error);
/* One block read, fed to the inputs in it. */
int bus_read_block(struct bus_machine *m, int block);
void bus_tell(struct bus_machine *m, const struct bus_report *report);

/* ---- bus_module.c ---- */
/* Asks who the unit is and sets it up, when that was not done; not 0: not to be used now. */
int bus_know_unit(struct bus_machine *m, struct unit_state *unit);
/* Writes what is due again: setup with a period, held outputs with refresh_ms. */
void bus_feed_modules(struct bus_machine *m);
/* The module's count of edges; true: the input was on between two polls. */
bool bus_missed_edge(struct input_state *state, int64_t edges, bool level);

/* ---- bus_outputs.c ---- */
void bus_outputs_forget(struct bus_machine *m);
/* Writes one output into a known state after connecting. */
int bus_output_settle(struct bus_machine *m, int i);
/* Orders, ends of pulses, closing that must stop.  May bar the line. */
void bus_outputs_work(struct bus_machine *m);
void bus_orders_fail(struct bus_machine *m, int error, bool only_old);
mono_t bus_outputs_deadline(const struct bus_machine *m);
void bus_outputs_stop(struct bus_machine *m);

#endif
