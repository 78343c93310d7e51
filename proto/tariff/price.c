#include "proto/tariff/tariff.h"

#include "proto/base/check.h"
#include "proto/tariff/bill.h"

#include <string.h>

const struct tariff *tariff_set_at(const struct tariff_set *set, wall_t at)
{
    for (int i = 0; i < set->count; i++) {
        const struct tariff *tariff = &set->versions[i];
        if (at.ms >= tariff->valid_from.ms && at.ms < tariff->valid_until.ms) {
            return tariff;
        }
    }
    return NULL;
}

static bool is_named(const char *text)
{
    return memchr(text, '\0', TARIFF_NAME_CAP) != NULL;
}

/* Years 1 to 9999, in which civil time is known. */
static bool is_civil(wall_t at)
{
    return at.ms >= INT64_C(-62135622000000) && at.ms < INT64_C(253402275600000);
}

static int check_stay(const struct tariff_stay *stay)
{
    if (!is_civil(stay->entry) || !is_civil(stay->exit) || stay->exit.ms < stay->entry.ms ||
        stay->pass_count < 0 || stay->pass_count > TARIFF_HELD_MAX || stay->free_count < 0 ||
        stay->free_count > TARIFF_HELD_MAX || stay->given_count < 0 ||
        stay->given_count > TARIFF_HELD_MAX) {
        return DX_E_INVAL;
    }
    if (stay->exit.ms - stay->entry.ms > TARIFF_STAY_MAX_MS) {
        return DX_E_RANGE;
    }
    for (int i = 0; i < stay->given_count; i++) {
        if (!is_named(stay->given[i].name)) {
            return DX_E_INVAL;
        }
    }
    for (int i = 0; i < stay->pass_count; i++) {
        if (!is_named(stay->passes[i].name)) {
            return DX_E_INVAL;
        }
    }
    bool vehicle = stay->vehicle > VEHICLE_UNKNOWN && stay->vehicle < VEHICLE_COUNT;
    return vehicle ? 0 : DX_E_NOT_FOUND;
}

static void write_price(const struct sweep *sweep, const struct bill_gifts *gifts,
                        const struct bill *bill, struct tariff_price *price)
{
    const struct tariff *tariff = sweep->first;
    int64_t vat =
        bill_round(bill->total_vnd * tariff->vat_bp, 10000 + tariff->vat_bp, 1, tariff->vat_round);
    price->total = money(bill->total_vnd);
    price->vat = money(vat);
    price->vat_bp = tariff->vat_bp;
    price->grace_after_payment_ms = tariff->grace_after_payment_ms;
    memcpy(price->name, tariff->name, sizeof price->name);
    memcpy(price->version, tariff->version, sizeof price->version);
    memcpy(price->digest, tariff->digest, sizeof price->digest);
    bill_write_lines(sweep, gifts, bill, price);
}

int tariff_price_stay(const struct tariff_set *set, const struct tariff_stay *stay,
                      struct tariff_price *ret_price)
{
    struct sweep sweep;
    struct bill_gifts gifts;
    int error = check_stay(stay);
    if (error) {
        return error;
    }
    const struct tariff *tariff = tariff_set_at(set, stay->entry);
    if (!tariff) {
        return DX_E_VERSION;
    }
    error = bill_take_gifts(tariff, stay, &gifts);
    if (!error) {
        error = sweep_start(&sweep, set, stay, gifts.time_ms);
    }
    if (!error) {
        error = sweep_to(&sweep, stay->exit.ms);
    }
    if (error) {
        return error;
    }
    struct bill bill = bill_now(&sweep, &gifts);
    write_price(&sweep, &gifts, &bill, ret_price);
    ret_price->next_change = stay->exit;
    ret_price->has_next_change =
        bill_next_change(&sweep, &gifts, bill.total_vnd, &ret_price->next_change.ms);
    return 0;
}

int tariff_price_due(const struct tariff_set *set, const struct tariff_stay *stay, wall_t paid_at,
                     money_t paid, struct tariff_price *ret_price, money_t *ret_due)
{
    struct tariff_stay priced = *stay;
    const struct tariff *tariff = tariff_set_at(set, stay->entry);
    int error = check_stay(stay);
    if (error) {
        return error;
    }
    if (!tariff) {
        return DX_E_VERSION;
    }
    if (paid_at.ms < stay->entry.ms) {
        return DX_E_INVAL;
    }
    if (paid_at.ms <= stay->exit.ms &&
        stay->exit.ms - paid_at.ms <= tariff->grace_after_payment_ms) {
        priced.exit = paid_at;
    }
    error = tariff_price_stay(set, &priced, ret_price);
    if (error) {
        return error;
    }
    int64_t due = ret_price->total.vnd - paid.vnd;
    *ret_due = money(due > 0 ? due : 0);
    return 0;
}

int tariff_price_pass(const struct tariff_set *set, const char *pass, enum vehicle vehicle,
                      wall_t at, int months, money_t *ret_total)
{
    const struct tariff *tariff = tariff_set_at(set, at);
    if (months < 1 || months > 24) {
        return DX_E_INVAL;
    }
    if (!tariff) {
        return DX_E_VERSION;
    }
    for (int i = 0; i < tariff->pass_count; i++) {
        const struct tariff_pass *p = &tariff->passes[i];
        if (str_eq(str_c(p->name), str_c(pass)) && p->vehicles & UINT32_C(1) << vehicle) {
            *ret_total = money(p->month_vnd * months);
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

static const struct {
    int error;
    const char *vi, *en;
} sentences[] = {
    {DX_E_INVAL,
     "Giờ ra trước giờ vào hoặc dữ liệu lượt gửi không hợp lệ; không thu phí, chuyển kiểm tra",
     "exit before entry, or the stay's data is not valid: no fee, for review"},
    {DX_E_RANGE, "Lượt gửi dài hơn 30 ngày; không thu phí, chuyển kiểm tra",
     "longer than 30 days: no fee, for review"},
    {DX_E_VERSION, "Không có biểu giá có hiệu lực vào thời điểm này",
     "no version of the tariff is in force at this time"},
    {DX_E_NOT_FOUND, "Biểu giá không có giá cho loại xe, vé tháng hoặc giảm giá này",
     "the tariff has no price for this vehicle, or no such pass or discount"},
};

static const char *sentence(int error, bool vi)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (sentences[i].error == error) {
            return vi ? sentences[i].vi : sentences[i].en;
        }
    }
    return dx_error_text(error);
}

const char *tariff_error_vi(int error)
{
    return sentence(error, true);
}

const char *tariff_error_en(int error)
{
    return sentence(error, false);
}
