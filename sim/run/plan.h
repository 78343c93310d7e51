/*
 * plan.h - which faults strike when: drawn from the seed before anything happens.
 *
 * Each class of the table is off with probability 1/2, else it has a rate of several magnitudes.
 * What is drawn is a list of single faults, each with a number, a place, a time and a size, so
 * that a failing run can be repeated with some of them alone (plan_keep): the others
 * change nothing in what is left, because a fault draws from a stream of its own number.
 *
 * The plan stays within what doxe promises: a fault ends, and those that take away the only way
 * of knowing something end before the run does.
 *
 * Not here: what a fault does (the seams: gate_devices.c, net.c, server_site.c, bank_site.c).
 */
#ifndef DOXE_SIM_RUN_PLAN_H
#define DOXE_SIM_RUN_PLAN_H

#include "proto/base/prng.h"
#include "proto/base/time.h"

/* name, word, longest in seconds (0: an instant), sentence */
#define PLAN_CLASSES(X)                                                                            \
    X(CLOCK_OFFSET, "clock.offset", 0, "a gate's wall clock is set off by minutes")                \
    X(CLOCK_DRIFT, "clock.drift", 1800, "a gate's clock runs fast or slow")                        \
    X(CLOCK_STEP, "clock.step", 0, "a gate's wall clock is stepped by seconds")                    \
    X(CLOCK_SUSPEND, "clock.suspend", 120, "a gate's computer sleeps; boot time goes on")          \
    X(BUS_SILENT, "bus.silent", 60, "the Modbus module does not answer")                           \
    X(BUS_LATE, "bus.late", 300, "replies come after the retry: an order is carried out twice")    \
    X(BUS_EXCEPTION, "bus.exception", 120, "writes are answered with an exception, at times")      \
    X(COIL_STUCK, "coil.stuck", 60, "an output is written and nothing moves")                      \
    X(INPUT_BOUNCE, "input.bounce", 300, "edges of inputs bounce")                                 \
    X(MODULE_RESTART, "module.restart", 0, "the module restarts with outputs off")                 \
    X(SCAN_SPLIT, "scan.split", 600, "a scanner's frame comes in pieces")                          \
    X(SCAN_MERGED, "scan.merged", 600, "two frames come as one")                                   \
    X(SCAN_TWICE, "scan.twice", 600, "a frame comes twice")                                        \
    X(SCAN_GARBAGE, "scan.garbage", 600, "bytes that nobody sent come before a frame")             \
    X(SCAN_BARE, "scan.bare", 600, "frames have no terminator")                                    \
    X(SCAN_GONE, "scan.gone", 300, "the scanner is unplugged")                                     \
    X(CAMERA_SLOW, "camera.slow", 600, "pictures come late")                                       \
    X(CAMERA_ERROR, "camera.error", 120, "the gate's answer to a camera is lost; it repeats")      \
    X(CAMERA_CUT, "camera.cut", 120, "pictures are cut: no plate in them")                         \
    X(CAMERA_CONFUSED, "camera.confused", 600, "letters and digits are confused")                  \
    X(CAMERA_LAST, "camera.last", 120, "the picture shows the vehicle before, at times")           \
    X(NET_DELAY, "net.delay", 120, "messages take seconds")                                        \
    X(NET_TWICE, "net.twice", 600, "messages come twice")                                          \
    X(NET_SESSION, "net.session", 0, "the broker forgets a gate's session and what is on the way") \
    X(NET_REORDER, "net.reorder", 0, "the line breaks; what was on the way comes later, mixed up") \
    X(NET_PARTITION, "net.partition", 300, "a gate is cut off, and nobody is told at first")       \
    X(NET_RESTART, "net.restart", 10, "the broker restarts")                                       \
    X(STORE_BUSY, "store.busy", 20, "the server's store is busy")                                  \
    X(STORE_FULL, "store.full", 60, "the server's disk is full")                                   \
    X(STORE_CRASH, "store.crash", 0, "the server dies after a commit, before it speaks")           \
    X(STORE_TAIL, "store.tail", 0, "the server dies before a commit: the transaction is lost")     \
    X(JOURNAL_BUSY, "journal.busy", 10, "the gate's journal is busy")                              \
    X(JOURNAL_FULL, "journal.full", 60, "the gate's disk is full")                                 \
    X(JOURNAL_CRASH, "journal.crash", 0, "a gate dies after a commit, before it acts")             \
    X(JOURNAL_TAIL, "journal.tail", 0, "a gate dies before a commit: the records are lost")        \
    X(BANK_LATE, "bank.late", 1800, "a bank's word comes minutes late")                            \
    X(BANK_TWICE, "bank.twice", 1800, "a bank's word comes twice")                                 \
    X(BANK_ORDER, "bank.order", 900, "words of transfers overtake one another")                    \
    X(BANK_DAYS, "bank.days", 900, "a bank's word comes days later")                               \
    X(BANK_NEVER, "bank.never", 900, "no word of a bank gets through; the provider repeats it")    \
    X(GATE_CRASH, "gate.crash", 0, "a gate dies and is started again")                             \
    X(SERVER_CRASH, "server.crash", 0, "the server dies and is started again")                     \
    X(PEER_OTHER, "peer.other", 1200, "the peer is of another version: members nobody knows")

enum plan_class {
#define X(name, word, longest_s, sentence) PLAN_##name,
    PLAN_CLASSES(X)
#undef X
        PLAN_CLASS_COUNT
};

enum { PLAN_FAULTS_MAX = 512 };

struct plan_fault {
    int number; /* 1… */
    enum plan_class class_;
    int64_t at_ms, until_ms; /* [at, until); equal: an instant */
    int site, lane;          /* site below 0: the server, or all; lane 0: all */
    int per_mille;           /* of the chances in that time */
    int64_t size;            /* by class: ms, ppm, … */
    struct prng prng;        /* its own */
};

/* What else is drawn: tunables at their extremes. */
struct plan {
    int count;
    struct plan_fault fault[PLAN_FAULTS_MAX]; /* in order of time */
    int pace;            /* of the gates' catching up, events a second; 0: as configured */
    int64_t answer_ms;   /* 0: as configured */
    int64_t turn_ms;     /* the server looks so long after a message came */
    int misbehave, wild; /* per mille of drivers */
    int confuse;         /* per mille of pictures */
};

/* For `sites` sites with `lanes` lanes, within [0, play_ms). */
void plan_draw(struct plan *plan, uint64_t seed, int sites, int lanes, int64_t play_ms);
/* Only the faults with these numbers, "3,7,12-20".  DX_E_FORMAT. */
DX_MUST_USE int plan_keep(struct plan *plan, struct str numbers);
const char *plan_class_text(enum plan_class class_);
const char *plan_class_sentence(enum plan_class class_);
/* "12 net.delay s0 from 61.200 for 12.000 s" */
void plan_fault_text(const struct plan_fault *fault, char *text, size_t cap);

#endif
