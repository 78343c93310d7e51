#!/usr/bin/env bash
# run.sh STAGE FOLDER TEST: the browser tests of TEST.test.mjs against the program STAGE (web_stage, or
# doxe-gate for `desk`); packages go into FOLDER.
# Ends with 77 (skipped) and a loud line when this machine has no browser or no npm.
set -euo pipefail
stage=$1 folder=$2 test=${3:-pages}
here=$(cd "$(dirname "$0")" && pwd)
for program in "${DOXE_CHROMIUM:-chromium}" node npm; do
    if ! command -v "$program" >/dev/null; then
        echo "############ BROWSER TESTS SKIPPED: $program is missing ############"
        exit 77
    fi
done
mkdir -p "$folder"
cp "$here"/package.json "$here"/package-lock.json "$folder"/
if ! cmp -s "$folder/package-lock.json" "$folder/installed-lock.json"; then
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund)
    cp "$folder/package-lock.json" "$folder/installed-lock.json"
fi
cp "$here"/*.mjs "$folder"/
export DOXE_SOURCE=$here/../.. DOXE_WEB_STAGE=$stage DOXE_GATE=$stage DOXE_CHROMIUM=${DOXE_CHROMIUM:-$(command -v chromium)}
cd "$folder"
exec node --test --test-reporter=spec "$test.test.mjs"
