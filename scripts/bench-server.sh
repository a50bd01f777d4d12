# shellcheck shell=bash
# Sourced by scripts/bench: start-up, answers and intake of the server.

: "${root:?}" "${dir:?}"
# shellcheck disable=SC2154 # scripts/bench finds java and the classes of the harness
: "${java=}" "${bin=}" "${harness_classpath=}"

# seconds COMMAND...: prints the wall time
seconds() {
    local start
    start=$(date +%s.%N)
    "$@" >/dev/null
    awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.3f\n", b - a }'
}

# report NAME UNIT SCALE: reads seconds, prints median, least and most of SCALE / seconds, or of the seconds if SCALE is 0
report() {
    awk -v scale="$3" '{ print (scale > 0 ? scale / $1 : $1) }' | sort -g | awk -v name="$1" -v unit="$2" '
        { v[NR] = $1 }
        END { printf "%-8s %8.2f %-5s (%.2f to %.2f, %d runs)\n", name, v[int((NR + 1) / 2)], unit, v[1], v[NR], NR }'
}

# bench_server [MIB]
bench_server() {
    local mib=${1:-1024}
    require_number MIB "$mib"
    prepare
    install_programs
    make_options nothing.sh
    printf '#!/bin/sh\nexit 0\n' >nothing.sh
    chmod +x nothing.sh
    head -c "${mib}M" /dev/urandom >file.dat
    for _ in 1 2 3 4 5; do
        seconds start_server
        stop_server
    done | report ready s 0
    start_server
    # shellcheck disable=SC2034 # for client, in scripts/bench
    client_words=("$bin/recon-client") recon_port=$(port_in server.out)
    for _ in 1 2 3 4 5 6 7 8 9 10 11; do seconds client --server-status; done | report status s 0
    client --files file.dat --quiet
    for _ in 1 2 3 4 5; do seconds client --files file.dat --quiet; done |
        report upload MB/s "$(awk -v m="$mib" 'BEGIN { print m * 1.048576 }')"
    stop_server
    (cd "$root" && "$java" -cp "$harness_classpath" recon.client.crash.SpeedTest "$dir")
}
