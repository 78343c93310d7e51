/* texts_money.h - the part of the table in texts.h about suspense, refunds and debts. */
#ifndef DOXE_SERVER_TEXTS_MONEY_H
#define DOXE_SERVER_TEXTS_MONEY_H

/* clang-format off */
#define TEXTS_MONEY(X) \
    X(MONEY_TITLE, "Tiền cần người xử lý", "Money that waits for people") \
    X(MONEY_CASES, "Giao dịch chưa rõ", "Transfers nobody could match") \
    X(MONEY_NO_CASES, "Không có giao dịch nào đang chờ.", "No transfer waits.") \
    X(MONEY_IN, "Tiền vào", "Money in") \
    X(MONEY_OUT, "Tiền ra", "Money out") \
    X(MONEY_ON_ACCOUNT, "tài khoản", "account") \
    X(MONEY_SPLIT, "Chia cho nhiều khoản", "Split between several") \
    X(MONEY_GIVE_BACK, "Hoàn phí cho một lượt đã ra", "Give back the fee of a stay that has ended") \
    X(MONEY_STAY, "Mã thanh toán của lượt gửi", "Payment code of the stay") \
    X(MONEY_BOOKED, "Ngân hàng ghi lúc", "Booked") \
    X(MONEY_CONTENT, "Nội dung", "Content") \
    X(MONEY_KEPT, "Đã thống nhất để lại, số lần", "Agreed to leave it, times") \
    X(MONEY_SUGGESTED, "Gợi ý", "Suggested") \
    X(MONEY_NO_SUGGESTION, "Không có gợi ý.", "Nothing suggests itself.") \
    X(MONEY_PROPOSE, "Đề xuất", "Propose") \
    X(MONEY_OTHER, "Cách khác", "Something else") \
    X(MONEY_NOTE, "Ghi chú", "Note") \
    X(MONEY_TARGET, "Mã thanh toán của lượt gửi, hoặc mã hoàn tiền, giao dịch", "Payment code of the stay, or id of the refund or transfer") \
    X(MONEY_ACTION, "Là gì", "What it was") \
    X(MONEY_PROPOSED_BY, "Người đề xuất", "Proposed by") \
    X(MONEY_APPROVE, "Duyệt", "Approve") \
    X(MONEY_REFUSE, "Từ chối", "Refuse") \
    X(MONEY_REASON, "Lý do", "Reason") \
    X(MONEY_SECOND, "Người thứ hai phải duyệt.", "A second person must approve.") \
    X(MONEY_REFUNDS, "Hoàn tiền", "Refunds") \
    X(MONEY_NO_REFUNDS, "Không có khoản hoàn nào đang mở.", "No refund is open.") \
    X(MONEY_EXPORT, "Tải danh sách đã duyệt cho ngân hàng (CSV)", "Approved list for the bank (CSV)") \
    X(MONEY_ACCOUNT, "Tài khoản nhận", "Goes to") \
    X(MONEY_NO_ACCOUNT, "Lái xe chưa cho tài khoản", "The driver has not given an account") \
    X(MONEY_LINK, "Tạo đường dẫn cho lái xe", "Make a link for the driver") \
    X(MONEY_SENT, "Đã chuyển", "Sent") \
    X(MONEY_BANK_REF, "Mã giao dịch ngân hàng", "The bank’s reference") \
    X(MONEY_CANCEL, "Hủy", "Cancel") \
    X(MONEY_DEBTS, "Nợ phí", "Debts") \
    X(MONEY_NO_DEBTS, "Không xe nào nợ phí.", "Nobody owes anything.") \
    X(MONEY_INSIDE, "xe đang trong bãi", "inside again") \
    X(MONEY_WRITE_OFF, "Đề xuất xóa nợ", "Propose to write off") \
    X(MONEY_BACK, "Về bàn điều hành", "Back to the console") \
    X(ACTION_SESSION, "trả cho lượt đang gửi", "pays this open stay") \
    X(ACTION_DEBT, "trả nợ của lượt này", "pays what this stay owes") \
    X(ACTION_REFUND, "hoàn lại người gửi", "goes back to who sent it") \
    X(ACTION_OWNER, "tiền riêng của đơn vị", "the operator’s own money") \
    X(ACTION_KEEP, "để lại, chưa rõ", "stays in suspense") \
    X(ACTION_REFUND_PAID, "đã trả khoản hoàn này", "paid this refund") \
    X(ACTION_TAKEN_BACK, "ngân hàng lấy lại giao dịch này", "the bank took this transfer back") \
    X(REASON_CODE, "đúng mã thanh toán", "its payment code") \
    X(REASON_CODE_NEAR, "gần đúng mã thanh toán", "a damaged payment code") \
    X(REASON_AMOUNT, "đúng số tiền", "the same amount") \
    X(REASON_TIME, "trong vòng 15 phút", "within 15 minutes") \
    X(REASON_PAYER, "người này đã từng trả cho xe này", "the same payer paid for it before") \
    X(REASON_LOT, "tài khoản của bãi này", "this lot’s account") \
    X(REASON_WAITS, "xe đang chờ ở lối ra", "waits at the exit") \
    X(REVIEW_BANK_BACK, "Ngân hàng lấy lại tiền", "The bank took money back") \
    X(REVIEW_ENTRY_DECLARED, "Giờ vào do nhân viên khai", "Entry stated by a person") \
    X(CASE_DONE, "Đã ghi nhận", "Done") \
    X(CASE_NOT_FOUND, "Không có, hoặc đã được quyết định", "There is no such thing, or it was decided before") \
    X(CASE_SAME_PERSON, "Phải là người thứ hai", "It must be a second person") \
    X(CASE_STATE, "Không làm được ở trạng thái này", "Not possible as it stands now") \
    X(CASE_EXISTS, "Đã có người đề xuất", "Somebody has proposed already") \
    X(CASE_AMOUNT, "Số tiền không khớp", "The amounts do not fit") \
    X(CASE_NO_KEY, "Chưa cấu hình payment.case_key_file", "payment.case_key_file is not configured") \
    X(CASE_INVALID, "Thiếu hoặc sai thông tin", "Something is missing or wrong")
/* clang-format on */

#endif
