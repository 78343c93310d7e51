/*
 * The digest of a version: HMAC-SHA-256 with a public key, over every field in
 * the order of model.h.  The key only says what kind of thing is digested, so
 * that no other content of the system can have the same digest.  Numbers go in
 * as eight bytes, least significant first, texts with their length before
 * them; so padding and what stands behind a NUL do not matter, and the digest
 * is the same on every machine.
 */
#include "proto/tariff/tariff.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"

#include <string.h>

static void add(struct dx_hmac *h, int64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)((uint64_t)value >> (8 * i));
    }
    dx_hmac_sha256_update(h, (struct str){(const char *)bytes, sizeof bytes});
}

static void add_text(struct dx_hmac *h, const char *text, size_t cap)
{
    const char *end = memchr(text, '\0', cap);
    size_t n = end ? (size_t)(end - text) : cap;
    add(h, (int64_t)n);
    dx_hmac_sha256_update(h, (struct str){text, n});
}
#define ADD_TEXT(h, array) add_text((h), (array), sizeof(array))

static void add_label(struct dx_hmac *h, const struct tariff_label *label)
{
    ADD_TEXT(h, label->vi);
    ADD_TEXT(h, label->en);
}

static void add_hours(struct dx_hmac *h, struct tariff_hours hours)
{
    add(h, hours.from_min);
    add(h, hours.until_min);
}

static void add_head(struct dx_hmac *h, const struct tariff *t)
{
    ADD_TEXT(h, t->name);
    ADD_TEXT(h, t->version);
    add_label(h, &t->title);
    add(h, t->status);
    add(h, t->legal_count);
    for (int i = 0; i < t->legal_count; i++) {
        ADD_TEXT(h, t->legal[i]);
    }
    add(h, t->note_count);
    for (int i = 0; i < t->note_count; i++) {
        ADD_TEXT(h, t->notes[i]);
    }
    add(h, t->valid_from.ms);
    add(h, t->valid_until.ms);
    add(h, t->on_change);
    add(h, t->round_unit_vnd);
    add(h, t->round);
    add(h, t->vat_bp);
    add(h, t->vat_round);
    add(h, t->grace_after_payment_ms);
}

static void add_calendars(struct dx_hmac *h, const struct tariff *t)
{
    add(h, t->calendar_count);
    for (int i = 0; i < t->calendar_count; i++) {
        const struct tariff_calendar *c = &t->calendars[i];
        ADD_TEXT(h, c->name);
        add(h, c->kind);
        add(h, c->date_count);
        for (int j = 0; j < c->date_count; j++) {
            add(h, c->dates[j].from_day);
            add(h, c->dates[j].until_day);
        }
    }
}

static void add_terms(struct dx_hmac *h, const struct tariff_terms *terms)
{
    add(h, terms->vehicles);
    add_hours(h, terms->night);
    add(h, terms->mixed);
    add(h, terms->turn_window_ms);
    add(h, terms->majority_below_ms);
    add(h, terms->night_at_least_ms);
    add(h, terms->free_as);
    add(h, terms->free_ms);
    add(h, terms->minimum_vnd);
    add(h, terms->maximum_vnd);
    add(h, terms->lost);
    add(h, terms->lost_vnd);
    ADD_TEXT(h, terms->lost_legal);
    add(h, terms->cap_count);
    for (int i = 0; i < terms->cap_count; i++) {
        const struct tariff_cap *cap = &terms->caps[i];
        add(h, cap->per);
        add(h, cap->limit_vnd);
        add(h, cap->window_ms);
        add_hours(h, cap->hours);
    }
}

static void add_element(struct dx_hmac *h, const struct tariff_element *e)
{
    add_label(h, &e->label);
    add(h, e->when.vehicles);
    add(h, e->when.weekdays);
    add(h, e->when.on);
    add(h, e->when.not_on);
    add_hours(h, e->when.hours);
    add_hours(h, e->when.entered);
    add(h, e->when.stayed_from_ms);
    add(h, e->when.stayed_until_ms);
    add(h, e->free);
    add(h, e->has_turn);
    add(h, e->has_entry);
    add(h, e->has_night);
    add(h, e->day_vnd);
    add(h, e->night_turn_vnd);
    add(h, e->both_vnd);
    add(h, e->entry_vnd);
    add(h, e->night_vnd);
    add(h, e->tier_count);
    for (int i = 0; i < e->tier_count; i++) {
        add(h, e->tiers[i].until_ms);
        add(h, e->tiers[i].block_ms);
        add(h, e->tiers[i].price_vnd);
        add(h, e->tiers[i].count);
    }
}

static void add_passes(struct dx_hmac *h, const struct tariff *t)
{
    add(h, t->pass_count);
    for (int i = 0; i < t->pass_count; i++) {
        const struct tariff_pass *p = &t->passes[i];
        ADD_TEXT(h, p->name);
        add_label(h, &p->label);
        add(h, p->vehicles);
        add(h, p->month_vnd);
        add_hours(h, p->hours);
        add(h, p->weekdays);
    }
    add(h, t->discount_count);
    for (int i = 0; i < t->discount_count; i++) {
        const struct tariff_discount *d = &t->discounts[i];
        ADD_TEXT(h, d->name);
        add_label(h, &d->label);
        add(h, d->vehicles);
        add(h, d->kind);
        add(h, d->value);
    }
}

static void digest(const struct tariff *tariff, char out[TARIFF_DIGEST_CAP])
{
    struct dx_hmac h;
    uint8_t bytes[SHA256_SIZE];
    dx_hmac_sha256_init(&h, STR("doxe tariff 1"));
    add_head(&h, tariff);
    add_calendars(&h, tariff);
    add(&h, tariff->terms_count);
    for (int i = 0; i < tariff->terms_count; i++) {
        add_terms(&h, &tariff->terms[i]);
    }
    add(&h, tariff->element_count);
    for (int i = 0; i < tariff->element_count; i++) {
        add_element(&h, &tariff->elements[i]);
    }
    add_passes(&h, tariff);
    dx_hmac_sha256_final(&h, bytes);
    str_hex(out, bytes, sizeof bytes);
}

void tariff_seal(struct tariff *tariff)
{
    char text[TARIFF_DIGEST_CAP];
    digest(tariff, text);
    memcpy(tariff->digest, text, sizeof text);
}

bool tariff_is_sealed(const struct tariff *tariff)
{
    char text[TARIFF_DIGEST_CAP];
    digest(tariff, text);
    return memcmp(tariff->digest, text, sizeof text) == 0;
}
