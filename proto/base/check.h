/*
 * check.h - assertions that stay on.
 *
 * must(x): a broken invariant of money or barrier.  Prints where and aborts;
 * the supervisor restarts the program and the hardware fails safe.  Never for
 * input: bad input is an error code.
 *
 * <assert.h> is not used in doxe: NDEBUG would remove what we rely on.
 */
#ifndef DOXE_BASE_CHECK_H
#define DOXE_BASE_CHECK_H

#define must(condition)                                     \
    do {                                                    \
        if (!(condition)) {                                 \
            dx_must_failed(#condition, __FILE__, __LINE__); \
        }                                                   \
    } while (0)

_Noreturn void dx_must_failed(const char *condition, const char *file, int line);

#endif
