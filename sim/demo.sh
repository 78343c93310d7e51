#!/usr/bin/env bash
# demo.sh - one lot, live: broker, server, gate and a simulated street.  Called by ./run demo.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
source "$here/sim/stack.sh"

usage() {
    cat <<'TEXT'
usage: ./run demo [OPTION...]
  --for SECONDS    end by itself: status 0 only if every visit that should have closed has closed
                   and the money agrees
  --speed N        drivers, parking and paying N times faster than life (20)
  --rate N         vehicles that arrive in a minute of ours (20)
  --seed N         the street's dice
  --lang vi|en     language of the event lines (vi)
  --state FOLDER   where keys, databases and logs go, made anew each time (state/demo, or
                   state/demo-2 … while another demo runs)
  --camera MAKER   hikvision, dahua, platerecognizer, openalpr, frigate or onvif (hikvision)
  --scanner KIND   serial, tcp or evdev (serial)
  --provider NAME  who tells of transfers: sepay, payos or casso (sepay)
  --lose PERMILLE  of the bank's notices never come; the provider's list makes up for them (0; payos
                   has no list)
  --month yes|no   begin with a month of simulated history in the database (yes; with --for: no)
  --faults         devices and banks fail as the plan of the seed says (doxe-sim run has all faults)
  --kill N         kill -9 broker, server or gate N times at random moments, and start it again
Ctrl-C stops what this started, and nothing else.
TEXT
}

bin=build/release/bin state="" seconds="" speed=20 rate=20 seed=$RANDOM lang=vi kills=0 stack_provider=sepay lose=0 month="" faults=()
stack_camera=hikvision stack_scanner=serial
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) usage; exit 0 ;;
    --bin | --state | --for | --speed | --rate | --seed | --lang | --kill | --camera | --scanner | --provider | --lose | --month)
        [ $# -ge 2 ] || { echo "demo: $1 needs a value; see ./run demo --help" >&2; exit 2; }
        ;;&
    --bin) bin=$2; shift 2 ;;
    --state) state=$2; shift 2 ;;
    --for) seconds=$2; shift 2 ;;
    --speed) speed=$2; shift 2 ;;
    --rate) rate=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --lang) lang=$2; shift 2 ;;
    --kill) kills=$2; shift 2 ;;
    --faults) faults=(--faults); shift ;;
    --camera) stack_camera=$2; shift 2 ;;
    --scanner) stack_scanner=$2; shift 2 ;;
    --provider) stack_provider=$2; shift 2 ;;
    --lose) lose=$2; shift 2 ;;
    --month) month=$2; shift 2 ;;
    *) echo "demo: '$1' is not known; see ./run demo --help" >&2; exit 2 ;;
    esac
done
for number in "${seconds:-1}" "$speed" "$rate" "$seed" "$kills" "$lose"; do
    [[ $number =~ ^[0-9]+$ ]] || { echo "demo: '$number' is not a whole number" >&2; exit 2; }
done
case $stack_camera in
hikvision | dahua | platerecognizer | openalpr | frigate | onvif) ;;
*) echo "demo: --camera takes hikvision, dahua, platerecognizer, openalpr, frigate or onvif, not '$stack_camera'" >&2; exit 2 ;;
esac
month=${month:-$([ -n "$seconds" ] && echo no || echo yes)}
case $month in
yes | no) ;;
*) echo "demo: --month takes yes or no, not '$month'" >&2; exit 2 ;;
esac
case $stack_scanner in
serial | tcp | evdev) ;;
*) echo "demo: --scanner takes serial, tcp or evdev, not '$stack_scanner'" >&2; exit 2 ;;
esac
if [ "$stack_provider" = payos ] && [ "$lose" != 0 ]; then
    echo "demo: payOS has no list that makes up for lost notices; --lose 0" >&2
    exit 2
fi
for program in doxe-sim doxe-server doxe-gate; do
    [ -x "$bin/$program" ] || { echo "demo: $bin/$program is not there; ./run build makes it" >&2; exit 2; }
done
# The street knows its limits; --version ends it once the rest has been read.
"$bin/doxe-sim" live --speed "$speed" --rate "$rate" --seed "$seed" --lang "$lang" \
    --provider "$stack_provider" --lose "$lose" ${seconds:+--for "$seconds"} --version >/dev/null || exit 2

# A folder belongs to one demo at a time: what that demo has started holds the lock as well.
take_state() { # FOLDER: 0 it is ours, 1 another demo runs in it
    if [ -e "$1" ] && [ ! -e "$1/.doxe-demo" ]; then
        echo "demo: $1 exists and is no demo's state folder; name another with --state" >&2
        exit 2
    fi
    mkdir -p "$1" || exit 2
    exec 9>>"$1/.doxe-demo"
    flock -n 9
}
if [ -n "$state" ]; then
    take_state "$state" || { echo "demo: another demo runs in $state; name another with --state" >&2; exit 2; }
else
    state=$here/state/demo
    for ((i = 2; ; i++)); do
        take_state "$state" && break
        state=$here/state/demo-$i
    done
fi

sim_pid=""
finish() {
    trap '' INT TERM
    if [ -n "$sim_pid" ]; then
        kill -TERM "$sim_pid" 2>/dev/null && wait "$sim_pid" 2>/dev/null || true
    fi
    stack_stop
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

find "$state" -mindepth 1 ! -name .doxe-demo -delete
stack_init "$state" "$bin" "$speed"
# Thirty days that end last night, lived by the same programs in virtual time: so that the city page has
# something to show.  They are other lots than the one below.
if [ "$month" = yes ]; then
    echo "thirty days of history…"
    first=$(TZ=Asia/Ho_Chi_Minh date -d "$([ "$(TZ=Asia/Ho_Chi_Minh date +%H)" -ge 3 ] && echo 30 || echo 31) days ago" +%F)
    "$stack_bin/doxe-sim" run --world "$here/etc/worlds/demo.yaml" --no-faults --days 30 --start "$first" --seed "$seed" \
        --export "$stack_dir/doxe.db" --export-all --quiet >"$stack_dir/log/month.log" 2>&1 ||
        { echo "demo: no month: the end of $stack_dir/log/month.log:" >&2; tail -n 5 "$stack_dir/log/month.log" >&2; rm -f "$stack_dir/doxe.db"; }
fi
stack_start broker
[ "$stack_camera" != frigate ] || stack_start site
stack_start server

start_street() {
    "$stack_bin/doxe-sim" live --modbus "127.0.0.1:$stack_modbus_port" --gate "$stack_gate_url" \
        --server "$stack_server_url" --bank-secret "$stack_dir/sepay.secret" \
        --provider "$stack_provider" --bank-list "127.0.0.1:$stack_bank_port" --lose "$lose" "${faults[@]}" \
        --operator operator --password-file "$stack_dir/operator.password" \
        --scanner-in "$stack_street_in" --scanner-out "$stack_street_out" "${stack_camera_options[@]}" \
        --speed "$speed" --rate "$rate" --seed "$seed" --lang "$lang" \
        --truth "$stack_dir/truth.jsonl" ${seconds:+--for "$seconds"} 2>>"$stack_dir/log/sim.log" &
    sim_pid=$!
}
end_with_street() { # its status is the demo's
    local status=0
    wait "$sim_pid" || status=$?
    sim_pid=""
    if [ "$status" -gt 1 ]; then
        echo "demo: the street ended with status $status; the end of $stack_dir/log/sim.log:" >&2
        tail -n 5 "$stack_dir/log/sim.log" >&2
    fi
    exit "$status"
}
# Its scanners are there once its I/O module listens; a gate that came first would rightly raise alarms.
start_street
for ((i = 0; i < 100; i++)); do
    if [ -e "$stack_dir/scanner-out" ] || [ "$stack_scanner" = tcp ] || ! kill -0 "$sim_pid" 2>/dev/null; then break; fi
    sleep 0.05
done
kill -0 "$sim_pid" 2>/dev/null || end_with_street
stack_attendant an attendant "Nguyễn Thị An"
stack_attendant binh supervisor "Trần Văn Bình"
stack_start gate

cat <<TEXT

doxe is running (seed $seed).  Ctrl-C stops it.
  server, an index of pages   $stack_server_url/
  attendants' console         $stack_console_url/   an, PIN $(cat "$stack_dir/an.pin"); supervisor binh, PIN $(cat "$stack_dir/binh.pin")
  operator console            $stack_server_url/operator      user operator, password $(cat "$stack_dir/operator.password")
  city page                   $stack_server_url/city          user city, password $(cat "$stack_dir/city.password")
  lane displays               $stack_gate_url/lane/1   $stack_gate_url/lane/2
  a driver's page             its address is in the QR and in the lines below
  state, logs                 $stack_dir

TEXT

# Kill one of the three at random moments, while the street is busy, and start it again.
for ((i = 0; i < kills; i++)); do
    sleep "$((RANDOM % 2)).$((RANDOM % 10))"
    kill -0 "$sim_pid" 2>/dev/null || break
    names=(broker server gate)
    name=${names[RANDOM % 3]}
    echo "--- kill -9 $name ($((i + 1)) of $kills)"
    stack_kill "$name" KILL
    stack_start "$name"
done
end_with_street
