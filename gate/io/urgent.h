/*
 * urgent.h - a thread on which a barrier waits goes before the others of this machine.
 *
 * The loop and the bus workers do little and wait much; on a box that is busy with pictures or a
 * browser they would stand in a queue of the processor, at the moment when a vehicle stands
 * before the arm.  So they ask the kernel for a place in front: real time (SCHED_FIFO, allowed by
 * LimitRTPRIO of etc/systemd/doxe-gate.service), else a better nice value, else they go on as
 * they are.  Threads that such a thread starts begin as usual ones.
 */
#ifndef DOXE_GATE_IO_URGENT_H
#define DOXE_GATE_IO_URGENT_H

/* 1 is the least; a worker goes before the loop, because it holds the line. */
enum { URGENT_LOOP = 1, URGENT_BUS = 2 };

/* For the calling thread.  "realtime", "nice" or "usual": what it got, for the log. */
const char *urgent_thread(int level);

#endif
