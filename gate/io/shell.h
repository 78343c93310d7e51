/*
 * shell.h - doxe-gate around its core: one loop thread, workers, and what they tell each other.
 *
 * The loop waits for the nearest deadline or a worker's value, stamps one `now`,
 * steps the core (gate/core/gate.h) and performs the effects in order; every
 * outcome comes back as an event before anything else is looked at.  Workers:
 * one thread a Modbus bus, one a scanner, MQTT's and HTTP's own.  They only put
 * values into the loop's mailbox.
 *
 * No decision about parking is here.  What is: records stored in one transaction
 * a step; a camera's reading stored before the camera is answered; the status
 * retained at the broker with a last will; pages and displays; the log.
 */
#ifndef DOXE_GATE_IO_SHELL_H
#define DOXE_GATE_IO_SHELL_H

#include "gate/io/config.h"

struct shell;

/*
 * Opens journal, buses, scanners, pages and the line to the broker.  What could
 * not be had is logged; DX_E_CONFIG (a file named in the configuration), DX_E_EXISTS
 * (another doxe-gate has this journal), DX_E_IO, DX_E_CORRUPT, DX_E_VERSION, DX_E_MEMORY.
 */
DX_MUST_USE int shell_start(const struct gate_settings *settings, struct shell **ret_shell);
/* Returns after shell_stop; 0, or the error that ended it. */
DX_MUST_USE int shell_run(struct shell *shell);
/* From any thread: shell_run returns soon. */
void shell_stop(struct shell *shell);
/* Ends pulses, says goodbye to the broker, closes.  Within 2 s.  NULL is fine. */
void shell_free(struct shell *shell);
/* The port of the attendants' console; 0: none. */
int shell_desk_port(const struct shell *shell);
/* The port that pages are on. */
int shell_http_port(const struct shell *shell);

#endif
