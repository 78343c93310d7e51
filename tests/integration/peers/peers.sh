#!/bin/sh
# peers.sh CASE - compare doxe with independent implementations.  Called by ctest (peers.cmake).
#
#   PEERS_DOXE   the program doxe          PEERS_BUILD  a folder of the build for node_modules
#   PEERS_MODULE, PEERS_GATE  our Modbus module and doxe-gate
#
# What is missing on this machine skips the test (exit 77) and says so; packages with another
# content than package-lock.json promises fail it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

skip() {
    echo "SKIPPED, NOTHING WAS COMPARED: $*" >&2
    exit 77
}

command -v node >/dev/null || skip "there is no node (apt-get install nodejs npm)"
case $1 in
zbar*)
    command -v zbarimg >/dev/null || skip "there is no zbarimg (apt-get install zbar-tools)"
    ;;
vectors*) ;;
*)
    command -v npm >/dev/null || skip "there is no npm (apt-get install npm)"
    mkdir -p "$PEERS_BUILD"
    if ! cmp -s "$here/package-lock.json" "$PEERS_BUILD/installed"; then
        cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$PEERS_BUILD/"
        if ! npm ci --prefix "$PEERS_BUILD" >"$PEERS_BUILD/npm.log" 2>&1; then
            cat "$PEERS_BUILD/npm.log" >&2
            ! grep -q EINTEGRITY "$PEERS_BUILD/npm.log" || exit 1
            skip "npm cannot fetch the packages"
        fi
        cp "$here/package-lock.json" "$PEERS_BUILD/installed"
    fi
    ;;
esac
exec node "$here/peers.js" "$1"
