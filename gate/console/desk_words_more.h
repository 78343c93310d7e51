/* desk_words_more.h - the table of desk_texts.h, second part: forms, money, lists, devices. */
#ifndef DOXE_GATE_DESK_WORDS_MORE_H
#define DOXE_GATE_DESK_WORDS_MORE_H

/* clang-format off */
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
    X(inside, "trong bãi", "inside") \
    X(left, "đã ra", "left") \
    X(other_gate, "vào qua cổng khác", "came in through another gate") \
    X(lot_as_of, "Xe vào qua cổng khác: như lúc", "Vehicles of other gates: as of") \
    X(lot_unknown, "Chưa có danh sách của cả bãi: chỉ xe vào qua cổng này", "No list of the whole lot yet: only vehicles of this gate") \
    X(lot_inside, "Trong bãi", "Inside") \
    X(lot_inside_here, "Trong bãi, chỉ theo cổng này", "Inside, by this gate alone") \
    X(lot_inside_as_of, "như lúc", "as of") \
    X(cash_due, "Phải thu", "To take") \
    X(cash_given, "Khách đưa", "Given") \
    X(cash_change, "Trả lại", "Change") \
    X(cash_take, "Đã nhận đủ, in biên lai", "Money in hand, write the receipt") \
    X(cash_short, "Chưa đủ tiền", "Not enough") \
    X(receipt, "Biên lai", "Receipt") \
    X(receipt_title, "BIÊN LAI THU TIỀN GỬI XE", "PARKING RECEIPT") \
    X(receipt_by, "Người thu", "Taken by") \
    X(receipt_at, "Thời điểm", "Time") \
    X(receipt_lines, "Tính phí", "How the fee is made up") \
    X(receipt_not_here, "Trả trước hoặc còn lại", "Paid before, or still to pay") \
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
    X(alarm_barrier_button, "Nút bấm của rào được dùng", "The barrier's own button was used") \
    X(alarm_barrier_slow, "Rào chắn chậm", "The barrier is slow") \
    X(alarm_barrier_fault, "Rào chắn báo hỏng", "The barrier says it is out of order") \
    X(alarm_lane_blocked, "Xe đứng chắn làn", "A vehicle blocks the lane") \
    X(alarm_lane_tailgating, "Xe bám đuôi", "A vehicle followed another through") \
    X(alarm_lane_wrong_way, "Xe đi ngược chiều", "A vehicle came the wrong way") \
    X(alarm_lane_passback, "Xe đã ở trong bãi lại vào", "A vehicle inside came in again") \
    X(alarm_lane_interlock, "Chờ rào kia hạ xuống", "Waits for the other arm of its group") \
    X(alarm_lane_fire, "Báo cháy", "Fire alarm") \
    X(alarm_cabinet_open, "Tủ điện mở", "The cabinet is open") \
    X(alarm_power_failed, "Mất điện lưới", "Running on the battery") \
    X(alarm_bus_lost, "Mất đường dây tới thiết bị", "The line to the modules is down") \
    X(alarm_module_silent, "Thiết bị vào ra không trả lời", "A module does not answer") \
    X(alarm_module_wrong, "Thiết bị không đúng loại", "A module is not what its profile says") \
    X(alarm_module_refuses, "Thiết bị từ chối lệnh", "A module answers exceptions") \
    X(alarm_input_stuck, "Tín hiệu vào bị kẹt", "An input is stuck") \
    X(alarm_display_silent, "Bảng chữ không trả lời", "The text display does not answer") \
    X(alarm_camera_clock, "Đồng hồ camera sai", "The camera's clock is off") \
    X(alarm_camera_silent, "Camera không gửi gì", "Nothing came from the camera") \
    X(alarm_camera_unreachable, "Không nối được camera", "The camera does not answer") \
    X(alarm_camera_unreadable, "Camera gửi tin không đọc được", "The camera sends what cannot be read") \
    X(alarm_scanner_missing, "Mất máy quét", "The scanner is not there") \
    X(alarm_list_black, "Xe trong danh sách đen", "A vehicle of the black list") \
    X(alarm_journal_damaged, "Nhật ký từng hỏng, đã cứu", "The journal was damaged and mended") \
    X(alarm_journal_behind, "Nhật ký là bản cũ", "The journal is an old copy") \
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
    X(health, "Tình trạng thiết bị", "Health of the devices") \
    X(health_history, "Các lần hỏng", "Faults, raised and cleared") \
    X(health_device, "Thiết bị", "Device") \
    X(health_now, "Bây giờ", "Now") \
    X(health_good, "tốt", "well") \
    X(health_fault, "Lỗi", "Fault") \
    X(health_raised, "Số lần hỏng", "Times raised") \
    X(health_cleared, "Số lần hết", "Times cleared") \
    X(health_timeouts, "Không trả lời", "No answer") \
    X(health_damaged, "Tin hỏng", "Damaged") \
    X(health_refused, "Từ chối", "Refused") \
    X(health_last_good, "Trả lời lần cuối", "Last answer") \
    X(health_lasted, "Kéo dài", "Lasted") \
    X(health_critical, "nghiêm trọng", "critical") \
    X(health_none, "Chưa có lỗi nào được ghi.", "No fault was ever recorded.") \
    X(role_arming_loop, "Vòng từ trước rào", "Loop before the arm") \
    X(role_safety_loop, "Vòng từ dưới rào", "Loop under the arm") \
    X(role_photocell, "Mắt thần", "Photocell") \
    X(role_arming_back, "Vòng từ phía bên kia", "Loop of the other direction") \
    X(role_presence, "Vòng từ giữa hai rào", "Loop between the two arms") \
    X(role_key_switch, "Khoá của rào", "Barrier's key switch") \
    X(role_hold_switch, "Công tắc giữ mở", "Hold-open switch") \
    X(role_moving, "Rào đang chạy", "Arm is moving") \
    X(role_fault, "Rào báo hỏng", "Barrier's fault") \
    X(role_door, "Cửa tủ điện", "Cabinet's door") \
    X(role_power_fail, "Mất điện lưới", "Mains failed") \
    X(role_sign_back, "Biển hướng phía kia", "Sign of the other direction") \
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
