#!/usr/bin/env bash
# run.sh BUILD SECONDS: each libFuzzer program of BUILD for SECONDS, from its kept corpus.
# What it finds goes to BUILD/found and ends the run with status 1; put the input into
# tests/fuzz/corpus/<name>/ together with the fix.
set -euo pipefail
build=$(cd "$1" && pwd) seconds=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$build/found" "$build/grown"
passed=0 failed=0
fuzz_one() {
    local program=$1 name
    name=$(basename "$program")
    name=${name#fuzz_}
    mkdir -p "$build/grown/$name"
    if ! "$program" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=20000 -close_fd_mask=3 \
        -print_final_stats=1 -artifact_prefix="$build/found/$name-" \
        "$build/grown/$name" "$here/corpus/$name" >"$build/found/$name.log" 2>&1; then
        echo "fuzz $name: FAILED, see $build/found/$name.log and $build/found/$name-*"
        return 1
    fi
    echo "fuzz $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/found/$name.log") inputs, nothing found"
}
for program in "$build"/fuzz/fuzz_*; do
    [ -x "$program" ] || continue
    if fuzz_one "$program"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "fuzz: $passed targets clean, $failed with findings"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
