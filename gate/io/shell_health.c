#include "gate/io/shell_health.h"

#include "gate/io/shell_inside.h"
#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

void health_board_init(struct health_board *board)
{
    memset(board, 0, sizeof *board);
    must(pthread_mutex_init(&board->lock, NULL) == 0);
}

void health_board_fini(struct health_board *board)
{
    pthread_mutex_destroy(&board->lock);
}

static struct health_board_row *find_row(struct health_board *board, const struct health_word *word)
{
    for (int i = 0; i < board->row_count; i++) {
        struct health_board_row *row = &board->row[i];
        if (strcmp(row->word.device, word->device) == 0 &&
            strcmp(row->word.code, word->code) == 0) {
            return row;
        }
    }
    return NULL;
}

enum health_news health_board_say(struct health_board *board, const struct health_word *word,
                                  int64_t value, wall_t now)
{
    bool news = false;
    bool first = false;
    pthread_mutex_lock(&board->lock);
    struct health_board_row *row = find_row(board, word);
    if (!row && board->row_count < HEALTH_FAULTS_MAX) {
        row = &board->row[board->row_count++];
        *row = (struct health_board_row){.word = *word};
        news = first = true;
    }
    if (row) {
        news = news || row->word.there != word->there;
        if (row->word.there && !word->there && !row->kept) {
            row->brief = true;
            row->brief_since = row->since;
        }
        row->word.there = word->there;
        row->value = value;
        row->since = news ? now : row->since;
    }
    pthread_mutex_unlock(&board->lock);
    return !news ? HEALTH_OLD : first && !word->there ? HEALTH_NEW_QUIET : HEALTH_NEW;
}

void health_board_count(struct health_board *board, const char *device,
                        const struct health_counts *more)
{
    int i = 0;
    pthread_mutex_lock(&board->lock);
    while (i < board->device_count && strcmp(board->device[i].name, device) != 0) {
        i++;
    }
    if (i == board->device_count && i < HEALTH_FAULTS_MAX) {
        board->device[board->device_count++] = (struct health_board_device){.name = ""};
        str_copy_cut(board->device[i].name, sizeof board->device[i].name, str_c(device));
    }
    if (i < board->device_count) {
        struct health_counts *counts = &board->device[i].more;
        counts->timeouts += more->timeouts;
        counts->checks += more->checks;
        counts->refusals += more->refusals;
        if (more->last_good.ms > counts->last_good.ms) {
            counts->last_good = more->last_good;
        }
    }
    pthread_mutex_unlock(&board->lock);
}

void shell_say_fault(struct shell *s, int lane, const char *device, const char *code, bool there,
                     int64_t value)
{
    struct shell_message m = {.kind = SHELL_HEALTH};
    struct health_word word = {.lane = lane, .there = there};
    str_copy_cut(word.device, sizeof word.device, str_c(device));
    str_copy_cut(word.code, sizeof word.code, str_c(code));
    enum health_news news = health_board_say(&s->board, &word, value, clock_wall());
    if (news == HEALTH_OLD) {
        return;
    }
    log_line(news == HEALTH_NEW_QUIET ? LOG_LEVEL_DEBUG
             : there                  ? LOG_LEVEL_WARN
                                      : LOG_LEVEL_INFO,
             there ? "fault.raised" : "fault.cleared", "device=%s fault=%s value=%lld", device,
             code, (long long)value);
    (void)!mailbox_post(s->box, &m); /* full: the loop is awake, and looks by itself */
}

void shell_say_device(struct shell *s, int lane, const char *what, int number, const char *code,
                      bool there)
{
    char device[HEALTH_DEVICE_CAP];
    snprintf(device, sizeof device, "%s %d", what, number);
    shell_say_fault(s, lane, device, code, there, 0);
}

/* Refused while it answers otherwise: the map asks for an address that is not there. */
void shell_take_unit(struct shell *s, const char *bus, const struct bus_report *report)
{
    char device[HEALTH_DEVICE_CAP];
    struct health_counts more = {report->timeouts, report->checks, report->refusals, {0}};
    snprintf(device, sizeof device, "%s unit %d", bus, report->unit);
    if (report->good) {
        more.last_good = clock_wall();
    }
    health_board_count(&s->board, device, &more);
    shell_say_fault(s, 0, device, "module.silent", !report->ok && report->refusals == 0, 0);
    shell_say_fault(s, 0, device, "module.refuses", report->refusals > 0, report->refusals);
}

void shell_say_module(struct shell *s, const char *bus, const struct bus_report *report)
{
    char device[HEALTH_DEVICE_CAP];
    snprintf(device, sizeof device, "%s unit %d", bus, report->unit);
    shell_say_fault(s, 0, device, "module.wrong", !report->ok, 0);
}

/* The next row that the core, or the history, was not told; false: none. */
static bool next_row(struct health_board *board, bool history, struct health_board_row *ret_row)
{
    bool found = false;
    pthread_mutex_lock(&board->lock);
    for (int i = 0; i < board->row_count && !found; i++) {
        struct health_board_row *row = &board->row[i];
        bool *known = history ? &row->known_kept : &row->known_told;
        bool *last = history ? &row->kept : &row->told;
        if (!*known || *last != row->word.there || (history && row->brief)) {
            *known = true;
            *last = row->word.there;
            *ret_row = *row;
            row->brief = row->brief && !history;
            found = true;
        }
    }
    pthread_mutex_unlock(&board->lock);
    return found;
}

void shell_look_at_health(struct shell *s)
{
    struct health_board_row row;
    while (next_row(&s->board, false, &row)) {
        memset(&s->event, 0, sizeof s->event);
        s->event.device = row.word;
        shell_step(s, GATE_EV_DEVICE);
    }
}

static int keep_counts(struct shell *s, struct db *db)
{
    struct health_board *board = &s->board;
    int error = 0;
    for (int i = 0; i < board->device_count && !error; i++) {
        pthread_mutex_lock(&board->lock);
        struct health_board_device device = board->device[i];
        memset(&board->device[i].more, 0, sizeof board->device[i].more);
        pthread_mutex_unlock(&board->lock);
        const struct health_counts *more = &device.more;
        if (more->timeouts || more->checks || more->refusals || more->last_good.ms) {
            error = health_db_count(db, device.name, more);
        }
    }
    return error;
}

static int keep_row(struct db *db, const struct health_board_row *row)
{
    struct health_word came = row->word;
    came.there = true;
    int error = row->brief ? health_db_fault(db, &came, row->value, row->brief_since) : 0;
    return error ? error : health_db_fault(db, &row->word, row->value, row->since);
}

/* One transaction.  What could not be written is missing in the history only: the alarm is not. */
void shell_keep_health(struct shell *s)
{
    struct db *db = journal_db_handle(s->journal);
    struct health_board_row row;
    bool begun = false;
    int error = 0;
    while (!error && next_row(&s->board, true, &row)) {
        error = begun ? 0 : db_begin(db);
        begun = begun || !error;
        error = error ? error : keep_row(db, &row);
    }
    mono_t now = clock_mono();
    if (!error && mono_reached(now, s->count_due)) {
        s->count_due = mono_add(now, SHELL_COUNT_MS);
        error = begun ? 0 : db_begin(db);
        begun = begun || !error;
        error = error ? error : keep_counts(s, db);
    }
    if (begun && !error) {
        error = db_commit(db);
    } else if (begun) {
        db_rollback(db);
    }
    if (error) {
        log_warn("health.not_kept", "error=%s", dx_error_name(error));
    }
}
