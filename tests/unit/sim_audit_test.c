/* The auditor must be able to convict: a town where all is right, and one wrong thing at a time. */
#include "sim/audit.h"
#include "tests/harness/harness.h"

enum { CAP = 64, T0 = 1000000 };

struct town {
    struct world world;
    struct visit visit[CAP];
    struct bank bank;
    struct transfer transfer[8];
    struct audit_session session[8];
    struct audit_input input;
    struct audit_report report;
};

static void park(struct town *town, int i, const char *plate, const char *key, const char *code,
                 int64_t fee, int64_t coded)
{
    struct visit *visit = &town->visit[i];
    snprintf(visit->person.plate, sizeof visit->person.plate, "%s", plate);
    snprintf(visit->person.key, sizeof visit->person.key, "%s", key);
    snprintf(visit->code, sizeof visit->code, "%s", code);
    visit->state = VISIT_LEFT;
    visit->entered.ms = T0 + i * 1000;
    visit->left.ms = T0 + 60000 + i * 1000;
    visit->fee_vnd = fee;
    visit->coded_vnd = coded;
    struct audit_session *session = &town->session[town->input.session_count++];
    *session = (struct audit_session){.entered_ms = visit->entered.ms + 120,
                                      .left_ms = visit->left.ms - 80,
                                      .fee_vnd = fee < 0 ? 0 : fee,
                                      .paid_vnd = coded < fee ? coded
                                                  : fee < 0   ? 0
                                                              : fee};
    snprintf(session->id, sizeof session->id, "S%d", i);
    snprintf(session->state, sizeof session->state, "left");
    snprintf(session->subject, sizeof session->subject, "plate");
    snprintf(session->key, sizeof session->key, "%s", key);
    snprintf(session->code, sizeof session->code, "%s", code[0] ? code : "DXUNSEEN1");
    town->bank.total_vnd += coded;
    town->bank.count += coded > 0;
}

/* A: exact; B: paid 5,000 too much; C: free; D: backed out, with a session that says so; E: a card.
 */
static struct town *good_town(void)
{
    struct town *town = calloc(1, sizeof *town);
    assert_non_null(town);
    town->world.visit = town->visit;
    town->world.visit_cap = CAP;
    town->bank.transfer = town->transfer;
    town->input = (struct audit_input){.world = &town->world,
                                       .bank = &town->bank,
                                       .session = town->session,
                                       .tolerance_ms = 3000,
                                       .from = {T0 - 1000}};
    park(town, 0, "30A-111.11", "30A11111", "DXAAAAAAA1", 10000, 10000);
    park(town, 1, "30B-222.22", "30B22222", "DXBBBBBBB2", 10000, 15000);
    park(town, 2, "29-AA 333.33", "29AA33333", "", -1, 0);
    park(town, 3, "30D-444.44", "30D44444", "", -1, 0);
    town->visit[3].state = VISIT_GONE;
    town->visit[3].entered.ms = town->visit[3].left.ms = 0;
    snprintf(town->session[3].state, sizeof town->session[3].state, "backed_out");
    park(town, 4, "29-EE 555.55", "29EE55555", "DXEEEEEEE5", 5000, 5000);
    town->visit[4].person.has_card = true;
    snprintf(town->session[4].subject, sizeof town->session[4].subject, "card");
    snprintf(town->session[4].key, sizeof town->session[4].key, "0123456789abcdef0123456789abcdef");
    town->input.before = (struct audit_totals){.credit_vnd = 700, .credits = 2, .quarantine = 1};
    town->input.after = (struct audit_totals){.credit_vnd = 700 + town->bank.total_vnd,
                                              .credits = 2 + town->bank.count,
                                              .quarantine = 1,
                                              .open_reviews = 1};
    return town;
}

static void expect(struct town *town, int disagreements, const char *says)
{
    audit_run(&town->input, &town->report);
    if (town->report.disagreements != disagreements) {
        for (int i = 0; i < town->report.lines; i++) {
            print_message("  said: %s\n", town->report.line[i]);
        }
    }
    assert_int_equal(town->report.disagreements, disagreements);
    if (says) {
        assert_non_null(strstr(town->report.line[0], says));
    }
    free(town);
}

static void test_sim_audit__a_right_town_agrees(void **state)
{
    (void)state;
    struct town *town = good_town();
    audit_run(&town->input, &town->report);
    assert_int_equal(town->report.matched, 4);
    assert_int_equal(town->report.free_visits, 1);
    assert_int_equal(town->report.fees_compared, 3);
    assert_true(town->report.fees_vnd == 25000 && town->report.paid_vnd == 25000);
    expect(town, 0, NULL);
}

static void test_sim_audit__a_session_that_is_still_inside(void **state)
{
    (void)state;
    struct town *town = good_town();
    snprintf(town->session[0].state, sizeof town->session[0].state, "inside");
    expect(town, 1, "30A-111.11: has left, the session is \"inside\"");
}

static void test_sim_audit__a_session_lost_invented_or_doubled(void **state)
{
    (void)state;
    struct town *town = good_town();
    town->session[0] = town->session[--town->input.session_count];
    expect(town, 1, "30A-111.11: was there and left, but there is no session");

    town = good_town();
    struct audit_session *extra = &town->session[town->input.session_count++];
    *extra = town->session[0];
    snprintf(extra->key, sizeof extra->key, "30Z99999");
    snprintf(extra->code, sizeof extra->code, "DXZZZZZZZ9");
    expect(town, 1, "no such vehicle");

    town = good_town();
    extra = &town->session[town->input.session_count++];
    *extra = town->session[0];
    snprintf(extra->code, sizeof extra->code, "DXZZZZZZZ9");
    expect(town, 1, "30A-111.11: one stay, but 2 sessions");
}

static void test_sim_audit__old_sessions_are_not_ours(void **state)
{
    (void)state;
    struct town *town = good_town();
    struct audit_session *extra = &town->session[town->input.session_count++];
    *extra = town->session[0];
    snprintf(extra->key, sizeof extra->key, "30Z99999");
    snprintf(extra->code, sizeof extra->code, "DXZZZZZZZ9");
    extra->entered_ms = T0 - 50000;
    extra->left_ms = T0 - 40000;
    expect(town, 0, NULL);
}

static void test_sim_audit__a_session_for_one_who_backed_out(void **state)
{
    (void)state;
    struct town *town = good_town();
    snprintf(town->session[3].state, sizeof town->session[3].state, "inside");
    expect(town, 1, "30D-444.44: backed out");
}

static void test_sim_audit__backing_out_while_no_gate_looks_is_nobodys_fault(void **state)
{
    (void)state;
    for (int missing = 0; missing < 3; missing++) {
        struct town *town = good_town();
        snprintf(town->session[3].state, sizeof town->session[3].state,
                 missing == 2 ? "left" : "inside");
        town->session[3].inferred = missing != 0; /* seen, it would be a lie */
        town->visit[3].arm_rose = missing != 1;   /* nobody drives through an arm that is down */
        expect(town, 1, "30D-444.44: backed out");
    }
    struct town *town = good_town();
    snprintf(town->session[3].state, sizeof town->session[3].state, "inside");
    town->session[3].inferred = true;
    town->visit[3].arm_rose = true;
    audit_run(&town->input, &town->report);
    assert_int_equal(town->report.unknowable, 1);
    expect(town, 0, NULL);
}

static void test_sim_audit__a_wrong_fee_a_wrong_sum_and_one_who_owes(void **state)
{
    (void)state;
    struct town *town = good_town();
    town->session[0].fee_vnd = 8000;
    expect(town, 1, "was shown a fee of 10000, the session has 8000");

    town = good_town();
    town->session[0].paid_vnd = 20000;
    expect(town, 1, "should count 10000, it has 20000");

    town = good_town();
    town->session[1].paid_vnd = 15000; /* what is too much is not paid for the stay */
    expect(town, 1, "30B-222.22");

    town = good_town();
    town->session[2].fee_vnd = 5000; /* was never asked for it */
    expect(town, 1, "29-AA 333.33: left owing: fee 5000, paid 0");
}

static void test_sim_audit__times_beyond_the_tolerance(void **state)
{
    (void)state;
    struct town *town = good_town();
    town->session[0].entered_ms += 4000;
    expect(town, 1, "30A-111.11: drove in");
    town = good_town();
    town->session[0].left_ms -= 4000;
    expect(town, 1, "30A-111.11: drove out");
}

static void test_sim_audit__sums_of_the_server(void **state)
{
    (void)state;
    struct town *town = good_town();
    town->input.after.credit_vnd -= 1;
    expect(town, 1, "the bank moved 30000, the server has credits of 29999");
    town = good_town();
    town->input.after.credits += 1;
    expect(town, 1, "the bank made 3 transfers, the server has 4 credits");
    town = good_town();
    town->input.after.trial_balance_vnd = -5;
    expect(town, 1, "trial balance is -5");
    town = good_town();
    town->input.after.uneven = 1;
    expect(town, 1, "do not sum to zero");
    town = good_town();
    town->input.after.waiting = 1;
    expect(town, 1, "1 messages are still not dealt with");
    town = good_town();
    town->input.after.quarantine = 3;
    expect(town, 1, "2 messages went to quarantine");
}

static void test_sim_audit__what_went_wrong_in_the_street_counts(void **state)
{
    (void)state;
    struct town *town = good_town();
    town->world.note[town->world.note_count++] =
        (struct world_note){.kind = WORLD_NOTE_HIT, .lane = 2, .visit = 1, .at = {T0}};
    expect(town, 1, "30B-222.22, lane 2");
    town = good_town();
    town->visit[1].state = VISIT_AT_EXIT;
    expect(town, 1, "30B-222.22: has not left, it is in state \"at_exit\"");
}

static void test_sim_audit__a_card_without_code_is_found_by_its_time(void **state)
{
    (void)state;
    struct town *town = good_town();
    town->visit[4].code[0] = '\0';
    expect(town, 0, NULL);
    town = good_town();
    town->visit[4].code[0] = '\0';
    town->session[4].entered_ms += 20000;
    expect(town, 2, "29-EE 555.55: was there and left, but there is no session");
}

TESTS(T(test_sim_audit__a_right_town_agrees), T(test_sim_audit__a_session_that_is_still_inside),
      T(test_sim_audit__a_session_lost_invented_or_doubled),
      T(test_sim_audit__old_sessions_are_not_ours),
      T(test_sim_audit__a_session_for_one_who_backed_out),
      T(test_sim_audit__backing_out_while_no_gate_looks_is_nobodys_fault),
      T(test_sim_audit__a_wrong_fee_a_wrong_sum_and_one_who_owes),
      T(test_sim_audit__times_beyond_the_tolerance), T(test_sim_audit__sums_of_the_server),
      T(test_sim_audit__what_went_wrong_in_the_street_counts),
      T(test_sim_audit__a_card_without_code_is_found_by_its_time))
