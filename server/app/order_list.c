#include "server/app/order_list.h"

#include "server/app/ask.h"
#include "server/store/store_offline.h"

static int change(struct desk *desk, void *cargo)
{
    const struct app_list_order *order = cargo;
    const struct store_listed row = {
        .lot = order->lot, .reason = order->reason, .by = order->by, .entry = order->entry};
    if (!desk_find_lot(desk, order->lot)) {
        return DX_E_NOT_FOUND;
    }
    return order->remove ? store_list_remove(desk->store, &row, desk->now)
                         : store_list_add(desk->store, &row, desk->now);
}

int app_list_change(struct app *app, const struct app_list_order *order)
{
    struct app_list_order cargo = *order;
    if (!order->by[0] || !order->entry.key[0] || order->entry.kind != SUBJECT_PLATE) {
        return DX_E_INVAL;
    }
    return app_run_script(app, change, &cargo, sizeof cargo);
}
