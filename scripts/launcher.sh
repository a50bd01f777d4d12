#!/bin/sh
# Starts the program of this file's name (recon-server, recon-client, recon-relay): the jar in ../lib/recon.
# JAVA_HOME says which Java, else it is the one on the PATH. RECON_JAVA_OPTS are further options for Java, blanks between.
self=$(readlink -f "$0")
name=${self##*/}
bin=${self%/*}
jar=${bin%/*}/lib/recon/$name.jar

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! command -v "$java" >/dev/null; then
    echo "$name: $java not found; install Java 17 or later (Debian: apt-get install default-jre-headless)," \
        "or set JAVA_HOME" >&2
    exit 2
fi

# In the plain C locale Java would lose file names that are more than ASCII.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
C | POSIX) export LC_ALL=C.UTF-8 ;;
esac

options="-Djava.awt.headless=true"
if [ "$name" = recon-client ]; then # short runs: no threads for the collector, no counters for other programs
    options="$options -XX:+UseSerialGC -XX:-UsePerfData"
    case " $* " in # questions, and MRD, which is not encrypted: not worth optimising; where files are sealed, it is worth a lot
    *" --server-status "* | *" --view-queue "* | *" --job "* | *" mrd send "*) options="$options -XX:TieredStopAtLevel=1" ;;
    esac
fi
options="$options ${RECON_JAVA_OPTS:-}"
unset RECON_JAVA_OPTS # not for the programs that this one starts

# The archive of classes makes the start faster. Another Java, or a jar that has changed, passes it over: nobody needs to
# hear of that, nor that a few library classes are too old to be in it, so Java prints errors only.
archive=${jar%.jar}.jsa
if [ -r "$archive" ]; then
    # shellcheck disable=SC2086 # options are several words
    exec "$java" -Xshare:auto -XX:SharedArchiveFile="$archive" -Xlog:disable -Xlog:all=error:stderr $options \
        -jar "$jar" "$@"
fi
# shellcheck disable=SC2086
exec "$java" $options -jar "$jar" "$@"
