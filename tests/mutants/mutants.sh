#!/usr/bin/env bash
# mutants.sh [--only NAME] [--seeds N] [--keep DIR]: can the simulator catch what it must?
#
# Each mutant of mutants.txt is a bug put into a copy of the tree; doxe-sim is built there and plays
# seeds without faults and with them until one fails.  Prints which rule caught it, and caught/total.
# The tree itself is not touched.  Status 0: all were caught, and those without a bug by none.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
list=$here/mutants.txt only="" seeds=16 keep="" jobs=2
while [ $# -gt 0 ]; do
    case $1 in
    --only) only=$2; shift 2 ;;
    --seeds) seeds=$2; shift 2 ;;
    --keep) keep=$2; shift 2 ;;
    *) echo "usage: run mutants [--only NAME] [--seeds N] [--keep DIR]" >&2; exit 2 ;;
    esac
done
work=${keep:-$(mktemp -d)}
mkdir -p "$work"
[ -n "$keep" ] || trap 'rm -rf "$work"' EXIT

perl "$here/mutant.pl" check "$list" "$root"

# A copy of what git knows, as it stands now; built once without a bug.
prepare() { # COPY
    mkdir -p "$1"
    (cd "$root" && git ls-files -z | xargs -0 -r sh -c 'for f; do [ -e "$f" ] && printf "%s\0" "$f"; done' sh |
        tar -c --null -T - -f -) | tar -x -C "$1" --no-same-owner --keep-newer-files 2>/dev/null || true
    cmake --preset release -S "$1" >"$1/cmake.log" 2>&1 || { tail "$1/cmake.log"; return 1; }
    build "$1" || { tail -30 "$1/build.log"; return 1; }
}
build() { # COPY
    CCACHE_BASEDIR=$1 nice ninja -C "$1/build/release" doxe-sim >"$1/build.log" 2>&1
}

# The rule that caught it, "abort" or "hang"; "" when nothing did.
play() { # COPY
    local copy=$1 seed status mode
    for seed in $(seq 1 "$seeds"); do
        for mode in "--no-faults" ""; do
            [ "$seed" -gt 4 ] && [ -n "$mode" ] && continue
            status=0
            (cd "$copy" && timeout 60 build/release/bin/doxe-sim run --seed "$seed" $mode) >"$copy/out" 2>&1 || status=$?
            [ "$status" -eq 0 ] && continue
            if [ "$status" -eq 124 ]; then
                echo "hang"
            elif [ "$status" -ge 128 ]; then
                echo "abort"
            else
                sed -n 's/^FAILED: judge: \([a-z]*\):.*/\1/p;t;s/^FAILED: \(.*\)/\1/p' "$copy/out" | head -1 | cut -c1-40
            fi
            return 0
        done
    done
}

one() { # COPY NAME RULES
    local copy=$1 name=$2 rules=$3 caught verdict=caught file
    file=$(sed -n "/^name $name\$/,/^file/s/^file //p" "$list")
    cp -p "$copy/$file" "$copy/without"
    perl "$here/mutant.pl" apply "$list" "$name" "$copy"
    if build "$copy"; then
        caught=$(play "$copy")
    else
        caught="" verdict="does not build"
    fi
    cp "$copy/without" "$copy/$file"
    [ -n "$caught" ] || { [ "$verdict" = caught ] && verdict=MISSED; }
    if [ "$verdict" = caught ] && ! echo "|$rules|" | grep -qF "|$caught|" && ! echo "|$rules|" | grep -qF '|any|'; then
        verdict="caught, but not by $rules"
    fi
    printf '%-28s %-16s %s: %s\n' "$name" "${caught:--}" "$verdict" "$(perl "$here/mutant.pl" says "$list" "$name")"
}

worker() { # NUMBER: every jobs-th mutant
    local number=$1 copy=$work/copy$1 i=0 name rules sound
    if [ "$number" -eq 0 ]; then
        sound=$(play "$copy")
        [ -z "$sound" ] || echo "WITHOUT A BUG               $sound: the judge cries wolf"
    fi
    while read -r name rules; do
        [ -n "$only" ] && [ "$only" != "$name" ] && continue
        if [ $((i++ % jobs)) -eq "$number" ]; then
            one "$copy" "$name" "$rules"
        fi
    done < <(perl "$here/mutant.pl" list "$list")
}

[ -z "$only" ] || jobs=1
for ((n = 0; n < jobs; n++)); do # one after the other: the second finds the first one's objects
    prepare "$work/copy$n" || { echo "copy $n: cannot be built"; exit 1; }
done
for ((n = 0; n < jobs; n++)); do
    worker "$n" 2>&1 | tee "$work/result$n" &
done
wait || true
total=$(cat "$work"/result* | grep -cE ': ' || true)
caught=$(cat "$work"/result* | grep -cE ' caught[:,]' || true)
echo "$caught of $total caught"
[ "$caught" -eq "$total" ] && [ "$total" -gt 0 ]
