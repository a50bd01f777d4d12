# shellcheck shell=bash
# Sourced by the other scripts, not run: finds a JDK and Maven, installs what is missing if it may, builds the jars.

: "${root:?must be the directory of the project}"

readonly MIN_JDK=17
readonly MIN_MAVEN=3.8

say() { printf '==> %s\n' "$*"; }

die() {
    printf '==> %s\n' "$*" >&2
    exit 1
}

# Java reads file names and arguments in the locale's encoding; in the plain C locale it loses all but ASCII.
use_utf8() {
    [ "$(locale charmap 2>/dev/null)" = UTF-8 ] || [ "$(uname)" = Darwin ] || export LC_ALL=C.UTF-8
}

# --- what is there -----------------------------------------------------------------------------------------------

# jdk_is_new_enough JAVAC: whether that is a compiler of version 17 or later ("javac 17.0.15"; the old "1.8" is 1).
jdk_is_new_enough() {
    local version
    version=$("$1" -version 2>&1) || return 1
    version=${version#javac }
    version=${version%%[!0-9]*}
    [ -n "$version" ] && [ "$version" -ge "$MIN_JDK" ]
}

# Finds a JDK: JAVA_HOME, then the PATH, then where systems install them. Sets JAVA_HOME so that Maven takes the same.
find_jdk() {
    local home on_path
    if [ -n "${JAVA_HOME:-}" ] && jdk_is_new_enough "$JAVA_HOME/bin/javac"; then
        PATH=$JAVA_HOME/bin:$PATH
        return
    fi
    on_path=$(command -v javac) || on_path=
    if [ -n "$on_path" ] && jdk_is_new_enough "$on_path"; then
        unset JAVA_HOME # it was of no use, and Maven would prefer it
        home=$(dirname "$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")")
        [ ! -x "$home/bin/javac" ] || export JAVA_HOME=$home
        return
    fi
    for home in /usr/lib/jvm/* /opt/homebrew/opt/openjdk* /usr/local/opt/openjdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -x "$home/bin/javac" ] && jdk_is_new_enough "$home/bin/javac"; then
            export JAVA_HOME=$home
            PATH=$home/bin:$PATH
            return
        fi
    done
    return 1
}

# Whether Maven is there and 3.8 or later. Asks it only after a JDK was found: it is a Java program itself.
find_maven() {
    local version major minor
    version=$(mvn -B -Dstyle.color=never -version 2>/dev/null | sed -n 's/^.*Apache Maven \([0-9][0-9.]*\).*$/\1/p') || return 1
    IFS=. read -r major minor _ <<<"$version."
    [ -n "$major" ] && { [ "$major" -gt "${MIN_MAVEN%.*}" ] ||
        { [ "$major" -eq "${MIN_MAVEN%.*}" ] && [ "${minor:-0}" -ge "${MIN_MAVEN#*.}" ]; }; }
}

# --- installing --------------------------------------------------------------------------------------------------

package_manager() {
    local manager
    for manager in apt-get dnf yum zypper apk pacman brew; do
        if command -v "$manager" >/dev/null; then
            echo "$manager"
            return
        fi
    done
    return 1
}

# The JDK packages of a package manager, the preferred one first; not every release of a system has each of them.
jdk_packages() {
    case $1 in
    apt-get) echo openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless default-jdk-headless ;;
    dnf | yum) echo java-17-openjdk-devel java-21-openjdk-devel java-25-openjdk-devel java-latest-openjdk-devel ;;
    zypper) echo java-17-openjdk-devel java-21-openjdk-devel java-25-openjdk-devel ;;
    apk) echo openjdk17-jdk openjdk21-jdk ;;
    pacman) echo jdk17-openjdk jdk-openjdk ;;
    brew) echo openjdk@17 openjdk ;;
    esac
}

install_words() {
    case $1 in
    apt-get) echo "apt-get install -y --no-install-recommends" ;;
    dnf | yum) echo "$1 install -y" ;;
    zypper) echo "zypper --non-interactive install" ;;
    apk) echo "apk add" ;;
    pacman) echo "pacman -S --noconfirm --needed" ;;
    brew) echo "brew install" ;;
    esac
}

may_install() {
    [ "$1" = brew ] || [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

# as_root COMMAND...: as root, without a question.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

# install_packages MANAGER PACKAGE...: all of them or none.
install_packages() {
    local manager=$1 words
    shift
    read -ra words <<<"$(install_words "$manager")"
    case $manager in
    apt-get)
        as_root env DEBIAN_FRONTEND=noninteractive "${words[0]}" -o DPkg::Lock::Timeout=300 -q "${words[@]:1}" "$@"
        ;;
    brew) "${words[@]}" "$@" ;;
    *) as_root "${words[@]}" "$@" ;;
    esac
}

refresh_package_lists() {
    case $1 in
    apt-get) as_root apt-get -o DPkg::Lock::Timeout=300 -q update ;;
    apk) as_root apk update ;;
    pacman) as_root pacman -Sy ;;
    *) ;; # the others do it when they install
    esac
}

# install_first MANAGER PACKAGE...: the first of these that there is.
install_first() {
    local manager=$1 package
    shift
    for package in "$@"; do
        if install_packages "$manager" "$package"; then
            return
        fi
    done
    return 1
}

# first_known MANAGER PACKAGE...: the first of these that the system has, as far as that can be asked quickly.
first_known() {
    local manager=$1 package
    shift
    if [ "$manager" = apt-get ]; then
        for package in "$@"; do
            if apt-cache show "$package" >/dev/null 2>&1; then
                echo "$package"
                return
            fi
        done
    fi
    echo "$1"
}

# Makes sure of a JDK and Maven, or ends the script with the one line to type.
require_toolchain() {
    local need_jdk=0 need_maven=0 missing=() packages=() manager first log
    find_jdk || need_jdk=1
    [ "$need_jdk" -eq 0 ] || missing+=("a JDK of version $MIN_JDK or later")
    if [ "$need_jdk" -eq 0 ]; then
        find_maven || need_maven=1
    else
        command -v mvn >/dev/null || need_maven=1
    fi
    [ "$need_maven" -eq 0 ] || missing+=("Maven $MIN_MAVEN or later")
    [ "${#missing[@]}" -gt 0 ] || return 0

    local wanted=${missing[0]}${missing[1]:+ and ${missing[1]}}
    manager=$(package_manager) ||
        die "this needs $wanted; install it from your system's vendor, or set JAVA_HOME and PATH to where it is"
    read -ra packages <<<"$(jdk_packages "$manager")"
    if ! may_install "$manager"; then
        first=
        [ "$need_jdk" -eq 0 ] || first=" $(first_known "$manager" "${packages[@]}")"
        [ "$need_maven" -eq 0 ] || first="$first maven"
        die "this needs $wanted; type:  sudo $(install_words "$manager")$first"
    fi
    say "installing $wanted with $manager"
    log=$(mktemp)
    if ! {
        refresh_package_lists "$manager" &&
            { [ "$need_jdk" -eq 0 ] || install_first "$manager" "${packages[@]}"; } &&
            { [ "$need_maven" -eq 0 ] || install_packages "$manager" maven; }
    } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "$manager could not install $wanted; see above"
    fi
    rm -f "$log"
    hash -r
    find_jdk || die "still no JDK $MIN_JDK; set JAVA_HOME to one"
    find_maven || die "$manager's Maven is older than $MIN_MAVEN; install a newer one and put it on the PATH"
    say "installed: $(javac -version 2>&1), Maven"
}

# --- building ----------------------------------------------------------------------------------------------------

# The jars are built if one is missing or older than a source.
jars_are_current() {
    local jar
    for jar in "$root/recon-server/target/recon-server.jar" "$root/recon-client/target/recon-client.jar" \
        "$root/recon-relay/target/recon-relay.jar"; do
        [ -f "$jar" ] || return 1
        [ -z "$(find "$root/pom.xml" "$root/recon.opts.example" "$root/recon-relay/relay.opts.example" \
            "$root"/recon-*/pom.xml "$root"/recon-*/src/main \
            -newer "$jar" 2>/dev/null | head -n 1)" ] || return 1
    done
}

build_jars() {
    local log start=$SECONDS
    if jars_are_current; then
        return
    fi
    say "building the jars (the first time Maven downloads what they need: a minute or two)"
    log=$(mktemp)
    if ! (cd "$root" && mvn -B -q -Dmaven.test.skip=true package) >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        rm -f "$log"
        die "the build failed; see above"
    fi
    rm -f "$log"
    say "built in $((SECONDS - start)) s"
}

# What scripts/crash-test and scripts/bench start is test code of the client. The server's jar lends it its SQLite.
harness_classes=$root/recon-client/target/test-classes
# shellcheck disable=SC2034 # used by those scripts
harness_classpath=$harness_classes:$root/recon-client/target/recon-client.jar:$root/recon-server/target/recon-server.jar

harness_is_current() {
    local main=$harness_classes/recon/client/crash/CrashTest.class
    [ -f "$main" ] && [ -z "$(find "$root/recon-client/src/test/java/recon/client/crash" \
        "$root/recon-client/src/test/java/recon/client/bench" \
        "$root/recon-client/src/main" "$root/recon-common/src/main" -newer "$main" 2>/dev/null | head -n 1)" ]
}

build_harness() {
    local log
    if harness_is_current; then
        return
    fi
    say "building the harness"
    log=$(mktemp)
    if ! (cd "$root" && mvn -B -q -pl recon-client -am -DskipTests test-compile) >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        rm -f "$log"
        die "the build failed; see above"
    fi
    rm -f "$log"
    touch "$harness_classes/recon/client/crash/CrashTest.class"
}
