/* desk_words.h - the table of desk_texts.h: key, Vietnamese, English. */
#ifndef DOXE_GATE_DESK_WORDS_H
#define DOXE_GATE_DESK_WORDS_H

/* clang-format off */
#define DESK_TEXTS_PAGE(X) \
    X(title, "Bàn trực cổng", "Gate console") \
    X(login_title, "Đăng nhập ca trực", "Log in") \
    X(login_name, "Tên đăng nhập", "Name") \
    X(login_secret, "Mã PIN hoặc mật khẩu", "PIN or password") \
    X(login_button, "Vào", "Log in") \
    X(locked_title, "Màn hình đang khoá", "The screen is locked") \
    X(locked_hint, "Việc đang làm vẫn được giữ. Nhập lại mã PIN của", "What you were doing is kept. Enter the PIN of") \
    X(unlock_button, "Mở khoá", "Unlock") \
    X(other_user, "Người khác đăng nhập", "Somebody else logs in") \
    X(wrong_secret, "Tên hoặc mã không đúng.", "The name or the PIN is not right.") \
    X(wait_seconds, "Sai nhiều lần. Hãy đợi (giây):", "Too many wrong tries. Wait (seconds):") \
    X(login_unwritten, "Đĩa không ghi được: không đăng nhập được lúc này. Gọi kỹ thuật.", "The disk cannot be written: no login now. Call a technician.") \
    X(lock, "Khoá màn hình", "Lock") \
    X(logout, "Đăng xuất", "Log out") \
    X(language, "English", "Tiếng Việt") \
    X(close, "Đóng", "Close") \
    X(cancel, "Thôi", "Cancel") \
    X(send, "Thực hiện", "Do it") \
    X(menu, "Việc chung", "Menu") \
    X(lanes, "Các làn", "Lanes") \
    X(online, "Nối với thành phố", "Connected to the city") \
    X(offline, "MẤT KẾT NỐI VỚI THÀNH PHỐ", "NOT CONNECTED TO THE CITY") \
    X(offline_since, "từ", "since") \
    X(offline_waiting, "việc chờ gửi:", "events waiting:") \
    X(offline_hint, "Cổng vẫn làm việc; mọi việc được ghi lại và gửi khi có mạng.", "The gate works on; everything is recorded and sent when the line is back.") \
    X(journal_failed, "KHÔNG GHI ĐƯỢC NHẬT KÝ: gọi kỹ thuật ngay", "THE JOURNAL CANNOT BE WRITTEN: call a technician now") \
    X(journal_full, "đĩa đầy", "the disk is full") \
    X(journal_broken, "đĩa hoặc tệp lỗi", "disk or file at fault") \
    X(journal_unstored, "việc chưa ghi:", "not written yet:") \
    X(journal_hint, "Rào không mở cho xe mới cho tới khi ghi được; báo cháy vẫn nâng rào. Không việc nào bị mất: cổng tự thử lại.", "No arm rises for a new vehicle until it can be written; a fire alarm still raises them. Nothing is lost: the gate tries again by itself.") \
    X(journal_trouble_hint, "Nhật ký mới đã bắt đầu. Báo kỹ thuật, rồi bấm “Đã xem” trong Cảnh báo (M).", "A new journal has begun. Tell a technician, then press “Seen” under Alarms (M).") \
    X(lane_unwritten, "KHÔNG GHI ĐƯỢC", "CANNOT RECORD") \
    X(lane_unwritten_hint, "Không ghi được nhật ký: làn không mở cho xe mới.", "The journal cannot be written: the lane opens for nobody new.") \
    X(lost_gate, "MÀN HÌNH MẤT KẾT NỐI VỚI CỔNG. Đang nối lại…", "THIS SCREEN HAS LOST THE GATE. Connecting again…") \
    X(skip, "Tới làn đang chọn", "Skip to the chosen lane")

#define DESK_TEXTS_LANE(X) \
    X(state_learning, "Đang khởi động", "Starting") \
    X(state_idle, "Trống", "Free") \
    X(state_armed, "Có xe, đang đọc biển", "Vehicle there, reading") \
    X(state_held, "CẦN NHÂN VIÊN", "NEEDS A PERSON") \
    X(state_asking, "Đang hỏi phí", "Asking for the fee") \
    X(state_quoted, "Chờ trả phí", "Waiting for payment") \
    X(state_recording, "Đang ghi", "Recording") \
    X(state_opening, "Đang mở", "Opening") \
    X(state_open, "Được qua", "May pass") \
    X(state_passing, "Xe đang qua", "Passing") \
    X(state_closing, "Đang đóng", "Closing") \
    X(state_fault, "HỎNG", "FAULT") \
    X(state_closed, "Ngừng dùng", "Out of service") \
    X(state_barred, "Được phép, rào đang giữ đóng", "Permitted, held closed") \
    X(state_raised, "Rào giữ mở", "Arm stays up") \
    X(mode, "Chế độ", "Mode") \
    X(mode_automatic, "Tự động", "Automatic") \
    X(mode_held_open, "GIỮ MỞ", "HELD OPEN") \
    X(mode_held_closed, "GIỮ ĐÓNG", "HELD CLOSED") \
    X(mode_closed, "Ngừng dùng", "Out of service") \
    X(mode_emergency, "KHẨN CẤP", "EMERGENCY") \
    X(barrier, "Rào chắn", "Barrier") \
    X(barrier_closed, "đóng", "closed") \
    X(barrier_opening, "đang mở", "opening") \
    X(barrier_open, "mở", "open") \
    X(barrier_closing, "đang đóng", "closing") \
    X(barrier_stuck, "kẹt", "stuck") \
    X(barrier_forced, "bị đẩy", "forced") \
    X(barrier_unknown, "chưa rõ", "not known") \
    X(unreachable, "Thiết bị của làn không trả lời", "The lane's devices do not answer") \
    X(hold_unreadable, "Không đọc được biển số", "No plate could be read") \
    X(hold_ambiguous, "Biển số có thể của nhiều loại xe", "The plate fits more than one class of vehicle") \
    X(hold_no_entry, "Không có lượt vào của xe này", "No entry of this vehicle is known") \
    X(hold_duplicate, "Xe này đang ở trong bãi", "This vehicle is inside already") \
    X(hold_refused, "Hệ thống không cho qua", "The system says no") \
    X(hold_no_answer, "Máy chủ không trả lời", "The server does not answer") \
    X(hold_confirm, "Mất mạng: thu tiền mặt, hoặc cho nợ", "No line: cash, or let out owing") \
    X(vehicle_unknown, "chưa rõ loại xe", "class not known") \
    X(vehicle_car, "ô tô", "car") \
    X(vehicle_motorbike, "xe máy", "motorbike") \
    X(vehicle_bicycle, "xe đạp", "bicycle") \
    X(no_vehicle, "Không có xe", "No vehicle") \
    X(no_plate, "Chưa có biển số", "No plate yet") \
    X(card_of, "Thẻ căn cước ••", "Citizen card ••") \
    X(ticket_of, "Vé", "Ticket") \
    X(read_as, "Máy đọc", "Read as") \
    X(sure, "chắc chắn", "sure") \
    X(entered, "Vào lúc", "Entered") \
    X(stayed, "Đã gửi", "Parked for") \
    X(fee, "Phí", "Fee") \
    X(due, "Còn phải trả", "To pay") \
    X(paid, "ĐÃ TRẢ", "PAID") \
    X(paycode, "Nội dung chuyển khoản", "Transfer content") \
    X(qr_alt, "Mã VietQR của làn", "The lane's VietQR") \
    X(held_until, "Giá giữ đến", "Price held until") \
    X(photo_in, "Ảnh lúc vào", "Photo at the entry") \
    X(photo_out, "Ảnh lúc ra", "Photo at the exit") \
    X(photo_last, "Ảnh gần nhất", "Last photo") \
    X(photo_large, "xem lớn", "see it large") \
    X(photo_none, "Chưa có ảnh", "No photo") \
    X(amended, "Đã sửa biển", "Plate corrected") \
    X(history, "Lịch sử sửa", "History of corrections") \
    X(permit_entry, "Được vào", "May come in") \
    X(permit_paid, "Ngân hàng đã xác nhận", "Confirmed by the bank") \
    X(permit_free, "Không mất phí", "Nothing to pay") \
    X(permit_exempt, "Có vé tháng hoặc được miễn", "Pass or exempt") \
    X(permit_manual, "Mở bằng tay", "Opened by hand") \
    X(permit_emergency, "Khẩn cấp", "Emergency") \
    X(permit_cash, "Đã thu tiền mặt", "Cash taken") \
    X(permit_debt, "Cho ra, ghi nợ", "Let out, owing")

#define DESK_TEXTS_ACT(X) \
    X(act_open, "Mở bằng tay", "Open by hand") \
    X(act_correct, "Sửa biển số", "Correct the plate") \
    X(act_amend, "Sửa biển số lượt này", "Correct this stay's plate") \
    X(act_ticket, "Vé không biển số", "Ticket, no plate") \
    X(act_declare, "Không có lượt vào", "No entry record") \
    X(act_lost, "Mất vé, mất thẻ", "Lost ticket or card") \
    X(act_cash, "Thu tiền mặt", "Take cash") \
    X(act_pay_for, "Trả giúp tài xế", "Pay for the driver") \
    X(act_debt, "Cho ra, ghi nợ", "Let out, owing") \
    X(act_passback, "Bỏ chặn xe trùng", "Forgive the repeat") \
    X(act_hold_open, "Giữ mở", "Hold open") \
    X(act_hold_closed, "Giữ đóng", "Hold closed") \
    X(act_automatic, "Về tự động", "Automatic again") \
    X(act_entry, "Đổi thành làn vào", "Make it an entry") \
    X(act_exit, "Đổi thành làn ra", "Make it an exit") \
    X(act_close_lane, "Ngừng dùng làn", "Close the lane") \
    X(act_open_lane, "Dùng lại làn", "Open the lane") \
    X(act_find, "Tìm lượt gửi", "Find a stay") \
    X(act_shift, "Ca trực", "Shift") \
    X(act_alarms, "Cảnh báo", "Alarms") \
    X(act_occupancy, "Số xe trong bãi", "Vehicles inside") \
    X(act_devices, "Thử thiết bị", "Device test") \
    X(act_deeds, "Sổ việc đã làm", "What was done") \
    X(act_help, "Phím tắt", "Keys") \
    X(outcome_done, "Đã xong", "Done") \
    X(outcome_waiting, "Đã gửi, đang thực hiện…", "Sent, being done…") \
    X(outcome_late, "Quá giờ, không thực hiện", "Too late, not done") \
    X(outcome_impossible, "Không thực hiện được", "Not possible") \
    X(outcome_denied, "Cần tổ trưởng", "A supervisor is needed") \
    X(outcome_wrong, "Chưa đúng, hãy xem lại", "Not right, please look again") \
    X(outcome_failed, "Không gửi được tới cổng", "The gate could not be reached") \
    X(wrong_reason, "Chọn lý do; “khác” thì ghi rõ.", "Choose a reason; say more for “other”.") \
    X(wrong_plate, "Đây không phải biển số, hoặc hãy chọn loại xe.", "This is no plate, or choose the class.") \
    X(wrong_entered, "Giờ vào không đúng.", "The time of entry is not right.") \
    X(wrong_check, "Chưa kiểm tra người: quét thẻ, hoặc ghi giấy tờ, người làm chứng.", "The person is not checked: scan a card, or name papers or a witness.") \
    X(wrong_session, "Hãy chọn một lượt gửi đang trong bãi.", "Choose a stay that is inside.") \
    X(wrong_code, "Mã vé không đúng.", "The ticket's code is not right.") \
    X(wrong_amount, "Số tiền vừa đổi. Hãy xem lại.", "The amount has just changed. Please look again.") \
    X(wrong_shift, "Trước hết hãy mở ca trực.", "Open a shift first.") \
    X(wrong_counts, "Số tờ không đúng.", "The counts are not right.") \
    X(wrong_name, "Người nhận ca phải là người khác.", "Somebody else must take over.") \
    X(wrong_successor, "Người này không nhận ca được (đang có ca, hoặc không có quyền).", "This person cannot take over (has a shift, or may not).") \
    X(wrong_text, "Hãy ghi lý do.", "Give a reason.") \
    X(wrong_confirm, "Hãy xác nhận.", "Please confirm.") \
    X(wrong_wait, "Sai nhiều lần, hãy đợi một lúc.", "Too many wrong tries, wait a while.")
/* clang-format on */

#endif
