/* bank_site.c - drivers' transfers, and the word of them on its way to the server. */
#include "sim/bank_provider.h"
#include "sim/run/run_parts.h"

static const char *const own_words[] = {"chuyen tien gui xe", "tien xe", "thanh toan",
                                        "ck cho bac bao ve"};

/* What a driver takes with him: the bill as it is now. */
static void carry_out(struct site *site, const struct world_effect *effect,
                      const struct site_bill *bill, const char *code)
{
    struct run *run = site->run;
    const struct visit *visit = &site->visits[effect->visit];
    char name[PERSON_NAME_CAP];
    char account[PERSON_ACCOUNT_CAP];
    int64_t amount_vnd = effect->amount_vnd;
    bool own = effect->own_words;
    int index = 0;
    person_name(&visit->person, name);
    person_account(&visit->person, account);
    int64_t pick = prng_range(&site->devices, 0, 3);
    struct bank_order order = {.visit = effect->visit,
                               .amount_vnd = amount_vnd,
                               .account = bill->account,
                               .words = own ? own_words[pick] : bill->words,
                               .code = own ? "" : code,
                               .payer = name,
                               .payer_account = account};
    int error = run_pay(run, site->index, &order, -1, 1, &index);
    run_note(run, site->index, effect->lane, "bank", error ? "full" : "transfer", index, amount_vnd,
             order.code);
}

/* effect, bill and code travel together to the time of a late payment. */
struct late {
    struct world_effect effect;
    struct site_bill bill;
    char code[VISIT_CODE_CAP];
};

void site_pay(struct site *site, const struct world_effect *effect)
{
    if (!site->world) {
        return;
    }
    struct late late = {.effect = *effect, .bill = site->bills[effect->visit]};
    memcpy(late.code, site->visits[effect->visit].code, sizeof late.code);
    if (effect->after_ms <= 0) {
        carry_out(site, effect, &late.bill, late.code);
        return;
    }
    struct sim_event more = {.n = sizeof late};
    more.bytes = malloc(sizeof late);
    must(more.bytes);
    memcpy(more.bytes, &late, sizeof late);
    site->late_payments++;
    run_push(site->run, effect->after_ms, site->index, RUN_EV_PAY, more);
}

void site_pay_late(struct site *site, const struct sim_event *event)
{
    struct late late;
    must(event->n == sizeof late);
    memcpy(&late, event->bytes, sizeof late);
    site->late_payments--;
    carry_out(site, &late.effect, &late.bill, late.code);
}

/* Faults of the word, drawn when the money moves. */
static void disturb(struct site *site, int index)
{
    struct run *run = site->run;
    struct transfer *transfer = &site->transfers[index];
    struct plan_fault *fault = fault_strikes(run, PLAN_BANK_LATE, site->index, 0);
    if (fault) {
        transfer->next = mono_add(transfer->next, prng_range(&fault->prng, 1000, fault->size));
    }
    fault = fault_strikes(run, PLAN_BANK_ORDER, site->index, 0);
    if (fault) {
        transfer->next = mono_add(transfer->next, prng_range(&fault->prng, 0, 20000));
    }
    if (fault_strikes(run, PLAN_BANK_TWICE, site->index, 0)) {
        transfer->twice = true;
    }
    fault = fault_strikes(run, PLAN_BANK_DAYS, site->index, 0);
    if (fault) {
        transfer->next = mono_add(transfer->next, fault->size);
    }
}

static void tell_transfer(struct site *site, const struct transfer *transfer)
{
    const struct run_watch *watch = &site->run->config.watch;
    const char *why =
        watch->transfer ? watch->transfer(watch->context, site->run, site->index, transfer) : NULL;
    if (why) {
        run_fail(site->run, why, "");
    }
}

int run_pay(struct run *run, int index, const struct bank_order *order, int64_t tell_after_ms,
            int times, int *ret_transfer)
{
    struct site *site = &run->site[index];
    int at = 0;
    mono_t now = {SIM_CLOCK_BOOT_MS + run->now_ms};
    int error = bank_order(&site->bank, order, now, run_wall(run), &at);
    if (error) {
        return error;
    }
    struct transfer *transfer = &site->transfers[at];
    run->count.transfers++;
    run->count.transferred_vnd += order->amount_vnd;
    tell_transfer(site, transfer);
    if (tell_after_ms >= 0) {
        transfer->twice = times > 1;
        transfer->next = mono_add(now, tell_after_ms);
    } else {
        disturb(site, at);
    }
    if (times == 0) {
        transfer->state = TRANSFER_SENDING;
        transfer->twice = false;
        (void)bank_answered(&site->bank, at, true, now);
    }
    site_wake_bank(site);
    *ret_transfer = at;
    return 0;
}

void site_wake_bank(struct site *site)
{
    struct run *run = site->run;
    mono_t due = bank_deadline(&site->bank);
    int64_t at = due.ms == mono_never().ms ? INT64_MAX : due.ms - SIM_CLOCK_BOOT_MS;
    at = at < run->now_ms ? run->now_ms : at;
    if (at < site->bank_at) {
        site->bank_at = at;
        run_push(run, at - run->now_ms, site->index, RUN_EV_BANK_WAKE, (struct sim_event){0});
    }
}

static int tell(struct site *site, const struct transfer *transfer)
{
    struct run *run = site->run;
    struct bank_notice notice;
    const char *headers[BANK_NOTICE_HEADERS];
    /* The provider's clock is right; the server's own may be off. */
    bank_write_notice(BANK_SEPAY, transfer, str_c(run->config.app->sepay_secret), run_wall(run),
                      &notice);
    for (int i = 0; i < BANK_NOTICE_HEADERS; i++) {
        headers[i] = notice.header[i];
    }
    return server_webhook(run, "sepay", headers, BANK_NOTICE_HEADERS, str_c(notice.body));
}

void run_pay_again(struct run *run, int site, int transfer, int64_t amount_vnd)
{
    struct transfer again = run->site[site].transfers[transfer];
    again.amount_vnd = amount_vnd >= 0 ? amount_vnd : again.amount_vnd;
    int status = tell(&run->site[site], &again);
    run_note(run, site, 0, "bank", "again", transfer, status, "");
}

void run_pay_back(struct run *run, int index, int transfer)
{
    struct site *site = &run->site[index];
    struct transfer back = site->transfers[transfer];
    back.out = true;
    back.id = site->bank.next_id++;
    back.booked = run_wall(run);
    back.balance_vnd -= back.amount_vnd;
    int status = tell(site, &back);
    run_note(run, index, 0, "bank", "back", transfer, status, "");
}

void site_bank(struct site *site)
{
    struct run *run = site->run;
    int index = 0;
    mono_t now = {SIM_CLOCK_BOOT_MS + run->now_ms};
    while (bank_take_due(&site->bank, now, &index)) {
        const struct transfer *transfer = &site->transfers[index];
        bool never = fault_strikes(run, PLAN_BANK_NEVER, site->index, 0) != NULL;
        int status = never ? 0 : tell(site, transfer);
        run_note(run, site->index, 0, "bank", "notice", index, status, "");
        if (bank_answered(&site->bank, index, status >= 200 && status < 300, now) && site->world) {
            site_street(site, (struct world_event){.kind = WORLD_EV_TOLD,
                                                   .visit = transfer->visit,
                                                   .amount_vnd = transfer->amount_vnd});
        }
    }
    site_wake_bank(site);
}
