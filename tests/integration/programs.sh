#!/usr/bin/env bash
# programs.sh BIN STATE: what every program owes its operator at its edges: help, version, a check
# that names file, line, key and what is allowed, exit codes, readiness, a clean stop.
set -euo pipefail
bin=$1 state=$2
here=$(cd "$(dirname "$0")/../.." && pwd)
source "$here/sim/stack.sh"
passed=0 failed=0
trap stack_stop EXIT

check() { # NAME COMMAND...: the command succeeds
    local name=$1
    shift
    if "$@" >"$state/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        sed 's/^/    /' "$state/out"
    fi
}
exits() { # STATUS COMMAND...
    local wanted=$1 got=0
    shift
    "$@" >"$state/said" 2>&1 || got=$?
    cat "$state/said"
    [ "$got" -eq "$wanted" ] || { echo "exit status $got, not $wanted"; return 1; }
}
says() { # STATUS TEXT COMMAND...: ends so, and says that
    local status=$1 text=$2
    shift 2
    exits "$status" "$@" && grep -qF -- "$text" "$state/said" || { echo "it does not say: $text"; return 1; }
}

rm -rf "$state"
mkdir -p "$state"
stack_init "$state/lot" "$bin" 20
version=$(sed -n 's/^project(doxe VERSION \([0-9.]*\).*/\1/p' "$here/CMakeLists.txt")

for program in doxe-gate doxe-server doxe-sim doxe; do
    check "$program --help" says 0 usage "$bin/$program" --help
    check "$program --version" says 0 "$program $version" "$bin/$program" --version
    check "$program refuses an unknown option" exits 2 "$bin/$program" --no-such-option
done

# A configuration error names file, line, key and what is allowed.
broken() { # PROGRAM FILE SED KEY: the edited file is refused with its line and key
    local program=$1 file=$2 edit=$3 key=$4 copy line
    copy=$state/broken.yaml
    sed -e "$edit" "$file" >"$copy"
    line=$(diff "$file" "$copy" | sed -n '1s/^\([0-9]*\).*/\1/p')
    exits 3 "$bin/$program" --check "$copy" || return 1
    grep -qF "$copy:$line: " "$state/said" || { echo "it does not name $copy:$line"; return 1; }
    grep -qF -- "$key" "$state/said" || { echo "it does not name the key $key"; return 1; }
}
gate=$state/lot/gate.yaml server=$state/lot/server.yaml
check "gate: good file" exits 0 "$bin/doxe-gate" --check "$gate"
check "server: good file" exits 0 "$bin/doxe-server" --check "$server"
check "gate: a number outside its range" broken doxe-gate "$gate" 's/poll_ms: 20/poll_ms: 0/' poll_ms
check "gate: a word that is none" broken doxe-gate "$gate" 's/direction: entry/direction: inwards/' direction
check "gate: an unknown key" broken doxe-gate "$gate" 's/timeout_ms: 300/timeuot_ms: 300/' timeuot_ms
check "gate: an id that is no id" broken doxe-gate "$gate" 's/  id: hn-0001-g1/  id: HN 1/' id
check "server: text for a number" broken doxe-server "$server" 's/capacity_car: 60/capacity_car: many/' capacity_car
check "server: an unknown tariff" broken doxe-server "$server" 's/tariff_car: hanoi-car-c2/tariff_car: hanoi-car-c9/' tariff_car
check "server: a bank number that is none" broken doxe-server "$server" 's/bin: "970436"/bin: "97"/' bin
check "gate: a broker's address that is none" broken doxe-gate "$gate" 's|url: ssl:|url: http:|' mqtt.url
check "gate: a port that is none" broken doxe-gate "$gate" 's/listen: 127.0.0.1:[0-9]*/listen: 127.0.0.1:99999/' http.listen
check "server: a broker's address that is none" broken doxe-server "$server" 's|url: ssl:|url: http:|' mqtt.url
check "server: a port that is none" broken doxe-server "$server" 's/listen: 127.0.0.1:[0-9]*/listen: 127.0.0.1:99999/' http.listen
check "server: open to all without TLS" broken doxe-server "$server" 's/listen: 127.0.0.1/listen: 0.0.0.0/' http.listen
check "server: a password where its hash belongs" broken doxe-server "$server" '/name: city/s/password_hash: "[^"]*"/password_hash: "secret"/' 'users[1].password_hash'
check "server: two users of one name" broken doxe-server "$server" 's/name: city/name: operator/' 'users[1].name'
check "server: a tariff of another class" broken doxe-server "$server" 's/tariff_car: hanoi-car-c2/tariff_car: hanoi-two-wheel-z1/' tariff_car
check "gate: no such file" exits 3 "$bin/doxe-gate" --check "$state/none.yaml"
check "server: no such file" exits 3 "$bin/doxe-server" --check "$state/none.yaml"
check "gate: a key file that is not there is noted" sh -c \
    "sed 's|/hn-0001-g1.key|/none.key|' '$gate' >'$state/noted.yaml' && '$bin/doxe-gate' --check '$state/noted.yaml' 2>&1 | grep -F 'mqtt.key: '"
check "server: a key file that is not there is noted" sh -c \
    "sed 's|/doxe-server.key|/none.key|' '$server' >'$state/noted.yaml' && '$bin/doxe-server' --check '$state/noted.yaml' 2>&1 | grep -F 'mqtt.key: '"
"$bin/doxe-gate" --print-sample >"$state/sample.yaml"
check "gate: its own sample is good" exits 0 "$bin/doxe-gate" --check "$state/sample.yaml"
"$bin/doxe-server" --print-sample >"$state/sample.yaml"
check "server: its own sample is good" exits 0 "$bin/doxe-server" --check "$state/sample.yaml"

# Readiness is told to the service manager; SIGTERM ends both within 2 s with status 0.
start_notified() { # NAME
    local name=$1
    rm -f "$state/notify"
    socat -u "UNIX-RECV:$state/notify" "OPEN:$state/notify.$name,creat,append" &
    local listener=$!
    while [ ! -S "$state/notify" ]; do sleep 0.02; done
    NOTIFY_SOCKET=$state/notify stack_start "$name" || return 1
    for _ in $(seq 100); do grep -q 'READY=1' "$state/notify.$name" && break; sleep 0.02; done
    kill "$listener"
    wait "$listener" 2>/dev/null || true
    grep -q 'READY=1' "$state/notify.$name"
}
stops() { # NAME: after SIGTERM, status 0; prints how long it took
    local pid=${stack_pid[$1]} began=$EPOCHREALTIME status=0
    unset "stack_pid[$1]"
    kill -TERM "$pid"
    wait "$pid" || status=$?
    local took=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
    echo "$1 stopped in $took ms with status $status" | tee -a "$state/stops"
    [ "$status" -eq 0 ] && [ "$took" -lt 20000 ]
}
stack_start broker
for name in server gate; do # in this shell: the process ids are kept here
    if start_notified "$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name is not ready"; fi
done
check "a second server finds its port taken" exits 4 "$bin/doxe-server" --config "$server"
check "logs are one structured line an event" \
    sh -c "! grep -vE '^<[0-7]>[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ]+ doxe-(gate|server) [a-z_]+(\.[a-z_]+)+( |$)' '$state/lot/log/gate.log' '$state/lot/log/server.log'"
for name in gate server; do
    if stops "$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name does not stop cleanly"; fi
done
cat "$state/stops"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
