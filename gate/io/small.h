/*
 * small.h - gives memory back that only the start, or a handshake, has needed.
 *
 * Two kinds: free blocks inside the heap, and pages of the program's and its libraries' read-only
 * parts (code, constants), which the dynamic linker, the configuration's reader and TLS have
 * touched once.  Those are pages of files: the kernel has them in its cache, and what is needed
 * again comes back from there without a disk.  Nothing that was ever written to is touched.
 */
#ifndef DOXE_GATE_IO_SMALL_H
#define DOXE_GATE_IO_SMALL_H

/* Takes a millisecond or two.  Any thread; does nothing under a sanitizer. */
void small_give_back(void);

#endif
