# shellcheck shell=bash
# Sourced by scripts/bench: MRD streaming, the server fed from memory, and from file to file.

: "${root:?}" "${dir:?}"
# shellcheck disable=SC2154 # scripts/bench finds java and the classes of the harness
: "${java=}" "${bin=}" "${harness_classpath=}"

only=,alone,sessions,files,memory,
rounds=5
repetitions=32
stream_gb=20
readonly SIDE_BY_SIDE=4 MEMORY_HEAP=256m

parse_mrd() {
    local option value
    while [ $# -gt 0 ]; do
        option=$1
        [ $# -gt 1 ] || usage_error "$option needs a value, or is unknown"
        value=$2
        shift 2
        case $option in
        --only) choose_parts "$value" alone sessions files memory ;;
        --rounds | --repetitions | --stream-gb)
            require_number "$option" "$value"
            option=${option#--}
            printf -v "${option//-/_}" %s "$value"
            ;;
        *) usage_error "unknown option $option" ;;
        esac
    done
}

# start_mrd_server HEAP: with this -Xmx, or Java's own if it is blank
start_mrd_server() {
    : >server.out
    RECON_JAVA_OPTS=${1:+-Xmx$1} "$bin/recon-server" mrd -p 0 -S "$dir/saved" >server.out 2>&1 &
    server_pid=$!
    await_line ' ready: ' server.out "$server_pid" "the server"
    mrd_port=$(port_in server.out)
}

# stream CONFIG SESSIONS TIMES IMAGES RUNS: leaves a line for each run in run.out
stream() {
    "$java" -cp "$harness_classpath" recon.client.bench.MrdLoad "$mrd_port" phantom.h5 "$@" >run.out 2>run.err ||
        die "$1 failed: $(cat run.err)"
    rm -rf saved
}

# note_streams WHAT SESSIONS: the runs of run.out, each of so many sessions, and how long the first image took
note_streams() {
    local round micros first bytes
    while read -r round micros first bytes; do
        [ "$round" -gt "$WARM_UPS" ] || continue
        note run "$1" MB/s server $((round - WARM_UPS)) $((bytes / $2)) $((micros / $2))
        [ "$first" -eq 0 ] || note run "$1, first image" ms server $((round - WARM_UPS)) 0 "$first"
    done <run.out
}

measure_alone() {
    local config images
    for config in null savedataonly invertcontrast simplefft; do
        images=$repetitions
        case $config in null | savedataonly) images=0 ;; esac
        say "$config, $repetitions repetitions"
        stream "$config" 1 1 "$images" $((WARM_UPS + rounds))
        note_streams "$config" 1
    done
}

measure_sessions() {
    say "$SIDE_BY_SIDE sessions side by side"
    stream simplefft "$SIDE_BY_SIDE" 1 "$repetitions" $((WARM_UPS + rounds))
    note_streams "$SIDE_BY_SIDE x simplefft at once, each" "$SIDE_BY_SIDE"
    stream simplefft 1 1 "$repetitions" $((WARM_UPS + rounds))
    note_streams "simplefft, alone" 1
    note quotient "  by alone" "$SIDE_BY_SIDE x simplefft at once, each" "simplefft, alone"
}

measure_files() {
    local round counts
    say "client and server, from file to file"
    for ((round = 1 - WARM_UPS; round <= rounds; round++)); do
        counts=
        [ "$round" -lt 1 ] || counts="mrd send, file to file"
        rm -f images.h5
        timed "$counts" MB/s server "$round" "$(wc -c <phantom.h5)" \
            "$bin/recon-client" mrd send -p "$mrd_port" -c simplefft -o images.h5 phantom.h5
    done
}

measure_memory() {
    local times config images
    times=$(((stream_gb * 1000000000 + $(wc -c <phantom.h5) - 1) / $(wc -c <phantom.h5)))
    for config in null simplefft; do
        images=0
        [ "$config" = null ] || images=$((times * repetitions))
        say "$config, a stream of $stream_gb GB, -Xmx$MEMORY_HEAP"
        stop_server
        start_mrd_server "$MEMORY_HEAP"
        stream "$config" 1 "$times" "$images" 1
        [ ! -r "/proc/$server_pid/status" ] ||
            note memory "$config, $stream_gb GB, most in memory" "$(memory_of "$server_pid" VmHWM)"
    done
}

bench_mrd() {
    parse_mrd "$@"
    prepare
    require_disk $((repetitions * 40 + 1024))
    install_programs
    "$bin/recon-client" mrd phantom -o phantom.h5 -r "$repetitions" --seed 1 >/dev/null
    note ways server
    note_facts
    note fact megabytes $(($(wc -c <phantom.h5) / 1000000))
    start_mrd_server ""
    if wanted alone; then measure_alone; fi
    if wanted sessions; then measure_sessions; fi
    if wanted files; then measure_files; fi
    if wanted memory; then measure_memory; fi
    report_runs
}
