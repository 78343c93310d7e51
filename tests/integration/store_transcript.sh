#!/usr/bin/env bash
# store_transcript.sh A B [SEEDS [CALLS]]: both programs answer the same for each seed.
set -euo pipefail
a=$1 b=$2 seeds=${3:-8} calls=${4:-1500}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for ((seed = 1; seed <= seeds; seed++)); do
    "$a" "$seed" "$calls" >"$folder/a"
    "$b" "$seed" "$calls" >"$folder/b"
    if ! cmp -s "$folder/a" "$folder/b"; then
        echo "seed $seed: they differ first here ($(basename "$a"), then $(basename "$b")):"
        diff "$folder/a" "$folder/b" | head -8 || true
        exit 1
    fi
done
echo "$seeds seeds of $calls calls, $(wc -l <"$folder/a") lines each: the same"
