# shellcheck shell=bash
# Sourced by scripts/bench: files from client to server and back, beside scp and a plain TCP copy.

: "${root:?}" "${dir:?}"
# shellcheck disable=SC2154 # scripts/bench finds java and the classes of the harness
: "${java=}" "${bin=}" "${harness_classes=}" "${harness_classpath=}"

readonly FILE_BYTES=140000 SMALL_BYTES=2000 JOB_BYTES=1000 WARM_UPS=3

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

usage_error() {
    echo "scripts/bench transfer: $1; see --help" >&2
    exit 2
}

parse_transfer() {
    local option value
    while [ $# -gt 0 ]; do
        option=$1
        [ $# -gt 1 ] || usage_error "$option needs a value, or is unknown"
        value=$2
        shift 2
        case $option in
        --only)
            local parts part
            IFS=, read -ra parts <<<"$value"
            for part in ${parts[@]+"${parts[@]}"}; do
                case $part in
                large | cold | files | small | delay | jobs | memory) ;;
                *) usage_error "--only has no \"$part\"" ;;
                esac
            done
            only=,$value,
            continue
            ;;
        --transport)
            case $value in
            auto | tls | fernet) transport=$value ;;
            *) usage_error "--transport is auto, tls or fernet, not \"$value\"" ;;
            esac
            continue
            ;;
        --heap)
            java_options=-Xmx$value
            continue
            ;;
        --rounds | --mib | --cold-mib | --files | --small | --delay | --jobs) ;;
        *) usage_error "unknown option $option" ;;
        esac
        case $value in
        '' | *[!0-9]* | 0*) usage_error "$option needs a number from 1 on, not \"$value\"" ;;
        esac
        option=${option#--}
        printf -v "${option//-/_}" %s "$value"
    done
}

wanted() { [[ $only == *,$1,* ]]; }

# --- the three ways ------------------------------------------------------------------------------------------------

# A job's script, on request: fails if its files differ from those sent, gives them back.
make_script() {
    cat >script.sh <<'SCRIPT'
#!/bin/sh
# script.sh INPUT_DIR --output-dir OUTPUT_DIR [--like FILE_OR_DIRECTORY] [--back true]
in=$1 out=$3
shift 3
while [ $# -gt 0 ]; do
    case $1 in
    --like)
        if [ -d "$2" ]; then diff -rq "$2" "$in"; else cmp "$2" "$in/${2##*/}"; fi || exit 1
        ;;
    --back) cp "$in"/* "$out" || exit 1 ;;
    esac
    shift 2
done
SCRIPT
    chmod +x script.sh
}

client() { "${client_words[@]}" --set "SERVER_PORT=$recon_port" "$@"; }

# up_recon SOURCE JSON: submits, and prints the job's id
up_recon() {
    local kind=--files
    [ ! -d "$1" ] || kind=--directory
    client "$kind" "$1" --no-wait --recon-options "$2"
}
back_recon() { client --fetch "$1" --output "$2" --quiet; }

up_scp() { scp "${scp_words[@]}" -P "$scp_port" "$1" "127.0.0.1:$2"; }
back_scp() { scp "${scp_words[@]}" -P "$scp_port" "127.0.0.1:$1" "$2"; }

plain() { "${plain_words[@]}" "$@"; }
up_tcp() { plain send "$tcp_port" "$1" "$2"; }
back_tcp() { plain fetch "$tcp_port" "$1" "$2"; }

same() {
    if [ -d "$1" ]; then diff -rq "$1" "$2"; else cmp "$1" "$2"; fi || die "$2 is not what $1 is"
}

# await_results JOB: until its results can be fetched, or it has ended well
await_results() {
    local status
    while true; do
        status=$(client --job "$1" --json | sed -n 's/.*"job":{[^}]*"status":"\([a-z]*\)".*/\1/p')
        case $status in
        delivering | delivered) return ;;
        receiving | queued | running) sleep 0.1 ;;
        *) die "job $1 is ${status:-unknown}: $(client --log "$1")" ;;
        esac
    done
}

# --- measuring -----------------------------------------------------------------------------------------------------

# Microseconds since 1970 in $now, whatever the locale's decimal point.
look_at_clock() {
    if [ -n "${EPOCHREALTIME:-}" ]; then
        now=${EPOCHREALTIME/[^0-9]/}
    else
        now=$(($(date +%s%N) / 1000))
    fi
}

note() {
    local IFS=$'\t'
    printf '%s\n' "$*" >>"$dir/runs"
}

# timed WHAT UNIT WAY ROUND BYTES COMMAND...: what it prints is in run.out; WHAT is blank for a run that does not count
timed() {
    local what=$1 unit=$2 way=$3 round=$4 bytes=$5 start
    shift 5
    sync # what earlier runs left to be written shall not slow this one down
    look_at_clock
    start=$now
    "$@" >"$dir/run.out" 2>"$dir/run.err" || die "$way failed${what:+ at $what}: $(cat "$dir/run.err")"
    look_at_clock
    [ -z "$what" ] || note run "$what" "$unit" "$way" "$round" "$bytes" $((now - start))
}

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
    recon_port=$(server_port)
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

# peak_of PID: prints the most KiB that were in memory so far, nothing if it has ended
peak_of() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null || true; }

# watched WHAT ARGUMENT...: runs a client and notes its peak. Apart from what is timed: looking costs time.
watched() {
    local what=$1 pid peak last=
    shift
    "${client_words[@]}" --set "SERVER_PORT=$recon_port" "$@" >"$dir/run.out" 2>"$dir/run.err" &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        peak=$(peak_of "$pid")
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
    note memory "server, peak of all this" "$(peak_of "$server_pid")"
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

note_facts() {
    local cpu
    cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
    note fact date "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    note fact cpu "${cpu:-$(uname -m)}"
    note fact cores "$(nproc)"
    note fact system "$(uname -sr)"
    note fact load "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
    note fact java "$("$java" -version 2>&1 | head -n 1)"
    note fact ssh "$(ssh -V 2>&1 || true)"
    note fact commit "$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)"
    note fact transport "$transport"
    note fact java_options "$java_options"
}

# A large file lies there up to four times: here, there, as a job's input and as its result.
require_disk() {
    local largest=$((mib > cold_mib ? mib : cold_mib)) free
    free=$(($(df -Pk "$dir" | awk 'NR == 2 { print $4 }') / 1024))
    [ "$free" -gt $((5 * largest + 1024)) ] ||
        die "$dir has $free MiB free; $((5 * largest + 1024)) are needed: take less with --mib and --cold-mib"
}

bench_transfer() {
    local json
    parse_transfer "$@"
    prepare
    [ -z "$java_options" ] || export RECON_JAVA_OPTS=$java_options
    require_disk
    install_programs
    json=$root/target/bench/transfer-$(date +%Y%m%d-%H%M%S).json
    mkdir -p here there "$root/target/bench"
    make_script
    make_options script.sh 'RESULT_RETENTION_HOURS = 0'
    client_words=("$bin/recon-client" --opts "$dir/recon.opts" --set "TRANSPORT=$transport")
    plain_words=("$java" -cp "$harness_classes" recon.client.bench.PlainCopy)
    start_server
    recon_port=$(server_port)
    ways=(recon)
    start_sshd
    ways+=(tcp)
    start_plain
    note_facts
    if wanted large; then measure_large; fi
    if wanted cold; then measure_cold; fi
    if wanted files; then measure_many files "$files" "$FILE_BYTES" "140 KB"; fi
    if wanted small; then measure_many small "$small" "$SMALL_BYTES" "2 KB"; fi
    if wanted delay; then measure_delay; fi
    if wanted jobs; then measure_jobs; fi
    if wanted memory; then measure_memory; fi
    say "medians; MB/s: more is better, s: less is better; ratios are medians of the rounds'"
    "$java" -cp "$harness_classpath" recon.client.bench.TransferReport runs "$json"
    say "every run is in $json"
}
