#include "gate/console/texts.h"

#include "proto/base/check.h"

static const struct {
    const char *vi, *en;
} texts[] = {
#define X(name, vi, en) {vi, en},
    TEXTS(X)
#undef X
};

const char *text_vi(enum text_id id)
{
    must((unsigned)id < TEXT_COUNT);
    return texts[id].vi;
}

const char *text_en(enum text_id id)
{
    must((unsigned)id < TEXT_COUNT);
    return texts[id].en;
}
