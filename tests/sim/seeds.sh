#!/usr/bin/env bash
# seeds.sh DOXE-SIM SEEDS: every kept seed twice: it ends well, and both times with the same trace hash.
#
# A line of SEEDS: a seed, options of `doxe-sim run`, and behind '#' why it is kept.
# Exit status: 0 all well; 1 not.
set -euo pipefail
sim=$1 seeds=$2
failed=0 count=0

# hash SEED OPTION...: of one run; empty when it failed.
hash() {
    timeout 300 "$sim" run --seed "$@" --json --quiet | sed -n 's/^{"ok":true,.*"hash":"\([0-9a-f]*\)".*/\1/p'
}

while read -r seed options; do
    # shellcheck disable=SC2086
    first=$(hash "$seed" $options) || true
    # shellcheck disable=SC2086
    second=$(hash "$seed" $options) || true
    count=$((count + 1))
    if [ -z "$first" ] || [ "$first" != "$second" ]; then
        echo "seed $seed $options: '${first}' and '${second}'"
        echo "  again: $sim run --seed $seed $options"
        failed=1
    fi
done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$seeds")
echo "$count seeds, each twice"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
