#include "server/app/place.h"

#include "server/app/ask.h"

const struct app_lot *app_find_lot(struct app *app, struct str id)
{
    char name[MSG_NAME_CAP];
    return str_copy(name, sizeof name, id) == 0 ? desk_find_lot(app_desk(app), name) : NULL;
}
