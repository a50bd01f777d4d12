# shellcheck shell=bash
# Sourced by scripts/bench: what a relay in front of a server costs.

: "${root:?}" "${dir:?}"
# shellcheck disable=SC2154 # scripts/bench finds java and the classes of the harness
: "${java=}" "${bin=}" "${harness_classpath=}"

only=,large,jobs,memory,
rounds=5
mib=1024
jobs=100
memory_mib=4096
transport=auto
heap=96m
readonly WARM_UP_JOBS=100 # what a handshake takes falls by half until then

parse_relay() {
    local option value
    while [ $# -gt 0 ]; do
        option=$1
        [ $# -gt 1 ] || usage_error "$option needs a value, or is unknown"
        value=$2
        shift 2
        case $option in
        --only) choose_parts "$value" large jobs memory ;;
        --transport) choose_transport "$value" ;;
        --heap) heap=$value ;;
        --rounds | --mib | --jobs | --memory-mib)
            require_number "$option" "$value"
            option=${option#--}
            printf -v "${option//-/_}" %s "$value"
            ;;
        *) usage_error "unknown option $option" ;;
        esac
    done
}

# start_relay: in front of the server. With its key on both sides a client differs by the port alone.
start_relay() {
    local key
    key=$(sed -n 's/^SHARED_KEY = //p' recon.opts)
    (
        umask 077
        cat >relay.opts <<OPTS
RELAY_PORT = 0
BACKEND_SERVERS = 127.0.0.1:$direct_port
SHARED_KEY_RELAY_TO_CLIENTS = $key
SHARED_KEY_FOR_BACKENDS = $key
STATE_DIR = relay
LOG_FILEPATH = relay.log
OPTS
    )
    : >relay.out
    RECON_JAVA_OPTS=-Xmx$heap "$bin/recon-relay" --opts relay.opts >relay.out 2>&1 &
    relay_pid=$!
    await_line ' ready: .* 1 of 1 servers' relay.out "$relay_pid" "the relay"
    relay_port=$(port_in relay.out)
}

# turns ROUND: leaves the two ways in $turns; who begins changes with every round
turns() {
    turns=(relay direct)
    [ $(($1 % 2)) -eq 0 ] || turns=(direct relay)
}

# by WAY: the client's next words go there
by() {
    # shellcheck disable=SC2034 # for client, in scripts/bench
    case $1 in
    relay) recon_port=$relay_port ;;
    direct) recon_port=$direct_port ;;
    esac
}

measure_large() {
    local bytes=$((mib * 1048576)) source=$dir/large.dat target=$dir/here round way counts job
    say "one file of $mib MiB"
    head -c "$bytes" /dev/urandom >"$source"
    for ((round = 1 - WARM_UPS; round <= rounds; round++)); do
        counts=
        [ "$round" -lt 1 ] || counts=yes
        turns "$round"
        for way in "${turns[@]}"; do
            by "$way"
            timed "${counts:+$mib MiB up}" MB/s "$way" "$round" "$bytes" \
                up_recon "$source" "{\"like\":\"$source\",\"back\":true}"
            job=$(cat run.out)
            await_results "$job"
            timed "${counts:+$mib MiB back}" MB/s "$way" "$round" "$bytes" back_recon "$job" "$target"
            same "$source" "$target/large.dat"
            rm -r "$target"
        done
    done
    rm "$source"
}

measure_jobs() {
    local way round micros what="1 job of 1 KB"
    say "$jobs jobs of 1 KB, one after the other"
    head -c "$JOB_BYTES" /dev/urandom >job.dat
    "$java" -cp "$harness_classpath" recon.client.bench.WarmClient recon.opts "$transport" "$dir/job.dat" "$dir/tiny" \
        '{"back":true}' "$WARM_UP_JOBS" "$jobs" "relay=$relay_port" "direct=$direct_port" >run.out 2>run.err ||
        die "the jobs of 1 KB failed: $(cat run.err)"
    while read -r way round micros; do
        note run "$what" ms "$way" "$round" "$JOB_BYTES" "$micros"
    done <run.out
    note difference "  longer by the relay" "$what" direct
}

# passing ARGUMENT...: runs a client, and leaves in $most the most KiB of the relay that it sees in memory meanwhile
passing() {
    local pid resident
    client "$@" >run.out 2>run.err &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        resident=$(memory_of "$relay_pid" VmRSS)
        [ "${resident:-0}" -le "$most" ] || most=$resident
        sleep 0.1
    done
    wait "$pid" || die "the client failed: $(cat run.err)"
}

# The file is sparse here, and is not where it goes.
measure_memory() {
    local source=$dir/sparse.dat job most=0
    if [ ! -r "/proc/$relay_pid/status" ]; then
        say "no memory figures: this system has no /proc"
        return
    fi
    say "memory, while $memory_mib MiB pass"
    by relay
    truncate -s "${memory_mib}M" "$source"
    note memory "relay now, before $memory_mib MiB" "$(memory_of "$relay_pid" VmRSS)"
    note memory "relay, most so far" "$(memory_of "$relay_pid" VmHWM)"
    passing --files "$source" --no-wait --recon-options '{"back":true}'
    note memory "relay, most while $memory_mib MiB go up" "$most"
    job=$(cat run.out)
    await_results "$job"
    most=0
    passing --fetch "$job" --output "$dir/here" --quiet
    note memory "relay, most while they come back" "$most"
    same "$source" "$dir/here/sparse.dat"
    rm -r "$source" "$dir/here"
    client --server-status >/dev/null || die "the relay does not answer any more: $(cat relay.out)"
    note memory "relay now, afterwards" "$(memory_of "$relay_pid" VmRSS)"
    note memory "relay, most ever" "$(memory_of "$relay_pid" VmHWM)"
}

bench_relay() {
    local largest
    parse_relay "$@"
    prepare
    largest=$((mib > memory_mib ? mib : memory_mib))
    require_disk $((4 * largest + 1024)) # here, there and back, and where the script copies it
    install_programs
    make_script
    make_options script.sh 'RESULT_RETENTION_HOURS = 0'
    # shellcheck disable=SC2034 # for client, in scripts/bench
    client_words=("$bin/recon-client" --opts "$dir/recon.opts" --set "TRANSPORT=$transport")
    start_server
    direct_port=$(port_in server.out)
    start_relay
    note ways relay direct
    note_facts
    note fact relay_heap "$heap"
    if wanted large; then measure_large; fi
    if wanted jobs; then measure_jobs; fi
    if wanted memory; then measure_memory; fi
    ! grep -q OutOfMemoryError relay.out || die "the relay had not enough memory: $(grep -m 1 OutOfMemoryError relay.out)"
    report_runs
}
