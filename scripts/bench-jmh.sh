# shellcheck shell=bash
# Sourced by scripts/bench: the benchmarks of recon-common's test tree, run by JMH.

: "${root:?}"

# bench_jmh [ARGUMENT...]
bench_jmh() {
    local log module=$root/recon-common
    use_utf8
    require_toolchain
    say "building the benchmarks"
    log=$(mktemp)
    if ! (cd "$root" && mvn -B -q -Pjmh -pl recon-common -DskipTests process-test-classes) >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        rm -f "$log"
        die "the build failed; see above"
    fi
    rm -f "$log"
    mkdir -p "$root/target/bench"
    local json
    json=$root/target/bench/jmh-$(date +%Y%m%d-%H%M%S).json
    "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$(cat "$module/target/jmh.classpath"):$module/target/jmh-classes:$module/target/classes" \
        org.openjdk.jmh.Main -rf json -rff "$json" "$@"
    [ ! -s "$json" ] || say "every run is in $json"
}
