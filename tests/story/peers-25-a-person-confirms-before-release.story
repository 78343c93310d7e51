# Without the server a person must confirm the debt before the arm rises.
# from: https://github.com/panmingzhi815/dongluCarpark/issues/4 (confirm before release; charged and waived money)
# from: docs/LANE.md U3 C9

offline confirm
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
expect all told within 10s
at 30m line cut
leave lane 2; expect held confirm within 15s; expect not open for 20s
attendant lets go lane 2 because "regular customer"; expect open within 2s
after 1m line restored
expect session left_unpaid permit debt within 30s; expect fee 25000
