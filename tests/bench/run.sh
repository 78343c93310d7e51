#!/usr/bin/env bash
# run.sh BUILD [NAME...]: the benchmark programs of BUILD/bench; each compares two things in one
# run and prints a ratio.  Timings are noisy: quote ratios.
set -euo pipefail
build=$1
shift
status=0
for program in "$build"/bench/bench_*; do
    [ -x "$program" ] || continue
    name=$(basename "$program")
    name=${name#bench_}
    [ $# -gt 0 ] && [[ " $* " != *" $name "* ]] && continue
    echo "== $name"
    "$program" || status=1
done
exit $status
