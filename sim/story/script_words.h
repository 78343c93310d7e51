/*
 * script_words.h - the language of stories: every clause, word for word, and what it means.
 *
 * This table is the parser's grammar, the reference page's table and the list of a
 * fuzzer's words: there is no other description that could drift from it.
 *
 * A pattern is words and places, separated by blanks.  A place in braces takes one word:
 *   {plate}  30F-123.45 or "29-B1 123.45"    {class}  car, motorbike, bicycle
 *   {lane}   1 to 16                          {other}  another lane
 *   {money}  đồng: 25000, 25.000, 25k         {count}  0 to 100000
 *   {time}   90s, 500ms, 2h30m, 1d            {share}  0 to 100 %
 *   {word}   one word                         {text}   "words in quotes", or one word
 *   {words}  all words that are left
 * With a question mark ({plate?}) it may be missing.  a|b|c is a choice.  What stands in
 * square brackets may follow in any order, each at most once.
 *
 * Columns: name, pattern, sentence.
 */
#ifndef DOXE_SIM_STORY_SCRIPT_WORDS_H
#define DOXE_SIM_STORY_SCRIPT_WORDS_H

/* Before anything happens: what the lot is like.  Lane 1 is an entry and lane 2 an exit. */
#define STORY_SETTINGS(X)                                                                     \
    X(LANE_IS, "lane {lane} is entry|exit|reversible", "another lane, or another direction")  \
    X(LANE_HAS, "lane {lane} has {word}", "one more input or output, by its role's word")     \
    X(LANE_SET, "lane {lane} sets {word} {time}", "one of the lane's times")                  \
    X(LANE_PASSBACK, "lane {lane} passback off|soft|hard|timed", "who is inside comes again") \
    X(LANE_PAIR, "lane {lane} stands behind lane {other}", "the second arm of an interlock")  \
    X(LANE_FIRE, "lane {lane} has its own fire input", "only that one raises it")             \
    X(OFFLINE, "offline wait|confirm|open [up to {money}]", "an exit without the server")     \
    X(ARM_TIME, "arms take {time}", "from end to end; 2 s")

#define STORY_PEOPLE(X)                                                                        \
    X(ARRIVE,                                                                                  \
      "arrive {plate} {class} lane {lane} [unreadable] [reads {text}] [sure {share}] "         \
      "[and waits] [right behind]",                                                            \
      "drives onto the arming loop; the camera takes a picture; drives on when the arm is up") \
    X(LEAVE,                                                                                   \
      "leave {plate?} lane {lane} [unreadable] [reads {text}] [sure {share}] [and waits] "     \
      "[right behind]",                                                                        \
      "the same at an exit; without a plate it is who came in last and is still there")        \
    X(DRIVE_ON, "drive on lane {lane} [and stops]", "who waits goes; or stops under the arm")  \
    X(ROLL_BACK, "roll back lane {lane}", "from under the arm back onto the arming loop")      \
    X(BACK_OUT, "back out lane {lane}", "off the arming loop, the way it came")                \
    X(WRONG_WAY, "drive the wrong way lane {lane} [and stays]", "under the arm from behind")   \
    X(TRAILER, "a trailer follows lane {lane}", "under the arm again, soon after")             \
    X(CAMERA, "the camera sees {text} {class} lane {lane} [sure {share}] [picture {word}]",    \
      "one more reading; the same picture is the same event of the camera")                    \
    X(CARD, "show card {word} lane {lane}", "a citizen card; its last four digits")            \
    X(TICKET, "show ticket {word} lane {lane}", "a slip of the lot")                           \
    X(NO_CODE, "show something else lane {lane}", "a code that is none")                       \
    X(INPUT, "input {word} lane {lane} on|off",                                                \
      "an input by its role's word: button, door, fire, …")                                    \
    X(FIRE, "fire starts|ends [lane {lane}]", "the fire input; of lane 1")                     \
    X(ARM, "the arm of lane {lane} jams|moves|rises|falls", "stuck; free again; by itself")    \
    X(PAY,                                                                                     \
      "pay {money?} [for {plate}] [without the code] [to another account] [twice] "            \
      "[told after {time}] [told twice] [never told]",                                         \
      "at a bank, with the code that was shown; without an amount: what is due")               \
    X(TELL, "the bank tells it again [as {money}]", "the last notice once more")               \
    X(BANK_BACK, "the bank takes back {money}", "the last transfer of that amount")            \
    X(WAIT, "wait {time}", "nothing happens")

#define STORY_STAFF(X)                                                                            \
    X(HAND_OPEN, "attendant opens lane {lane} [because {text}] [too late]", "by hand")            \
    X(NAME_IT, "attendant types {plate} {class} lane {lane}", "who stands there")                 \
    X(CASH, "attendant takes {money} lane {lane}", "cash, with a receipt")                        \
    X(DEBT, "attendant lets go lane {lane} [because {text}]", "the fee is owed")                  \
    X(FORGIVE, "attendant forgives lane {lane} [for {plate}]", "who is held for being inside")    \
    X(OUT_OF_SERVICE, "attendant closes|reopens lane {lane}", "out of service, and back")         \
    X(MODE, "attendant sets lane {lane} held_open|held_closed|automatic", "the mode of the lane") \
    X(TURN, "attendant turns lane {lane} to entry|exit", "a reversible lane")                     \
    X(DECLARE, "attendant says lane {lane} came in {time} ago", "an entry that nobody recorded")

#define STORY_FAULTS(X)                                                              \
    X(LINE, "line cut|restored", "between the gate and the broker")                  \
    X(TWICE, "messages once|twice", "how often the broker delivers each, both ways") \
    X(GATE, "gate dies|starts|restarts", "as by kill -9; what is durable is left")   \
    X(SERVER, "server dies|starts|restarts", "the same")                             \
    X(GATE_DISK, "gate disk fails|works", "the journal")                             \
    X(SERVER_DISK, "server disk fails|works", "the database")                        \
    X(MODULE, "module of lane {lane} silent|answers", "the line to its devices")     \
    X(CLOCK, "gate clock unknown|set", "not set since power came back, or set")

#define STORY_EXPECTS(X)                                                                           \
    X(E_OPEN, "open [lane {lane}]", "the arm is up, or on its way up")                             \
    X(E_UP, "up [lane {lane}]", "the arm is all the way up")                                       \
    X(E_DOWN, "down [lane {lane}]", "the arm is all the way down")                                 \
    X(E_SHOWN, "shown {money} [lane {lane}]", "the display asks for so much")                      \
    X(E_DISPLAY, "display {word} [lane {lane}]", "what the display says, by its word")             \
    X(E_LANE, "lane {lane} {word}", "the lane's state, by its word")                               \
    X(E_HELD, "held {word} [lane {lane}]", "a person is needed, and why")                          \
    X(E_MODE, "mode {word} [lane {lane}]", "automatic, held_open, held_closed, closed, …")         \
    X(E_DIRECTION, "direction entry|exit lane {lane}", "of a reversible lane")                     \
    X(E_OUTPUT, "output {word} on|off lane {lane}", "as ordered last")                             \
    X(E_SESSION, "session {plate?} {word} [paid] [unpaid] [inferred] [permit {word}]",             \
      "the server's state of the stay; paid: nothing is due")                                      \
    X(E_PAID, "paid {money} [for {plate}]", "the server has applied so much to the stay")          \
    X(E_FEE, "fee {money} [for {plate}]", "what the stay costs at the server")                     \
    X(E_SESSIONS, "{count} sessions [{word}]", "at the server; in that state")                     \
    X(E_INSIDE, "{count} inside [at the gate]", "open stays at the server; or as the gate counts") \
    X(E_CREDITS, "{count} credits [{word}]", "transfers in the books; with that verdict")          \
    X(E_LEDGER, "ledger balanced", "every transaction sums to zero, and the chain is whole")       \
    X(E_REFUND, "refund due {money}", "what is owed back to drivers")                              \
    X(E_REVIEW, "review {word}", "an open one of that kind waits for a person")                    \
    X(E_ALARM, "alarm {word}", "raised, by its code, at the server")                               \
    X(E_QUARANTINE, "{count} set aside", "messages in quarantine")                                 \
    X(E_JOURNAL, "journal {words}", "the gate's durable records, all but boot and alarm")          \
    X(E_SETTLED, "all told", "the server has every record, nothing waits to be said")

/* How every expectation may end. */
#define STORY_PATIENCE " [within {time}] [for {time}] [now]"

#define STORY_WORDS(X) \
    STORY_SETTINGS(X) STORY_PEOPLE(X) STORY_STAFF(X) STORY_FAULTS(X) STORY_EXPECTS(X)

#endif
