#!/usr/bin/env bash
# soak.sh BIN N [--from SEED] [--jobs J] [--longest SECONDS] [--keep FILE] [--open FILE] [-- OPTION...]
#
# N runs of `doxe-sim run` with the seeds FROM, FROM+1, …, as many at a time as there are cores.
# OPTIONs go to each run (--world FILE, --days D …); faults are on.  Progress goes to standard error, one line a
# failing seed to standard output with the command that repeats it; a summary at the end, also after
# Ctrl-C.  --keep writes "seed hash" of every run that came out well into FILE, in order.
#
# Seeds of --open FILE ("SEED # what it shows") are known and not repaired yet: told, but no failure.
# A run that is longer than --longest (120 s) is stopped and counts as failed: it never comes to an end.
#
# Exit status: 0 all well; 1 a seed failed; 2 wrong command line; 130 stopped by hand.
set -euo pipefail

usage() {
    sed -n '2,14s/^# \{0,1\}//p' "$0"
    exit 2
}

[ $# -ge 2 ] || usage
bin=$1 count=$2
shift 2
from=1 jobs=${DOXE_JOBS:-$(nproc)} keep="" longest=120 open=/dev/null
options=()
while [ $# -gt 0 ]; do
    case $1 in
    --from) from=${2:?} && shift 2 ;;
    --jobs) jobs=${2:?} && shift 2 ;;
    --open) open=${2:?} && shift 2 ;;
    --longest) longest=${2:?} && shift 2 ;;
    --keep) keep=${2:?} && shift 2 ;;
    --) shift && options+=("$@") && break ;;
    *) usage ;;
    esac
done
[[ $count =~ ^[0-9]+$ && $from =~ ^[0-9]+$ && $jobs =~ ^[0-9]+$ && $count -gt 0 && $jobs -gt 0 ]] || usage
[ -x "$bin" ] || { echo "soak: $bin is not there" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/doxe-soak.XXXXXX")
workers=()
stopped=0
# Only what this script has started is stopped: each worker ends after the run it is at.
stop() { stopped=1; touch "$work/stop"; }
clean() { touch "$work/stop"; wait "${workers[@]}" 2>/dev/null || true; rm -rf "$work"; }
trap stop INT TERM
trap clean EXIT

# Worker J takes every jobs-th seed; a line per run: "seed status hash".
worker() {
    local first=$1 seed status hash why
    trap '' INT
    for ((seed = from + first; seed < from + count; seed += jobs)); do
        [ ! -e "$work/stop" ] || return 0
        status=0
        timeout "$longest" "$bin" run --seed "$seed" ${options[@]+"${options[@]}"} --json >"$work/out.$first" 2>"$work/err.$first" || status=$?
        hash=$(sed -n 's/.*"hash": *"\([0-9a-fx]*\)".*/\1/p' "$work/out.$first" | tail -1)
        if [ "$status" -ne 0 ]; then
            why=$(sed -n 's/.*"why":"\([^"]*\)","detail":"\([^"]*\)".*/\1: \2/p' "$work/out.$first" | tail -1)
            [ "$status" -ne 124 ] || why="no end after $longest s"
            echo "${why:-$(grep -m1 -v '^$' "$work/err.$first" || echo "status $status")}" >"$work/failed.$seed"
        fi
        echo "$seed $status ${hash:--}" >>"$work/done.$first"
    done
}

results() { cat "$work"/done.* 2>/dev/null || true; }
finished() { results | wc -l; }
failures() { results | awk '$2 != 0' | wc -l; }

# "1m05s" of seconds
span() { printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); }

progress() {
    local done_now=$1 elapsed=$((SECONDS > 0 ? SECONDS : 1)) left
    left=$((done_now > 0 ? (count - done_now) * elapsed / done_now : 0))
    printf '\r%d of %d seeds, %d failed, %d.%d a second, %s to go   ' "$done_now" "$count" "$(failures)" \
        $((done_now / elapsed)) $((done_now * 10 / elapsed % 10)) "$(span "$left")" >&2
}

SECONDS=0
for ((i = 0; i < jobs && i < count; i++)); do
    worker "$i" &
    workers+=($!)
done
while [ "$stopped" -eq 0 ]; do
    n=$(finished)
    [ ! -t 2 ] || progress "$n"
    [ "$n" -lt "$count" ] || break
    # A worker that is gone without its work done would be waited for for ever.
    alive=0
    for pid in "${workers[@]}"; do kill -0 "$pid" 2>/dev/null && alive=1; done
    [ "$alive" -eq 1 ] || break
    sleep 0.5 || true
done
wait "${workers[@]}" 2>/dev/null || true
[ ! -t 2 ] || echo >&2

n=$(finished) bad=$(failures) known=0
for seed in $(results | awk '$2 != 0 {print $1}' | sort -n | head -100); do
    word=FAILED
    if grep -qE "^$seed([[:space:]]|\$)" "$open"; then
        word=open
        known=$((known + 1))
    fi
    echo "$word seed $seed: $(cat "$work/failed.$seed")"
    echo "  again: $bin run --seed $seed ${options[*]-}"
done
[ -z "$keep" ] || results | awk '$2 == 0 {print $1, $3}' | sort -n >"$keep"
elapsed=$((SECONDS > 0 ? SECONDS : 1))
echo "$n of $count seeds from $from in $(span "$elapsed") on $jobs cores ($((n * 10 / elapsed / 10)).$((n * 10 / elapsed % 10)) a second): $((bad - known)) failed, $known open"
[ "$stopped" -eq 0 ] || exit 130
[ "$bad" -eq "$known" ] && [ "$n" -eq "$count" ]
