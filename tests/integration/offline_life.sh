#!/usr/bin/env bash
# offline_life.sh BIN STATE MODULE: broker, server and gate as they are run, a line that is cut, and
# the money afterwards.  Vehicles of before and of during the cut leave: let out owing, confirmed by
# an attendant, paid in cash, paid by transfer; the gate is killed meanwhile.  Then the line is back.
set -euo pipefail
bin=$1 state=$2 module=$3
here=$(cd "$(dirname "$0")/../.." && pwd)
source "$here/sim/stack.sh"
passed=0 failed=0

coproc MODULE { exec "$module"; } # the I/O module with two arms, which this script moves
module_pid=$MODULE_PID
finish() {
    stack_stop
    kill "$module_pid" 2>/dev/null || true
}
trap finish EXIT

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
is() { # WANTED GOT
    [ "$1" = "$2" ] || { echo "'$2', not '$1'"; return 1; }
}
until_true() { # WHAT COMMAND...: looks again and again; a minute is no limit of the program's
    local what=$1 tries
    shift
    for ((tries = 0; tries < 1200; tries++)); do
        "$@" && return 0
        sleep 0.05
    done
    echo "never: $what" >&2
    curl -fsS "$stack_gate_url/lane/2/display.json" | jq -c 'del(.payload)' >&2 || true
    tail -n 12 "$stack_dir/log/gate.log" "$stack_dir/log/server.log" >&2
    exit 1
}

# ---- the lane's wires ----
input() { # ADDRESS 0|1
    local said
    echo "input $1 $2" >&"${MODULE[1]}"
    while read -r said <&"${MODULE[0]}" && [ "$said" != done ]; do coil "$said"; done
}
declare -A ordered=()
coil() { # "coil ADDRESS 1"
    case $1 in
    "coil 0 1") ordered[1]=open ;; "coil 1 1") ordered[1]=close ;;
    "coil 8 1") ordered[2]=open ;; "coil 9 1") ordered[2]=close ;;
    esac
}
arm_is_ordered() { # LANE open|close
    local said
    while read -r -t 0.01 said <&"${MODULE[0]}"; do coil "$said"; done
    [ "${ordered[$1]:-}" = "$2" ]
}
drive_through() { # LANE: the arm rises, the vehicle passes, the arm comes down
    local base=$((($1 - 1) * 8))
    until_true "lane $1 is opened" arm_is_ordered "$1" open
    input $((base + 3)) 0
    input $((base + 2)) 1
    until_true "lane $1 says go" lane_shows "$1" go
    input $((base + 1)) 1
    sees
    input "$base" 0
    sees
    input $((base + 1)) 0
    until_true "lane $1 is closed" arm_is_ordered "$1" close
    input $((base + 2)) 0
    input $((base + 3)) 1
    ordered[$1]=""
    until_true "lane $1 is ready" lane_shows "$1" ready
}
sees() { # some polls later the gate has it
    sleep 0.25
}
lane() { # LANE FIELD: of its display
    curl -fsS -m 2 "$stack_gate_url/lane/$1/display.json" | jq -r ".$2"
}
lane_shows() { [ "$(lane "$1" state)" = "$2" ]; }
pushes=0
read_plate() { # LANE PLATE TYPE: it stands there, and the camera tells
    local camera=cam-in
    [ "$1" = 1 ] || camera=cam-out
    input $((($1 - 1) * 8)) 1
    until_true "lane $1 reads" lane_shows "$1" reading
    pushes=$((pushes + 1))
    printf '<?xml version="1.0"?><EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>%s</licensePlate><confidenceLevel>97</confidenceLevel><vehicleType>%s</vehicleType></ANPR><UUID>0b6f52a0-0000-4000-8000-%012d</UUID></EventNotificationAlert>' \
        "$2" "$3" "$pushes" >"$state/anpr.xml"
    curl -fsS -o /dev/null -F "anpr.xml=@$state/anpr.xml;type=application/xml" "$stack_gate_url/camera/$camera"
}
comes_in() { # PLATE TYPE
    read_plate 1 "$1" "$2"
    drive_through 1
}

# ---- what is known ----
server_db() { sqlite3 -readonly -cmd ".timeout 5000" "$stack_dir/doxe.db" "$1"; }
gate_db() { sqlite3 -readonly -cmd ".timeout 5000" "$stack_dir/journal.db" "$1"; }
gate_has_heard() { # KEY: the lot's retained list names it
    [ "$(gate_db "SELECT count(*) FROM kept WHERE name LIKE 'inside/%' AND CAST(body AS TEXT) LIKE '%$1%'")" = 1 ]
}
line_is() { [ "$(curl -fsS -m 2 "$stack_gate_url/health" | jq -r .online)" = "$1" ]; }
has_config() { [ "$(gate_db "SELECT count(*) FROM kept WHERE name = 'config'")" = 1 ]; }
recorded() { # TYPE: how many
    gate_db "SELECT count(*) FROM journal WHERE json_extract(body, '\$.type') = '$1'"
}
recorded_is() { [ "$(recorded "$1")" = "$2" ]; }
settled() { # all that the gate recorded is applied
    [ "$(server_db "SELECT high FROM gate WHERE id = 'hn-0001-g1'")" = "$(gate_db "SELECT max(seq) FROM journal")" ]
}
books() { # PLATE: state, fee and what was paid of its stay
    server_db "SELECT state || ' ' || fee_vnd || ' ' || paid_vnd FROM session WHERE key = '$1'"
}
pay() { # NUMBER PAYCODE AMOUNT: the bank's notice of a transfer
    local body second sign
    body="{\"id\":$1,\"gateway\":\"Vietcombank\",\"transactionDate\":\"$(TZ=Asia/Ho_Chi_Minh date '+%F %T')\",\"accountNumber\":\"0123456789\",\"subAccount\":null,\"code\":null,\"content\":\"$2\",\"transferType\":\"in\",\"description\":\"\",\"transferAmount\":$3,\"accumulated\":0,\"referenceCode\":\"FT$1\"}"
    second=$(date +%s)
    sign=$(printf '%s.%s' "$second" "$body" | openssl dgst -sha256 -hmac "$(cat "$stack_dir/sepay.secret")" | sed 's/.*= //')
    curl -fsS -o /dev/null -H "X-SePay-Timestamp: $second" -H "X-SePay-Signature: sha256=$sign" \
        -H 'Content-Type: application/json' -d "$body" "$stack_server_url/webhook/sepay"
}
token=""
log_in() {
    token=$(curl -fsS -c "$state/cookie" -H 'X-Doxe-Token: x' -d "{\"name\":\"an\",\"secret\":\"$(cat "$stack_dir/an.pin")\"}" \
        "$stack_console_url/api/login" | jq -r .me.token)
}
act() { # JSON: what became of it
    curl -fsS -b "$state/cookie" -H "X-Doxe-Token: $token" -d "$1" "$stack_console_url/api/act" | tee -a "$state/acts" | jq -r .outcome
}

# ---- the lot: the line is there ----
rm -rf "$state"
mkdir -p "$state"
stack_init "$state/lot" "$bin" 1
read -r _ stack_modbus_port <&"${MODULE[0]}"
sed -i -e "s|address: 127.0.0.1:[0-9]*|address: 127.0.0.1:$stack_modbus_port|" -e '/^    scanner: /d' "$stack_dir/gate.yaml"
sed -i 's|^    capacity_car: 60|    offline: open\n    offline_limit_vnd: 20000\n    capacity_car: 60|' "$stack_dir/server.yaml"
stack_attendant an attendant "Nguyễn Thị An"
stack_start broker
stack_start server
input 3 1
input 11 1
stack_start gate
until_true "the line is there" line_is true
until_true "the gate has the lot's configuration" has_config
until_true "lane 1 is ready" lane_shows 1 ready
comes_in 30F-123.45 SUVMPV   # leaves with cash
comes_in 30F-222.22 SUVMPV   # pays by its stay's code
comes_in 29B1-678.90 motorbike # is let out owing
for key in 30F12345 30F22222 29B167890; do until_true "the gate hears of $key" gate_has_heard $key; done

# ---- the line is cut ----
stack_kill broker KILL
until_true "the line is cut" line_is false
comes_in 30F-333.33 SUVMPV # nobody but the gate knows it
log_in
check "a shift is opened" is done "$(act '{"act":"shift_open","counts":{"10000":5}}')"

read_plate 2 29B1-678.90 motorbike
drive_through 2
check "up to the limit: let out owing, by itself" recorded_is exit_permitted 1

read_plate 2 30F-333.33 SUVMPV
until_true "above the limit: a person is called" recorded_is held 1
until_true "the amount is shown" lane_shows 2 pay
check "priced here" is 25000 "$(lane 2 amount_vnd)"
own_code=$(lane 2 paycode)
pay 9001 "$own_code" 25000 # the driver's bank has a line; the server does not know this code
check "the attendant allows the debt" is done "$(act '{"act":"debt","lane":2,"text":"paid on his phone"}')"
drive_through 2

read_plate 2 30F-123.45 SUVMPV
until_true "the amount is shown" lane_shows 2 pay
stack_kill gate KILL # and still no line
stack_start gate
until_true "the amount is shown again" lane_shows 2 pay
check "still cut" line_is false
check "the same amount" is 25000 "$(lane 2 amount_vnd)"
check "the attendant takes cash" is done "$(act '{"act":"cash","lane":2,"amount_vnd":25000}')"
drive_through 2

read_plate 2 30F-222.22 SUVMPV
until_true "the amount is shown" lane_shows 2 pay
pay 9002 "$(lane 2 paycode)" 25000
check "the attendant allows the debt" is done "$(act '{"act":"debt","lane":2,"text":"has paid"}')"
drive_through 2
check "each exit was priced before it was shown" test "$(recorded quoted)" -ge 4

# ---- the line is back ----
stack_start broker
until_true "the line is back" line_is true
until_true "everything has arrived" settled
check "let out owing: a debt" sh -c "case '$(books 29B167890)' in 'left_unpaid '*' 0') ;; *) echo '$(books 29B167890)'; false ;; esac"
check "cash: paid" is "left 25000 25000" "$(books 30F12345)"
check "paid by its code during the cut: paid" is "left 25000 25000" "$(books 30F22222)"
check "paid by the gate's own code during the cut: paid" is "left 25000 25000" "$(books 30F33333)"
check "the cash is in the books" is 25000 "$(server_db "SELECT sum(amount_vnd) FROM cash_taken")"
check "nothing is left for a person to look at" is 0 "$(server_db "SELECT count(*) FROM review WHERE closed_ms IS NULL")"
check "nothing is set aside" is 0 "$(server_db "SELECT count(*) FROM quarantine")"
difference=$("$bin/doxe-server" report offline --config "$stack_dir/server.yaml") || failed=$((failed + 1))
check "the difference report is empty" is "" "$difference"
check "four exits and more were compared" test "$(server_db "SELECT count(*) FROM offline_quote")" -ge 4
check "the ledger is right" "$bin/doxe-server" ledger verify --config "$stack_dir/server.yaml"

# ---- a week's backlog, and a car at the exit ----
# In order, not in time: quote and payment are there while the week is still on its way.
week=${OFFLINE_BACKLOG:-3000}
comes_in 30F-444.44 SUVMPV
until_true "the gate hears of it" gate_has_heard 30F44444
until_true "everything has arrived" settled
stack_kill gate
sqlite3 "$stack_dir/journal.db" "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $week),
        at(g, s, w) AS (SELECT generation, max(seq), max(wall_ms) FROM journal)
    INSERT INTO journal (generation, seq, id, wall_ms, body)
    SELECT g, s + i, printf('01JD8Q%020d', i), w, json_object('v', 1, 'type', 'desk_action',
        'id', printf('01JD8Q%020d', i), 'gate', 'hn-0001-g1', 'gen', g, 'seq', s + i, 'boot', 1,
        'mono_ms', i, 'wall_ms', w, 'clock', 'synced', 'offline', json('true'), 'lane', 0,
        'by', 'an', 'code', 'lookup') FROM n, at"
stack_start gate
until_true "the line is there" line_is true
until_true "lane 2 is ready" lane_shows 2 ready
began=${EPOCHREALTIME/./}
read_plate 2 30F-444.44 SUVMPV
until_true "the amount is shown" lane_shows 2 pay
quoted=${EPOCHREALTIME/./}
code=$(lane 2 paycode)
pay 9003 "$code" 25000
paid=${EPOCHREALTIME/./}
until_true "lane 2 is opened by the payment" arm_is_ordered 2 open
opened=${EPOCHREALTIME/./}
left=$(($(gate_db "SELECT max(seq) FROM journal") - $(server_db "SELECT high FROM gate WHERE id = 'hn-0001-g1'")))
check "the week is still on its way" test "$left" -gt 100
check "opened because it was paid" is paid \
    "$(gate_db "SELECT json_extract(body, '\$.permit') FROM journal WHERE json_extract(body, '\$.type') = 'exit_permitted' ORDER BY seq DESC LIMIT 1")"
echo "backlog $week: reading to amount $(((quoted - began) / 1000)) ms, notice to open $(((opened - paid) / 1000)) ms, $left events still to come"
if [ -n "${OFFLINE_DRAIN:-}" ]; then
    drive_through 2
    until_true "everything has arrived" settled
    echo "all had arrived $(((${EPOCHREALTIME/./} - began) / 1000)) ms after the reading"
    check "paid" is "left 25000 25000" "$(books 30F44444)"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
