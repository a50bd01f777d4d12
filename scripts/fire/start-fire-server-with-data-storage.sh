#!/bin/sh
# As start-fire-server.sh, and keeps all that comes in, in .h5 files in FIRE_SHARE/saved_data (/tmp/share/saved_data):
#   start-fire-server-with-data-storage.sh [LOG]
# Raw data are large: see that the host's disk does not fill up.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
export FIRE_SAVED_DATA="${FIRE_SHARE:-/tmp/share}/saved_data"
exec "$here/start-fire-server.sh" "$@"
