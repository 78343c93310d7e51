#!/usr/bin/env bash
# honest.sh SOURCE BUILD SEEDS [N]: one seed, one hash, whatever the compiler.
#
# Builds doxe-sim with gcc and clang, each with -O0 and -O2, plays the kept seeds (seeds.txt) and N more
# with all four, the first build twice, and compares the hashes of their traces.  Enemies it has met:
# pointers in an order, padding in a hash, uninitialised bytes, qsort without a tie-break, floating point.
#
# Exit status: 0 equal; 1 not; 77 a compiler is missing.
set -euo pipefail
source_dir=$1 build_dir=$2 seeds=$3 more=${4:-20}
for compiler in gcc clang; do
    command -v "$compiler" >/dev/null || { echo "honest: $compiler is missing"; exit 77; }
done

# build COMPILER LEVEL: quietly, doxe-sim alone.
build() {
    local dir=$build_dir/$1-$2
    cmake -S "$source_dir" -B "$dir" -G Ninja -DCMAKE_C_COMPILER="$1" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_FLAGS="-$2" -DDOXE_TESTS=OFF >"$dir.log" 2>&1 &&
        ninja -C "$dir" doxe-sim >>"$dir.log" 2>&1 || { tail -20 "$dir.log"; return 1; }
}

# play BIN OUT: "seed hash" for every seed.
play() {
    local bin=$1 out=$2 seed options line
    : >"$out"
    while read -r seed options; do
        # shellcheck disable=SC2086
        line=$(timeout 600 "$bin" run --seed "$seed" $options --json --quiet) || { echo "honest: seed $seed fails in $bin"; return 1; }
        echo "$seed $(sed -n 's/.*"hash": *"\([0-9a-fx]*\)".*/\1/p' <<<"$line")" >>"$out"
    done <"$build_dir/list"
}

mkdir -p "$build_dir"
{
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$seeds"
    for ((i = 0; i < more; i++)); do echo "$((700000 + i))"; done
} >"$build_dir/list"
for compiler in gcc clang; do
    for level in O0 O2; do
        build "$compiler" "$level"
    done
done
play "$build_dir/gcc-O2/bin/doxe-sim" "$build_dir/first"
status=0
for build in gcc-O2 gcc-O0 clang-O0 clang-O2; do
    play "$build_dir/$build/bin/doxe-sim" "$build_dir/hashes.$build"
    if ! diff "$build_dir/first" "$build_dir/hashes.$build" >"$build_dir/diff.$build"; then
        echo "honest: $build has other hashes than gcc-O2:"
        head -6 "$build_dir/diff.$build"
        status=1
    fi
done
[ "$status" -ne 0 ] || echo "$(wc -l <"$build_dir/list") seeds, 4 builds and a repetition: equal"
exit "$status"
