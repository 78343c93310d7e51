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
    X(lock, "Khoá màn hình", "Lock") \
    X(logout, "Đăng xuất", "Log out") \
    X(language, "English", "Tiếng Việt") \
    X(close, "Đóng", "Close") \
    X(cancel, "Thôi", "Cancel") \
    X(send, "Thực hiện", "Do it") \
    X(menu, "Việc chung", "Menu") \
    X(lanes, "Các làn", "Lanes") \
    X(direction_in, "Vào", "In") \
    X(direction_out, "Ra", "Out") \
    X(online, "Nối với thành phố", "Connected to the city") \
    X(offline, "MẤT KẾT NỐI VỚI THÀNH PHỐ", "NOT CONNECTED TO THE CITY") \
    X(offline_since, "từ", "since") \
    X(offline_waiting, "việc chờ gửi:", "events waiting:") \
    X(offline_hint, "Cổng vẫn làm việc; mọi việc được ghi lại và gửi khi có mạng.", "The gate works on; everything is recorded and sent when the line is back.") \
    X(journal_failed, "KHÔNG GHI ĐƯỢC NHẬT KÝ: gọi kỹ thuật ngay", "THE JOURNAL CANNOT BE WRITTEN: call a technician now") \
    X(lost_gate, "MÀN HÌNH MẤT KẾT NỐI VỚI CỔNG. Đang nối lại…", "THIS SCREEN HAS LOST THE GATE. Connecting again…") \
    X(no_script, "Trang này cần JavaScript.", "This page needs JavaScript.") \
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
    X(state_emergency, "KHẨN CẤP", "EMERGENCY") \
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
    X(hold_confirm, "Mất mạng: nhân viên xác nhận cho nợ", "No line: a person confirms the debt") \
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

#define DESK_TEXTS_FORM(X) \
    X(reason, "Lý do", "Reason") \
    X(reason_choose, "Chọn lý do", "Choose a reason") \
    X(reason_reader, "Máy đọc biển hỏng", "Reader does not work") \
    X(reason_paid_seen, "Đã trả, hệ thống chưa nhận", "Paid, not yet confirmed") \
    X(reason_emergency, "Xe cứu thương, cứu hoả, công an", "Ambulance, fire brigade, police") \
    X(reason_device, "Rào chắn hoặc thiết bị lỗi", "Barrier or device at fault") \
    X(reason_crowd, "Ùn tắc, cần giải toả", "Queue to be cleared") \
    X(reason_other, "Khác (ghi rõ)", "Other (say what)") \
    X(note, "Ghi chú", "Note") \
    X(photo_kept, "Ảnh lúc này được giữ lại cùng việc mở.", "The photo of this moment is kept with it.") \
    X(plate, "Biển số", "Plate") \
    X(plate_example, "ví dụ 30F-123.45", "e.g. 30F-123.45") \
    X(vehicle, "Loại xe", "Class") \
    X(suggestions, "Gần giống xe trong bãi", "Near to vehicles inside") \
    X(forms, "Có thể là", "May be") \
    X(distance, "khác", "differs by") \
    X(ticket_new, "In vé mới", "Print a new slip") \
    X(ticket_code, "Mã thẻ hoặc mã vé", "Code of the card or slip") \
    X(ticket_hint, "Quét thẻ vào ô này, hoặc để trống để in vé mới.", "Scan the card into this field, or leave it empty for a new slip.") \
    X(ticket_exit_hint, "Quét hoặc gõ mã trên vé của khách.", "Scan or type the code on the driver's slip.") \
    X(slip_title, "VÉ GỬI XE", "PARKING SLIP") \
    X(slip_hint, "Giữ vé này để lấy xe ra.", "Keep this slip: it lets your vehicle out.") \
    X(entered_at, "Khách nói vào lúc", "The driver says: entered at") \
    X(check, "Kiểm tra người", "Identity check") \
    X(check_card, "Quét căn cước tại máy quét của làn", "Citizen card at the lane's scanner") \
    X(check_papers, "Giấy đăng ký xe, bằng lái", "Registration or licence") \
    X(check_witness, "Người làm chứng", "Witness") \
    X(check_note, "Giấy tờ gì, ai làm chứng", "Which papers, which witness") \
    X(scan_start, "Bắt đầu quét thẻ", "Scan a card now") \
    X(scan_waiting, "Đưa thẻ vào máy quét của làn…", "Hold the card to the lane's scanner…") \
    X(scan_done, "Đã đọc thẻ, số cuối", "Card read, last digits") \
    X(scan_hint, "Chỉ giữ mã ẩn danh và bốn số cuối. Thẻ chỉ nhận dạng, không chứng thực.", "Only a pseudonym and the last four digits are kept. A card identifies; it does not authenticate.") \
    X(find_part, "Một phần biển số, mã vé hoặc bốn số cuối thẻ", "Part of a plate, a ticket's code, or a card's last four") \
    X(find_ended, "Cả xe đã ra", "Also those that left") \
    X(find_button, "Tìm", "Find") \
    X(found_none, "Không tìm thấy.", "Nothing found.") \
    X(found_choose, "Chọn lượt gửi", "Choose the stay") \
    X(inside, "trong bãi", "inside") \
    X(left, "đã ra", "left") \
    X(other_gate, "vào qua cổng khác", "came in through another gate") \
    X(cash_due, "Phải thu", "To take") \
    X(cash_given, "Khách đưa", "Given") \
    X(cash_change, "Trả lại", "Change") \
    X(cash_take, "Đã nhận đủ, in biên lai", "Money in hand, write the receipt") \
    X(cash_short, "Chưa đủ tiền", "Not enough") \
    X(receipt, "Biên lai", "Receipt") \
    X(receipt_title, "BIÊN LAI THU TIỀN GỬI XE", "PARKING RECEIPT") \
    X(receipt_by, "Người thu", "Taken by") \
    X(receipt_at, "Thời điểm", "Time") \
    X(amount, "Số tiền", "Amount") \
    X(print, "In", "Print") \
    X(pay_hint, "Nhận tiền của khách rồi dùng điện thoại của bạn quét mã này. Rào mở khi ngân hàng xác nhận. Tiền khách đưa là của bạn, không vào két.", "Take the driver's money, then scan this code with your own phone. The barrier opens when the bank confirms. The driver's cash is yours, it does not go into the drawer.") \
    X(pay_button, "Ghi: tôi trả giúp", "Record: I pay for the driver") \
    X(debt_hint, "Xe được ra và lượt gửi ghi nợ. Trên hạn mức thì cần tổ trưởng:", "The vehicle may leave and the stay owes. Above this a supervisor is needed:") \
    X(confirm_hint, "Việc này được ghi lại với tên bạn.", "This is recorded with your name.")

#define DESK_TEXTS_MORE(X) \
    X(shift_none, "Chưa mở ca", "No shift open") \
    X(shift_since, "Ca từ", "Shift since") \
    X(shift_open_title, "Mở ca", "Open a shift") \
    X(shift_open_hint, "Đếm tiền lẻ có sẵn trong két.", "Count the float in the drawer.") \
    X(shift_close_title, "Đóng ca", "Close the shift") \
    X(shift_close_hint, "Đếm két trước. Số phải có chỉ hiện sau khi đã ghi số đếm.", "Count first. What it should be is shown only after your count is recorded.") \
    X(shift_hand_over, "Giao ca cho", "Hand over to") \
    X(shift_hand_hint, "Người nhận ca nhập tên và mã PIN của mình.", "Who takes over enters their own name and PIN.") \
    X(shift_only_close, "Đóng, không giao", "Close only") \
    X(shift_total, "Cộng", "Sum") \
    X(shift_pieces, "số tờ", "pieces") \
    X(shift_done, "Ca đã đóng", "Shift closed") \
    X(shift_float, "Đầu ca", "Float") \
    X(shift_cash, "Đã thu tiền mặt", "Cash taken") \
    X(shift_expected, "Phải có", "Should be") \
    X(shift_counted, "Đã đếm", "Counted") \
    X(shift_difference, "Chênh lệch", "Difference") \
    X(shift_paid_for, "Trả giúp (chuyển khoản, không vào két)", "Paid for drivers (transfer, not in the drawer)") \
    X(shift_receipts, "biên lai", "receipts") \
    X(shift_next, "Giao cho", "Handed to") \
    X(shift_past, "Các ca trước", "Earlier shifts") \
    X(alarm_none, "Không có cảnh báo nào.", "No alarms.") \
    X(alarm_raised, "Từ", "Since") \
    X(alarm_cleared, "Đã hết lúc", "Over at") \
    X(alarm_acked, "Đã xem:", "Seen by") \
    X(alarm_ack, "Đã xem", "Seen") \
    X(alarm_open, "đang có", "raised") \
    X(alarm_io_unreachable, "Thiết bị của làn không trả lời", "The lane's devices do not answer") \
    X(alarm_barrier_stuck, "Rào chắn kẹt", "The barrier is stuck") \
    X(alarm_barrier_forced, "Rào chắn bị đẩy", "The barrier was forced") \
    X(alarm_barrier_blocked, "Có vật dưới rào chắn", "Something stands under the barrier") \
    X(alarm_journal_failed, "Không ghi được nhật ký", "The journal cannot be written") \
    X(lane, "Làn", "Lane") \
    X(gate, "Cổng", "Gate") \
    X(occupancy_now, "Hệ thống đang tính", "Counted by the system") \
    X(occupancy_real, "Đếm thực tế", "Really inside") \
    X(occupancy_button, "Sửa số xe", "Correct") \
    X(device_inputs, "Tín hiệu vào", "Inputs") \
    X(device_outputs, "Thử đèn", "Try a lamp") \
    X(device_lamp, "Bật thử", "Pulse") \
    X(device_move, "Thử nâng rào", "Raise the arm") \
    X(device_confirm, "Tôi đã nhìn: không có người hay xe dưới rào", "I have looked: nobody and nothing is under the arm") \
    X(device_blocked, "Có vật dưới rào hoặc chưa rõ: không thử được.", "Something is under the arm, or that is not known: no test.") \
    X(device_busy, "Làn đang làm việc: chỉ thử khi làn trống.", "The lane is at work: test only when it is free.") \
    X(role_arming_loop, "Vòng từ trước rào", "Loop before the arm") \
    X(role_safety_loop, "Vòng từ dưới rào", "Loop under the arm") \
    X(role_photocell, "Mắt thần", "Photocell") \
    X(role_opened, "Rào đã mở", "Arm is up") \
    X(role_closed, "Rào đã đóng", "Arm is down") \
    X(role_fire, "Báo cháy", "Fire input") \
    X(role_button, "Nút bấm của rào", "Barrier's push button") \
    X(role_light, "Đèn làn", "Lane light") \
    X(role_green, "Đèn xanh", "Green light") \
    X(role_red, "Đèn đỏ", "Red light") \
    X(role_lamp, "Đèn chiếu", "Lamp") \
    X(role_sign, "Biển hướng", "Direction sign") \
    X(role_siren, "Còi", "Siren") \
    X(level_on, "CÓ", "ON") \
    X(level_off, "không", "off") \
    X(level_unknown, "chưa rõ", "not known") \
    X(deed_by, "Ai", "Who") \
    X(deed_what, "Việc", "What") \
    X(keys_hint, "Phím một chữ chỉ chạy khi không gõ vào ô nào.", "Single keys work while you type into no field.") \
    X(keys_on, "Dùng phím tắt", "Use single keys") \
    X(key_lanes, "Chọn làn", "Choose a lane") \
    X(key_escape, "Đóng hộp thoại", "Close a dialog") \
    X(role_attendant, "Nhân viên", "Attendant") \
    X(role_supervisor, "Tổ trưởng", "Supervisor") \
    X(role_technician, "Kỹ thuật", "Technician")
/* clang-format on */

#endif
