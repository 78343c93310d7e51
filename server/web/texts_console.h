/* texts_console.h - the part of the table in texts.h that operators and the city read. */
#ifndef DOXE_SERVER_TEXTS_CONSOLE_H
#define DOXE_SERVER_TEXTS_CONSOLE_H

/* clang-format off */
#define TEXTS_CONSOLE(X) \
    X(CONSOLE_TITLE, "Bàn điều hành", "Console") \
    X(GATES_ONLINE, "Cổng đang nối", "Gates online") \
    X(LANES_HELD, "Làn cần người", "Lanes held") \
    X(LANES_WAITING, "Chờ trả phí", "Waiting for payment") \
    X(OPEN_REVIEWS, "Việc cần xem", "To review") \
    X(QUARANTINED, "Tin để riêng", "Set aside") \
    X(GATE_ONLINE, "Đang nối", "Online") \
    X(GATE_OFFLINE, "MẤT KẾT NỐI", "OFFLINE") \
    X(GATE_NEVER, "CHƯA TỪNG KẾT NỐI", "NEVER CONNECTED") \
    X(GATE_OFFLINE_HINT, "Không nhận được tin từ cổng này. Trạng thái làn bên dưới có thể đã cũ; cổng tự làm việc theo quy tắc khi mất kết nối.", \
      "Nothing is heard from this gate. What is shown below may be old; the gate works on by its own rules while cut off.") \
    X(GATE_SEEN, "Tin cuối", "Last heard") \
    X(NO_LANES, "Cổng chưa báo làn nào.", "The gate has not told its lanes yet.") \
    X(NO_GATES, "Chưa có cổng nào trong cấu hình.", "No gate is configured yet.") \
    X(LANE, "Làn", "Lane") \
    X(DIRECTION_ENTRY, "Vào", "Entry") \
    X(DIRECTION_EXIT, "Ra", "Exit") \
    X(BARRIER, "Rào chắn", "Barrier") \
    X(BARRIER_CLOSED, "đóng", "closed") \
    X(BARRIER_OPENING, "đang mở", "opening") \
    X(BARRIER_OPEN, "mở", "open") \
    X(BARRIER_CLOSING, "đang đóng", "closing") \
    X(BARRIER_STUCK, "kẹt", "stuck") \
    X(BARRIER_FORCED, "bị đẩy", "forced") \
    X(BARRIER_UNKNOWN, "chưa rõ", "not known") \
    X(LANE_LEARNING, "Đang khởi động", "Starting") \
    X(LANE_IDLE, "Trống", "Free") \
    X(LANE_ARMED, "Có xe, đang đọc biển", "Vehicle there, reading") \
    X(LANE_HELD, "Cần nhân viên", "Needs a person") \
    X(LANE_ASKING, "Đang tính phí", "Asking for the fee") \
    X(LANE_QUOTED, "Chờ trả phí", "Waiting for payment") \
    X(LANE_RECORDING, "Đang ghi", "Recording") \
    X(LANE_OPENING, "Đang mở", "Opening") \
    X(LANE_OPEN, "Được qua", "May pass") \
    X(LANE_PASSING, "Đang qua", "Passing") \
    X(LANE_CLOSING, "Đang đóng", "Closing") \
    X(LANE_FAULT, "Hỏng", "Fault") \
    X(LANE_CLOSED, "Ngừng dùng", "Out of service") \
    X(LANE_UNKNOWN, "Chưa rõ", "Not known") \
    X(HOLD_UNREADABLE, "Có xe trên vòng từ nhưng không đọc được biển số", "A vehicle stands there and no plate could be read") \
    X(HOLD_AMBIGUOUS, "Biển số có thể của nhiều loại xe", "The plate fits more than one class of vehicle") \
    X(HOLD_NO_ENTRY, "Không tìm thấy lượt vào của xe này", "No stay fits this vehicle") \
    X(HOLD_DUPLICATE, "Xe này đang ở trong bãi", "This vehicle is inside already") \
    X(HOLD_REFUSED, "Hệ thống không cho qua", "The system says no") \
    X(HOLD_NO_ANSWER, "Máy chủ không trả lời cổng", "The server did not answer the gate") \
    X(HOLD_CONFIRM, "Mất mạng: nhân viên phải xác nhận cho xe nợ phí", "No line: an attendant must confirm the debt") \
    X(HOLD_OTHER, "Cần người quyết định", "A person must decide") \
    X(LANE_FEE, "Phí", "Fee") \
    X(LANE_DUE, "Còn trả", "Due") \
    X(LANE_SINCE, "Từ", "Since") \
    X(LANE_ENTERED, "Vào lúc", "Entered") \
    X(READ_AS, "Máy đọc", "Read as") \
    X(SET_PLATE, "Nhập biển số", "Type the plate") \
    X(SET_PLATE_BUTTON, "Gửi", "Send") \
    X(PLATE_EXAMPLE, "ví dụ 30F-123.45", "e.g. 30F-123.45") \
    X(OPEN_BY_HAND, "Mở bằng tay", "Open by hand") \
    X(OPEN_REASON, "Lý do (bắt buộc)", "Reason (required)") \
    X(OPEN_BUTTON, "Mở rào chắn", "Open the barrier") \
    X(COMMAND_SENT, "Đã gửi lệnh, chờ cổng trả lời", "Sent; waiting for the gate") \
    X(COMMAND_FAILED, "Không gửi được", "Not sent") \
    X(COMMAND_NO_PLATE, "Không phải biển số hợp lệ", "That is not a plate") \
    X(COMMAND_NO_CLASS, "Hãy chọn loại xe", "Please choose the class of vehicle") \
    X(COMMAND_NO_REASON, "Hãy ghi lý do", "Please give a reason") \
    X(COMMAND_NO_GATE, "Không có cổng hoặc làn này", "No such gate or lane") \
    X(COMMAND_BUSY, "Hệ thống bận, hãy thử lại", "The system is busy; please try again") \
    X(ALARMS, "Cảnh báo", "Alarms") \
    X(EVENTS, "Diễn biến", "What happened") \
    X(NO_EVENTS, "Chưa có gì xảy ra.", "Nothing has happened yet.") \
    X(REVIEWS, "Việc cần người xem", "Waiting for a person") \
    X(NO_REVIEWS, "Không có việc nào đang chờ.", "Nothing waits.") \
    X(REVIEW_DONE, "Đã xử lý", "Dealt with") \
    X(QUARANTINE, "Tin để riêng, chưa áp dụng", "Messages set aside, not applied") \
    X(NO_QUARANTINE, "Không có tin nào.", "None.") \
    X(MORE, "và {n} mục nữa", "and {n} more") \
    X(VEHICLE_NONE, "xe", "a vehicle") \
    X(SAY_BOOT, "Cổng {g} khởi động", "Gate {g} has started") \
    X(SAY_ARRIVED, "{v} tới lối vào, làn {l}", "{v} arrived at entry lane {l}") \
    X(SAY_ENTERED, "{v} đã vào bãi, làn {l}", "{v} came in by lane {l}") \
    X(SAY_BACKED_OUT, "{v} lùi ra, không vào bãi, làn {l}", "{v} backed out of lane {l} and did not come in") \
    X(SAY_EXIT_ASKED, "{v} tới lối ra, làn {l}", "{v} is at exit lane {l}") \
    X(SAY_PERMITTED_PAID, "{v} đã trả phí, được ra, làn {l}", "{v} has paid and may leave, lane {l}") \
    X(SAY_PERMITTED_FREE, "{v} không phải trả phí, được ra, làn {l}", "{v} has nothing to pay and may leave, lane {l}") \
    X(SAY_PERMITTED, "{v} được qua, làn {l}", "{v} may pass lane {l}") \
    X(SAY_LEFT, "{v} đã ra khỏi bãi, làn {l}", "{v} left by lane {l}") \
    X(SAY_BACKED_OFF, "{v} lùi khỏi lối ra, vẫn trong bãi, làn {l}", "{v} backed off exit lane {l} and is still inside") \
    X(SAY_HELD, "Làn {l} chờ nhân viên: {x}", "Lane {l} waits for a person: {x}") \
    X(SAY_RELEASED, "Làn {l} không còn chờ nhân viên", "Lane {l} waits no longer") \
    X(SAY_HAND_OPENED, "Mở bằng tay làn {l}: {x}", "Lane {l} opened by hand: {x}") \
    X(SAY_AMENDED, "Sửa biển số: {v}", "Plate corrected: {v}") \
    X(SAY_QUOTED, "Cổng {g} tự tính phí khi mất mạng, làn {l}", "Gate {g} priced an exit by itself, lane {l}") \
    X(SAY_ENTRY_DECLARED, "Nhân viên khai giờ vào: {v}, {x}", "Entry stated by an attendant: {v}, {x}") \
    X(SAY_CASH_TAKEN, "Thu tiền mặt ở làn {l}: {x}", "Cash taken at lane {l}: {x}") \
    X(SAY_SHIFT_OPENED, "Mở ca ở {g}: {x}", "Shift opened at {g}: {x}") \
    X(SAY_SHIFT_CLOSED, "Đóng ca ở {g}: {x}", "Shift closed at {g}: {x}") \
    X(SAY_OCCUPANCY_CORRECTED, "Sửa số xe trong bãi: {x}", "Count of vehicles inside corrected: {x}") \
    X(SAY_ALARM_ACKED, "Đã xem cảnh báo ở {g}: {x}", "Alarm at {g} seen: {x}") \
    X(SAY_DESK_ACTION, "Thao tác trên bàn trực {g}: {x}", "At the console of {g}: {x}") \
    X(SAY_UNLOGGED, "Xe qua làn {l} không có lượt: {x}", "A passage without a session, lane {l}: {x}") \
    X(SAY_LANE_MODE, "Làn {l} đổi chế độ: {x}", "Lane {l} changed its mode: {x}") \
    X(SAY_CLOCK_SET, "Đồng hồ của {g} đã đúng", "The clock of {g} is set") \
    X(SAY_ALARM_RAISED, "Cảnh báo ở {g}, làn {l}: {x}", "Alarm at {g}, lane {l}: {x}") \
    X(SAY_ALARM_CLEARED, "Hết cảnh báo ở {g}, làn {l}: {x}", "Alarm over at {g}, lane {l}: {x}") \
    X(SAY_GATE_ALARM_RAISED, "Cảnh báo ở {g}: {x}", "Alarm at {g}: {x}") \
    X(SAY_GATE_ALARM_CLEARED, "Hết cảnh báo ở {g}: {x}", "Alarm over at {g}: {x}") \
    X(WHOLE_GATE, "Cả cổng", "Whole gate") \
    X(ALARM_GATE_OFFLINE, "Mất kết nối với cổng", "The gate cannot be reached") \
    X(ALARM_BARRIER_STUCK, "Rào chắn kẹt", "The barrier is stuck") \
    X(ALARM_BARRIER_FORCED, "Rào chắn bị đẩy", "The barrier was forced") \
    X(ALARM_BARRIER_BLOCKED, "Rào chắn đang hạ thì gặp vật, đã nâng lại", "Something came under the closing barrier") \
    X(ALARM_IO, "Thiết bị của làn không trả lời", "The lane’s devices do not answer") \
    X(ALARM_JOURNAL, "Sổ ghi của cổng có vấn đề", "Trouble with the gate’s journal") \
    X(ALARM_OTHER, "Sự cố", "Trouble") \
    X(SAY_COMMAND_DONE, "Lệnh cho làn {l}: đã làm", "Command for lane {l}: carried out") \
    X(SAY_COMMAND_LATE, "Lệnh cho làn {l}: tới muộn, không làm", "Command for lane {l}: too late, not carried out") \
    X(SAY_COMMAND_IMPOSSIBLE, "Lệnh cho làn {l}: không làm được. {x}", "Command for lane {l}: not possible. {x}") \
    X(SAY_INFERRED, "(được suy ra)", "(concluded)") \
    X(SAY_OFFLINE, "(khi mất kết nối)", "(while cut off)") \
    X(REVIEW_LANE_HELD, "Làn chờ nhân viên", "A lane is held") \
    X(REVIEW_NO_ENTRY, "Không có lượt vào", "No stay fits") \
    X(REVIEW_ALREADY_INSIDE, "Xe đã ở trong bãi", "Was inside already") \
    X(REVIEW_SESSION, "Diễn biến không khớp lượt gửi", "Event does not fit the stay") \
    X(REVIEW_CLOCK, "Đồng hồ cổng chưa đúng", "The gate’s clock was not set") \
    X(SHEET_TITLE, "Bản in mã QR", "QR sheets to print") \
    X(SHEET_LOT, "Quét để xem phí và trả", "Scan to see and pay the fee") \
    X(SHEET_LANE, "Lối ra: quét để trả phí", "Exit: scan to pay") \
    X(SHEET_CODE, "Mã làn", "Lane code") \
    X(SHEET_HOW, "Nhập biển số, rồi giờ vào hoặc mã làn. Không cần tài khoản hay ứng dụng.", \
      "Type your plate, then the time you came in or the lane code. No account, no app.") \
    X(SHEET_ONLY, "Chỉ trả đúng số tiền hiện trên trang này.", "Pay only the amount that this page shows.") \
    X(SHEET_NO_KEY, "Chưa có mã làn: cần cấu hình payment.case_key_file.", "No lane codes: payment.case_key_file is not configured.") \
    X(REVIEW_COMPLAINT, "Lái xe phản ánh bị đòi thêm tiền", "A driver was asked for more") \
    X(REVIEW_TARIFF, "Không có biểu giá cho xe này", "No price for this vehicle") \
    X(REVIEW_CASH, "Tiền mặt cần xem lại", "Cash to be looked at") \
    X(REVIEW_SHIFT, "Ca trực lệch tiền hoặc sai trình tự", "A shift's drawer differs, or its order is odd") \
    X(REVIEW_OFFLINE, "Cổng tính phí khác sổ khi mất kết nối", "A gate priced an exit otherwise than the books") \
    X(REVIEW_REFUND, "Thu thừa, cần hoàn lại", "Paid too much: refund") \
    X(REVIEW_BANK_UNMATCHED, "Tiền chưa rõ của lượt nào", "Money without a stay") \
    X(REVIEW_BANK_ACCOUNT, "Tiền vào nhầm tài khoản", "Money on another account") \
    X(REVIEW_BANK_OTHER, "Giao dịch cần xem", "A transfer to look at") \
    X(REVIEW_OTHER, "Việc khác", "Other") \
    X(CITY_TITLE, "Số liệu hôm nay", "Figures of today") \
    X(CITY_TURNS, "Lượt gửi xong", "Finished turns") \
    X(CITY_FEES, "Phí các lượt xong", "Fees of these turns") \
    X(CITY_REVENUE, "Đã thu qua chuyển khoản", "Received by transfer") \
    X(CITY_CASHLESS, "Không tiền mặt", "Cashless") \
    X(CITY_INSIDE, "Xe trong bãi", "Vehicles inside") \
    X(CITY_BY_CLASS, "Theo loại xe", "By class of vehicle") \
    X(CITY_CLASS, "Loại xe", "Class") \
    X(CITY_ENTERED, "Lượt vào", "Came in") \
    X(CITY_BY_TRANSFER, "Chuyển khoản", "By transfer") \
    X(CITY_BY_CASH, "Tiền mặt", "Cash") \
    X(CITY_FREE, "Miễn phí", "Free") \
    X(CITY_UNPAID, "Chưa trả", "Unpaid") \
    X(CITY_PILOT, "Thí điểm", "Pilot") \
    X(CITY_TOTAL, "Cộng", "Total") \
    X(CITY_COUNTED, "Đếm lại từ lượt gửi", "Counted again from the stays") \
    X(CITY_DIFFERENCE, "Chênh lệch", "Difference") \
    X(CITY_AGREES, "khớp", "agrees") \
    X(CITY_BY_HOUR, "Lượt gửi xong theo giờ", "Finished turns by hour") \
    X(CITY_HOUR, "Giờ", "Hour") \
    X(CITY_BY_LOT, "Theo bãi", "By lot") \
    X(CITY_LOT, "Bãi xe", "Lot") \
    X(CITY_WARD, "Phường", "Ward") \
    X(PASSES_TITLE, "Vé tháng của bãi", "Passes") \
    X(PASSES_NONE, "Chưa có vé tháng nào.", "There is no pass yet.") \
    X(PASSES_SOON, "Hết hạn trong 7 ngày", "Ends within 7 days") \
    X(PASSES_PLATES, "Biển số", "Plates") \
    X(PASSES_HOLDER, "Mã chủ vé", "Holder") \
    X(PASSES_INSIDE, "Trong bãi / suất", "Inside / places") \
    X(PASSES_STATE, "Trạng thái", "State") \
    X(PASSES_PERIOD, "Đã trả", "Paid for") \
    X(PASSES_DUE, "Chờ trả", "Waits for payment") \
    X(PASS_STATE_VALID, "đang hiệu lực", "valid") \
    X(PASS_STATE_COMING, "sắp bắt đầu", "begins later") \
    X(PASS_STATE_UNPAID, "chưa trả", "not paid") \
    X(PASS_STATE_SUSPENDED, "tạm dừng", "suspended") \
    X(PASS_STATE_EXPIRED, "hết hạn", "ended") \
    X(SHIFTS_TITLE, "Ca trực và tiền mặt", "Shifts and cash") \
    X(SHIFTS_NONE, "Chưa có ca trực nào.", "There was no shift yet.") \
    X(SHIFT_BY, "Nhân viên", "Attendant") \
    X(SHIFT_OPENED, "Mở ca", "Opened") \
    X(SHIFT_CLOSED, "Đóng ca", "Closed") \
    X(SHIFT_STILL_OPEN, "đang mở", "open") \
    X(SHIFT_FLOAT, "Tiền đầu ca", "Float") \
    X(SHIFT_TAKEN, "Đã thu trong ca", "Taken") \
    X(SHIFT_EXPECTED, "Theo sổ", "By the ledger") \
    X(SHIFT_COUNTED, "Đếm được", "Counted") \
    X(SHIFT_LEFT, "Còn trong ngăn kéo", "Still in the drawer") \
    X(CITY_CORRECTED, "đã sửa số", "corrected by") \
    X(CITY_OCCUPANCY, "Đang gửi / sức chứa", "Inside / capacity") \
    X(CITY_NO_LOTS, "Chưa có bãi nào.", "There is no lot yet.") \
    X(CITY_SHARE_NOTE, "Tỷ lệ không tiền mặt = lượt trả bằng chuyển khoản / lượt đã trả. Lượt miễn phí và chưa trả không tính vào.", \
      "Cashless share = turns paid by transfer / turns paid. Free and unpaid turns are not in it.") \
    X(CITY_PILOT_NOTE, "Thí điểm: tỷ lệ thành phố công bố cho giai đoạn 2 (93,1 % xe máy, 98,9 % ô tô).", \
      "Pilot: the shares the city published for phase 2 (93.1 % motorbikes, 98.9 % cars).")
/* clang-format on */

#endif
