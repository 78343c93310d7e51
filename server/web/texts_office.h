/* texts_office.h - the part of the table in texts.h about the operator's office. */
#ifndef DOXE_SERVER_TEXTS_OFFICE_H
#define DOXE_SERVER_TEXTS_OFFICE_H

/* clang-format off */
#define TEXTS_OFFICE(X) \
    X(OFFICE_TITLE, "Văn phòng", "Office") \
    X(OFFICE_NAV, "Các mục của văn phòng", "Parts of the office") \
    X(OFFICE_LANES, "Làn xe", "Lanes") \
    X(OFFICE_LOTS, "Bãi xe", "Lots") \
    X(OFFICE_LOTS_HINT, "Chỗ đỗ, xe đang gửi và cổng của từng bãi.", "Places, vehicles inside and gates of each lot.") \
    X(OFFICE_GATES, "Cổng", "Gates") \
    X(OFFICE_GATES_HINT, "Cổng mất kết nối đứng trước. Cảnh báo của thiết bị ở mục Cảnh báo.", "Gates that are not heard of come first. What is wrong with a device stands under Alarms.") \
    X(OFFICE_ALARMS, "Cảnh báo", "Alarms") \
    X(OFFICE_ALARMS_HINT, "Cảnh báo chưa hết đứng trước; sau đó là lịch sử.", "Those that are not over come first; then the history.") \
    X(OFFICE_REVIEWS, "Việc chờ người xem", "Waits for a person") \
    X(OFFICE_REVIEWS_HINT, "Biển số không rõ, xe không có lượt vào, tiền chưa khớp, số liệu lệch. Cũ nhất đứng trước.", "Unclear plates, vehicles without an entry, money that matches nothing, figures that differ. The oldest come first.") \
    X(OFFICE_TARIFFS, "Biểu giá", "Tariffs") \
    X(OFFICE_TARIFFS_HINT, "Giá đang áp dụng ở từng bãi, và giá mới từ một ngày trong tương lai. Giá đang áp dụng không thể sửa.", "Prices in force in each lot, and new ones from a day ahead. What is in force cannot be edited.") \
    X(OFFICE_TARIFF_HISTORY, "Đã công bố", "Published") \
    X(OFFICE_TARIFF_NEW, "Biểu giá mới", "A new tariff") \
    X(OFFICE_TARIFF_FILE, "Tệp biểu giá (YAML)", "The tariff's file (YAML)") \
    X(OFFICE_TARIFF_TEXT, "hoặc dán nội dung", "or paste its text") \
    X(OFFICE_TARIFF_LOTS, "Áp dụng cho", "For") \
    X(OFFICE_TARIFF_TRY, "Kiểm tra và xem trước", "Check and preview") \
    X(OFFICE_TARIFF_PUBLISH, "Công bố", "Publish") \
    X(OFFICE_TARIFF_FROM, "Giá mới bắt đầu", "The new price begins") \
    X(OFFICE_TARIFF_DONE, "Đã công bố. Cổng sẽ nhận trong vài giây.", "Published. The gates have it within seconds.") \
    X(OFFICE_TARIFF_NOW, "Đang áp dụng", "In force") \
    X(OFFICE_TARIFF_CHART, "Biểu đồ giá trong 24 giờ", "The price over 24 hours") \
    X(OFFICE_LISTS, "Danh sách xe", "Vehicle lists") \
    X(OFFICE_LISTS_HINT, "Đen: không cho vào, gọi người. Trắng: luôn cho vào. Miễn phí: không phải trả. Cổng giữ danh sách cả khi mất mạng.", "Black: not let in, a person is called. White: always let in. Exempt: owes nothing. Gates keep the lists when the line is cut.") \
    X(OFFICE_LIST_ADD, "Thêm vào danh sách", "Put on a list") \
    X(OFFICE_LIST_REMOVE, "Bỏ khỏi danh sách", "Take off") \
    X(OFFICE_LIST_BLACK, "Đen", "Black") \
    X(OFFICE_LIST_WHITE, "Trắng", "White") \
    X(OFFICE_LIST_EXEMPT, "Miễn phí", "Exempt") \
    X(OFFICE_LIST_ANY, "mọi loại xe", "any class") \
    X(OFFICE_LIST_UNTIL, "Đến ngày (để trống: không hạn)", "Until (empty: no end)") \
    X(OFFICE_STATEMENTS, "Sao kê", "Statements") \
    X(OFFICE_STATEMENTS_HINT, "Tải sao kê của ngân hàng dạng CSV. Nộp lại cùng một tệp không đổi gì.", "Give a bank's statement as CSV. The same file twice changes nothing.") \
    X(OFFICE_STATEMENT_FILE, "Tệp CSV của ngân hàng", "The bank's CSV file") \
    X(OFFICE_STATEMENT_ACCOUNT, "Tài khoản", "Account") \
    X(OFFICE_STATEMENT_TRY, "Chỉ kiểm tra", "Only check") \
    X(OFFICE_STATEMENT_SEND, "Nạp sao kê", "Take it in") \
    X(OFFICE_SENDING, "Đang gửi tệp", "Sending the file") \
    X(OFFICE_WORKING, "Đang xử lý", "At work") \
    X(OFFICE_JOB_DONE, "Xong", "Done") \
    X(OFFICE_JOB_FAILED, "Không được; chưa có gì thay đổi", "It did not work; nothing was changed") \
    X(OFFICE_DOWNLOAD, "Tải về", "Download") \
    X(OFFICE_DAYS, "Chốt ngày", "Day close") \
    X(OFFICE_DAYS_HINT, "Sổ cái, đơn vị thanh toán, sao kê và cổng đặt cạnh nhau. Ngày đã chốt được giữ nguyên; tin đến sau thành lần chốt mới.", "Ledger, provider, statement and gates side by side. A signed day is kept for ever; later news make another close.") \
    X(OFFICE_DAY, "Ngày", "Day") \
    X(OFFICE_DAY_OPERATOR, "Đơn vị", "Operator") \
    X(OFFICE_DAY_DRAFT, "Xem bản nháp", "Make a draft") \
    X(OFFICE_DAY_CONFIRM, "Tôi đã xem bản nháp và chốt ngày này", "I have read the draft and sign this day") \
    X(OFFICE_DAY_AGAIN, "Tải lại", "Again") \
    X(OFFICE_COMPLAINTS, "Phản ánh của lái xe", "Complaints") \
    X(OFFICE_COMPLAINTS_HINT, "Lái xe cho biết bị đòi nhiều hơn biểu giá. Mỗi phản ánh được tính vào số liệu của thành phố.", "Drivers who say that more was asked than the price list has. Each counts in the city’s figures.") \
    X(COL_WAITS, "Đang chờ", "Waits") \
    X(OFFICE_QUARANTINE, "Tin bị loại", "Set aside") \
    X(OFFICE_QUARANTINE_HINT, "Tin của cổng hay ngân hàng mà máy chủ không nhận; không mất gì.", "Messages of gates or banks that were not accepted; nothing of them is lost.") \
    X(OFFICE_NONE, "Chưa có gì.", "Nothing yet.") \
    X(OFFICE_MORE, "Chỉ hiện {n} dòng đầu; tải bảng để xem hết.", "Only the first {n} rows are shown; download the table for all.") \
    X(OFFICE_ALL_LOTS, "Tất cả các bãi", "All lots") \
    X(OFFICE_FILTER, "Lọc", "Filter") \
    X(OFFICE_YES, "có", "yes") \
    X(OFFICE_NO, "không", "no") \
    X(COL_ID, "Số", "No.") \
    X(COL_LOT, "Bãi", "Lot") \
    X(COL_OPERATOR, "Đơn vị", "Operator") \
    X(COL_NAME, "Tên", "Name") \
    X(COL_ADDRESS, "Địa chỉ", "Address") \
    X(COL_WARD, "Phường", "Ward") \
    X(COL_PLACES_CAR, "Chỗ ô tô", "Car places") \
    X(COL_INSIDE_CAR, "Ô tô đang gửi", "Cars inside") \
    X(COL_PLACES_MOTORBIKE, "Chỗ xe máy", "Motorbike places") \
    X(COL_INSIDE_MOTORBIKE, "Xe máy đang gửi", "Motorbikes inside") \
    X(COL_GATES, "Cổng", "Gates") \
    X(COL_GATES_ONLINE, "Đang kết nối", "Online") \
    X(COL_ALARMS, "Cảnh báo", "Alarms") \
    X(COL_ACCOUNT, "Tài khoản", "Account") \
    X(COL_ONLINE, "Kết nối", "Online") \
    X(COL_SEEN, "Lần cuối nghe", "Last heard") \
    X(COL_VERSION, "Phiên bản", "Version") \
    X(COL_STARTS, "Lần khởi động", "Starts") \
    X(COL_RECORDS, "Bản ghi", "Records") \
    X(COL_GATE, "Cổng", "Gate") \
    X(COL_LANE, "Làn", "Lane") \
    X(COL_ALARM, "Cảnh báo", "Alarm") \
    X(COL_KIND, "Việc", "What") \
    X(COL_MONEY, "Về tiền", "About money") \
    X(COL_DETAIL, "Chi tiết", "Detail") \
    X(COL_RAISED, "Từ", "Since") \
    X(COL_CLEARED, "Hết lúc", "Cleared") \
    X(COL_VEHICLE, "Loại xe", "Class") \
    X(COL_FROM, "Áp dụng từ", "Prices from") \
    X(COL_MADE, "Công bố lúc", "Published") \
    X(COL_BY, "Người", "By") \
    X(COL_NEWEST, "Mới nhất", "Newest") \
    X(COL_LIST, "Danh sách", "List") \
    X(COL_PLATE, "Biển số", "Plate") \
    X(COL_UNTIL, "Đến", "Until") \
    X(COL_REASON, "Lý do", "Reason") \
    X(COL_ADDED, "Thêm lúc", "Added") \
    X(COL_ADDED_BY, "Người thêm", "Added by") \
    X(COL_REMOVED, "Bỏ lúc", "Taken off") \
    X(COL_REMOVED_BY, "Người bỏ", "Taken off by") \
    X(COL_FILE, "Tệp", "File") \
    X(COL_MAPPING, "Mẫu", "Mapping") \
    X(COL_IMPORTED, "Nạp lúc", "Taken in") \
    X(COL_FIRST, "Từ", "From") \
    X(COL_LAST_ROW, "Đến", "To") \
    X(COL_ROWS, "Dòng", "Rows") \
    X(COL_WAITING, "Đang chờ", "Waiting") \
    X(COL_IN, "Tiền vào", "In") \
    X(COL_OUT, "Tiền ra", "Out") \
    X(COL_GAPS, "Chỗ hở", "Gaps") \
    X(COL_DAY, "Ngày", "Day") \
    X(COL_CLOSE, "Lần chốt", "Close") \
    X(COL_AS_OF, "Theo những gì biết lúc", "Known at") \
    X(COL_NUMBER, "Số sổ cái", "Ledger no.") \
    X(COL_OPEN_ITEMS, "Việc cần xem", "Open items") \
    X(COL_DIFFERENCES, "Tổng lệch", "Differences") \
    X(COL_DIGEST, "Dấu vân tay", "Digest") \
    X(COL_SOURCE, "Nguồn", "Source") \
    X(COL_TIMES, "Số lần", "Times") \
    X(COL_RECEIVED, "Nhận lúc", "Received") \
    X(COL_LAST_TIME, "Lần cuối", "Last") \
    X(COL_BYTES, "Byte", "Bytes")
/* clang-format on */

#endif
