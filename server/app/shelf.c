#include "server/app/shelf.h"

#include "proto/io/log.h"
#include "proto/io/tariff_file.h"
#include "server/store/store_tariff.h"

#include <stdlib.h>

struct shelf_set {
    struct shelf_set *next;
    struct tariff_set set;
    size_t n;
    char text[];
};

static struct app_lot *find_lot(struct desk *desk, const char *id, int *ret_index)
{
    for (int i = 0; i < desk->config->lot_count; i++) {
        if (strcmp(desk->config->lots[i].id, id) == 0) {
            *ret_index = i;
            return &desk->config->lots[i];
        }
    }
    return NULL;
}

/* Lots often share a file: it is kept once. */
static struct shelf_set *keep(struct desk *desk, struct str text, char *why, size_t cap)
{
    for (struct shelf_set *s = desk->shelf; s; s = s->next) {
        if (str_eq((struct str){s->text, s->n}, text)) {
            return s;
        }
    }
    struct shelf_set *s = malloc(sizeof *s + text.n + 1);
    if (!s || tariff_file_load_text("published", text, &s->set, why, cap) != 0) {
        free(s);
        return NULL;
    }
    s->n = text.n;
    memcpy(s->text, text.p, text.n);
    s->text[text.n] = '\0';
    s->next = desk->shelf;
    desk->shelf = s;
    return s;
}

static int take(void *context, const struct store_tariff *row)
{
    char why[512] = "no memory";
    struct desk *desk = context;
    int index = 0;
    struct app_lot *lot = find_lot(desk, row->lot, &index);
    if (!lot) {
        return 0; /* it is not configured any more */
    }
    struct shelf_set *s = keep(desk, row->text, why, sizeof why);
    if (!s) { /* an older program: what the configuration says is better than nothing */
        log_error("tariff.not_read", "lot=%s vehicle=%s why=\"%s\"", row->lot,
                  vehicle_text(row->vehicle), why);
        return 0;
    }
    lot->tariff[row->vehicle] = &s->set;
    lot->tariff_text[row->vehicle] = (struct str){s->text, s->n};
    desk->lots[index].config = true;
    log_info("tariff.in_place", "lot=%s vehicle=%s name=%s", row->lot, vehicle_text(row->vehicle),
             s->set.name);
    return 0;
}

int shelf_look(struct desk *desk)
{
    int64_t version = 0;
    int error = store_tariff_version(desk->store, &version);
    if (error || version == desk->shelf_version) {
        return error;
    }
    error = store_tariff_each(desk->store, desk->shelf_version, desk, take);
    if (!error) {
        desk->shelf_version = version;
    }
    return error;
}

void shelf_fini(struct desk *desk)
{
    while (desk->shelf) {
        struct shelf_set *s = desk->shelf;
        desk->shelf = s->next;
        free(s);
    }
}
