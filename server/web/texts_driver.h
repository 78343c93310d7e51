/* texts_driver.h - the part of the table in texts.h that drivers and visitors read. */
#ifndef DOXE_SERVER_TEXTS_DRIVER_H
#define DOXE_SERVER_TEXTS_DRIVER_H

/* clang-format off */
#define TEXTS_DRIVER(X) \
    X(DRIVER_TITLE, "Phí gửi xe", "Parking fee") \
    X(VEHICLE_CAR, "Ô tô", "Car") \
    X(VEHICLE_MOTORBIKE, "Xe máy", "Motorbike") \
    X(VEHICLE_BICYCLE, "Xe đạp", "Bicycle") \
    X(VEHICLE_UNKNOWN, "Chưa rõ loại xe", "Class not known") \
    X(CARD_SUBJECT, "Thẻ căn cước", "Citizen card") \
    X(ENTERED_AT, "Giờ vào", "Entered") \
    X(LEFT_AT, "Giờ ra", "Left") \
    X(STAY, "Thời gian gửi", "Time parked") \
    X(DAYS, "ngày", "d") \
    X(HOURS, "giờ", "h") \
    X(MINUTES, "phút", "min") \
    X(STATE_ARRIVING, "Xe đang vào bãi", "Driving in") \
    X(STATE_BACKED_OUT, "Xe không vào bãi", "Did not come in") \
    X(STATE_DUE, "Chưa thanh toán", "Not paid yet") \
    X(STATE_DEBT, "Đã ra, còn nợ phí", "Left, fee still owed") \
    X(STATE_PAID, "Đã thanh toán", "Paid") \
    X(STATE_FREE, "Không phải trả phí", "Nothing to pay") \
    X(STATE_LEFT, "Đã ra khỏi bãi", "Left the lot") \
    X(STATE_REVIEW, "Nhân viên sẽ hỗ trợ", "The attendant will help") \
    X(ARRIVING_HINT, "Phí được tính khi xe qua rào chắn. Hãy giữ trang này để trả phí trước khi ra.", \
      "The fee starts when your vehicle has passed the barrier. Keep this page to pay before you leave.") \
    X(BACKED_OUT_HINT, "Xe đã lùi ra khi chưa qua rào chắn. Bạn không phải trả phí.", \
      "Your vehicle backed out before the barrier. There is nothing to pay.") \
    X(REVIEW_HINT, "Hệ thống chưa tính được phí cho lượt gửi này. Hãy báo nhân viên tại bãi.", \
      "The fee of this stay cannot be worked out by itself. Please speak to the attendant.") \
    X(BUSY_HINT, "Chưa tính được phí lúc này. Trang sẽ tự thử lại.", \
      "The fee cannot be worked out at this moment. This page tries again by itself.") \
    X(AMOUNT_DUE, "Số tiền cần trả", "Amount to pay") \
    X(SCAN_HINT, "Quét mã bằng ứng dụng ngân hàng bất kỳ", "Scan with any bank’s app") \
    X(QR_ALT, "Mã VietQR để chuyển khoản", "VietQR code for the transfer") \
    X(SAVE_QR, "Lưu ảnh mã QR", "Save the QR picture") \
    X(SAVE_HINT, "Chỉ có một điện thoại? Lưu ảnh rồi mở bằng ứng dụng ngân hàng.", \
      "Only one phone? Save the picture and open it in your bank’s app.") \
    X(OR_TRANSFER, "Hoặc chuyển khoản với thông tin sau", "Or transfer with these details") \
    X(FIELD_AMOUNT, "Số tiền", "Amount") \
    X(FIELD_CONTENT, "Nội dung", "Content") \
    X(FIELD_ACCOUNT, "Số tài khoản", "Account") \
    X(FIELD_BANK, "Ngân hàng", "Bank") \
    X(FIELD_HOLDER, "Chủ tài khoản", "Holder") \
    X(COPY, "Chép", "Copy") \
    X(COPIED, "Đã chép", "Copied") \
    X(CONTENT_HINT, "Giữ nguyên nội dung chuyển khoản: nhờ mã này hệ thống biết bạn đã trả.", \
      "Keep the content as it is: this code tells the system that it was you who paid.") \
    X(FEE_LINES, "Chi tiết phí", "How the fee is made up") \
    X(FEE_TOTAL, "Tổng phí", "Fee") \
    X(FEE_PAID, "Đã trả", "Paid so far") \
    X(FEE_REST, "Còn phải trả", "Still to pay") \
    X(NEXT_CHANGE, "Phí tăng lúc", "The fee grows at") \
    X(FREE_UNTIL, "Miễn phí đến", "Free until") \
    X(LEAVE_BY, "Hãy ra khỏi bãi trước", "Please leave before") \
    X(LEAVE_HINT, "Rào chắn sẽ mở khi xe tới lối ra.", "The barrier opens when you reach the exit.") \
    X(RECEIPT, "Biên nhận", "Receipt") \
    X(RECEIPT_CODE, "Mã thanh toán", "Payment code") \
    X(RECEIPT_PAID_AT, "Thời gian trả", "Paid at") \
    X(RECEIPT_AMOUNT, "Số tiền đã trả", "Amount paid") \
    X(RECEIPT_LOT, "Bãi xe", "Lot") \
    X(RECEIPT_OPERATOR, "Đơn vị trông giữ", "Operator") \
    X(RECEIPT_PLATE, "Biển số", "Plate") \
    X(RECEIPT_TITLE, "Biên nhận gửi xe", "Parking receipt") \
    X(RECEIPT_OPEN, "Xem, in biên nhận, lấy hóa đơn", "See and print the receipt, ask for an invoice") \
    X(RECEIPT_PRINT, "In hoặc lưu PDF", "Print or save as PDF") \
    X(RECEIPT_BACK, "Về trang lượt gửi", "Back to the stay") \
    X(RECEIPT_TAX_CODE, "Mã số thuế", "Tax code") \
    X(RECEIPT_ADDRESS, "Địa chỉ", "Address") \
    X(RECEIPT_PAYMENTS, "Các khoản đã trả", "Payments") \
    X(RECEIPT_BANK, "Chuyển khoản", "Bank transfer") \
    X(RECEIPT_CASH, "Tiền mặt", "Cash") \
    X(RECEIPT_LATER, "Chuyển khoản, trả cùng một lượt sau", "Bank transfer, paid with a later stay") \
    X(RECEIPT_CASH_NUMBER, "số", "no.") \
    X(RECEIPT_TAKEN_OFF, "Giảm trừ", "Taken off") \
    X(RECEIPT_TOTAL, "Tổng đã trả", "Paid in all") \
    X(RECEIPT_NET, "Trong đó giá chưa thuế", "Of it before tax") \
    X(RECEIPT_VAT, "Thuế giá trị gia tăng", "Value added tax") \
    X(RECEIPT_CHECK_CODE, "Mã kiểm tra", "Check code") \
    X(RECEIPT_CHECK_HINT, "Ai nhận tờ này có thể kiểm tra thật giả tại", "Who is given this sheet can check it at") \
    X(RECEIPT_NONE, "Lượt gửi này chưa có khoản trả nào.", "Nothing has been paid for this stay.") \
    X(RECEIPT_NOT_INVOICE, "Biên nhận này không thay hóa đơn.", "This receipt is not an invoice.") \
    X(INVOICE_TITLE, "Hóa đơn điện tử", "Electronic invoice") \
    X(INVOICE_HINT, "Để trống nếu không cần tên trên hóa đơn.", "Leave empty if no name is needed on it.") \
    X(INVOICE_NAME, "Tên người mua hoặc đơn vị", "Name of buyer or company") \
    X(INVOICE_TAX, "Mã số thuế (nếu có)", "Tax code (if any)") \
    X(INVOICE_ADDRESS, "Địa chỉ (cần khi có mã số thuế)", "Address (needed with a tax code)") \
    X(INVOICE_EMAIL, "Email nhận hóa đơn", "E-mail for the invoice") \
    X(INVOICE_ASK, "Yêu cầu xuất hóa đơn", "Ask for the invoice") \
    X(INVOICE_ASKED, "Đã nhận yêu cầu, đang chờ số hóa đơn", "Asked for; waiting for its number") \
    X(INVOICE_ISSUED, "Đã xuất", "Issued") \
    X(INVOICE_REFUSED, "Chưa xuất được, nhân viên sẽ xem lại", "Could not be issued; staff will look into it") \
    X(INVOICE_REPLACED, "Đã được thay thế", "Replaced") \
    X(INVOICE_NUMBER, "Số", "Number") \
    X(INVOICE_LOOKUP, "Tra cứu", "Look it up") \
    X(INVOICE_BAD_NAME, "Cần tên khi có mã số thuế.", "A name is needed with a tax code.") \
    X(INVOICE_BAD_TAX, "Mã số thuế gồm 10 hoặc 12 chữ số, hoặc 10 chữ số, gạch ngang và 3 chữ số.", \
      "A tax code is 10 or 12 digits, or 10 digits, a dash and 3 digits.") \
    X(INVOICE_BAD_ADDRESS, "Cần địa chỉ khi có mã số thuế.", "An address is needed with a tax code.") \
    X(INVOICE_BAD_EMAIL, "Email chưa đúng.", "The e-mail address is not right.") \
    X(INVOICE_BAD, "Chưa ghi được yêu cầu. Hãy thử lại sau giây lát.", \
      "The request could not be kept. Please try again in a moment.") \
    X(VERIFY_TITLE, "Kiểm tra biên nhận", "Check a receipt") \
    X(VERIFY_HINT, "Nhập mã kiểm tra in trên biên nhận.", "Enter the check code printed on the receipt.") \
    X(VERIFY_FIELD, "Mã kiểm tra", "Check code") \
    X(VERIFY_BUTTON, "Kiểm tra", "Check") \
    X(VERIFY_GOOD, "Biên nhận này là thật", "This receipt is genuine") \
    X(VERIFY_GOOD_HINT, "Hãy so số tiền và thời gian với tờ biên nhận.", "Compare amount and time with the sheet.") \
    X(VERIFY_BAD, "Không có biên nhận nào với mã này", "There is no receipt with this code") \
    X(LIVE_ON, "Tự cập nhật", "Live") \
    X(LIVE_OFF, "Đang nối lại…", "Reconnecting…") \
    X(FOOTER_DRIVER, "Phí theo biểu giá của thành phố. Tiền vào thẳng tài khoản của đơn vị trông giữ. Không trả thêm ngoài số tiền ghi ở đây.", \
      "The fee follows the city’s price list. The money goes straight to the operator’s account. Pay nothing beyond the amount shown here.") \
    X(NOT_FOUND_TITLE, "Không tìm thấy lượt gửi xe", "No such stay") \
    X(NOT_FOUND_HINT, "Đường dẫn có thể bị gõ sai hoặc đã cũ. Hãy quét lại mã ở lối ra, hoặc hỏi nhân viên tại bãi.", \
      "The address may be mistyped or old. Scan the code at the exit again, or ask the attendant.") \
    X(TOO_MANY_TITLE, "Thử lại sau ít phút", "Please try again in a few minutes") \
    X(TOO_MANY_HINT, "Có quá nhiều đường dẫn sai từ mạng của bạn.", \
      "Too many wrong addresses came from your network.") \
    X(PAGE_MISSING_TITLE, "Không có trang này", "There is no such page") \
    X(PAGE_MISSING_HINT, "Hãy kiểm tra lại đường dẫn.", "Please check the address.") \
    X(TROUBLE_TITLE, "Hệ thống đang bận", "The system is busy") \
    X(TROUBLE_HINT, "Hãy thử lại sau giây lát.", "Please try again in a moment.") \
    X(HOME, "Trang đầu", "Home") \
    X(INDEX_TITLE, "Gửi xe không tiền mặt", "Cashless parking") \
    X(INDEX_DRIVER, "Người gửi xe", "Drivers") \
    X(INDEX_DRIVER_HINT, "Quét mã trên màn hình ở lối ra, hoặc mở đường dẫn trên biên nhận, để xem và trả phí.", \
      "Scan the code on the screen at the exit, or open the address on your receipt, to see and pay the fee.") \
    X(INDEX_OPERATOR, "Bàn điều hành bãi xe", "Operator’s console") \
    X(INDEX_OPERATOR_HINT, "Làn vào, làn ra, rào chắn, việc cần người xử lý.", \
      "Lanes, barriers, and what waits for a person.") \
    X(INDEX_CITY, "Số liệu thành phố", "City figures") \
    X(INDEX_CITY_HINT, "Lượt gửi, doanh thu, tỷ lệ không tiền mặt, chỗ trống.", \
      "Turns, revenue, cashless share, free places.") \
    X(PASS_TITLE, "Vé tháng", "Monthly pass") \
    X(PASS_FORM_HINT, "Mua hoặc gia hạn vé tháng bằng biển số. Không cần tài khoản: quét mã VietQR để trả tiền là vé có hiệu lực.", \
      "Buy or renew a monthly pass by plate. No account is needed: once the VietQR is paid, the pass is valid.") \
    X(PASS_OFFER, "Bãi và loại vé", "Lot and kind of pass") \
    X(PASS_PER_MONTH, "/ tháng", "a month") \
    X(PASS_PLATE, "Biển số xe", "Number plate") \
    X(PASS_MONTHS, "Số tháng", "Months") \
    X(PASS_NEXT, "Tiếp tục", "Continue") \
    X(PASS_BAD, "Hãy xem lại ô này", "Please look at this field again") \
    X(PASS_FROM, "Từ", "From") \
    X(PASS_UNTIL, "Hết hạn lúc", "Ends at") \
    X(PASS_PLACES, "Số xe cùng lúc", "Vehicles at once") \
    X(PASS_WAITING, "Chưa thanh toán. Vé có hiệu lực ngay khi nhận được tiền.", "Not paid yet. The pass is valid as soon as the money has arrived.") \
    X(PASS_PAID_PART, "Đã nhận", "Received") \
    X(PASS_IS_PAID, "Đã thanh toán", "Paid") \
    X(PASS_IS_OVER, "Vé đã hết hạn", "This pass has ended") \
    X(PASS_RENEW, "Gia hạn hoặc mua vé khác", "Renew, or buy another pass") \
    X(PASS_TOO_MANY, "Yêu cầu quá nhiều vé. Hãy đợi một phút rồi thử lại.", "Too many passes were asked for. Please wait a minute and try again.") \
    X(LOGIN_TITLE, "Cần đăng nhập", "Please log in") \
    X(LOGIN_HINT, "Trang này dành cho người dùng được cấp quyền.", \
      "This page is for users who have been given access.") \
    X(LOGIN_WAIT, "Sai mật khẩu nhiều lần. Hãy đợi rồi thử lại.", \
      "Too many wrong passwords. Please wait and try again.")
/* clang-format on */

#endif
