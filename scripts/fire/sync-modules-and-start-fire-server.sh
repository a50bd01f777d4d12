#!/bin/sh
# As start-fire-server.sh, after it has copied the site's modules of FIRE_SHARE/code (/tmp/share/code), a directory of the
# host, to FIRE_MODULES (/opt/recon/modules):
#   sync-modules-and-start-fire-server.sh [LOG]
# For work on modules. Not for use that must not change: what the host has replaces modules of the same name, others stay.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
code=${FIRE_SHARE:-/tmp/share}/code
modules=${FIRE_MODULES:-/opt/recon/modules}
if [ -d "$code" ]; then
    mkdir -p "$modules"
    cp -R "$code/." "$modules/"
    # Hosts may know no right to execute; and a module that others can write to is not run.
    chmod -R u+rwX,go-w "$modules"
    find "$modules" -type f ! -name '*.json' -exec chmod +x {} +
else
    echo "${0##*/}: no $code: the modules stay as they are" >&2
fi
exec "$here/start-fire-server.sh" "$@"
