#include "gate/io/lane_display.h"

void lane_display_lines(const struct lane_display *display, struct display_text *text)
{
    static const int usual[DISPLAY_LINES] = {0, 1, 2, 3};
    static const int few_pay[DISPLAY_LINES] = {1, 2, 0, 3};
    bool pay = display->kind == DISPLAY_PAY;
    const int *order = pay && text->lines < DISPLAY_LINES ? few_pay : usual;
    char space[DISPLAY_LINES][DISPLAY_LINE_CAP];
    struct str sentence[DISPLAY_LINES];
    for (int i = 0; i < DISPLAY_LINES; i++) {
        display_line(display, DISPLAY_VI, order[i], space[i], sizeof space[i]);
        sentence[i] = str_c(space[i]);
    }
    display_text_lay(text, sentence, DISPLAY_LINES);
}
