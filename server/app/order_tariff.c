/* order_tariff.c - a person publishes a tariff, or tries how it would be taken. */
#include "proto/io/tariff_file.h"
#include "server/app/ask.h"
#include "server/app/shelf.h"
#include "server/core/tariff_change.h"
#include "server/store/store_tariff.h"

#include <stdlib.h>

/* By value: who asked may have gone away while the writer is at it. */
struct cargo {
    enum vehicle vehicle;
    int lot_count;
    char lot[TARIFF_LOTS_MAX][MSG_NAME_CAP];
    char by[MSG_NAME_CAP];
    struct tariff_set set;
    size_t n;
    char text[TARIFF_TEXT_MAX];
};

static int judge_lot(const struct app_config *config, const char *id,
                     const struct app_tariff_order *order, const struct tariff_set *set, wall_t now,
                     struct app_tariff_answer *answer)
{
    wall_t from;
    char why[TARIFF_CHANGE_WHY_CAP];
    for (int i = 0; i < config->lot_count; i++) {
        const struct app_lot *lot = &config->lots[i];
        if (strcmp(lot->id, id) == 0) {
            int error = tariff_change_judge(lot->tariff[order->vehicle], set, order->vehicle, now,
                                            &from, why);
            if (!error && (answer->from.ms == 0 || from.ms < answer->from.ms)) {
                answer->from = from;
            }
            snprintf(answer->why, sizeof answer->why, "%s", why);
            return error;
        }
    }
    snprintf(answer->why, sizeof answer->why, "there is no such lot");
    return DX_E_NOT_FOUND;
}

static int judge(const struct app_config *config, const struct app_tariff_order *order,
                 const struct tariff_set *set, wall_t now, struct app_tariff_answer *answer)
{
    int error = order->lot_count > 0 && order->by[0] ? 0 : DX_E_INVAL;
    answer->from = (wall_t){0};
    for (int i = 0; i < order->lot_count && !error; i++) {
        answer->lot = order->lot[i];
        error = judge_lot(config, order->lot[i], order, set, now, answer);
    }
    answer->lot = error ? answer->lot : "";
    return error;
}

static void make_order(const struct cargo *cargo, struct app_tariff_order *order)
{
    *order = (struct app_tariff_order){.text = {cargo->text, cargo->n},
                                       .vehicle = cargo->vehicle,
                                       .lot_count = cargo->lot_count,
                                       .by = cargo->by};
    for (int i = 0; i < cargo->lot_count; i++) {
        order->lot[i] = cargo->lot[i];
    }
}

static int publish(struct desk *desk, void *context)
{
    const struct cargo *cargo = context;
    struct app_tariff_order order;
    struct app_tariff_answer answer;
    make_order(cargo, &order);
    int error = judge(desk->config, &order, &cargo->set, desk->now, &answer);
    for (int i = 0; i < order.lot_count && !error; i++) {
        const struct store_tariff row = {.lot = order.lot[i],
                                         .vehicle = order.vehicle,
                                         .name = cargo->set.name,
                                         .from = answer.from,
                                         .by = order.by,
                                         .text = order.text};
        error = store_add_tariff(desk->store, &row, desk->now);
    }
    return error;
}

static int fill_cargo(const struct app_tariff_order *order, struct cargo *cargo, char *why,
                      size_t cap)
{
    if (order->lot_count < 1 || order->lot_count > TARIFF_LOTS_MAX || !order->by[0] ||
        order->text.n > TARIFF_TEXT_MAX) {
        snprintf(why, cap, "1 to %d lots, and a file of at most %d KB", (int)TARIFF_LOTS_MAX,
                 (int)TARIFF_TEXT_MAX / 1024);
        return DX_E_INVAL;
    }
    cargo->vehicle = order->vehicle;
    cargo->lot_count = order->lot_count;
    cargo->n = order->text.n;
    memcpy(cargo->text, order->text.p, order->text.n);
    int error = str_copy(cargo->by, sizeof cargo->by, str_c(order->by));
    for (int i = 0; i < order->lot_count && !error; i++) {
        error = str_copy(cargo->lot[i], sizeof cargo->lot[i], str_c(order->lot[i]));
    }
    return error ? DX_E_INVAL : tariff_file_load_text("file", order->text, &cargo->set, why, cap);
}

static int order_tariff(struct app *app, const struct app_tariff_order *order, bool write,
                        struct app_tariff_answer *ret_answer)
{
    struct app_tariff_answer answer = {.lot = ""};
    struct cargo *cargo = calloc(1, sizeof *cargo);
    if (!cargo) {
        return DX_E_MEMORY;
    }
    const struct desk *desk = app_desk(app);
    int error = fill_cargo(order, cargo, answer.why, sizeof answer.why);
    if (!error) {
        str_copy_cut(answer.name, sizeof answer.name, str_c(cargo->set.name));
        error =
            judge(desk->config, order, &cargo->set, desk->ports.wall(desk->ports.context), &answer);
    }
    if (!error && write) {
        error = app_run_script(app, publish, cargo, sizeof *cargo);
    }
    free(cargo);
    *ret_answer = answer;
    return error;
}

int app_tariff_publish(struct app *app, const struct app_tariff_order *order,
                       struct app_tariff_answer *ret_answer)
{
    return order_tariff(app, order, true, ret_answer);
}

int app_tariff_try(struct app *app, const struct app_tariff_order *order,
                   struct app_tariff_answer *ret_answer)
{
    return order_tariff(app, order, false, ret_answer);
}
