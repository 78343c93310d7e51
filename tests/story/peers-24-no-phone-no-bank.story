# A rider without data pays cash to the attendant, who writes a receipt.
# from: https://baogiaothong.vn/gui-xe-khong-dung-tien-mat-192240418234310255.htm
# from: docs/LANE.md C8

at 0 arrive "29-B1 234.56" motorbike lane 1; expect session inside within 10s
at 2h leave lane 2; expect shown 5000; attendant takes 5000 lane 2; expect open within 2s
expect session left paid permit cash within 10s; expect 0 credits
expect all told within 10s; expect no review cash_shift
