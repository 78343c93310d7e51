/* on_case.c - the other threads' way to proposals and refunds. */
#include "server/app/ask.h"
#include "server/app/scripts.h"

#include <unistd.h>

static int run_case(struct desk *desk, void *cargo)
{
    struct app_case *order = cargo;
    switch (order->kind) {
    case APP_PROPOSE:
    case APP_WRITE_OFF:
    case APP_APPROVE:
    case APP_REFUSE:
        return on_proposal(desk, order);
    case APP_REFUND_REQUEST:
    case APP_REFUND_ASK:
    case APP_REFUND_LINK:
    case APP_REFUND_ACCOUNT:
    case APP_REFUND_APPROVE:
    case APP_REFUND_SENT:
    case APP_REFUND_CANCEL:
        return on_refund(desk, order);
    case APP_CASE_COUNT:
        break;
    }
    return DX_E_INVAL;
}

int app_run_case(struct app *app, struct app_case *order)
{
    return app_run_script(app, run_case, order, sizeof *order);
}

static int run_whole(struct desk *desk, struct app_case *order)
{
    int error = desk_begin(desk);
    if (error) {
        return error;
    }
    error = run_case(desk, order);
    if (error) {
        desk_rollback(desk);
        return error;
    }
    return desk_commit(desk);
}

int app_run_case_beside(const struct app_config *config, const struct app_ports *ports,
                        struct app_case *order)
{
    struct store *store = NULL;
    struct desk desk;
    int version = 0;
    if (access(config->database, F_OK) != 0) {
        return DX_E_IO;
    }
    int error = store_open(config->database, &store);
    if (error) {
        return DX_E_IO;
    }
    error = store_version(store, &version);
    error = error ? error : version == store_latest_version() ? 0 : DX_E_VERSION;
    error = error ? error : desk_init(&desk, store, config, ports);
    if (!error) {
        error = run_whole(&desk, order);
        desk_fini(&desk);
    }
    store_close(store);
    return error;
}
