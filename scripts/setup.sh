#!/bin/sh
# What an installation makes on the machine itself; scripts/install and the Debian package call it as lib/recon/setup.
#   setup options ETC DATA LOG    ETC/recon.opts (and relay.opts) with a fresh key, for these directories, if absent
#   setup archives                archives of classes beside the jars (class-data sharing): a faster start
#   setup completion FILE         the completion script for bash
set -eu

lib=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
bin=${lib%/lib/recon}/bin
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
for variable in $(env | sed -n 's/^\(RECON_[A-Z_]*\)=.*/\1/p'); do
    unset "$variable" # options of the environment: not for what is made here
done
export RECON_JAVA_OPTS="-XX:TieredStopAtLevel=1" # short runs: do not spend time on optimising
umask 022

# set_item FILE ITEM VALUE: sets an item of an options file, also one that is switched off.
set_item() {
    sed "s|^#\{0,1\}$2 =.*|$2 = $3|" "$1" >"$work/edited"
    cat "$work/edited" >"$1" # keeps the file and its mode
}

make_options() {
    if [ ! -e "$1/recon.opts" ]; then
        "$bin/recon-server" --init --opts "$1/recon.opts" >/dev/null
        set_item "$1/recon.opts" RECON_SERVER_BASE_PFILE_DIR "$2/pfiles"
        set_item "$1/recon.opts" RECON_SERVER_DICOM_OUTPUT_DIR "$2/dicoms"
        # shellcheck disable=SC2088 # the home of the service's user, or of whoever copies the file
        set_item "$1/recon.opts" CLIENT_DOWNLOAD_DIR "~/recon_images"
        set_item "$1/recon.opts" LOG_FILEPATH "$3/server.log"
    fi
}

make_relay_options() {
    if [ -x "$bin/recon-relay" ] && [ ! -e "$1/relay.opts" ]; then
        "$bin/recon-relay" --init --opts "$1/relay.opts" >/dev/null
        set_item "$1/relay.opts" STATE_DIR "$2/relay"
        set_item "$1/relay.opts" LOG_FILEPATH "$3/relay.log"
    fi
}

# listed NAME ARGUMENTS...: runs a program and notes the classes that it uses.
listed() {
    name=$1
    shift
    exec "$java" -XX:DumpLoadedClassList="$(mktemp "$work/$name.XXXXXX.classes")" -XX:TieredStopAtLevel=1 \
        -Djava.awt.headless=true -jar "$lib/$name.jar" "$@"
}

# archive NAME: of the classes that its runs have used. Tried before it is used: Java does not look whether an archive is
# whole, and a piece of one would end it.
archive() {
    cat "$work/$1".*.classes | awk '!seen[$0]++' >"$work/$1.list"
    "$java" -Xshare:dump -Xlog:disable -Xlog:all=error:stderr -XX:SharedClassListFile="$work/$1.list" \
        -XX:SharedArchiveFile="$work/$1.jsa" -cp "$lib/$1.jar" >"$work/$1.out" 2>&1
    cp "$work/$1.jsa" "$lib/$1.jsa.new"
    chmod 644 "$lib/$1.jsa.new"
    "$java" -XX:SharedArchiveFile="$lib/$1.jsa.new" -Xlog:disable -jar "$lib/$1.jar" --version >/dev/null
    mv "$lib/$1.jsa.new" "$lib/$1.jsa"
}

# wait_for FILE TEXT PID: until the text is in the file; fails when the process has ended without it, or after 30 s.
wait_for() {
    tries=0
    until grep -q "$2" "$1"; do
        kill -0 "$3" 2>/dev/null && [ "$tries" -lt 300 ] || return 1
        tries=$((tries + 1))
        sleep 0.1
    done
}

# start_server ARGUMENTS...: until it is ready; sets server and port
start_server() {
    : >server.out
    (listed recon-server "$@") >server.out 2>&1 &
    server=$!
    wait_for server.out ' ready: ' "$server"
    port=$(sed -n 's/.* ready: .* port \([0-9]*\),.*/\1/p' server.out)
}

stop_server() {
    kill "$server"
    wait "$server" || true
    server=
}

# A whole job, a question and a stream of MRD on loopback, with a key and directories that are thrown away, so that what
# they need is in the archives.
make_archives() {
    rm -f "$lib"/recon-*.jsa
    options=$work/recon.opts
    make_options "$work" "$work" "$work"
    set_item "$options" SERVER_HOSTNAME 127.0.0.1
    set_item "$options" SERVER_PORT 0
    set_item "$options" CLIENT_DOWNLOAD_DIR "$work/images"
    set_item "$options" CLIENT_STATE_DIR ""
    set_item "$options" MIN_FREE_DISK_MB 0
    set_item "$options" MIN_AVAILABLE_MEMORY_MB 0
    cd "$work"
    "$bin/recon-client" mrd phantom -o phantom.h5 --matrix 32 --coils 1 --slices 1 >/dev/null
    start_server --opts "$options"
    set -- --opts "$options" --set SERVER_PORT="$port"
    (listed recon-client "$@" --server-status) >client.out 2>&1
    (listed recon-client "$@" --files phantom.h5 --timeout 60) >client.out 2>&1
    stop_server
    start_server mrd -p 0
    (listed recon-client mrd send -p "$port" -c simplefft -o images.h5 phantom.h5) >client.out 2>&1
    stop_server
    archive recon-server
    archive recon-client
    if [ -f "$lib/recon-relay.jar" ]; then
        (listed recon-relay --help) >relay.out 2>&1 || true
        archive recon-relay
    fi
}

end() {
    code=$?
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    if [ "$making_archives" = yes ] && [ "$code" -ne 0 ]; then
        rm -f "$lib"/recon-*.jsa.new
        echo "no archives of classes could be made; the programs work without, and start more slowly:" >&2
        cat "$work"/*.out >&2
    fi
    rm -rf "$work"
}

server=
making_archives=no
work=$(mktemp -d)
trap end EXIT
trap 'exit 130' INT TERM HUP

case ${1:-} in
options)
    make_options "$2" "$3" "$4"
    make_relay_options "$2" "$3" "$4"
    ;;
archives)
    making_archives=yes
    make_archives
    ;;
completion)
    "$bin/recon-client" generate-completion >"$work/completion"
    cat "$work/completion" >"$2"
    ;;
*)
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
    ;;
esac
