/* play_note.c - the chronicle: what people could have seen, without times, ids and latencies. */
#include "sim/store/memory_look.h"
#include "sim/story/play/play_parts.h"

#include <stdio.h>
#include <string.h>

/* Kept until the next clause: what happened at one lane stands together. */
static void line(struct play *play, int group, const char *who, const char *text)
{
    if (play->zero_ms == 0) {
        return; /* programs start and find each other: no part of the story */
    }
    if (play->line_count == PLAY_LINES) {
        play_note_flush(play);
    }
    struct play_line *kept = &play->line[play->line_count++];
    kept->group = group;
    char at[24] = "";
    if (group > 0) {
        snprintf(at, sizeof at, "lane %d", group);
    }
    snprintf(kept->text, sizeof kept->text, "      %-8s%-8s%s", at, who, text);
}

/* What the books say of each stay now, when it is something else than before. */
static void note_books(struct play *play)
{
    struct memory *memory = NULL;
    struct session s;
    if (memory_find(play->app.database, &memory)) {
        return;
    }
    for (int i = 0; i < play->stay_count; i++) {
        struct play_stay *stay = &play->stay[i];
        if (!memory_look_stay(memory, stay->session, &s) ||
            (stay->state == (int)s.state && stay->paid_vnd == s.paid_vnd)) {
            continue;
        }
        stay->state = (int)s.state;
        stay->paid_vnd = s.paid_vnd;
        out_fmt(play->out, "      %-8s%-8sS%d is %s, %lld of %lld paid\n", "", "books", i + 1,
                session_state_text(s.state), (long long)s.paid_vnd, (long long)s.fee_vnd);
    }
}

void play_note_flush(struct play *play)
{
    for (int group = 0; group <= STREET_LANES; group++) {
        for (int i = 0; i < play->line_count; i++) {
            if (play->line[i].group == group) {
                out_fmt(play->out, "%s\n", play->line[i].text);
            }
        }
    }
    play->line_count = 0;
    note_books(play);
}

/* ---- clauses ---- */

static void write_time(struct play *play, const struct story_clause *c)
{
    if (c->when != STORY_THEN) {
        out_add_c(play->out, c->when == STORY_AT ? "at " : "after ");
        story_time_write(play->out, c->when_ms);
        out_char(play->out, ' ');
    }
}

void play_note_clause(struct play *play, const struct story_clause *c)
{
    if (c->expect) {
        return; /* the chronicle says what happened; the script what should have */
    }
    play_note_flush(play);
    out_add_c(play->out, "* ");
    write_time(play, c);
    out_add(play->out, c->source);
    out_char(play->out, '\n');
}

/* ---- the gate ---- */

/* "S2": the second stay of this story; "-" none. */
static const char *stay_name(struct play *play, const char *session, const char *key, char out[8])
{
    int i = 0;
    if (!session[0]) {
        return "-";
    }
    while (i < play->stay_count && strcmp(play->stay[i].session, session) != 0) {
        i++;
    }
    if (i == play->stay_count && i < PLAY_STAYS) {
        struct play_stay *stay = &play->stay[play->stay_count++];
        memset(stay, 0, sizeof *stay);
        memcpy(stay->session, session, sizeof stay->session);
        str_copy_cut(stay->key, sizeof stay->key, str_c(key));
        stay->state = -1;
    }
    snprintf(out, 8, "S%d", i + 1);
    return out;
}

static void note_record(struct play *play, const struct event *event)
{
    char text[300];
    char stay[8];
    struct out out;
    if (event->type == EVENT_BOOT || event->seq <= play->seq) {
        play->seq = event->seq > play->seq ? event->seq : play->seq;
        return; /* a record that failed comes again */
    }
    play->seq = event->seq;
    if (event->type != EVENT_ALARM && play->record_count < PLAY_RECORDS) {
        play->record[play->record_count++] = event->type;
    }
    out_init(&out, text, sizeof text);
    out_fmt(&out, "%s", event_type_text(event->type));
    if (event->session[0]) {
        out_fmt(&out, " %s", stay_name(play, event->session, event->subject.key, stay));
    }
    if (event->subject.key[0] && event->type != EVENT_RELEASED &&
        event->subject.kind != SUBJECT_CARD) {
        out_fmt(&out, " %s", event->subject.key);
    }
    if (event->type == EVENT_HELD) {
        out_fmt(&out, " %s", hold_text(event->hold));
    } else if (event->type == EVENT_EXIT_PERMITTED) {
        out_fmt(&out, " %s", permit_text(event->permit));
    } else if (event->type == EVENT_ALARM) {
        out_fmt(&out, " %s %s", event->code, event->raised ? "raised" : "cleared");
    } else if (event->type == EVENT_LANE_MODE || event->type == EVENT_UNLOGGED) {
        out_fmt(&out, " %s", event->code);
    } else if (event->type == EVENT_COMMAND_DONE) {
        static const char *const outcomes[] = {"done", "late", "impossible"};
        out_fmt(&out, " %s", outcomes[event->outcome]);
    }
    if (event->amount_vnd) {
        out_fmt(&out, " %lld", (long long)event->amount_vnd);
    }
    out_fmt(&out, "%s%s", event->inferred ? " inferred" : "", event->offline ? " offline" : "");
    line(play, event->lane, "record", text);
}

static void note_display(struct play *play, int lane, const struct lane_display *d)
{
    char text[120];
    struct lane_display *last = &play->lane[lane].display;
    bool same = last->kind == d->kind && last->amount_vnd == d->amount_vnd && last->hold == d->hold;
    *last = *d;
    if (d->payload[0] && d->amount_vnd > 0) {
        play->lane[lane].bill = *d; /* in a driver's phone it outlives the display */
    }
    if (same) {
        return;
    }
    snprintf(text, sizeof text, "%s", display_kind_text(d->kind));
    if (d->kind == DISPLAY_PAY) {
        snprintf(text, sizeof text, "pay %lld", (long long)d->amount_vnd);
    } else if (d->kind == DISPLAY_HELP) {
        snprintf(text, sizeof text, d->amount_vnd ? "help %s %lld" : "help %s", hold_text(d->hold),
                 (long long)d->amount_vnd);
    }
    line(play, lane, "shows", text);
}

void play_note_step(struct play *play, const struct gate_effects *effects)
{
    for (int i = 0; i < effects->count; i++) {
        const struct gate_effect *effect = &effects->effect[i];
        if (effect->type == GATE_EFF_RECORD) {
            note_record(play, &effect->record.event);
        } else if (effect->type == GATE_EFF_DISPLAY && effect->lane >= 1 &&
                   effect->lane <= STREET_LANES) {
            note_display(play, effect->lane, &effect->display);
        }
    }
}

/* ---- the street ---- */

void play_note_street(struct play *play)
{
    for (int lane = 1; lane <= play->lanes; lane++) {
        bool open = street_is_open(&play->street, lane, run_now_ms(play->run));
        if (open != play->lane[lane].open) {
            play->lane[lane].open = open;
            line(play, lane, "arm", open ? "opens" : "closes");
        }
    }
}
