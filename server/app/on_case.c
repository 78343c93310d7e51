/* on_case.c - the other threads' way to proposals and refunds. */
#include "server/app/ask.h"
#include "server/app/scripts.h"

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
