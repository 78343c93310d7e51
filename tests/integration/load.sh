#!/usr/bin/env bash
# load.sh BIN STATE: three gates with certificates of their own towards one server; every event is
# acknowledged by the application, every vehicle gets its quote, and the books are right.
set -euo pipefail
bin=$1 state=$2
here=$(cd "$(dirname "$0")/../.." && pwd)
said=$("$here/sim/load.sh" --bin "$bin" --state "$state" --gates 3 --rate 10 --for 3 --json)
echo "$said"
jq -e '.gates == 3 and .visits == 30 and .unacknowledged == 0 and .acknowledged == .events and
    .events == 3 * 2 + 6 * .quotes and .quotes == .visits and .acknowledgement.count == .events and
    .acknowledgement.p50_us > 0 and .acknowledgement.p50_us <= .acknowledgement.p99_us and
    .acknowledgement.p99_us <= .acknowledgement.max_us' <<<"$said" >/dev/null
status=0
"$bin/doxe-sim" live --gates 2 --list "$state/gates.list" --ca "$state/pki/ca.crt" --keys "$state/nothing" 2>"$state/out" || status=$?
[ "$status" -eq 4 ] || { cat "$state/out"; exit 1; }
status=0
"$bin/doxe-sim" live --gates 4 --list "$state/gates.list" --ca "$state/pki/ca.crt" --keys "$state/pki" 2>"$state/out" || status=$?
[ "$status" -eq 2 ] && grep -q 'names 3 gates, not 4' "$state/out" || { cat "$state/out"; exit 1; }
