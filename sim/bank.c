#include "sim/bank.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"

enum { TWICE_PER_MILLE = 30, RECOGNISED_PER_MILLE = 500, MIN_WORD_MS = 300, MIN_RETRY_MS = 500 };

void bank_init(struct bank *bank, const struct prng *root, int speed, int64_t first_id,
               struct transfer *transfers, int cap)
{
    memset(bank, 0, sizeof *bank);
    bank->prng = prng_fork(root, "bank");
    bank->speed = speed;
    bank->next_id = first_id;
    bank->balance_vnd = 50000000;
    bank->transfer = transfers;
    bank->cap = cap;
}

static int64_t scaled(const struct bank *bank, int64_t real_ms, int64_t min_ms)
{
    int64_t ms = real_ms / bank->speed;
    return ms < min_ms ? min_ms : ms;
}

static int64_t digits(struct bank *bank, int count)
{
    int64_t limit = 1;
    for (int i = 0; i < count; i++) {
        limit *= 10;
    }
    return prng_range(&bank->prng, limit / 10, limit - 1);
}

/* What apps do to the words themselves: case, blanks and dashes.  No letter is lost. */
static void mangle_words(struct bank *bank, const char *words, char *out, size_t cap)
{
    bool lower = prng_chance(&bank->prng, 150);
    size_t gap = prng_chance(&bank->prng, 150) ? (size_t)prng_range(&bank->prng, 3, 7) : 0;
    char put = prng_chance(&bank->prng, 500) ? ' ' : '-';
    size_t n = 0;
    for (size_t i = 0; words[i] && n + 2 < cap; i++) {
        if (gap && i == gap) {
            out[n++] = put;
        }
        out[n++] = lower ? ascii_lower(words[i]) : words[i];
    }
    out[n] = '\0';
}

/* What banks on the way put around them. */
static void write_content(struct bank *bank, const struct bank_order *order,
                          struct transfer *transfer)
{
    char words[96];
    struct out out;
    struct civil at = time_civil(transfer->booked);
    int64_t number = 0;
    mangle_words(bank, order->words, words, sizeof words);
    out_init(&out, transfer->content, sizeof transfer->content);
    switch (prng_range(&bank->prng, 0, 6)) {
    case 0: /* one draw a statement: the order of a call's arguments is the compiler's */
        number = digits(bank, 6);
        out_fmt(&out, "MBVCB.%lld.%lld.%s.CT tu %s %s toi %s BAI XE tai VCB",
                (long long)digits(bank, 10), (long long)number, words, order->payer_account,
                order->payer, order->account);
        break;
    case 1:
        out_fmt(&out, "CT DEN:%lld %s", (long long)digits(bank, 12), words);
        break;
    case 2:
        out_fmt(&out, "%s chuyen FT%lld; tai Napas", words, (long long)digits(bank, 14));
        break;
    case 3:
        out_fmt(&out, "%s-CTLNHANH %lld", words, (long long)digits(bank, 9));
        break;
    case 4:
        out_fmt(&out, "%s GD %lld-%02d%02d%02d %02d:%02d:%02d", words, (long long)digits(bank, 6),
                at.day, at.month, at.year % 100, at.hour, at.minute, at.second);
        break;
    case 5:
        out_fmt(&out, "SEVQR %s", words);
        break;
    default:
        out_add_c(&out, words);
        break;
    }
    must(!out_failed(&out));
}

/* FT, year, day of the year, serial number. */
static void write_ref(struct transfer *transfer)
{
    struct civil at = time_civil(transfer->booked);
    int64_t day =
        time_days_from_date(at.year, at.month, at.day) - time_days_from_date(at.year, 1, 1) + 1;
    snprintf(transfer->ref, sizeof transfer->ref, "FT%02d%03d%09lld", at.year % 100, (int)day,
             (long long)(transfer->id % 1000000000));
}

/* ---- those that are open: a list without order, kept in `listed` of the first ones ---- */

static bool waits(const struct transfer *transfer)
{
    return transfer->state == TRANSFER_WAITING ||
           (transfer->state == TRANSFER_DONE && transfer->twice);
}

/* Whose word comes next; of equal times the one with the lower place.  -1: none. */
static int next_one(const struct bank *bank)
{
    int best = -1;
    for (int i = 0; i < bank->open; i++) {
        int index = bank->transfer[i].listed;
        const struct transfer *transfer = &bank->transfer[index];
        if (!waits(transfer)) {
            continue;
        }
        int64_t apart = best < 0 ? -1 : transfer->next.ms - bank->transfer[best].next.ms;
        if (apart < 0 || (apart == 0 && index < best)) {
            best = index;
        }
    }
    return best;
}

static void strike_off(struct bank *bank, int index)
{
    for (int i = 0; i < bank->open; i++) {
        if (bank->transfer[i].listed == index) {
            bank->transfer[i].listed = bank->transfer[--bank->open].listed;
            return;
        }
    }
}

/* A place for one more: a new one, or that of one that is done. */
static int take_place(struct bank *bank)
{
    if (bank->count < bank->cap) {
        return bank->count++;
    }
    for (int i = 0; bank->recycles && i < bank->cap; i++) {
        int place = bank->next_place;
        const struct transfer *transfer = &bank->transfer[place];
        bank->next_place = (place + 1) % bank->cap;
        if (transfer->state == TRANSFER_DONE && !transfer->twice) {
            return place;
        }
    }
    return -1;
}

int bank_order(struct bank *bank, const struct bank_order *order, mono_t now, wall_t wall,
               int *ret_index)
{
    must(order->amount_vnd > 0);
    int place = take_place(bank);
    if (place < 0) {
        return DX_E_FULL;
    }
    struct transfer *transfer = &bank->transfer[place];
    int listed = transfer->listed; /* not its own */
    memset(transfer, 0, sizeof *transfer);
    transfer->listed = listed;
    bank->orders++;
    transfer->id = bank->next_id++;
    transfer->visit = order->visit;
    transfer->amount_vnd = order->amount_vnd;
    transfer->coded = order->code[0] != '\0';
    transfer->booked = (wall_t){wall.ms / 1000 * 1000}; /* feeds carry whole seconds */
    bank->balance_vnd += order->amount_vnd;
    bank->total_vnd += order->amount_vnd;
    transfer->balance_vnd = bank->balance_vnd;
    str_copy_cut(transfer->account, sizeof transfer->account, str_c(order->account));
    str_copy_cut(transfer->paycode, sizeof transfer->paycode, str_c(order->code));
    if (transfer->coded && prng_chance(&bank->prng, RECOGNISED_PER_MILLE)) {
        str_copy_cut(transfer->code, sizeof transfer->code, str_c(order->code));
    }
    write_ref(transfer);
    write_content(bank, order, transfer);
    transfer->twice = prng_chance(&bank->prng, TWICE_PER_MILLE);
    int64_t delay = scaled(bank, prng_range(&bank->prng, 1500, 6000), MIN_WORD_MS);
    transfer->next = mono_add(now, delay);
    bank->transfer[bank->open++].listed = place;
    *ret_index = place;
    return 0;
}

bool bank_take_due(struct bank *bank, mono_t now, int *ret_index)
{
    int index = next_one(bank);
    if (index < 0 || !mono_reached(now, bank->transfer[index].next)) {
        return false;
    }
    struct transfer *transfer = &bank->transfer[index];
    bank->retries += transfer->state == TRANSFER_WAITING && transfer->attempts > 0;
    bank->repeats += transfer->state == TRANSFER_DONE;
    if (transfer->state == TRANSFER_WAITING) {
        transfer->state = TRANSFER_SENDING;
    }
    transfer->attempts++;
    transfer->next = mono_never();
    *ret_index = index;
    return true;
}

mono_t bank_deadline(const struct bank *bank)
{
    int index = next_one(bank);
    return index < 0 ? mono_never() : bank->transfer[index].next;
}

/* Minutes 1, 1, 2, 3, 5, 8, 13 and then 13 again. */
static int64_t retry_ms(const struct bank *bank, int attempts)
{
    static const int minutes[] = {1, 1, 2, 3, 5, 8, 13};
    int last = (int)(sizeof minutes / sizeof minutes[0]) - 1;
    int at = attempts - 1 > last ? last : attempts - 1;
    return scaled(bank, (int64_t)minutes[at < 0 ? 0 : at] * TIME_MINUTE_MS, MIN_RETRY_MS);
}

bool bank_answered(struct bank *bank, int index, bool taken, mono_t now)
{
    must(index >= 0 && index < bank->count);
    struct transfer *transfer = &bank->transfer[index];
    if (!taken) {
        transfer->next = mono_add(now, retry_ms(bank, transfer->attempts));
        if (transfer->state == TRANSFER_SENDING) {
            transfer->state = TRANSFER_WAITING;
        }
        return false;
    }
    bool first = transfer->state != TRANSFER_DONE;
    transfer->state = TRANSFER_DONE;
    if (first && transfer->twice) {
        transfer->next = mono_add(now, scaled(bank, 60000, 1000));
        return true;
    }
    transfer->twice = false;
    strike_off(bank, index);
    return first;
}

void bank_write_body(const struct transfer *transfer, struct out *out)
{
    struct civil at = time_civil(transfer->booked);
    char date[32];
    snprintf(date, sizeof date, "%04d-%02d-%02d %02d:%02d:%02d", at.year, at.month, at.day, at.hour,
             at.minute, at.second);
    json_object(out, NULL);
    json_i64(out, "id", transfer->id);
    json_c(out, "gateway", "Vietcombank");
    json_c(out, "transactionDate", date);
    json_c(out, "accountNumber", transfer->account);
    json_null(out, "subAccount");
    json_c(out, "code", transfer->code[0] ? transfer->code : NULL);
    json_c(out, "content", transfer->content);
    json_c(out, "transferType", transfer->out ? "out" : "in");
    json_c(out, "description", "BankAPINotify");
    json_i64(out, "transferAmount", transfer->amount_vnd);
    json_i64(out, "accumulated", transfer->balance_vnd);
    json_c(out, "referenceCode", transfer->ref);
    json_object_end(out);
}

void bank_sign(struct str secret, int64_t timestamp_s, struct str body,
               char out[BANK_SIGNATURE_CAP])
{
    char head[24];
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    struct dx_hmac hmac;
    snprintf(head, sizeof head, "%lld.", (long long)timestamp_s);
    dx_hmac_sha256_init(&hmac, secret);
    dx_hmac_sha256_update(&hmac, str_c(head));
    dx_hmac_sha256_update(&hmac, body);
    dx_hmac_sha256_final(&hmac, digest);
    str_hex(hex, digest, sizeof digest);
    snprintf(out, BANK_SIGNATURE_CAP, "sha256=%s", hex);
}
