#include "gate/console/desk_texts.h"

static void write_all(struct out *out, bool english)
{
#define X(key, vi, en) json_c(out, #key, english ? (en) : (vi));
    DESK_TEXTS_PAGE(X)
    DESK_TEXTS_LANE(X)
    DESK_TEXTS_ACT(X)
    DESK_TEXTS_FORM(X)
    DESK_TEXTS_MORE(X)
#undef X
}

void desk_texts_write(struct out *out)
{
    json_object(out, NULL);
    json_object(out, "vi");
    write_all(out, false);
    json_object_end(out);
    json_object(out, "en");
    write_all(out, true);
    json_object_end(out);
    json_object_end(out);
}
