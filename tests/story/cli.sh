#!/usr/bin/env bash
# cli.sh DOXE-SIM: what `doxe-sim story` answers to mistakes, to what does not come, and to --update.
set -euo pipefail
sim=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/doxe-story.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

# tell STATUS WORDS SCRIPT [OPTION...]: the script comes out so, and says these words.
tell() {
    local expected=$1 words=$2 script=$3 status=0
    shift 3
    printf '%b\n' "$script" >"$work/x.story"
    "$sim" story "$@" "$work/x.story" >"$work/out" 2>&1 || status=$?
    if [ "$status" -ne "$expected" ] || { [ -n "$words" ] && ! grep -qF -- "$words" "$work/out"; }; then
        echo "expected status $expected and '$words', got $status:"
        tail -5 "$work/out"
        failed=1
    fi
}

tell 2 'x.story:2: expected {class} instead of' '# bad\nat 0 arrive 30F-123.45 lorry lane 1'
tell 2 'x.story: there is no clause' '# nothing'
tell 1 "x.story:2: 'expect open within 2s' is not so within 2s: the arm of lane 1 is down" \
    '# never opens\nat 0 show card 1234 lane 1; expect open within 2s'
tell 1 'x.story:1: there is no lane 7' 'at 0 arrive 30F-123.45 car lane 7'
tell 1 'time does not run backwards' 'at 10s wait 1s\nat 5s wait 1s'
tell 1 'somebody is in the way' 'arrive 30F-123.45 car lane 1 and waits\narrive 30G-111.11 car lane 1'
tell 1 'must come before anything happens' 'wait 1s\nlane 1 has fire'
tell 1 'no input or output is called' 'lane 1 has wings\nwait 1s'
tell 1 'the lanes cannot be so' 'lane 1 passback hard\nlane 2 stands behind lane 1\nwait 1s'
tell 1 'nobody stands there' 'drive on lane 1'
tell 1 'no display has shown an amount' 'pay 25000'
tell 1 'CAME DOWN ON A VEHICLE' \
    'arrive 30F-123.45 car lane 1 and waits; expect up within 5s\ngate dies; drive on lane 1 and stops\nafter 1s the arm of lane 1 falls; wait 5s'
tell 1 'is missing; --update writes it' 'wait 1s'
tell 0 '' 'at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s' --update
tell 0 '' 'at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s'
tell 1 'x.golden:1: the chronicle has changed' 'at 0 arrive 30G-123.45 car lane 1; expect session inside within 10s'
tell 0 'record  arrived S1 30F12345' 'at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s' --show
tell 0 's0 lane 1' 'at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s' --trace
"$sim" story --words | grep -qF '| `expect session {plate?} {word}' || { echo "--words lacks a row"; failed=1; }
here=$(dirname "$0")
"$sim" story --words | diff - <(sed -n '/^| clause/,$p' "$here/README.md") || { echo "README.md has other words"; failed=1; }
"$sim" story /nowhere.story 2>/dev/null && failed=1
[ "$failed" -eq 0 ]
