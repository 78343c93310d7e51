#include "proto/io/log.h"

#include "proto/io/clock_os.h"

#include <stdarg.h>

static const char *program_name = "doxe";
static enum log_level most_level = LOG_LEVEL_INFO;

void log_start(const char *program, enum log_level most)
{
    program_name = program;
    most_level = most;
}

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    char line[2048];
    char when[TIME_ISO_CAP];
    if (level > most_level) {
        return;
    }
    time_format_iso(clock_wall(), when);
    int n = snprintf(line, sizeof line, "<%d>%s %s %s ", (int)level, when, program_name, event);
    va_list arguments;
    va_start(arguments, format);
    if (n > 0 && (size_t)n < sizeof line) {
        vsnprintf(line + n, sizeof line - (size_t)n, format, arguments);
    }
    va_end(arguments);
    for (char *p = line; *p; p++) {
        if ((unsigned char)*p < 0x20) {
            *p = ' '; /* one event, one line: nobody forges a second one through a plate */
        }
    }
    fprintf(stderr, "%s\n", line);
}

struct log_plate log_plate(const char *canonical)
{
    struct log_plate masked = {"-"};
    size_t n = canonical ? strlen(canonical) : 0;
    if (n >= 6 && n < 16) {
        snprintf(masked.text, sizeof masked.text, "%.3s•••%s", canonical, canonical + n - 2);
    } else if (n) {
        snprintf(masked.text, sizeof masked.text, "•••");
    }
    return masked;
}
