#!/usr/bin/env bash
# export.sh BIN STATE: a simulated hour becomes a server's database; the server's own commands find
# nothing wrong with it, and a server that is started over it shows its pages and goes on.
set -euo pipefail
bin=$1 state=$2
here=$(cd "$(dirname "$0")/../.." && pwd)
source "$here/sim/stack.sh"
trap stack_stop EXIT

rm -rf "$state"
stack_init "$state" "$bin" 1
"$bin/doxe-sim" run --seed 3 --no-faults --export "$stack_dir/doxe.db" --export-all --quiet
if "$bin/doxe-sim" run --seed 3 --no-faults --export "$stack_dir/doxe.db" --quiet 2>"$state/out"; then
    echo "a file that was there was overwritten"; exit 1
fi
grep -q 'there is a file' "$state/out"
"$bin/doxe-server" ledger verify --config "$stack_dir/server.yaml"
"$bin/doxe-server" audit --config "$stack_dir/server.yaml" >"$state/audit.json"
jq -e '.trial_balance_vnd == 0 and .events > 100 and .parked == 0' "$state/audit.json" >/dev/null ||
    { cat "$state/audit.json"; exit 1; }
"$bin/doxe-server" ledger balance --config "$stack_dir/server.yaml" | grep -q 'bank:970436'

stack_start broker
stack_start server
page() { # USER PATH: 200, or says so
    local status
    status=$(curl -s -o "$state/page" -w '%{http_code}' -u "$1:$(cat "$stack_dir/$1.password")" "$stack_server_url$2")
    [ "$status" = 200 ] || { echo "$2: $status"; head -c 600 "$state/page"; exit 1; }
}
page city /city
page operator /api/v1/audit
page operator /operator
page operator /office/lots
page operator /office/days
"$bin/doxe-server" ledger verify --config "$stack_dir/server.yaml"
! grep -E '^<[0-3]>' "$stack_dir/log/server.log"
