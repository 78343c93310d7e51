/*
 * texts.h - the words on the gate's pages, Vietnamese and English, in one table.
 *
 * The sentences that a driver reads at the lane (welcome, pay, call the
 * attendant, …) are the core's: gate/core/display.h.  Here is what a page adds:
 * names of values and of places.
 */
#ifndef DOXE_GATE_CONSOLE_TEXTS_H
#define DOXE_GATE_CONSOLE_TEXTS_H

#define TEXTS(X)                                                            \
    X(CODE, "Nội dung chuyển khoản", "Transfer content")                    \
    X(PAYEE, "Người nhận", "Payee")                                         \
    X(HELD_UNTIL, "Giá giữ đến", "Price held until")                        \
    X(PAID, "Đã trả", "Paid")                                               \
    X(CUT, "Màn hình mất kết nối với cổng", "The screen has lost its gate") \
    X(ONLINE, "Nối với thành phố", "Connected to the city")                 \
    X(OFFLINE, "MẤT KẾT NỐI với thành phố", "NOT CONNECTED to the city")    \
    X(LANE, "Làn", "Lane")

enum text_id {
#define X(name, vi, en) TEXT_##name,
    TEXTS(X)
#undef X
        TEXT_COUNT
};

const char *text_vi(enum text_id id);
const char *text_en(enum text_id id);

#endif
