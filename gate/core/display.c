#include "gate/core/display.h"

#include <string.h>

#define X(name, word, sentence) word,
static const char *const kind_words[] = {DISPLAYS(X)};
#undef X

/*
 * What drivers read.  Two lines for each state, Vietnamese and English; lines 2 and
 * 3 are made of the display's own values below.  A person is asked for with the
 * reason, so that the driver knows what to tell him.
 */
struct text {
    const char *vi[2], *en[2];
};

static const struct text ready_texts[2] = {
    {{"Kính chào quý khách", "Mời xe vào"}, {"Welcome", "Please drive up"}},
    {{"Lối ra", "Mời xe tiến lên"}, {"Exit", "Please drive up"}},
};

static const struct text go_texts[2] = {
    {{"Mời xe vào", ""}, {"Please drive in", ""}},
    {{"Mời xe ra", "Cảm ơn quý khách"}, {"Please drive out", "Thank you"}},
};

static const struct text kind_texts[DISPLAY_KIND_COUNT] = {
    [DISPLAY_READING] = {{"Đang đọc biển số", "Xin chờ"}, {"Reading the plate", "Please wait"}},
    [DISPLAY_WAIT] = {{"Đang xử lý", "Xin chờ"}, {"One moment", "Please wait"}},
    [DISPLAY_PAY] = {{"Quét QR để trả tiền", ""}, {"Scan the QR to pay", ""}},
    [DISPLAY_NOT_A_CODE] = {{"Không phải mã định danh", "Đưa mã QR trên thẻ CCCD"},
                            {"Not an identity code", "Show the QR on the card"}},
    [DISPLAY_NO_VEHICLE] = {{"Chưa thấy xe", "Mời xe tiến lên"},
                            {"No vehicle seen", "Please drive up"}},
    [DISPLAY_STOPPED] = {{"Tạm dừng", "Xin gọi nhân viên"},
                         {"Out of order", "Please call the attendant"}},
    [DISPLAY_BARRED] = {{"Làn tạm giữ", "Xin chờ"}, {"Lane on hold", "Please wait"}},
    [DISPLAY_RAISED] = {{"Làn đang mở", "Mời xe đi chậm"}, {"Lane is open", "Drive slowly"}},
    [DISPLAY_EMERGENCY] = {{"BÁO CHÁY", "Hãy rời khỏi bãi"}, {"FIRE ALARM", "Leave the car park"}},
    [DISPLAY_CLOSED] = {{"Làn đóng", "Mời đi làn khác"}, {"Lane closed", "Use another lane"}},
};

static const struct text hold_texts[HOLD_COUNT] = {
    [HOLD_UNREADABLE] = {{"Không đọc được biển số", "Xin gọi nhân viên"},
                         {"Plate not readable", "Please call the attendant"}},
    [HOLD_AMBIGUOUS] = {{"Biển số chưa rõ", "Xin gọi nhân viên"},
                        {"Plate not clear", "Please call the attendant"}},
    [HOLD_NO_ENTRY] = {{"Không thấy lượt vào", "Xin gọi nhân viên"},
                       {"No entry found", "Please call the attendant"}},
    [HOLD_DUPLICATE] = {{"Xe đã ở trong bãi", "Xin gọi nhân viên"},
                        {"Already inside", "Please call the attendant"}},
    [HOLD_REFUSED] = {{"Chưa được phép", "Xin gọi nhân viên"},
                      {"Not allowed", "Please call the attendant"}},
    [HOLD_NO_ANSWER] = {{"Mất kết nối, đang thử lại", "Xin gọi nhân viên"},
                        {"No connection, trying", "Please call the attendant"}},
    [HOLD_CONFIRM] = {{"Mất kết nối", "Xin chờ nhân viên"},
                      {"No connection", "Please wait for attendant"}},
};

const char *display_kind_text(enum display_kind kind)
{
    return (unsigned)kind < DISPLAY_KIND_COUNT ? kind_words[kind] : "?";
}

static const struct text *find_text(const struct lane_display *display)
{
    switch (display->kind) {
    case DISPLAY_READY:
        return &ready_texts[display->exit];
    case DISPLAY_GO:
        return &go_texts[display->exit];
    case DISPLAY_HELP:
        return &hold_texts[(unsigned)display->hold < HOLD_COUNT ? display->hold : 0];
    case DISPLAY_READING:
    case DISPLAY_WAIT:
    case DISPLAY_PAY:
    case DISPLAY_NOT_A_CODE:
    case DISPLAY_NO_VEHICLE:
    case DISPLAY_STOPPED:
    case DISPLAY_CLOSED:
    case DISPLAY_BARRED:
    case DISPLAY_RAISED:
    case DISPLAY_EMERGENCY:
    case DISPLAY_KIND_COUNT:
        break;
    }
    return &kind_texts[(unsigned)display->kind < DISPLAY_KIND_COUNT ? display->kind : 0];
}

static void add_amount(struct out *out, int64_t vnd, bool vi)
{
    char text[MONEY_TEXT_CAP];
    if (vi) {
        money_format_vi(money(vnd), text);
    } else {
        money_format_en(money(vnd), text);
    }
    out_add_c(out, text);
}

/* Who is meant: the plate as it was read, on one line; of a card the last four digits. */
static void add_subject(struct out *out, const struct subject *subject)
{
    if (subject->kind == SUBJECT_CARD) {
        out_add_c(out, "CCCD …");
        out_add_c(out, subject->last4);
        return;
    }
    const char *text = subject->raw[0] ? subject->raw : subject->key;
    for (const char *p = text; *p; p++) {
        out_char(out, *p == '\n' || *p == '\r' ? ' ' : *p);
    }
}

void display_line(const struct lane_display *display, enum display_language language, int line,
                  char *out, size_t cap)
{
    char space[DISPLAY_LINE_CAP];
    struct out text;
    bool vi = language == DISPLAY_VI;
    bool pay = display->kind == DISPLAY_PAY;
    const struct text *table = find_text(display);
    out_init(&text, space, sizeof space);
    if (line == 1 && pay) {
        add_amount(&text, display->amount_vnd, vi);
    } else if (line == 0 || line == 1) {
        const char *words = vi ? table->vi[line] : table->en[line];
        out_add_c(&text, words ? words : "");
    } else if (line == 2 && pay) {
        out_add_c(&text, display->paycode);
    } else if ((line == 2 || (line == 3 && pay)) && display->subject.kind != SUBJECT_NONE) {
        add_subject(&text, &display->subject);
    }
    str_copy_cut(out, cap, out_str(&text));
}
