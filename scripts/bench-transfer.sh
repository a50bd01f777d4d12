# shellcheck shell=bash
# Sourced by scripts/bench: files from client to server and back, beside scp and a plain TCP copy.

: "${root:?}" "${dir:?}"
# shellcheck disable=SC2154 # scripts/bench finds java and the classes of the harness
: "${java=}" "${bin=}" "${harness_classes=}" "${harness_classpath=}"

readonly FILE_BYTES=140000 SMALL_BYTES=2000

# --- the command line ----------------------------------------------------------------------------------------------

only=,large,cold,files,small,delay,jobs,memory,
rounds=5
mib=1024
cold_mib=256
files=500
small=2000
delay=50
jobs=100
transport=auto
copies=0
java_options=

parse_transfer() {
    local option value
    while [ $# -gt 0 ]; do
        option=$1
        [ $# -gt 1 ] || usage_error "$option needs a value, or is unknown"
        value=$2
        shift 2
        case $option in
        --only)
            choose_parts "$value" large cold files small delay jobs memory
            continue
            ;;
        --transport)
            choose_transport "$value"
            continue
            ;;
        --heap)
            java_options=-Xmx$value
            continue
            ;;
        --rounds | --mib | --cold-mib | --files | --small | --delay | --jobs) ;;
        *) usage_error "unknown option $option" ;;
        esac
        require_number "$option" "$value"
        option=${option#--}
        printf -v "${option//-/_}" %s "$value"
    done
}

# --- the other ways ------------------------------------------------------------------------------------------------

up_scp() { scp "${scp_words[@]}" -P "$scp_port" "$1" "127.0.0.1:$2"; }
back_scp() { scp "${scp_words[@]}" -P "$scp_port" "127.0.0.1:$1" "$2"; }

plain() { "${plain_words[@]}" "$@"; }
up_tcp() { plain send "$tcp_port" "$1" "$2"; }
back_tcp() { plain fetch "$tcp_port" "$1" "$2"; }

# --- measuring -----------------------------------------------------------------------------------------------------

# What many files were copied to stays until all is done: ext4 is slow to make a file (0.7 ms instead of 0.02) where many
# were removed within the last minutes, and that would be most of what is measured.
removed_after() { [ -d "$1" ] || rm "$1"; }

# up WHAT UNIT ROUND BYTES SOURCE [back]: one round of all ways; leaves the job in $job
up() {
    local what=$1 unit=$2 round=$3 bytes=$4 source=$5 way target
    local json="{\"like\":\"$source\"${6:+,\"back\":true}}"
    for way in "${ways[@]}"; do
        target=$dir/there/$((++copies))
        case $way in
        recon)
            timed "$what" "$unit" recon "$round" "$bytes" up_recon "$source" "$json"
            job=$(cat "$dir/run.out")
            await_results "$job"
            ;;
        *)
            timed "$what" "$unit" "$way" "$round" "$bytes" "up_$way" "$source" "$target"
            same "$source" "$target"
            removed_after "$target"
            ;;
        esac
    done
}

# back WHAT UNIT ROUND BYTES SOURCE: the results of $job, which are like the source
back() {
    local what=$1 unit=$2 round=$3 bytes=$4 source=$5 way target
    for way in "${ways[@]}"; do
        target=$dir/here/$way
        case $way in
        recon)
            timed "$what" "$unit" recon "$round" "$bytes" back_recon "$job" "$target"
            same "$source" "$target/${source##*/}"
            ;;
        *)
            timed "$what" "$unit" "$way" "$round" "$bytes" "back_$way" "$source" "$target"
            same "$source" "$target"
            ;;
        esac
        rm -rf "$target"
    done
}

# warm_up BYTES SOURCE [back]
warm_up() {
    local i
    for ((i = 0; i < WARM_UPS; i++)); do
        up "" - 0 "$1" "$2" "${3:-}"
        [ -z "${3:-}" ] || back "" - 0 "$1" "$2"
    done
}

# --- the measurements ----------------------------------------------------------------------------------------------

measure_large() {
    local bytes=$((mib * 1048576)) round
    say "one file of $mib MiB"
    head -c "$bytes" /dev/urandom >"$dir/large.dat"
    warm_up "$bytes" "$dir/large.dat" back
    for ((round = 1; round <= rounds; round++)); do
        up "$mib MiB up" MB/s "$round" "$bytes" "$dir/large.dat" back
        back "$mib MiB back" MB/s "$round" "$bytes" "$dir/large.dat"
    done
    rm "$dir/large.dat"
}

# The warm server goes on beside the cold one, idle.
measure_cold() {
    local bytes=$((cold_mib * 1048576)) round warm_port=$recon_port warm_tcp_port=$tcp_port warm_pid=$server_pid
    say "one file of $cold_mib MiB, with a server just started"
    head -c "$bytes" /dev/urandom >"$dir/cold.dat"
    mkdir "$dir/cold"
    cp "$dir/recon.opts" "$dir/script.sh" "$dir/cold"
    for ((round = 1; round <= rounds; round++)); do
        start_cold
        up "$cold_mib MiB up, cold" MB/s "$round" "$bytes" "$dir/cold.dat" back
        stop_cold
        start_cold
        back "$cold_mib MiB back, cold" MB/s "$round" "$bytes" "$dir/cold.dat"
        stop_cold
    done
    rm -r "$dir/cold.dat" "$dir/cold"
    recon_port=$warm_port
    tcp_port=$warm_tcp_port
    server_pid=$warm_pid
}

start_cold() {
    cd "$dir/cold" || exit
    start_server
    recon_port=$(port_in server.out)
    cd "$dir" || exit
    start_plain
    cold_tcp_pid=$helper_pid
}

stop_cold() {
    stop_server
    kill "$cold_tcp_pid"
    wait "$cold_tcp_pid" 2>/dev/null || true
}

# make_files DIRECTORY COUNT BYTES: so many files of so many bytes
make_files() {
    mkdir "$1"
    head -c $(($2 * $3)) /dev/urandom | split -a 4 -b "$3" - "$1/scan"
}

# measure_many DIRECTORY COUNT BYTES WORDS
measure_many() {
    local bytes=$(($2 * $3)) round
    say "$2 files of $4"
    make_files "$dir/$1" "$2" "$3"
    warm_up "$bytes" "$dir/$1"
    for ((round = 1; round <= rounds; round++)); do
        up "$2 files of $4 up" s "$round" "$bytes" "$dir/$1"
    done
}

# scp waits several round trips for each of many files, minutes in all: once is enough.
measure_delay() {
    local bytes=$((files * FILE_BYTES)) round near=("$recon_port" "$scp_port" "$tcp_port") ports one many all_ways=("${ways[@]}")
    one="1 file of $((bytes / 1000)) KB up, $delay ms"
    many="$files files of 140 KB up, $delay ms"
    say "$files files of 140 KB, and one file of the same size, over a round trip of $delay ms"
    make_files "$dir/far" "$files" "$FILE_BYTES"
    head -c "$bytes" /dev/urandom >"$dir/one.dat"
    warm_up "$bytes" "$dir/far"
    warm_up "$bytes" "$dir/one.dat"
    : >"$dir/proxy.out"
    "$java" -cp "$harness_classes" recon.client.bench.DelayingProxy "$delay" "${near[@]}" \
        >"$dir/proxy.out" 2>"$dir/proxy.err" &
    helper_pid=$!
    until [ "$(grep -c '^port ' "$dir/proxy.out")" -eq "${#near[@]}" ]; do
        kill -0 "$helper_pid" 2>/dev/null || die "the slow line did not start: $(cat "$dir/proxy.err")"
        sleep 0.01
    done
    read -ra ports <<<"$(sed -n 's/^port //p' "$dir/proxy.out" | tr '\n' ' ')"
    recon_port=${ports[0]} scp_port=${ports[1]} tcp_port=${ports[2]}
    for ((round = 1; round <= rounds; round++)); do
        up "$one" s "$round" "$bytes" "$dir/one.dat"
        [ "$round" -eq 1 ] || ways=(recon tcp)
        up "$many" s "$round" "$bytes" "$dir/far"
        ways=("${all_ways[@]}")
    done
    recon_port=${near[0]} scp_port=${near[1]} tcp_port=${near[2]}
    note quotient "  these files / this file" "$many" "$one"
    rm "$dir/one.dat"
}

measure_jobs() {
    local round
    say "$jobs jobs of 1 KB, one after the other"
    head -c "$JOB_BYTES" /dev/urandom >"$dir/job.dat"
    warm_up "$JOB_BYTES" "$dir/job.dat"
    for ((round = 1; round <= jobs; round++)); do
        up "1 job of 1 KB" s "$round" "$JOB_BYTES" "$dir/job.dat"
    done
}

# watched WHAT ARGUMENT...: runs a client and notes its peak. Apart from what is timed: looking costs time.
watched() {
    local what=$1 pid peak last=
    shift
    "${client_words[@]}" --set "SERVER_PORT=$recon_port" "$@" >"$dir/run.out" 2>"$dir/run.err" &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        peak=$(memory_of "$pid" VmHWM)
        [ -z "$peak" ] || last=$peak
        sleep 0.02
    done
    wait "$pid" || die "$what failed: $(cat "$dir/run.err")"
    note memory "$what" "$last"
}

measure_memory() {
    local bytes=$((mib * 1048576)) source=$dir/large.dat
    if [ ! -r "/proc/$server_pid/status" ]; then
        say "no memory figures: this system has no /proc"
        return
    fi
    say "memory"
    head -c "$bytes" /dev/urandom >"$source"
    watched "client, peak, $mib MiB up" --files "$source" --no-wait \
        --recon-options "{\"like\":\"$source\",\"back\":true}"
    job=$(cat "$dir/run.out")
    await_results "$job"
    watched "client, peak, $mib MiB back" --fetch "$job" --output "$dir/here/recon" --quiet
    same "$source" "$dir/here/recon/large.dat"
    rm -r "$source" "$dir/here/recon"
    note memory "server, peak of all this" "$(memory_of "$server_pid" VmHWM)"
}

# --- scp and the plain copy ----------------------------------------------------------------------------------------

# Our own sshd with its own keys on a high port. Without one, or one that lets us in, there are no figures of scp.
start_sshd() {
    local sshd try log=$dir/ssh/log
    scp_port=0
    sshd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd) || sshd=
    if [ -z "$sshd" ] || ! command -v scp >/dev/null; then
        say "no figures of scp: there is no sshd; install the package openssh-server (apt-get, dnf)"
        return
    fi
    if [ "$(id -u)" -eq 0 ] && [ ! -d /run/sshd ]; then
        say "making /run/sshd, which sshd needs as root; removed afterwards"
        mkdir -m 755 /run/sshd
        # shellcheck disable=SC2034 # for scripts/bench, which removes it
        made_run_sshd=yes
    fi
    mkdir -m 700 ssh
    ssh-keygen -q -t ed25519 -N '' -f ssh/host_key
    ssh-keygen -q -t ed25519 -N '' -f ssh/user_key
    scp_words=(-q -r -F none -c aes128-gcm@openssh.com -i "$dir/ssh/user_key" -o IdentitiesOnly=yes -o BatchMode=yes
        -o StrictHostKeyChecking=no -o "UserKnownHostsFile=$dir/ssh/known_hosts")
    for try in 1 2 3 4 5; do
        scp_port=$((20000 + RANDOM % 12000))
        cat >ssh/config <<CONFIG
Port $scp_port
ListenAddress 127.0.0.1
HostKey "$dir/ssh/host_key"
AuthorizedKeysFile "$dir/ssh/user_key.pub"
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PidFile none
Subsystem sftp internal-sftp
CONFIG
        : >"$log"
        "$sshd" -D -e -f ssh/config 2>"$log" &
        helper_pid=$!
        until grep -q 'Server listening' "$log" || ! kill -0 "$helper_pid" 2>/dev/null; do sleep 0.01; done
        if kill -0 "$helper_pid" 2>/dev/null; then break; fi
    done
    echo test >ssh/test
    if up_scp ssh/test "$dir/ssh/test2" 2>>"$log"; then
        ways+=(scp)
        return
    fi
    say "no figures of scp, which could not copy a file through an sshd of our own (try $try):"
    tail -n 3 "$log"
}

start_plain() {
    : >"$dir/plain.out" # an older one's port is not ours
    "${plain_words[@]}" serve >"$dir/plain.out" 2>"$dir/plain.err" &
    helper_pid=$!
    await_line '^port ' "$dir/plain.out" "$helper_pid" "the plain copy"
    tcp_port=$(sed -n 's/^port //p' "$dir/plain.out")
}

# --- all of it -----------------------------------------------------------------------------------------------------

bench_transfer() {
    parse_transfer "$@"
    prepare
    [ -z "$java_options" ] || export RECON_JAVA_OPTS=$java_options
    require_disk $((5 * (mib > cold_mib ? mib : cold_mib) + 1024)) # here, there, as a job's input and as its result
    install_programs
    mkdir here there
    make_script
    make_options script.sh 'RESULT_RETENTION_HOURS = 0'
    client_words=("$bin/recon-client" --opts "$dir/recon.opts" --set "TRANSPORT=$transport")
    plain_words=("$java" -cp "$harness_classes" recon.client.bench.PlainCopy)
    start_server
    recon_port=$(port_in server.out)
    ways=(recon)
    start_sshd
    ways+=(tcp)
    start_plain
    note ways "${ways[@]}"
    note_facts
    note fact ssh "$(ssh -V 2>&1 || true)"
    note fact java_options "$java_options"
    if wanted large; then measure_large; fi
    if wanted cold; then measure_cold; fi
    if wanted files; then measure_many files "$files" "$FILE_BYTES" "140 KB"; fi
    if wanted small; then measure_many small "$small" "$SMALL_BYTES" "2 KB"; fi
    if wanted delay; then measure_delay; fi
    if wanted jobs; then measure_jobs; fi
    if wanted memory; then measure_memory; fi
    report_runs
}
