/*
 * err.h - the error codes of every doxe function that can fail.
 *
 * Functions that can fail return int: 0, or a negative DX_E_… from the table
 * below.  Outputs come last, are named ret_x and stay untouched on failure.
 * errno and library codes stop at io/ and store/.  The class says what a
 * caller may do: retry the same call later, reject the input, or stop.
 */
#ifndef DOXE_BASE_ERR_H
#define DOXE_BASE_ERR_H

/* name, value, class, sentence */
#define DX_ERRORS(X)                                                                 \
    X(DX_E_INVAL, -1, REJECT, "an argument is outside its documented range")         \
    X(DX_E_FORMAT, -2, REJECT, "the text does not have the required form")           \
    X(DX_E_RANGE, -3, REJECT, "a number is outside its limits")                      \
    X(DX_E_SPACE, -4, REJECT, "the result does not fit into the space given")        \
    X(DX_E_CHECK, -5, REJECT, "a check value or signature does not match")           \
    X(DX_E_VERSION, -6, REJECT, "the version is not known here")                     \
    X(DX_E_NOT_FOUND, -7, REJECT, "there is no such thing")                          \
    X(DX_E_EXISTS, -8, REJECT, "the same thing is there already")                    \
    X(DX_E_DIFFERENT, -9, REJECT, "the same id is there already with other content") \
    X(DX_E_STATE, -10, REJECT, "not possible in the present state")                  \
    X(DX_E_DENIED, -11, REJECT, "not allowed")                                       \
    X(DX_E_STALE, -12, REJECT, "too old, or past its deadline")                      \
    X(DX_E_BUSY, -13, RETRY, "busy; the same call may succeed later")                \
    X(DX_E_TIMEOUT, -14, RETRY, "no answer in time")                                 \
    X(DX_E_LINK, -15, RETRY, "the line is down")                                     \
    X(DX_E_IO, -16, RETRY, "a device or the system reported an error")               \
    X(DX_E_FULL, -17, RETRY, "a queue or the disk is full")                          \
    X(DX_E_MEMORY, -18, FATAL, "no memory")                                          \
    X(DX_E_CORRUPT, -19, FATAL, "stored data is damaged")                            \
    X(DX_E_CONFIG, -20, FATAL, "the configuration is wrong")

enum {
#define X(name, value, class_, sentence) name = (value),
    DX_ERRORS(X)
#undef X
};

enum dx_error_class { DX_CLASS_OK, DX_CLASS_RETRY, DX_CLASS_REJECT, DX_CLASS_FATAL };

/* The caller must look at the result. */
#define DX_MUST_USE __attribute__((warn_unused_result))

/* "DX_E_FORMAT", "ok" for 0, "DX_E_?" for a value that is not in the table. */
const char *dx_error_name(int error);
/* The sentence of the table. */
const char *dx_error_text(int error);
enum dx_error_class dx_error_class(int error);

#endif
