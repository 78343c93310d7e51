#!/usr/bin/env bash
# run.sh BUILD [NAME...] [--OPTION...]: the benchmark programs of BUILD/bench; each compares two
# things in one run and prints a ratio.  Timings are noisy: quote ratios.  What follows the first
# option is for the programs: `./run bench gate --passages 10000`.
set -euo pipefail
build=$1
shift
names=()
while [ $# -gt 0 ] && [[ $1 != --* ]]; do
    names+=("$1")
    shift
done
status=0
for program in "$build"/bench/bench_*; do
    [ -x "$program" ] || continue
    name=$(basename "$program")
    name=${name#bench_}
    [ ${#names[@]} -gt 0 ] && [[ " ${names[*]} " != *" $name "* ]] && continue
    echo "== $name"
    "$program" "$@" || status=1
done
exit $status
