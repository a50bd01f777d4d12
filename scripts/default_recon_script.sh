#!/bin/sh
# The default reconstruction: every ISMRMRD .h5 file of the input directory becomes a series of DICOM images.
#   default_recon_script.sh INPUT_DIR --output-dir OUTPUT_DIR [--name value ...]
# Start a script of your own from this one: its arguments, its exit code (0 is success) and the files it leaves in
# OUTPUT_DIR are all that the server looks at.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

for jar in "$here/recon-server.jar" "$here/../recon-server.jar" "$here/../recon-server/target/recon-server.jar"; do
    [ -f "$jar" ] && break
done
if [ ! -f "$jar" ]; then
    echo "recon-server.jar is not beside $here; build it with: mvn package -DskipTests" >&2
    exit 1
fi
java=java
[ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java
exec "$java" -Djava.awt.headless=true -XX:+UseSerialGC -jar "$jar" reconstruct "$@"
