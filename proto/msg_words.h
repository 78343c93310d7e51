/*
 * msg_words.h - the words of messages: each list stands in one table.
 *
 * A row is the enum's member, the word on the wire, and a sentence that says
 * what it means; schemas, documents and pages take the sentence from here.
 */
#ifndef DOXE_MSG_WORDS_H
#define DOXE_MSG_WORDS_H

#define CLOCK_QUALITIES(X)                                                        \
    X(UNKNOWN, "unknown", "never set since power-on; wall_ms may be decades off") \
    X(DRIFTING, "drifting", "was set, but the time service is not answering now") \
    X(SYNCED, "synced", "follows a time service")

#define SUBJECT_KINDS(X)                                                                     \
    X(NONE, "none", "nothing that names the vehicle yet")                                    \
    X(PLATE, "plate", "key is the canonical plate; matched together with the vehicle class") \
    X(CARD, "card",                                                                          \
      "key is the keyed pseudonym of a citizen card: no plate, or an unreadable one")        \
    X(TICKET, "ticket", "key is the code of a card or slip handed out at the entry: no plate")

#define SUBJECT_SOURCES(X)                                     \
    X(CAMERA, "camera", "a camera or recognition engine")      \
    X(SCANNER, "scanner", "a code held to the lane's scanner") \
    X(ATTENDANT, "attendant", "typed by a person")

#define HOLDS(X)                                                                                \
    X(UNREADABLE, "unreadable", "a vehicle stands on the loop and no plate could be read")      \
    X(AMBIGUOUS, "ambiguous", "the text fits more than one class of plate and nothing decides") \
    X(NO_ENTRY, "no_entry", "at the exit, and no open session matches")                         \
    X(DUPLICATE, "duplicate", "at the entry, and the same vehicle is inside already")           \
    X(REFUSED, "refused", "the server or a list says no")                                       \
    X(NO_ANSWER, "no_answer", "at the exit, and the server does not answer")                    \
    X(CONFIRM, "confirm", "at the exit without the server: a person must confirm the debt")

#define PERMITS(X)                                                       \
    X(ENTRY, "entry", "a recorded arrival at an entry lane")             \
    X(PAID, "paid", "the bank has confirmed what was due")               \
    X(FREE, "free", "nothing is due: free minutes, a free day")          \
    X(EXEMPT, "exempt", "a pass or an exemption covers the stay")        \
    X(MANUAL, "manual", "a person opened, with a reason")                \
    X(EMERGENCY, "emergency", "fire input or an order to clear the lot") \
    X(CASH, "cash", "an attendant took cash, with a receipt")            \
    X(DEBT, "debt", "let out owing: no server and the policy allows it, or a person confirmed")

#define QUOTE_STATES(X)                                                    \
    X(DUE, "due", "amount_vnd is to be paid; payload is the VietQR")       \
    X(PAID, "paid", "paid before; the barrier may open")                   \
    X(FREE, "free", "nothing is due")                                      \
    X(EXEMPT, "exempt", "a pass or an exemption covers the stay")          \
    X(UNKNOWN, "unknown", "no open session fits this vehicle in this lot") \
    X(REVIEW, "review", "a person must decide; the detail says why")

#define COMMAND_ACTIONS(X)                                                                        \
    X(OPEN, "open", "raise the barrier for the vehicle on the loop; reason and person recorded")  \
    X(SET_SUBJECT, "set_subject", "what a person read from the vehicle that the lane holds")      \
    X(CLOSE_LANE, "close_lane", "take the lane out of service, barrier down")                     \
    X(OPEN_LANE, "open_lane", "put the lane back into service")                                   \
    X(HOLD_OPEN, "hold_open", "arm up until told otherwise; vehicles are recorded as they pass")  \
    X(HOLD_CLOSED, "hold_closed",                                                                 \
      "arm down until told otherwise; vehicles wait, fire still raises")                          \
    X(AUTOMATIC, "automatic", "end of hold_open and hold_closed")                                 \
    X(DIRECTION_ENTRY, "direction_entry", "a reversible lane is an entry from now on")            \
    X(DIRECTION_EXIT, "direction_exit", "a reversible lane is an exit from now on")               \
    X(TAKE_CASH, "take_cash", "the attendant has amount_vnd in hand for the vehicle at the exit") \
    X(ALLOW_DEBT, "allow_debt", "let the vehicle at the exit out owing; a person answers for it") \
    X(FORGIVE_PASSBACK, "forgive_passback", "let in a vehicle that the books believe inside")

#define COMMAND_OUTCOMES(X)                               \
    X(DONE, "done", "carried out")                        \
    X(LATE, "late", "past its deadline; not carried out") \
    X(IMPOSSIBLE, "impossible", "the lane's state does not allow it; the detail says which")

#define EVENT_TYPES(X)                                                                             \
    X(BOOT, "boot", "the program has started; says what its journal holds")                        \
    X(ARRIVED, "arrived", "a vehicle was identified at an entry; recorded before the barrier")     \
    X(ENTERED, "entered", "the loops confirm that it came in: the stay begins")                    \
    X(BACKED_OUT, "backed_out", "it left the entry without passing: it never entered")             \
    X(EXIT_ASKED, "exit_asked", "a vehicle was identified at an exit; the server answers a quote") \
    X(EXIT_PERMITTED, "exit_permitted", "it may leave, and why; recorded before the barrier")      \
    X(LEFT, "left", "the loops confirm that it went out: the stay has ended")                      \
    X(BACKED_OFF, "backed_off", "it backed off the exit: it is still inside")                      \
    X(HELD, "held", "the lane waits for a person, and why")                                        \
    X(RELEASED, "released", "the lane waits no longer: solved, or the vehicle drove away")         \
    X(HAND_OPENED, "hand_opened", "a person opened the barrier, with a reason")                    \
    X(ALARM, "alarm", "something is wrong, or right again")                                        \
    X(COMMAND_DONE, "command_done", "what became of a command")                                    \
    X(AMENDED, "amended", "an open session's vehicle is named better: a later reading, a person")  \
    X(QUOTED, "quoted", "the gate priced an exit without the server")                              \
    X(ENTRY_DECLARED, "entry_declared", "no record of the entry: a person says when it came in")   \
    X(CASH_TAKEN, "cash_taken", "an attendant took cash for a session, with a receipt")            \
    X(SHIFT_OPENED, "shift_opened", "an attendant answers for the drawer from now on")             \
    X(SHIFT_CLOSED, "shift_closed", "the drawer was counted and handed over")                      \
    X(OCCUPANCY_CORRECTED, "occupancy_corrected", "a person counted the vehicles inside")          \
    X(ALARM_ACKED, "alarm_acked", "a person has seen the alarm")                                   \
    X(DESK_ACTION, "desk_action", "something done at the console that no other event tells")       \
    X(UNLOGGED, "unlogged", "a passage that no session accounts for, and how it came about")       \
    X(LANE_MODE, "lane_mode", "the lane's mode or direction is another one now")                   \
    X(CLOCK_SET, "clock_set", "the clock became known; what this boot recorded before can be dated")

#define DOWN_TYPES(X)                                                                  \
    X(ACK, "ack", "all events up to seq are committed: the journal's cursor may move") \
    X(GAP, "gap", "send again from `from`")                                            \
    X(QUOTE, "quote", "the answer to exit_asked")                                      \
    X(PAID, "paid", "the bank has confirmed what the lane's session owed")             \
    X(COMMAND, "command", "do something before a deadline")

enum clock_quality {
#define X(name, word, sentence) CLOCK_##name,
    CLOCK_QUALITIES(X)
#undef X
        CLOCK_COUNT
};
enum subject_kind {
#define X(name, word, sentence) SUBJECT_##name,
    SUBJECT_KINDS(X)
#undef X
        SUBJECT_KIND_COUNT
};
enum subject_source {
#define X(name, word, sentence) SOURCE_##name,
    SUBJECT_SOURCES(X)
#undef X
        SOURCE_COUNT
};
enum hold {
#define X(name, word, sentence) HOLD_##name,
    HOLDS(X)
#undef X
        HOLD_COUNT
};
enum permit {
#define X(name, word, sentence) PERMIT_##name,
    PERMITS(X)
#undef X
        PERMIT_COUNT
};
enum quote_state {
#define X(name, word, sentence) QUOTE_##name,
    QUOTE_STATES(X)
#undef X
        QUOTE_STATE_COUNT
};
enum command_action {
#define X(name, word, sentence) COMMAND_##name,
    COMMAND_ACTIONS(X)
#undef X
        COMMAND_ACTION_COUNT
};
enum command_outcome {
#define X(name, word, sentence) OUTCOME_##name,
    COMMAND_OUTCOMES(X)
#undef X
        OUTCOME_COUNT
};
enum event_type {
#define X(name, word, sentence) EVENT_##name,
    EVENT_TYPES(X)
#undef X
        EVENT_TYPE_COUNT
};
enum down_type {
#define X(name, word, sentence) DOWN_##name,
    DOWN_TYPES(X)
#undef X
        DOWN_TYPE_COUNT
};

#endif
