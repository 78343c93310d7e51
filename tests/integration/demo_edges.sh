#!/usr/bin/env bash
# demo_edges.sh BIN STATE: what ./run demo owes at its edges: an option that is wrong is named before
# anything starts, two demos live side by side, and both end with nothing left behind.
set -euo pipefail
bin=$1 state=$2
demo=$(cd "$(dirname "$0")/../.." && pwd)/sim/demo.sh
failed=0 first=""
trap '[ -z "$first" ] || kill -TERM "$first" 2>/dev/null || true' EXIT
fail() { failed=$((failed + 1)); echo "FAILED: $1"; sed 's/^/    /' "$state.out"; }

refuses() { # TEXT OPTION...: status 2, says why, has started nothing
    local text=$1 status=0
    shift
    rm -rf "$state.refused"
    "$demo" --bin "$bin" --state "$state.refused" "$@" >"$state.out" 2>&1 || status=$?
    [ "$status" -eq 2 ] && grep -qF -- "$text" "$state.out" && [ ! -e "$state.refused/log" ] || fail "$*"
}
mkdir -p "$(dirname "$state")"
refuses '--speed takes a whole number from 1 to 1000' --speed 0
refuses '--rate takes' --rate 601
refuses '--for takes a whole number from 10' --for 5
refuses '--seed takes' --seed 99999999999999999999
refuses '--lang takes vi or en' --lang fr
refuses 'needs a value' --for
refuses '--month takes yes or no' --month maybe
refuses 'is not known' --fro 40
refuses 'is not there' --bin "$state.nothing"

rm -rf "$state"
"$demo" --bin "$bin" --state "$state" --month no >"$state.out" 2>&1 &
first=$!
for _ in $(seq 300); do grep -q 'doxe is running' "$state.out" && break; sleep 0.1; done
port=$(sed -n 's|.*server, an index of pages .*:\([0-9]*\)/$|\1|p' "$state.out")
refused=0
"$demo" --bin "$bin" --state "$state" --month no >"$state.second" 2>&1 || refused=$?
[ "$refused" -eq 2 ] && grep -q 'another demo runs' "$state.second" || fail "a second demo in the folder of the first"
curl -fsS -o /dev/null "http://127.0.0.1:$port/health" && [ -e "$state/server.yaml" ] || fail "the first goes on"
grep -E '^<[0-4]>' "$state/log/gate.log" >"$state.second" && { cat "$state.second"; fail "a quiet start of the gate"; }
kill -TERM "$first"
status=0
wait "$first" || status=$?
first=""
[ "$status" -eq 143 ] || fail "ends with status $status"
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then fail "the server's port is free again"; fi
flock -n "$state/.doxe-demo" true || fail "nothing that it started lives on"
[ "$failed" -eq 0 ]
