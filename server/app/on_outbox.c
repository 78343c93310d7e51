/* on_outbox.c - what a lane has not answered is said again, on the timetable of ingest_retry_s. */
#include "proto/io/log.h"
#include "server/app/scripts.h"
#include "server/store/store_cases.h"

enum { MESSAGES_A_GROUP = 256 };

int on_outbox(struct desk *desk)
{
    for (int i = 0; i < MESSAGES_A_GROUP; i++) {
        struct store_due due;
        int error = store_next_due(desk->store, desk->now, desk->space, STORE_NOTICE_MAX, &due);
        if (error) {
            return error == DX_E_NOT_FOUND ? 0 : error;
        }
        const struct desk_gate *gate = desk_find_gate(desk, due.gate);
        if (due.expired || !gate) {
            error = store_settle_message(desk->store, due.id, desk->now);
        } else {
            int64_t wait_ms = ingest_retry_s(due.attempts + 1) * (int64_t)TIME_SECOND_MS;
            error = store_said_again(desk->store, due.id, wall_add(desk->now, wait_ms));
            error = error ? error : desk_say(desk, gate, due.body);
        }
        if (error) {
            return error;
        }
    }
    return 0;
}

int on_chores(struct desk *desk)
{
    enum { REQUESTS_A_TURN = 1000 };
    int64_t erased = 0;
    int error = store_expire_requests(desk->store, desk->now, REQUESTS_A_TURN);
    error = error ? error : store_erase_refund_accounts(desk->store, desk->now, &erased);
    if (!error && erased > 0) {
        log_info("refund.accounts_erased", "count=%lld", (long long)erased);
    }
    return error;
}
