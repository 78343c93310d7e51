/*
 * The people and the bank of the street, held against the product's own readers: a
 * plate that no reader takes, or a notice that no verifier takes, would test nothing.
 */
#include "proto/identity.h"
#include "proto/io/json.h"
#include "proto/paycode.h"
#include "proto/plate.h"
#include "proto/signature.h"
#include "sim/bank.h"
#include "sim/people.h"
#include "tests/harness/harness.h"

static struct people new_people(uint64_t seed, int misbehave)
{
    struct prng root;
    struct people people;
    prng_init(&root, seed);
    people_init(&people, &root, 40, misbehave);
    return people;
}

static void test_sim_people__every_plate_is_a_plate_of_its_class(void **state)
{
    (void)state;
    struct people people = new_people(3, 100);
    int count[VEHICLE_COUNT] = {0};
    for (int i = 0; i < 3000; i++) {
        struct person person;
        struct plate painted;
        struct plate read;
        people_next(&people, &person);
        struct plate_hint hint = {.vehicle = person.vehicle};
        ok(plate_parse(str_c(person.plate), &hint, &painted, NULL));
        ok(plate_parse(str_c(person.key), &hint, &read, NULL));
        assert_string_equal(painted.canonical, person.key);
        assert_string_equal(read.canonical, person.key);
        assert_int_equal(painted.vehicle, person.vehicle);
        assert_int_equal(read.vehicle, person.vehicle);
        assert_int_not_equal(read.kind, PLATE_AMBIGUOUS);
        count[person.vehicle]++;
    }
    assert_in_range(count[VEHICLE_CAR], 1000, 1400); /* 40 percent */
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void test_sim_people__no_two_share_a_plate(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    struct people people = new_people(9, 0);
    char(*keys)[PERSON_KEY_CAP] = malloc(COUNT * sizeof *keys);
    assert_non_null(keys);
    for (int i = 0; i < COUNT; i++) {
        struct person person;
        people_next(&people, &person);
        memcpy(keys[i], person.key, sizeof keys[i]);
    }
    qsort(keys, COUNT, sizeof *keys, compare_keys);
    for (int i = 1; i < COUNT; i++) {
        assert_string_not_equal(keys[i - 1], keys[i]);
    }
    free(keys);
}

static void test_sim_people__every_card_is_a_card_without_a_warning(void **state)
{
    (void)state;
    struct people people = new_people(5, 0);
    wall_t now;
    int cards = 0;
    ok(time_parse_iso(STR("2026-11-23T08:00:00Z"), &now));
    for (int i = 0; i < 5000; i++) {
        struct person person;
        struct identity identity;
        people_next(&people, &person);
        char card[PERSON_CARD_CAP];
        person_card(&person, card);
        assert_int_equal(card[0] != '\0', person.has_card);
        if (!person.has_card) {
            continue;
        }
        cards++;
        ok(identity_read(str_c(card), STR("0123456789abcdef0123456789abcdef"), now, &identity));
        assert_int_equal(identity.warnings, 0);
        assert_int_equal(identity.faults, 0);
        assert_int_equal(strlen(identity.pseudonym), 32);
    }
    assert_true(cards > 50);
}

static void test_sim_people__all_habits_occur_in_their_shares(void **state)
{
    (void)state;
    static const int share[HABIT_COUNT] = {
#define X(name, per_mille, word, sentence) per_mille,
        HABITS(X) WILD_HABITS(X)
#undef X
    };
    struct people people = new_people(11, 1000);
    int count[HABIT_COUNT] = {0};
    for (int i = 0; i < 10000; i++) {
        struct person person;
        people_next(&people, &person);
        count[person.habit]++;
    }
    for (int i = 0; i < HABIT_TAILGATES; i++) {
        assert_in_range(count[i], share[i] * 9, share[i] * 11);
    }
    people = new_people(11, 0);
    people.wild = 1000;
    memset(count, 0, sizeof count);
    for (int i = 0; i < 10000; i++) {
        struct person person;
        people_next(&people, &person);
        count[person.habit]++;
    }
    for (int i = HABIT_TAILGATES; i < HABIT_COUNT; i++) {
        assert_in_range(count[i], share[i] * 8, share[i] * 12);
    }
    people = new_people(11, 0);
    for (int i = 0; i < 1000; i++) {
        struct person person;
        people_next(&people, &person);
        assert_true(person.habit == HABIT_PLAIN || person.habit == HABIT_EARLY);
    }
}

/* ---- the bank ---- */

struct branch {
    struct bank bank;
    struct transfer transfer[64];
};

static struct branch *new_branch(uint64_t seed, int speed)
{
    struct branch *branch = calloc(1, sizeof *branch);
    struct prng root;
    assert_non_null(branch);
    prng_init(&root, seed);
    bank_init(&branch->bank, &root, speed, 1000, branch->transfer, 64);
    return branch;
}

static const struct transfer *order(struct branch *branch, const char *words, const char *code)
{
    struct bank_order order = {.amount_vnd = 25000,
                               .account = "0123456789",
                               .words = words,
                               .code = code,
                               .payer = "NGUYEN MAU",
                               .payer_account = "0009998887"};
    int index = -1;
    ok(bank_order(&branch->bank, &order, (mono_t){5000}, (wall_t){1795485600123}, &index));
    return &branch->transfer[index];
}

static void test_sim_bank__the_code_survives_every_mangling(void **state)
{
    (void)state;
    int changed = 0;
    for (unsigned seed = 0; seed < 60; seed++) {
        struct branch *branch = new_branch(seed, 1);
        for (int i = 0; i < 64; i++) {
            uint8_t random[8];
            char code[PAYCODE_CAP];
            for (int k = 0; k < 8; k++) {
                random[k] = (uint8_t)(seed * 31 + (unsigned)(i * 7 + k * 13) + (unsigned)(i * k));
            }
            ok(paycode_make("DX", random, code));
            const struct transfer *transfer = order(branch, code, code);
            struct paycode_found found = paycode_find("DX", str_c(transfer->content));
            assert_int_equal(found.count, 1);
            assert_string_equal(found.code[0], code);
            changed += strcmp(transfer->content, code) != 0;
        }
        free(branch);
    }
    assert_true(changed > 60 * 64 / 2); /* it does mangle */
}

static void test_sim_bank__own_words_hold_no_code(void **state)
{
    (void)state;
    struct branch *branch = new_branch(2, 1);
    for (int i = 0; i < 64; i++) {
        const struct transfer *transfer = order(branch, "chuyen tien gui xe", "");
        assert_int_equal(paycode_find("DX", str_c(transfer->content)).count, 0);
        assert_false(transfer->coded);
        assert_string_equal(transfer->code, "");
    }
    struct bank_order more = {.amount_vnd = 1,
                              .account = "1",
                              .words = "x",
                              .code = "",
                              .payer = "",
                              .payer_account = ""};
    int index = 0;
    assert_int_equal(bank_order(&branch->bank, &more, (mono_t){0}, (wall_t){0}, &index), DX_E_FULL);
    free(branch);
}

static void test_sim_bank__the_notice_is_signed_as_the_verifier_wants_it(void **state)
{
    (void)state;
    struct branch *branch = new_branch(4, 1);
    const struct transfer *transfer = order(branch, "DX7K3M9Q2X", "DX7K3M9Q2X");
    char body[BANK_BODY_CAP];
    char signature[BANK_SIGNATURE_CAP];
    char timestamp[24];
    struct out out;
    struct jdoc *root;
    int64_t amount = 0;
    struct str text;
    out_init(&out, body, sizeof body);
    bank_write_body(transfer, &out);
    assert_false(out_failed(&out));
    bank_sign(STR("whsec_test_0001"), 1795485601, out_str(&out), signature);
    snprintf(timestamp, sizeof timestamp, "%d", 1795485601);
    wall_t now = {1795485650000};
    ok(signature_sepay_check(STR("whsec_test_0001"), str_c(timestamp), str_c(signature),
                             out_str(&out), now));
    body[out.n - 2] ^= 1;
    assert_int_equal(signature_sepay_check(STR("whsec_test_0001"), str_c(timestamp),
                                           str_c(signature), out_str(&out), now),
                     DX_E_CHECK);
    body[out.n - 2] ^= 1;
    ok(jdoc_read(out_str(&out), &root, NULL));
    ok(jdoc_get_i64(root, "transferAmount", &amount));
    assert_true(amount == 25000);
    ok(jdoc_get_str(root, "transactionDate", &text));
    wall_t booked;
    ok(time_parse_iso(text, &booked));
    assert_true(booked.ms == 1795485600000); /* Vietnam time, whole seconds */
    jdoc_release(root);
    free(branch);
}

static void test_sim_bank__the_published_vector_of_the_provider(void **state)
{
    (void)state;
    /* tests/vectors/webhooks.json, case sepay-hmac */
    static const char body[] =
        "{\"id\":92704,\"gateway\":\"Vietcombank\",\"transactionDate\":\"2026-11-23 08:15:02\","
        "\"accountNumber\":\"0123456789\",\"subAccount\":null,\"code\":\"HNP7K3M9Q2X\","
        "\"content\":\"CT DEN 632708 HNP7K3M9Q2X\",\"transferType\":\"in\",\"description\":\"\","
        "\"transferAmount\":25000,\"accumulated\":0,\"referenceCode\":\"FT26327000001\"}";
    char signature[BANK_SIGNATURE_CAP];
    bank_sign(STR("whsec_test_0001"), 1760000000, str_c(body), signature);
    assert_string_equal(signature,
                        "sha256=a682c449e370b76979bd0a87c2ca8f6a8b1b5530366d3527f005689f055a77da");
}

static void test_sim_bank__refused_notices_come_again_after_fibonacci_minutes(void **state)
{
    (void)state;
    static const int minutes[] = {1, 1, 2, 3, 5, 8, 13, 13, 13};
    struct branch *branch = new_branch(6, 1);
    const struct transfer *transfer = order(branch, "DX7K3M9Q2X", "DX7K3M9Q2X");
    int index = -1;
    mono_t now = bank_deadline(&branch->bank);
    assert_in_range(now.ms, 6500, 11000);
    assert_false(bank_take_due(&branch->bank, (mono_t){now.ms - 1}, &index));
    for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
        assert_true(bank_take_due(&branch->bank, now, &index));
        assert_false(bank_take_due(&branch->bank, now, &index)); /* it is under way */
        assert_false(bank_answered(&branch->bank, index, false, now));
        now = mono_add(now, (int64_t)minutes[i] * TIME_MINUTE_MS);
        assert_true(bank_deadline(&branch->bank).ms == now.ms);
    }
    assert_true(bank_take_due(&branch->bank, now, &index));
    assert_true(bank_answered(&branch->bank, index, true, now));
    assert_int_equal(transfer->state, TRANSFER_DONE);
    assert_int_equal(branch->bank.retries, 9);
    free(branch);
}

static void test_sim_bank__some_notices_come_twice_and_count_once(void **state)
{
    (void)state;
    int first = 0;
    int sent = 0;
    for (unsigned seed = 0; seed < 20; seed++) {
        struct branch *branch = new_branch(seed, 20);
        for (int i = 0; i < 64; i++) {
            order(branch, "DX7K3M9Q2X", "DX7K3M9Q2X");
        }
        assert_true(branch->bank.total_vnd == 64 * 25000);
        for (int guard = 0; branch->bank.open && guard < 10000; guard++) {
            mono_t now = bank_deadline(&branch->bank);
            int index = -1;
            while (bank_take_due(&branch->bank, now, &index)) {
                sent++;
                first += bank_answered(&branch->bank, index, true, now);
            }
        }
        assert_int_equal(branch->bank.open, 0);
        assert_true(bank_deadline(&branch->bank).ms == mono_never().ms);
        free(branch);
    }
    assert_int_equal(first, 20 * 64);
    assert_true(sent > first);
}

static void test_sim_bank__what_is_done_gives_its_place_away(void **state)
{
    (void)state;
    struct branch *branch = new_branch(2, 1);
    struct bank *bank = &branch->bank;
    bank->recycles = true;
    mono_t now = {5000};
    for (int i = 0; i < 1000; i++) {
        const struct transfer *transfer = order(branch, "DX7K3M9Q2X", "DX7K3M9Q2X");
        int64_t id = transfer->id;
        int index = -1;
        assert_int_equal(id, 1000 + i);
        assert_string_equal(transfer->paycode, "DX7K3M9Q2X");
        if (i % 10 == 0) {
            continue; /* word of it is still to come */
        }
        while (bank->open > 5 || bank_deadline(bank).ms < now.ms + 20000) {
            now = mono_add(now, 1000);
            while (bank_take_due(bank, now, &index)) {
                (void)bank_answered(bank, index, true, now);
            }
        }
    }
    assert_int_equal(bank->orders, 1000);
    assert_int_equal(bank->count, 64);
    assert_true(bank->total_vnd == 1000 * 25000);
    free(branch);
}

TESTS(T(test_sim_bank__what_is_done_gives_its_place_away),
      T(test_sim_people__every_plate_is_a_plate_of_its_class),
      T(test_sim_people__no_two_share_a_plate),
      T(test_sim_people__every_card_is_a_card_without_a_warning),
      T(test_sim_people__all_habits_occur_in_their_shares),
      T(test_sim_bank__the_code_survives_every_mangling), T(test_sim_bank__own_words_hold_no_code),
      T(test_sim_bank__the_notice_is_signed_as_the_verifier_wants_it),
      T(test_sim_bank__the_published_vector_of_the_provider),
      T(test_sim_bank__refused_notices_come_again_after_fibonacci_minutes),
      T(test_sim_bank__some_notices_come_twice_and_count_once))
