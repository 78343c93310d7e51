/*
 * ledger_rules.h - the triggers that keep the ledger append-only, word for word.
 *
 * Made by the migration 0002; `doxe-server ledger verify` compares what the file
 * has with these.  Besides UPDATE and DELETE they refuse what would get around
 * them: a number out of turn, an id or a line that is there (INSERT OR REPLACE
 * deletes without a DELETE trigger), an entry of an older transaction.
 */
#ifndef DOXE_SERVER_LEDGER_RULES_H
#define DOXE_SERVER_LEDGER_RULES_H

#define LEDGER_REFUSES(name, when_and_table, condition)                      \
    {                                                                        \
        name, "CREATE TRIGGER " name " BEFORE " when_and_table " " condition \
              "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"  \
    }

static const struct ledger_trigger {
    const char *name, *sql;
} ledger_triggers[] = {
    LEDGER_REFUSES("ledger_tx_no_update", "UPDATE ON ledger_tx", ""),
    LEDGER_REFUSES("ledger_tx_no_delete", "DELETE ON ledger_tx", ""),
    LEDGER_REFUSES("ledger_tx_in_turn", "INSERT ON ledger_tx",
                   "WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM ledger_tx)"
                   " OR EXISTS (SELECT 1 FROM ledger_tx WHERE id = NEW.id) "),
    LEDGER_REFUSES("ledger_entry_no_update", "UPDATE ON ledger_entry", ""),
    LEDGER_REFUSES("ledger_entry_no_delete", "DELETE ON ledger_entry", ""),
    LEDGER_REFUSES(
        "ledger_entry_in_turn", "INSERT ON ledger_entry",
        "WHEN NEW.tx IS NOT (SELECT id FROM ledger_tx ORDER BY number DESC LIMIT 1)"
        " OR EXISTS (SELECT 1 FROM ledger_entry WHERE tx = NEW.tx AND line = NEW.line) "),
};

enum { LEDGER_TRIGGERS = (int)(sizeof ledger_triggers / sizeof ledger_triggers[0]) };

#endif
