#!/usr/bin/env bash
# month_report.sh DOXE-SERVER SOURCE: the signed report of a month, verified by openssl, made once.
set -euo pipefail
server=$1
source=$2
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
cat >"$d/server.yaml" <<Y
server: {database: $d/doxe.db, tariffs: $source/etc/tariffs, public_url: "http://127.0.0.1:8080"}
mqtt: {url: "tcp://127.0.0.1:1"}
operators: [{id: op, name: Op}]
lots: [{id: hn-1, operator: op, name: "=1+1", address: A, ward: W, bin: "970436", account: "1", account_name: N, gates: [g1]}]
Y
cat "$source"/server/store/migrations/*.up.sql | sqlite3 "$d/doxe.db"
sqlite3 "$d/doxe.db" "PRAGMA journal_mode=WAL;
INSERT INTO operator VALUES ('op', 'Op');
INSERT INTO lot(id, operator, name, address, ward, bin, account, account_name, capacity_car, capacity_motorbike)
    VALUES ('hn-1', 'op', '=1+1', 'A', 'W', '970436', '1', 'N', 1, 1);
INSERT INTO session(id, lot, state, vehicle, subject, key, raw, last4, gate_in, lane_in, arrived_ms, entered_ms, left_ms,
    fee_vnd, paid_vnd, code, token, updated_ms)
    VALUES ('S', 'hn-1', 'left', 'car', 'plate', '30F12345', '30F-123.45', '', 'g1', 1, 1, 1767600000000, 1767603600000,
    25000, 25000, 'C', 'T', 1);" >/dev/null
report() { "$server" report month --config "$d/server.yaml" --key "$d/key" --out "$d" "$@"; }
verify() {
    openssl pkeyutl -verify -pubin -inkey "$d/doxe-city.pub.pem" -rawin -in "$d/doxe-city-2026-01.csv" \
        -sigfile "$d/doxe-city-2026-01.csv.sig"
}
report --month 2026-01
[ "$(stat -c %a "$d/key")" = 600 ]
verify
grep -q "'=1+1" "$d/doxe-city-2026-01.csv" # no formula of a name
grep -q 'turns_by_lot,1,1,0' "$d/doxe-city-2026-01.csv"
! grep -q 30F "$d/doxe-city-2026-01.csv" # no personal data
before=$(sha256sum "$d"/doxe-city-2026-01.csv*)
report --month 2026-01 | grep -q 'there already'
[ "$before" = "$(sha256sum "$d"/doxe-city-2026-01.csv*)" ]
rm "$d"/doxe-city-2026-01.csv.sig # a crash before the signature: made again, the same
report --due >/dev/null
[ "$before" = "$(sha256sum "$d"/doxe-city-2026-01.csv*)" ]
[ -f "$d/doxe-city-2026-02.csv.sig" ] # a month that nobody asked for: caught up
"$server" rollup check --config "$d/server.yaml" | grep -q ' 0 figures differ'
sqlite3 "$d/doxe.db" "UPDATE rollup SET fee_vnd = fee_vnd + 1 WHERE grain = 1" >/dev/null
! "$server" rollup check --config "$d/server.yaml" >"$d/out"
grep -q 'differs: day .* fee_vnd kept=25001 counted=25000' "$d/out"
"$server" rollup rebuild --config "$d/server.yaml" >/dev/null
"$server" rollup check --config "$d/server.yaml" | grep -q ' 0 figures differ'
echo x >>"$d/doxe-city-2026-01.csv"
! verify
echo "a month's report is signed, verified, and made once"
