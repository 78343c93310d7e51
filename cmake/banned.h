/*
 * banned.h - force-included in every file: calls that doxe does not make.
 *
 * The system headers come first so that their own declarations are not hit;
 * what follows turns a call into a compile error.  The wall clock is read in
 * proto/io/clock_os.c only; waiting is done on a mailbox, never by sleeping.
 */
#ifndef DOXE_BANNED_H
#define DOXE_BANNED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#if defined(_POSIX_C_SOURCE)
#include <unistd.h>
#include <pthread.h>
#endif

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll atof
#pragma GCC poison localtime gmtime ctime asctime
#pragma GCC poison rand srand
#pragma GCC poison sleep usleep

#endif
