#!/bin/sh
# Starts the MRD server for FIRE, in the background, and ends; FIRE calls it as its chroot_command:
#   start-fire-server.sh [LOG]
# What the server says is appended to LOG; without, it is discarded. The number of its process is printed: SIGTERM ends it.
# These may be set in the environment:
#   FIRE_PORT         where it listens, on all addresses (9002)
#   FIRE_TRUSTED_IPS  who may connect: addresses and blocks, with commas between them (this machine and private networks)
#   FIRE_CONFIG       the module for configs that are not there (invertcontrast)
#   FIRE_MODULES      the site's own modules, an executable for each config; if there is such a directory (/opt/recon/modules)
#   FIRE_SAVED_DATA   a directory for all that comes in (none: only that of the
#                     configs savedata and savedataonly, in /tmp/share/saved_data)
#   JAVA_HOME         which Java (the one on the PATH)
set -eu

if [ $# -gt 1 ]; then
    echo "usage: ${0##*/} [LOG]" >&2
    exit 2
fi
log=${1:-/dev/null}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for jar in "$here/recon-server.jar" "$here/../../recon-server/target/recon-server.jar" \
    /usr/lib/recon/recon-server.jar /usr/local/lib/recon/recon-server.jar; do
    [ ! -f "$jar" ] || break
done
if [ ! -f "$jar" ]; then
    echo "${0##*/}: recon-server.jar is neither in $here nor in /usr/lib/recon; copy it there" >&2
    exit 2
fi
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! command -v "$java" >/dev/null; then
    echo "${0##*/}: $java not found; install Java 17 or later, or set JAVA_HOME" >&2
    exit 2
fi
if ! true >>"$log"; then
    echo "${0##*/}: cannot write to $log" >&2
    exit 2
fi

set -- mrd -p "${FIRE_PORT:-9002}" -H 0.0.0.0 -d "${FIRE_CONFIG:-invertcontrast}" \
    --trusted-ips "${FIRE_TRUSTED_IPS:-127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16}"
modules=${FIRE_MODULES:-/opt/recon/modules}
[ ! -d "$modules" ] || set -- "$@" --modules-dir "$modules"
[ -z "${FIRE_SAVED_DATA:-}" ] || set -- "$@" -s -S "$FIRE_SAVED_DATA"

# In the plain C locale Java would lose file names that are more than ASCII.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
C | POSIX) export LC_ALL=C.UTF-8 ;;
esac
# It holds nothing of its caller's that somebody might wait for, and stays when that one hangs up.
(
    trap '' HUP
    exec "$java" -Djava.awt.headless=true -jar "$jar" "$@"
) </dev/null >>"$log" 2>&1 &
echo "recon-server mrd is process $!"
