#!/usr/bin/env bash
# bank_kill.sh BIN STATE: a bank that repeats itself, and a server that is killed while it listens.
# Every transfer is told eight times by workers side by side, in no order; the server gets kill -9
# right after one of its answers, again and again.  A worker repeats what was not answered 200, as
# a provider does.  In the end each answered notice is on disk and each transfer is booked once.
set -euo pipefail
bin=$1 state=$2
here=$(cd "$(dirname "$0")/../.." && pwd)
source "$here/sim/stack.sh"
transfers=60 times=8 workers=4
kills_wanted=6 kills_limit=12 # beyond the wanted ones only until a notice is seen stored, not applied
passed=0 failed=0
worker_pids=()
finish() {
    local pid
    for pid in "${worker_pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    stack_stop
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
db() { sqlite3 -readonly -cmd ".timeout 5000" "$stack_dir/doxe.db" "$1"; }
waiting() { db "SELECT count(*) FROM bank_inbox WHERE state = 'new'"; }

# ---- the bank ----
amount_of() { echo $((10000 + $1 * 1001)); } # no two alike
write_notice() { # NUMBER: signed once; its repeats are the same bytes
    local second body sign
    second=$(date +%s)
    body="{\"id\":$1,\"gateway\":\"Vietcombank\",\"transactionDate\":\"$(TZ=Asia/Ho_Chi_Minh date '+%F %T')\",\"accountNumber\":\"0123456789\",\"subAccount\":null,\"code\":null,\"content\":\"chuyen khoan $1\",\"transferType\":\"in\",\"description\":\"\",\"transferAmount\":$(amount_of "$1"),\"accumulated\":0,\"referenceCode\":\"FT$1\"}"
    sign=$(printf '%s.%s' "$second" "$body" | openssl dgst -sha256 -hmac "$(cat "$stack_dir/sepay.secret")" | sed 's/.*= //')
    printf '%s' "$body" >"$state/notice.$1"
    printf 'header = "%s"\n' "X-SePay-Timestamp: $second" "X-SePay-Signature: sha256=$sign" \
        'Content-Type: application/json' >"$state/notice.$1.curl"
}
deliver() { # NUMBER: again and again until it is answered 200
    local tries
    for ((tries = 0; tries < 1200; tries++)); do
        [ "$(curl -s -m 5 -o /dev/null -w '%{http_code}' -K "$state/notice.$1.curl" \
            --data-binary "@$state/notice.$1" "$stack_server_url/webhook/sepay")" != 200 ] || return 0
        sleep 0.05 # the provider's pause
    done
    return 1
}
worker() { # LIST: tells the pipe what was answered, then that it has ended
    local number
    while read -r number; do
        if deliver "$number"; then echo "$number"; else echo "gave up $number"; fi
    done <"$1"
    echo end
}

rm -rf "$state"
mkdir -p "$state"
stack_init "$state/lot" "$bin" 1
sed -i -e '/^ *sepay_url: /d' -e '/^ *sepay_token_file: /d' "$stack_dir/server.yaml" # notices only, no list
stack_start broker
stack_start server
sum=0
for ((number = 1; number <= transfers; number++)); do
    write_notice $number
    sum=$((sum + $(amount_of $number)))
done
for ((i = 0; i < times; i++)); do seq $transfers; done | shuf | split -n "r/$workers" - "$state/list."
mkfifo "$state/answers"
exec 8<>"$state/answers"
for list in "$state"/list.*; do
    worker "$list" >&8 &
    worker_pids+=($!)
done

# ---- the kills: right after an answer, so that what it promised may not be applied yet ----
declare -A answered=()
kills=0 seen=0 seen_rows=0 ended=0 gave_up=0 next=$((10 + RANDOM % 30))
while [ "$ended" -lt "$workers" ]; do
    read -r -t 60 said <&8 || { echo "no answer for a minute" >&2; exit 1; }
    case $said in
    end) ended=$((ended + 1)) ;;
    gave*) gave_up=$((gave_up + 1)) ;;
    *)
        answered[$said]=$((${answered[$said]:-0} + 1))
        next=$((next - 1))
        ;;
    esac
    if [ "$next" -le 0 ] && { [ "$kills" -lt "$kills_wanted" ] || { [ "$seen" -eq 0 ] && [ "$kills" -lt "$kills_limit" ]; }; }; then
        stack_kill server KILL
        kills=$((kills + 1)) next=$((10 + RANDOM % 30))
        rows=$(waiting)
        if [ "$rows" -gt 0 ]; then seen=$((seen + 1)) seen_rows=$((seen_rows + rows)); fi
        stack_start server
    fi
done
for ((tries = 0; tries < 600; tries++)); do # whatever is left is applied soon
    [ "$(waiting)" != 0 ] || break
    sleep 0.05
done

# ---- what must be true ----
declare -a stored=()
short=0 total=0
while IFS='|' read -r number rows; do stored[number]=$rows; done < <(db \
    "SELECT json_extract(CAST(body AS TEXT), '\$.id'), count(*) FROM bank_inbox GROUP BY 1")
for ((number = 1; number <= transfers; number++)); do
    total=$((total + ${answered[$number]:-0}))
    [ "${stored[number]:-0}" -ge "${answered[$number]:-0}" ] || short=$((short + 1))
done
check "no worker gave up" is 0 $gave_up
check "the server was killed often enough" test $kills -ge $kills_wanted
check "every notice was answered in the end" is $((transfers * times)) $total
check "what was answered is in the inbox" is 0 $short
check "nothing waits in the inbox" is 0 "$(waiting)"
check "nothing was refused" is 0 "$(db "SELECT count(*) FROM bank_inbox WHERE state <> 'applied'")"
check "each transfer is one credit" is "$transfers $transfers $transfers" \
    "$(db "SELECT count(*) || ' ' || count(DISTINCT provider_tx) || ' ' || count(DISTINCT bank_ref) FROM bank_credit")"
check "the credits are what was sent" is $sum "$(db "SELECT sum(amount_vnd) FROM bank_credit WHERE direction = 'in'")"
check "the bank's account holds what was sent" is $sum \
    "$(db "SELECT sum(amount_vnd) FROM ledger_entry WHERE account = 'bank:970436-0123456789'")"
check "nobody knows yet for what" is -$sum \
    "$(db "SELECT sum(amount_vnd) FROM ledger_entry WHERE account LIKE 'suspense:%'")"
check "one transaction a transfer" is $transfers "$(db "SELECT count(*) FROM ledger_tx")"
check "one review a transfer" is $transfers "$(db "SELECT count(*) FROM review WHERE closed_ms IS NULL")"
check "the ledger is right" "$bin/doxe-server" ledger verify --config "$stack_dir/server.yaml"
echo "$transfers transfers told $total times, $(db "SELECT count(*) FROM bank_inbox") notices stored, $kills kills;" \
    "stored but not applied was seen after $seen of them ($seen_rows notices)"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
