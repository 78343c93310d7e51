/*
 * journal_damage_test.c - a journal's files cut short or garbled at many places, and a full disk.
 *
 * What was told to the core as stored may have moved an arm.  So after any damage: the journal
 * opens, what it hands out is what was stored, byte for byte, and if anything is missing that the
 * server does not have, it says so and keeps the damaged file for people.
 *
 * DOXE_SWEEP_ALL=1 in the environment takes ten times as many places.
 */
#include "gate/io/journal.h"
#include "proto/io/msg_json.h"
#include "tests/harness/harness.h"

#include <dirent.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORDS = 40, ACKED = 5, PARTS = 3, FILE_CAP = 4 << 20 };

static const wall_t now = {INT64_C(1772416500000)};
static const char *const endings[PARTS] = {"", "-wal", ".last"};

/* The files as they were before the damage. */
struct image {
    size_t n[PARTS];
    bool there[PARTS];
    char bytes[PARTS][FILE_CAP];
};
static struct image image;
static char folder[160];
static char body[RECORDS + 1][2048];
static char id[RECORDS + 1][ULID_CAP];

static void path_of(const char *ending, char out[200])
{
    snprintf(out, 200, "%s/journal.db%s", folder, ending);
}

static struct gate_record make_record(int64_t generation, int64_t seq)
{
    struct gate_record record;
    memset(&record, 0, sizeof record);
    struct event *e = &record.event;
    uint8_t random[ULID_RANDOM_SIZE] = {(uint8_t)seq, (uint8_t)(seq >> 8), 7};
    e->type = EVENT_ARRIVED;
    e->generation = generation;
    e->seq = seq;
    e->boot = 1;
    e->lane = 1;
    e->mono.ms = 1000 + seq;
    e->wall.ms = now.ms + seq * 1000;
    e->clock = CLOCK_SYNCED;
    ulid_make(e->id, e->wall, random);
    random[9] = 1;
    ulid_make(e->session, e->wall, random);
    str_copy_cut(e->gate, sizeof e->gate, STR("g1"));
    e->subject = (struct subject){.kind = SUBJECT_PLATE,
                                  .source = SOURCE_CAMERA,
                                  .vehicle = VEHICLE_CAR,
                                  .raw = "30F-123.45",
                                  .confidence = 960};
    snprintf(e->subject.key, sizeof e->subject.key, "30F%05d", (int)seq);
    record.context.kind = VISIT_ENTRY;
    record.context.subject = e->subject;
    memcpy(record.context.session, e->session, sizeof e->session);
    record.change = INSIDE_ADD;
    record.inside = (struct inside_entry){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR};
    memcpy(record.inside.key, e->subject.key, sizeof record.inside.key);
    memcpy(record.inside.session, e->session, sizeof e->session);
    return record;
}

static int append(struct journal_db *journal, int64_t generation, int64_t seq, int64_t number)
{
    struct gate_record record = make_record(generation, number);
    record.event.seq = seq;
    const struct gate_record *records[] = {&record};
    return journal_db_append(journal, records, 1);
}

static void write_body(const struct event *event, char *out, size_t cap)
{
    struct out text;
    out_init(&text, out, cap);
    event_write(&text, event);
    assert_false(out_failed(&text));
}

static void clear_folder(void)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[500];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            remove(path);
        }
    }
    closedir(dir);
}

static void load_image(void)
{
    for (int i = 0; i < PARTS; i++) {
        char path[200];
        path_of(endings[i], path);
        FILE *file = fopen(path, "rb");
        image.there[i] = file != NULL;
        image.n[i] = file ? fread(image.bytes[i], 1, FILE_CAP, file) : 0;
        if (file) {
            fclose(file);
        }
    }
}

static void save_part(int i, const char *bytes, size_t n)
{
    char path[200];
    path_of(endings[i], path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

/* A journal with RECORDS events of which ACKED are acknowledged; as kill -9 leaves it, or closed.
 */
static void make_image(bool closed)
{
    char path[200];
    struct journal_db *journal;
    struct journal_state state;
    if (!folder[0]) {
        char *dir = harness_temp_dir();
        snprintf(folder, sizeof folder, "%s", dir);
        free(dir);
    }
    clear_folder();
    path_of("", path);
    ok(journal_db_open(path, now, &journal, &state));
    for (int seq = 1; seq <= RECORDS; seq++) {
        struct gate_record record = make_record(state.generation, seq);
        ok(append(journal, state.generation, seq, seq));
        write_body(&record.event, body[seq], sizeof body[seq]);
        memcpy(id[seq], record.event.id, ULID_CAP);
        if (seq == ACKED) {
            journal_db_acked(journal, ACKED);
        }
    }
    if (closed) {
        journal_db_close(journal);
    }
    load_image();
    if (!closed) {
        journal_db_close(journal);
    }
}

struct seen {
    int count;
    bool has[RECORDS + 1];
    int changed;
};

/* Known by its id; numbers and generation may be new, the rest is as it was. */
static int take(void *context, int64_t seq, struct str text)
{
    struct seen *seen = context;
    struct event event;
    const char *why = "";
    char again[2048];
    (void)seq;
    seen->count++;
    if (event_read(text, &event, &why) != 0) {
        seen->changed++;
        return 0;
    }
    for (int i = 1; i <= RECORDS; i++) {
        if (strcmp(id[i], event.id) == 0) {
            seen->has[i] = true;
            event.generation = now.ms / 1000;
            event.seq = i;
            write_body(&event, again, sizeof again);
            seen->changed += strcmp(again, body[i]) != 0;
            return 0;
        }
    }
    seen->changed++;
    return 0;
}

static int count_aside(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *found = strstr(entry->d_name, ".damaged-");
        count += found && !strpbrk(found + 9, "-.");
    }
    closedir(dir);
    return count;
}

static int kept_total, opened_total, told_total;

/* Opens what lies there now; every promise of this file's head. */
static void check_damaged(const char *what, int part, size_t at)
{
    char path[200];
    struct journal_db *journal;
    struct journal_state state;
    struct seen seen = {0};
    path_of("", path);
    int error = journal_db_open(path, wall_add(now, 60000), &journal, &state);
    if (error) {
        fail_msg("%s of %s at %zu: it does not open: %s", what, endings[part], at,
                 dx_error_name(error));
    }
    if (state.last > state.acked) {
        ok(journal_db_rows(journal, state.acked + 1, state.last, &seen, take));
    }
    int missing = 0;
    for (int i = ACKED + 1; i <= RECORDS; i++) {
        missing += !seen.has[i];
    }
    bool told = state.trouble == GATE_TROUBLE_DAMAGED;
    bool gone = strcmp(what, "loss") == 0;
    if (seen.changed > 0 || (missing > 0 && (!told || count_aside() != !gone))) {
        fail_msg("%s of '%s' at %zu: %d missing, %d changed, told: %d, kept aside: %d", what,
                 endings[part], at, missing, seen.changed, told, count_aside());
    }
    opened_total++;
    kept_total += RECORDS - ACKED - missing;
    told_total += told;
    ok(append(journal, state.generation, state.last + 1, RECORDS + 1));
    journal_db_close(journal);
    ok(journal_db_open(path, wall_add(now, 120000), &journal, &state));
    assert_int_equal(state.trouble, GATE_TROUBLE_NONE); /* said once */
    journal_db_close(journal);
}

static void put_image_but(int but)
{
    clear_folder();
    for (int i = 0; i < PARTS; i++) {
        if (i != but && image.there[i]) {
            save_part(i, image.bytes[i], image.n[i]);
        }
    }
}

static void sweep(int part, int places)
{
    static char bytes[FILE_CAP];
    size_t n = image.n[part];
    places *= getenv("DOXE_SWEEP_ALL") ? 10 : 1;
    for (int i = 0; i <= places; i++) {
        size_t at = n * (size_t)i / (size_t)places;
        at = at > 7 && i % 2 ? at - 7 : at;
        put_image_but(part);
        save_part(part, image.bytes[part], at);
        check_damaged("cut", part, at);
        size_t from = at < n ? at : 0;
        size_t count = i % 3 == 0 ? 1 : i % 3 == 1 ? 40 : 4096;
        memcpy(bytes, image.bytes[part], n);
        for (size_t k = from; k < from + count && k < n; k++) {
            bytes[k] = i % 3 == 2 ? 0 : (char)(bytes[k] ^ 0x11);
        }
        put_image_but(part);
        save_part(part, bytes, n);
        check_damaged("garbage", part, from);
    }
}

static void report(const char *what)
{
    print_message("%s: %d damaged journals opened, %d of them said so; %d %% of what the server did"
                  " not have was kept\n",
                  what, opened_total, told_total,
                  opened_total ? kept_total * 100 / (opened_total * (RECORDS - ACKED)) : 0);
    kept_total = opened_total = told_total = 0;
}

static void test_journal_damage__a_closed_file_cut_or_garbled_anywhere_is_told(void **state)
{
    (void)state;
    make_image(true);
    sweep(0, 60);
    report("closed");
}

static void test_journal_damage__a_write_ahead_log_cut_or_garbled_anywhere_is_told(void **state)
{
    (void)state;
    make_image(false);
    assert_true(image.n[1] > 100000);
    sweep(1, 60);
    report("write-ahead log");
}

static void
test_journal_damage__a_file_that_is_gone_is_told_and_its_note_may_be_nonsense(void **state)
{
    (void)state;
    make_image(true);
    put_image_but(0);
    check_damaged("loss", 0, 0);
    report("file gone");
    for (size_t cut = 0; cut < 16; cut++) { /* the note alone: nothing is missing */
        char path[200];
        struct journal_db *journal;
        struct journal_state opened;
        put_image_but(2);
        save_part(2, "99999999999999999999999999999999", cut);
        path_of("", path);
        ok(journal_db_open(path, now, &journal, &opened));
        assert_int_equal(opened.trouble, GATE_TROUBLE_NONE);
        assert_int_equal(opened.last, RECORDS);
        journal_db_close(journal);
    }
}

/* A disk of its own, so small that it is full; a test without the right to mount is told so. */
static void test_journal_damage__a_full_disk_refuses_and_goes_on_with_nothing_lost(void **state)
{
    (void)state;
    char path[200];
    char filler[200];
    static char zeros[65536];
    struct journal_db *journal;
    struct journal_state opened;
    struct seen seen = {0};
    char *dir = harness_temp_dir();
    if (mount("doxe-test", dir, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") != 0) {
        free(dir);
        print_message("SKIPPED: no right to mount a small disk; the limit of a file's size is"
                      " tested by test_gate_shell__full_disk_moves_nothing_and_loses_nothing\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/journal.db", dir);
    snprintf(filler, sizeof filler, "%s/filler", dir);
    ok(journal_db_open(path, now, &journal, &opened));
    int64_t seq = 0;
    FILE *file = fopen(filler, "wb");
    setvbuf(file, NULL, _IONBF, 0);
    while (fwrite(zeros, 1, sizeof zeros, file) == sizeof zeros) {
    }
    fclose(file);
    int error = 0;
    for (int i = 0; i < 200 && !error; i++) { /* what room is left in the log is used up */
        error = append(journal, opened.generation, seq + 1, seq + 1);
        seq += error == 0;
    }
    assert_int_equal(error, DX_E_FULL);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(append(journal, opened.generation, seq + 1, seq + 1), DX_E_FULL);
    }
    ok(unlink(filler)); /* somebody makes room */
    for (int i = 0; i < 10; i++) {
        ok(append(journal, opened.generation, seq + 1, seq + 1));
        seq++;
    }
    ok(journal_db_rows(journal, 1, seq, &seen, take));
    assert_int_equal(seen.count, seq);
    journal_db_close(journal);
    ok(journal_db_open(path, now, &journal, &opened));
    assert_int_equal(opened.last, seq);
    assert_int_equal(opened.trouble, GATE_TROUBLE_NONE);
    journal_db_close(journal);
    ok(umount(dir));
    free(dir);
}

TESTS(T(test_journal_damage__a_closed_file_cut_or_garbled_anywhere_is_told),
      T(test_journal_damage__a_write_ahead_log_cut_or_garbled_anywhere_is_told),
      T(test_journal_damage__a_file_that_is_gone_is_told_and_its_note_may_be_nonsense),
      T(test_journal_damage__a_full_disk_refuses_and_goes_on_with_nothing_lost))
