#include "proto/base/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void dx_must_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "<2>must.failed file=%s line=%d condition=\"%s\"\n", file, line, condition);
    abort();
}
