/*
 * words.h - the lines that people read while the street lives, in Vietnamese or English.
 *
 * One line an event on standard output: the time in Hanoi, and a sentence.
 * The sentences of the street are WORLD_TELLS in world.h; the summary's are here.
 * Structured logs are something else: they go to standard error (proto/io/log.h).
 */
#ifndef DOXE_SIM_WORDS_H
#define DOXE_SIM_WORDS_H

#include "sim/world.h"

enum language { LANGUAGE_VI, LANGUAGE_EN };

/* name, Vietnamese, English */
#define WORDS(X)                                                                                  \
    X(SUMMARY, "TỔNG KẾT", "SUMMARY")                                                             \
    X(VISITS, "xe tới cổng", "vehicles that came to the entry")                                   \
    X(LEFT, "  vào, gửi và ra", "  came in, parked and left")                                     \
    X(GONE, "  lùi ra ở lối vào", "  backed out of the entry")                                    \
    X(PRESENT, "  chưa ra", "  still there")                                                      \
    X(TURNED_AWAY, "thấy hàng dài, đi chỗ khác", "found the queue too long")                      \
    X(HELPED, "người trông xe phải giúp", "helped by the attendant")                              \
    X(BY_HAND, "  mở chắn bằng tay", "  let through by hand")                                     \
    X(TRANSFERS, "chuyển khoản", "bank transfers")                                                \
    X(MOVED, "  tổng số tiền", "  in all")                                                        \
    X(OWN_WORDS, "  nội dung không có mã", "  without the code")                                  \
    X(REPEATS, "  tin báo gửi lại", "  notices sent again")                                       \
    X(MATCHED, "lượt gửi khớp với máy chủ", "stays found at the server")                          \
    X(UNKNOWABLE, "  lùi ra lúc không ai trông: cần người đóng lượt",                             \
      "  backed out while no gate looked: a person must close them")                              \
    X(FEES, "  tổng phí", "  their fees")                                                         \
    X(PAID, "  đã thu", "  paid for them")                                                        \
    X(FREE, "  không phải trả", "  nothing to pay")                                               \
    X(CREDITS, "tiền máy chủ ghi nhận", "credits at the server")                                  \
    X(TRIAL, "cân đối sổ cái", "trial balance of the ledger")                                     \
    X(REVIEWS, "việc chờ người xử lý", "reviews for a person")                                    \
    X(DISAGREE, "CHỖ KHÔNG KHỚP", "DISAGREEMENTS")                                                \
    X(AGREES, "Mọi thứ khớp đến từng đồng.", "Everything agrees, to the đồng.")                   \
    X(MORE, "… và còn nữa", "… and more")                                                         \
    X(NOT_COMPARED, "Không so với máy chủ: thiếu --operator và --password-file.",                 \
      "Not compared with the server: no --operator and --password-file.")                         \
    X(NO_ANSWER, "Máy chủ không trả lời người kiểm tra.",                                         \
      "The server does not answer the auditor.")                                                  \
    X(GOODBYE, "Tạm biệt.", "Goodbye.")                                                           \
    X(WAITING, "Đợi máy chủ…", "Waiting for the server…")                                         \
    X(LAST_ARRIVAL, "Không còn xe mới; đợi mọi xe ra hết.",                                       \
      "No more vehicles come; waiting until all have left.")                                      \
    X(DISPLAY, "Bảng làn", "Display of lane")                                                     \
    X(DOWN, "Hệ thống không trả lời, mọi người đợi.", "The system does not answer; people wait.") \
    X(UP, "Hệ thống trả lời lại.", "The system answers again.")

enum word {
#define X(name, vi, en) WORD_##name,
    WORDS(X)
#undef X
        WORD_COUNT
};

const char *word_text(enum word word, enum language language);
/* "25.000 đ" or "25,000 VND". */
void word_money(int64_t vnd, enum language language, char *out);
/* A sentence of WORLD_TELLS with its places filled in; cut to what fits. */
void word_tell(const struct world_effect *effect, const struct visit *visit, enum language language,
               char *out, size_t cap);
/* DX_E_NOT_FOUND for anything but "vi" and "en". */
DX_MUST_USE int word_language(struct str text, enum language *ret_language);

#endif
