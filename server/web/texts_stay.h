/*
 * texts_stay.h - the part of the table in texts.h that drivers read beside the fee: finding a
 * stay, the price list, banks' apps, complaints, the vote, refunds and debts.
 */
#ifndef DOXE_SERVER_TEXTS_STAY_H
#define DOXE_SERVER_TEXTS_STAY_H

/* clang-format off */
#define TEXTS_STAY(X) \
    X(LANGUAGE_MENU, "Ngôn ngữ", "Language") \
    X(LANGUAGE_NAME, "Tiếng Việt", "English") \
    X(HOLDS_FOR, "Giá này còn giữ trong", "This price holds for another") \
    X(NEXT_GROWS, "Sau đó phí là", "Then the fee is") \
    X(BANK_APPS, "Mở thẳng ứng dụng ngân hàng", "Open your bank’s app") \
    X(BANK_APPS_HINT, "Số tài khoản, số tiền và nội dung được điền sẵn trên điện thoại có cài ứng dụng. Hãy kiểm tra lại trước khi xác nhận.", \
      "On a phone that has the app, account, amount and content are filled in. Check them before you confirm.") \
    X(BANK_APPS_VIA, "Liên kết mở qua {x}, không thuộc hệ thống này.", "The links open by way of {x}, which is not part of this system.") \
    X(PRICE_LIST, "Bảng giá chính thức", "Official price list") \
    X(PRICE_LEGAL, "Căn cứ pháp lý", "Legal reference") \
    X(PRICE_FROM_DAY, "Áp dụng từ", "In force since") \
    X(PRICE_VERSION, "Phiên bản", "Version") \
    X(PRICE_UNVERIFIED, "Bảng giá này chưa được đối chiếu với văn bản gốc.", "This list has not been compared with the original decision yet.") \
    X(PRICE_NONE, "Bãi này chưa công bố bảng giá cho loại xe này.", "This lot has published no prices for this class of vehicle.") \
    X(PRICE_OTHERS, "Xem giá của các loại xe khác", "Prices for other classes of vehicle") \
    X(PRICE_DAY, "Một lượt ban ngày", "One turn by day") \
    X(PRICE_NIGHT, "Một lượt ban đêm", "One turn by night") \
    X(PRICE_BOTH, "Một lượt ngày và đêm", "One turn by day and night") \
    X(PRICE_NIGHT_IS, "Ban đêm là", "Night is") \
    X(PRICE_FIRST, "{x} đầu", "First {x}") \
    X(PRICE_UNTIL, "Tiếp theo, đến {x}", "Then, up to {x}") \
    X(PRICE_BEYOND, "Vượt quá {x}", "Beyond {x}") \
    X(PRICE_ALWAYS, "Suốt thời gian gửi", "All the time") \
    X(PRICE_EACH, "mỗi {x}", "each {x}") \
    X(PRICE_ENTRY, "Mỗi lần vào", "Each entry") \
    X(PRICE_NIGHTLY, "Mỗi đêm", "Each night") \
    X(PRICE_FREE, "Miễn phí", "Free") \
    X(PRICE_FREE_FIRST, "Miễn phí {x} đầu", "The first {x} are free") \
    X(PRICE_HOURS, "Trong khung giờ", "During the hours") \
    X(PRICE_SOME_DAYS, "Chỉ một số ngày", "On some days only") \
    X(PRICE_MAXIMUM, "Nhiều nhất", "At most") \
    X(PRICE_MINIMUM, "Ít nhất", "At least") \
    X(PRICE_CAP, "Nhiều nhất trong {x}", "At most within {x}") \
    X(PRICE_CAP_DAY, "Nhiều nhất trong một ngày", "At most in one day") \
    X(PRICE_CAP_HOURS, "Nhiều nhất trong khung {x}", "At most between {x}") \
    X(PRICE_LOST, "Mất vé", "Lost ticket") \
    X(PRICE_GRACE, "Sau khi trả có {x} để ra khỏi bãi.", "After paying you have {x} to leave.") \
    X(PRICE_STARTED, "Mỗi khoảng đã bắt đầu được tính trọn.", "Each period that has begun counts in full.") \
    X(PRICE_PASSES, "Vé tháng", "Monthly passes") \
    X(LINE_FROM_HOUR, "từ giờ thứ {x}", "from hour {x}") \
    X(LINE_HOURS, "giờ thứ {x}", "hours {x}") \
    X(LINE_HOUR, "giờ thứ {x}", "hour {x}") \
    X(LINE_AFTER, "sau mốc {x}", "after {x}") \
    X(LINE_OTHER, "Các khoản khác", "Other charges") \
    X(LINE_OTHER_ITEMS, "Các mục khác", "Other items") \
    X(LINE_BOTH, "Lượt ngày và đêm", "Turn by day and night") \
    X(LINE_DAY, "Lượt ban ngày", "Turn by day") \
    X(LINE_NIGHT, "Lượt ban đêm", "Turn by night") \
    X(LINE_TIME, "Gửi theo giờ", "Time") \
    X(LINE_OVERNIGHT, "Qua đêm", "Overnight") \
    X(LINE_ENTRY, "Phí vào bãi", "Entry") \
    X(LINE_FREE_SHORT, "Miễn phí: gửi không quá", "Free: no longer than") \
    X(LINE_FREE_FIRST, "Miễn phí thời gian đầu", "Free at the beginning:") \
    X(LINE_FREE_ORDER, "Có thời gian miễn phí theo thông báo", "Partly free by announcement") \
    X(LINE_PASS_FREE, "Vé tháng, miễn phí", "Monthly pass, free") \
    X(LINE_PASS, "Vé tháng", "Monthly pass") \
    X(LINE_NOTHING, "Không thu phí trong thời gian này", "Nothing is charged for this time") \
    X(LINE_DISCOUNT, "Giảm giá", "Discount") \
    X(LINE_CAPPED, "Giảm theo mức trần", "Capped") \
    X(LINE_MINIMUM, "Mức thu tối thiểu", "Minimum charge") \
    X(LINE_MAXIMUM, "Mức thu tối đa", "Maximum charge") \
    X(LINE_LOST, "Phí mất vé", "Lost ticket") \
    X(LINE_ROUNDING, "Số tiền làm tròn", "Rounding") \
    X(LINE_AS_PAID, "Phí đã thanh toán", "Fee as paid") \
    X(LINE_BEFORE, "Đã trả trước", "Paid before") \
    X(RATE_TITLE, "Bạn thấy lượt gửi này thế nào?", "How was this stay?") \
    X(RATE_GOOD, "Hài lòng", "Good") \
    X(RATE_FAIR, "Tạm được", "Fair") \
    X(RATE_BAD, "Không hài lòng", "Bad") \
    X(RATE_THANKS, "Cảm ơn bạn. Chạm lựa chọn khác nếu muốn đổi.", "Thank you. Tap another one to change it.") \
    X(COMPLAIN_OPEN, "Bị đòi nhiều tiền hơn?", "Were you asked for more?") \
    X(COMPLAIN_HINT, "Không ai được thu thêm ngoài số tiền ghi ở đây. Phản ánh được chuyển cho người có trách nhiệm xem xét và tính vào số liệu của thành phố.", \
      "Nobody may take more than the amount shown here. Your report goes to the people in charge and counts in the city’s figures.") \
    X(COMPLAIN_AMOUNT, "Bạn bị đòi tất cả bao nhiêu (đồng)?", "How much were you asked for in all (VND)?") \
    X(COMPLAIN_TEXT, "Chuyện gì đã xảy ra? (không bắt buộc)", "What happened? (optional)") \
    X(COMPLAIN_SEND, "Gửi phản ánh", "Send the report") \
    X(COMPLAIN_DONE, "Đã nhận phản ánh của bạn, đang chờ xem xét.", "We have your report; it waits to be looked at.") \
    X(COMPLAIN_CLOSED, "Phản ánh của bạn đã được xem xét.", "Your report has been looked at.") \
    X(COMPLAIN_ASKED, "Số tiền bị đòi", "Asked for") \
    X(COMPLAIN_BAD, "Hãy ghi số tiền bị đòi bằng chữ số.", "Please give the amount in digits.") \
    X(LOT_FIND, "Tìm lượt gửi xe của bạn", "Find your stay") \
    X(LOT_FIND_HINT, "Không cần tài khoản hay ứng dụng. Nhập biển số, thêm giờ vào hoặc mã dán ở làn ra.", \
      "No account, no app. Type the plate, and the time you came in or the code posted at the exit lane.") \
    X(LOT_PLATE, "Biển số xe", "Number plate") \
    X(LOT_ENTERED, "Giờ vào, sai lệch tối đa 15 phút", "Time you came in, within 15 minutes") \
    X(LOT_OR, "hoặc", "or") \
    X(LOT_CODE, "Mã dán ở làn ra, khi xe đang đứng tại làn", "Code posted at the exit lane, while you stand there") \
    X(LOT_SEE, "Xem phí và trả", "See and pay the fee") \
    X(LOT_NO_MATCH, "Không có lượt gửi nào khớp", "No stay fits") \
    X(LOT_NO_MATCH_HINT, "Hãy xem lại biển số, giờ vào và mã. Để giữ kín chuyện của người khác, trang này không nói điều nào chưa khớp.", \
      "Check plate, time and code. To keep other people’s stays private this page does not say which of them did not fit.") \
    X(LOT_TOO_MANY, "Đã thử quá nhiều lần. Hãy đợi ít phút, hoặc hỏi nhân viên tại bãi.", "Too many tries. Wait a few minutes, or ask the attendant.") \
    X(LOT_MISSING_TITLE, "Không có bãi xe này", "There is no such lot") \
    X(OWED_TITLE, "Phí còn nợ của các lượt trước", "Still owed for earlier stays") \
    X(OWED_HINT, "Không bắt buộc trả cùng lượt này; rào chắn vẫn mở.", "Not part of this stay’s fee; the barrier opens all the same.") \
    X(OWED_PAY, "Xem và trả", "See and pay") \
    X(BACK_TITLE, "Tiền hoàn lại cho bạn", "Money that goes back to you") \
    X(BACK_GIVE, "Cho biết tài khoản nhận", "Give your account") \
    X(BACK_ASK, "Yêu cầu hoàn tiền", "Ask for money back") \
    X(BACK_ASK_HINT, "Nếu phí bị tính sai, hãy cho biết lý do. Hai người sẽ xem xét.", "If the fee was wrong, say why. Two people will look at it.") \
    X(BACK_REASON, "Vì sao phí bị tính sai", "Why the fee was wrong") \
    X(BACK_NOT_NOW, "Chưa yêu cầu được cho lượt gửi này", "This cannot be asked for this stay now") \
    X(REFUND_REQUESTED, "đã yêu cầu", "requested") \
    X(REFUND_APPROVED, "đã duyệt, chờ chuyển", "approved, to be sent") \
    X(REFUND_SENT_STATE, "đã chuyển, chờ ngân hàng xác nhận", "sent, the bank has not confirmed yet") \
    X(REFUND_CONFIRMED, "đã hoàn", "paid back") \
    X(REFUND_CANCELLED, "đã hủy", "cancelled") \
    X(FORM_TITLE, "Tài khoản nhận tiền hoàn", "Where the refund goes") \
    X(FORM_HINT, "Chỉ mình bạn nhập. Nhân viên không bao giờ hỏi hoặc nhập tài khoản thay bạn. Thông tin được niêm phong và xóa sau khi hoàn xong.", \
      "You alone type this. No attendant ever asks for it or types it for you. It is kept sealed and erased after the refund.") \
    X(FORM_BANK, "Ngân hàng", "Bank") \
    X(FORM_ACCOUNT, "Số tài khoản", "Account number") \
    X(FORM_HOLDER, "Tên chủ tài khoản (không dấu)", "Holder’s name (plain letters)") \
    X(FORM_SEND, "Gửi", "Send") \
    X(FORM_WRONG, "Hãy kiểm tra lại số tài khoản và tên.", "Please check account number and name.") \
    X(FORM_DONE, "Đã nhận tài khoản. Tiền hoàn được chuyển sau khi duyệt.", "We have your account. The refund is sent once it is approved.") \
    X(FORM_GONE, "Đường dẫn đã dùng hoặc quá hạn", "This link was used or is too old") \
    X(FORM_GONE_HINT, "Hãy mở lại trang gửi xe của bạn, hoặc hỏi nhân viên để có đường dẫn mới.", "Open your parking page again, or ask the attendant for a new link.") \
    X(FORM_STAFF, "Biểu mẫu này chỉ dành cho lái xe", "This form is for the driver only") \
    X(FORM_STAFF_HINT, "Bạn đang đăng nhập bàn điều hành: tài khoản phải do lái xe tự nhập.", "You are logged in to the console: the driver must type the account.")
/* clang-format on */

#endif
