# stack.sh - functions (source it) that set one lot up in a folder and run its real programs:
# broker, server, gate.  Used by the demo and by the tests that kill them.
#
#   stack_camera=MAKER stack_scanner=serial|tcp|evdev   before stack_init, when not hikvision and serial
#   stack_init FOLDER BIN SPEED   keys, passwords, configurations, free ports   -> $stack_* variables
#   stack_start NAME              broker | server | gate; waits until it answers
#   stack_kill NAME [SIGNAL]      ends the one we started, by its process id
#   stack_stop                    ends all that we started, and nothing else

declare -A stack_pid=()
stack_here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# A port of the loopback that nobody listens on: the wished one, or the next free one.
stack_free_port() {
    local port=$1 lock locks
    locks=${TMPDIR:-/tmp}/doxe-ports-$(id -u)
    mkdir -p -m 700 "$locks"
    # The lock is this stack's until its last program ends: two stacks that start together never choose one port.
    while exec {lock}>"$locks/$port"; ! flock -n "$lock" || (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        exec {lock}>&-
        port=$((port + 1))
    done
    stack_port=$port
}

stack_password() { # NAME: a new password in a file, and its hash on standard output
    (umask 077 && openssl rand -hex 12 >"$stack_dir/$1.password")
    "$stack_bin/doxe-server" password <"$stack_dir/$1.password"
}

# An account of the gate's console with a new PIN, which goes into NAME.pin.  A PIN is no row of digits.
stack_attendant() { # NAME ROLE TITLE
    (umask 077 && echo "$((RANDOM % 9 + 1))$((RANDOM % 10))7$((RANDOM % 10))$((RANDOM % 10))2" >"$stack_dir/$1.pin")
    "$stack_bin/doxe-gate" attendant add "$1" --role "$2" --title "$3" --config "$stack_dir/gate.yaml" <"$stack_dir/$1.pin"
}

stack_init() {
    stack_dir=$1 stack_bin=$2
    local speed=$3
    mkdir -p "$stack_dir/log" "$stack_dir/tmp"
    stack_dir=$(cd "$stack_dir" && pwd)
    stack_bin=$(cd "$stack_bin" && pwd)
    stack_free_port "${DOXE_MQTT_PORT:-18883}" && stack_mqtt_port=$stack_port
    stack_free_port "${DOXE_SERVER_PORT:-18080}" && stack_server_port=$stack_port
    stack_free_port "${DOXE_GATE_PORT:-18081}" && stack_gate_port=$stack_port
    stack_free_port "${DOXE_CONSOLE_PORT:-18082}" && stack_console_port=$stack_port
    stack_free_port "${DOXE_MODBUS_PORT:-15020}" && stack_modbus_port=$stack_port
    stack_free_port "${DOXE_CAMERA_PORT:-18090}" && stack_camera_port=$stack_port
    stack_free_port "${DOXE_SCANNER_PORT:-19101}" && stack_scanner_in_port=$stack_port
    stack_free_port "$((stack_scanner_in_port + 1))" && stack_scanner_out_port=$stack_port
    stack_free_port "${DOXE_BANK_PORT:-18190}" && stack_bank_port=$stack_port
    stack_server_url=http://127.0.0.1:$stack_server_port
    stack_gate_url=http://127.0.0.1:$stack_gate_port
    stack_console_url=http://127.0.0.1:$stack_console_port

    "$stack_here/etc/pki/make-keys" "$stack_dir/pki" broker doxe-server hn-0001-g1
    (umask 077 && openssl rand -hex 32 >"$stack_dir/sepay.secret" && openssl rand -hex 32 >"$stack_dir/identity.key" &&
        openssl rand -hex 32 >"$stack_dir/case.key")
    cp "$stack_here/etc/mosquitto/doxe.acl" "$stack_dir/broker.acl"
    chmod 600 "$stack_dir/broker.acl"
    sed -e "s|@PORT@|$stack_mqtt_port|" -e "s|@PKI@|$stack_dir/pki|" -e "s|@ACL@|$stack_dir/broker.acl|" \
        -e "s|@USER@|$(id -un)|" "$stack_here/etc/mosquitto/doxe.conf.in" >"$stack_dir/broker.conf"
    stack_scanner_lines
    stack_write_cameras
    stack_write_server >"$stack_dir/server.yaml"
    stack_write_gate "$speed" >"$stack_dir/gate.yaml"
    "$stack_bin/doxe-server" acl --config "$stack_dir/server.yaml" >>"$stack_dir/broker.acl"
    "$stack_bin/doxe-server" --check "$stack_dir/server.yaml" >"$stack_dir/log/check.log" 2>&1 &&
        "$stack_bin/doxe-gate" --check "$stack_dir/gate.yaml" >>"$stack_dir/log/check.log" 2>&1 ||
        { cat "$stack_dir/log/check.log" >&2; return 1; }
}

# The samples of etc/ with this folder's paths and ports.
# Who tells of transfers ($stack_provider), and where its list is; one secret does for all.
stack_bank_lines() {
    local list=http://127.0.0.1:$stack_bank_port secret=$stack_dir/sepay.secret
    case ${stack_provider:-sepay} in
    sepay) printf '  sepay_token_file: %s\\n  sepay_url: %s\\n' "$secret" "$list" ;;
    casso) printf '  casso_secret_file: %s\\n  casso_key_file: %s\\n  casso_url: %s\\n' "$secret" "$secret" "$list" ;;
    payos) printf '  payos_checksum_file: %s\\n' "$secret" ;;
    esac
    printf '  poll_every: 2s'
}

stack_write_server() {
    sed -e "s|^  poll_every: 60s|$(stack_bank_lines)|" -e "s|/var/lib/doxe-server/|$stack_dir/|" -e "s|/usr/share/doxe/tariffs|$stack_here/etc/tariffs|" \
        -e "s|http://127.0.0.1:8080|$stack_server_url|" -e "s|127.0.0.1:8883|127.0.0.1:$stack_mqtt_port|" \
        -e "s|listen: 127.0.0.1:8080|listen: 127.0.0.1:$stack_server_port|" -e "s|/etc/doxe/|$stack_dir/|" \
        -e "s|name: operator, role: operator, password_hash: \"\"|name: operator, role: operator, password_hash: \"$(stack_password operator)\"|" \
        -e "s|name: second, role: operator, password_hash: \"\"|name: second, role: operator, password_hash: \"$(stack_password second)\"|" \
        -e "s|name: city, role: city, password_hash: \"\"|name: city, role: city, password_hash: \"$(stack_password city)\"|" \
        "$stack_here/etc/server.yaml"
}

# The same line as the street and as the gate names it.
stack_scanner_lines() {
    stack_street_in=$stack_dir/scanner-in stack_street_out=$stack_dir/scanner-out
    stack_gate_in=$stack_street_in stack_gate_out=$stack_street_out
    case ${stack_scanner:-serial} in
    evdev)
        stack_street_in=evdev:$stack_street_in stack_street_out=evdev:$stack_street_out
        stack_gate_in=$stack_street_in stack_gate_out=$stack_street_out ;;
    tcp)
        stack_street_in=listen:127.0.0.1:$stack_scanner_in_port stack_gate_in=tcp:127.0.0.1:$stack_scanner_in_port
        stack_street_out=listen:127.0.0.1:$stack_scanner_out_port stack_gate_out=tcp:127.0.0.1:$stack_scanner_out_port ;;
    esac
}

# cameras.yaml for the gate, and what the street needs to play them; Frigate's broker of its own.
stack_write_cameras() {
    local name kind=${stack_camera:-hikvision} more channel=0
    stack_camera_options=(--camera "$kind")
    (umask 077 && openssl rand -hex 12 >"$stack_dir/camera.password")
    case $kind in
    dahua | onvif)
        stack_camera_options+=(--camera-listen "127.0.0.1:$stack_camera_port" --camera-password "$stack_dir/camera.password") ;;
    frigate)
        stack_camera_options+=(--site-broker "ssl://127.0.0.1:$stack_camera_port" --site-ca "$stack_dir/pki/ca.crt"
            --camera-password "$stack_dir/camera.password")
        (umask 077 && : >"$stack_dir/site.passwords" &&
            for name in frigate gate; do mosquitto_passwd -b "$stack_dir/site.passwords" $name "$(cat "$stack_dir/camera.password")"; done)
        sed -e "s|@PORT@|$stack_camera_port|" -e "s|@PKI@|$stack_dir/pki|" -e "s|@USER@|$(id -un)|" \
            -e "s|@PASSWORDS@|$stack_dir/site.passwords|" "$stack_here/etc/mosquitto/site.conf.in" >"$stack_dir/site.conf" ;;
    esac
    {
        echo "cameras:"
        for name in cam-in cam-out; do
            channel=$((channel + 1))
            more=""
            case $kind in
            dahua) more=", channel: $channel, url: \"http://127.0.0.1:$stack_camera_port\", user: gate, password_file: $stack_dir/camera.password" ;;
            onvif) more=", url: \"http://127.0.0.1:$stack_camera_port/onvif/$channel/event_service\", user: gate, password_file: $stack_dir/camera.password" ;;
            esac
            echo "  - {name: $name, kind: $kind$more}"
        done
        [ "$kind" != frigate ] || echo "frigate: {url: \"ssl://127.0.0.1:$stack_camera_port\", ca: $stack_dir/pki/ca.crt, user: gate, password_file: $stack_dir/camera.password}"
    } >"$stack_dir/cameras.yaml"
}

stack_write_gate() {
    sed -e "s|/var/lib/doxe-gate/|$stack_dir/|" -e "s|127.0.0.1:8883|127.0.0.1:$stack_mqtt_port|" \
        -e "s|listen: 127.0.0.1:8081|listen: 127.0.0.1:$stack_gate_port|" \
        -e "s|listen: 127.0.0.1:8082|listen: 127.0.0.1:$stack_console_port|" -e "s|/etc/doxe/|$stack_dir/|" \
        -e "s|127.0.0.1:1502|127.0.0.1:$stack_modbus_port|" -e "s|/dev/ttyACM0|$stack_gate_in|" \
        -e "s|camera: cam-out|camera: cam-out\n    scanner: $stack_gate_out|" \
        -e "s|enabled: false|enabled: true|" "$stack_here/etc/gate.yaml"
    cat "$stack_dir/cameras.yaml"
}

stack_answers() { # NAME: does it answer yet?
    case $1 in
    broker) (exec 3<>"/dev/tcp/127.0.0.1/$stack_mqtt_port") 2>/dev/null ;;
    site) (exec 3<>"/dev/tcp/127.0.0.1/$stack_camera_port") 2>/dev/null ;;
    server) curl -fsS -m 1 -o /dev/null "$stack_server_url/health" 2>/dev/null ;;
    gate) curl -fsS -m 1 -o /dev/null "$stack_gate_url/health" 2>/dev/null ;;
    esac
}

stack_start() {
    local name=$1 pid tries
    case $name in
    broker) mosquitto -c "$stack_dir/broker.conf" >>"$stack_dir/log/broker.log" 2>&1 & ;;
    site) mosquitto -c "$stack_dir/site.conf" >>"$stack_dir/log/site.log" 2>&1 & ;;
    server) "$stack_bin/doxe-server" --config "$stack_dir/server.yaml" >>"$stack_dir/log/server.log" 2>&1 & ;;
    gate) "$stack_bin/doxe-gate" --config "$stack_dir/gate.yaml" >>"$stack_dir/log/gate.log" 2>&1 & ;;
    esac
    pid=$!
    stack_pid[$name]=$pid
    for tries in $(seq 200); do
        stack_answers "$name" && return 0
        if ! kill -0 "$pid" 2>/dev/null; then break; fi
        sleep 0.05
    done
    echo "$name did not start; the end of $stack_dir/log/$name.log:" >&2
    tail -n 15 "$stack_dir/log/$name.log" >&2
    return 1
}

stack_kill() { # NAME [SIGNAL]
    local pid=${stack_pid[$1]:-}
    [ -n "$pid" ] || return 0
    unset "stack_pid[$1]"
    kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
    wait "$pid" 2>/dev/null || true
}

stack_stop() {
    local name
    for name in gate server broker site; do
        stack_kill "$name"
    done
}
