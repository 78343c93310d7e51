#!/usr/bin/env bash
# load.sh - many gates towards one real server over the real broker, and how long it takes.
#   sim/load.sh [--bin FOLDER] [--state FOLDER] [--gates N] [--rate N] [--for SECONDS] [--json]
# Sets broker and server up in a folder (made anew), enrols the gates, and runs doxe-sim live --gates.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
source "$here/sim/stack.sh"

bin=$here/build/release/bin state=$here/state/load gates=10 more=()
while [ $# -gt 0 ]; do
    case $1 in
    --bin) bin=$2; shift 2 ;;
    --state) state=$2; shift 2 ;;
    --gates) gates=$2; shift 2 ;;
    --rate | --for) more+=("$1" "$2"); shift 2 ;;
    --json | --verbose) more+=("$1"); shift ;;
    *) echo "usage: sim/load.sh [--bin FOLDER] [--state FOLDER] [--gates N] [--rate N] [--for SECONDS] [--json]" >&2; exit 2 ;;
    esac
done
[[ $gates =~ ^[1-9][0-9]{0,2}$ ]] || { echo "load: --gates takes 1 to 999, not '$gates'" >&2; exit 2; }
if [ -e "$state" ] && [ ! -e "$state/.doxe-load" ]; then
    echo "load: $state exists and is not this script's; name another with --state" >&2
    exit 2
fi
trap stack_stop EXIT
rm -rf "$state"
mkdir -p "$state"
touch "$state/.doxe-load"
stack_init "$state" "$bin" 1

# Lots of sixteen gates, as the sample has one.
for ((i = 0; i < gates; i++)); do
    lot=$(printf 'ld-%04d' $((i / 16 + 1)))
    printf '%s %s-g%d\n' "$lot" "$lot" $((i % 16 + 1))
done >"$stack_dir/gates.list"
mapfile -t names < <(cut -d' ' -f2 "$stack_dir/gates.list")
"$here/etc/pki/make-keys" "$stack_dir/pki" "${names[@]}"
cut -d' ' -f1 "$stack_dir/gates.list" | uniq | while read -r lot; do
    list=$(grep "^$lot " "$stack_dir/gates.list" | cut -d' ' -f2 | paste -sd,)
    sed -n '/^  - id: hn-0001$/,/^    gates:/p' "$stack_dir/server.yaml" |
        sed -e "s|id: hn-0001|id: $lot|" -e "s|gates: .*|gates: [${list//,/, }]|"
done >>"$stack_dir/server.yaml"
"$stack_bin/doxe-server" --check "$stack_dir/server.yaml" >"$stack_dir/log/check.log" 2>&1 ||
    { cat "$stack_dir/log/check.log" >&2; exit 1; }
"$stack_bin/doxe-server" acl --config "$stack_dir/server.yaml" >>"$stack_dir/broker.acl"
stack_start broker
stack_start server
status=0
"$stack_bin/doxe-sim" live --gates "$gates" --list "$stack_dir/gates.list" --ca "$stack_dir/pki/ca.crt" \
    --keys "$stack_dir/pki" --broker "ssl://127.0.0.1:$stack_mqtt_port" "${more[@]}" || status=$?
stack_kill server
"$stack_bin/doxe-server" ledger verify --config "$stack_dir/server.yaml" >&2 || status=1
exit "$status"
