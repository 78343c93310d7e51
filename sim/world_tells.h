/*
 * world_tells.h - what the street says to people who watch it, in two languages.
 *
 * Not here: who writes them out (sim/live/words.h), what users of the product read.
 */
#ifndef DOXE_SIM_WORLD_TELLS_H
#define DOXE_SIM_WORLD_TELLS_H

/* name, Vietnamese, English; {v} vehicle {p} plate {l} lane {m} money */
#define WORLD_TELLS(X)                                                                        \
    X(TURNED_AWAY, "{v} {p} thấy hàng dài quá, đi chỗ khác",                                  \
      "{v} {p} finds the queue too long and drives on")                                       \
    X(ENTERED, "{v} {p} vào bãi (làn {l})", "{v} {p} drove in (lane {l})")                    \
    X(BACKED_OUT, "{v} {p} lùi ra, không vào nữa", "{v} {p} backed out of the entry")         \
    X(CARD, "{v} {p}: camera không đọc được, quẹt thẻ căn cước (làn {l})",                    \
      "{v} {p}: no camera reads it, holds a citizen card to the scanner (lane {l})")          \
    X(NAMED, "Người trông xe gõ biển số {p} (làn {l})",                                       \
      "The attendant types plate {p} (lane {l})")                                             \
    X(HAND_OPENED, "Người trông xe mở chắn cho {p} (làn {l})",                                \
      "The attendant opens for {p} (lane {l})")                                               \
    X(RETRIED, "Người trông xe cho làn {l} chạy lại",                                         \
      "The attendant puts lane {l} back into service")                                        \
    X(ASKED, "{v} {p} phải trả {m}", "{v} {p} is asked for {m}")                              \
    X(PAID, "{v} {p} đã chuyển khoản {m}", "{v} {p} paid {m}")                                \
    X(PAID_PART, "{v} {p} chuyển trước {m}", "{v} {p} paid a part, {m}")                      \
    X(PAID_OVER, "{v} {p} chuyển dư: {m}", "{v} {p} paid too much, {m}")                      \
    X(PAID_AGAIN, "{v} {p} chuyển thêm lần nữa {m}", "{v} {p} paid once more, {m}")           \
    X(PAID_OWN_WORDS, "{v} {p} chuyển {m} nhưng ghi nội dung khác",                           \
      "{v} {p} paid {m} but wrote words of his own")                                          \
    X(PAID_EARLY, "{v} {p} trả trước trên trang của mình {m}",                                \
      "{v} {p} paid {m} on the page before leaving")                                          \
    X(PAID_CASH, "{v} {p} trả tiền mặt {m}", "{v} {p} paid {m} in cash")                      \
    X(DEBT, "{v} {p} ra khỏi bãi, nợ {m}", "{v} {p} is let go owing {m}")                     \
    X(TAILGATED, "!! {v} {p} bám đuôi xe trước (làn {l})",                                    \
      "!! {v} {p} followed another under its arm (lane {l})")                                 \
    X(TURNED_BACK, "{v} {p} quay lại bãi, quên đồ", "{v} {p} turned back at the exit")        \
    X(LEFT, "{v} {p} ra khỏi bãi (làn {l}), đã trả {m}",                                      \
      "{v} {p} left (lane {l}), {m} paid in all")                                             \
    X(LEFT_FREE, "{v} {p} ra khỏi bãi (làn {l}), không mất phí",                              \
      "{v} {p} left (lane {l}), nothing to pay")                                              \
    X(STUCK, "!! {v} {p} chờ quá lâu ở làn {l}", "!! {v} {p} waits too long at lane {l}")     \
    X(HIT, "!! Chắn làn {l} hạ trúng {v} {p}", "!! The arm of lane {l} came down on {v} {p}") \
    X(WRONG_QR, "!! {v} {p} không trả: mã QR không khớp số tiền trên bảng",                   \
      "!! {v} {p} will not pay: the code contradicts the display")                            \
    X(LEFT_OPEN, "!! Chắn làn {l} để mở khi không có xe", "!! The arm of lane {l} stays up")

enum world_tell {
#define X(name, vi, en) TELL_##name,
    WORLD_TELLS(X)
#undef X
        TELL_COUNT
};

#endif
