/* statement_head.c - which cell is which column: the header row of a statement. */
#include "server/bank/statement.h"

#include <stdarg.h>

void statement_mistake(struct statement *statement, int line, const char *format, ...)
{
    if (statement->mistake_count < STATEMENT_MISTAKES_MAX) {
        struct statement_mistake *mistake = &statement->mistake[statement->mistake_count];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(mistake->why, sizeof mistake->why, format, arguments);
        va_end(arguments);
        mistake->line = line;
    }
    statement->mistake_count++;
}

static bool is_word(const struct statement_words *words, struct str text)
{
    char folded[2 * STATEMENT_WORD_CAP];
    statement_fold(text, folded, sizeof folded);
    for (int i = 0; i < words->count && folded[0]; i++) {
        if (strcmp(folded, words->word[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* "Ngày GD / TNX Date": the whole cell, or a part of it between / ( ) | and line breaks. */
static bool is_name(const struct statement_words *words, struct str cell)
{
    if (is_word(words, cell)) {
        return true;
    }
    size_t begin = 0;
    for (size_t i = 0; i <= cell.n; i++) {
        bool cut = i == cell.n || strchr("/()|\n", cell.p[i]) != NULL;
        if (cut && is_word(words, str_slice(cell, begin, i))) {
            return true;
        }
        begin = cut ? i + 1 : begin;
    }
    return false;
}

bool statement_is_header(const struct statement_mapping *mapping, const struct csv_record *record,
                         struct statement_head *ret_head)
{
    struct statement_head head;
    bool taken[CSV_CELLS_MAX] = {false};
    for (int c = 0; c < STATEMENT_COLUMN_COUNT; c++) {
        head.cell[c] = -1;
        for (int i = 0; i < record->count && head.cell[c] < 0; i++) {
            if (!taken[i] && is_name(&mapping->column[c], record->cell[i])) {
                head.cell[c] = i;
                taken[i] = true;
            }
        }
    }
    bool good = head.cell[STATEMENT_DATE] >= 0 && head.cell[STATEMENT_CONTENT] >= 0 &&
                (head.cell[STATEMENT_CREDIT] >= 0 || head.cell[STATEMENT_AMOUNT] >= 0);
    if (good) {
        *ret_head = head;
    }
    return good;
}

int statement_count_names(const struct statement_mapping *mapping, const struct csv_record *record)
{
    int count = 0;
    for (int i = 0; i < record->count; i++) {
        bool name = false;
        for (int c = 0; c < STATEMENT_COLUMN_COUNT && !name; c++) {
            name = is_name(&mapping->column[c], record->cell[i]);
        }
        count += name;
    }
    return count;
}

bool statement_begins(const struct statement_words *words, struct str cell)
{
    char folded[2 * STATEMENT_WORD_CAP];
    statement_fold(cell, folded, sizeof folded);
    for (int i = 0; i < words->count && folded[0]; i++) {
        size_t n = strlen(words->word[i]);
        if (strncmp(folded, words->word[i], n) == 0 && (folded[n] == '\0' || folded[n] == ' ')) {
            return true;
        }
    }
    return false;
}
