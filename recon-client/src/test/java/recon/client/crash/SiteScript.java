package recon.client.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The reconstruction of these tests: notes in a journal that it runs, copies its inputs, and does what its options say:
 * {@code sleep} seconds, wait while the file {@code hold} exists, end with the code {@code exit}.
 */
final class SiteScript {
    private static final String TEXT = """
            #!/bin/sh
            in=$1 out=$3
            shift 3
            sleep=0 hold= exit=0
            while [ $# -gt 1 ]; do
                case $1 in
                --sleep) sleep=$2 ;;
                --hold) hold=$2 ;;
                --exit) exit=$2 ;;
                esac
                shift 2
            done
            echo "$RECON_JOB_ID" >>'%s'
            mkdir "$out/sub" || exit 97
            for file in "$in"/*; do
                name=${file##*/}
                case $name in
                file1.*) cp "$file" "$out/copy_of_$name" || exit 98 ;;
                *) cp "$file" "$out/sub/copy_of_$name" || exit 98 ;;
                esac
            done
            sleep "$sleep"
            while [ -n "$hold" ] && [ -e "$hold" ]; do sleep 0.05; done
            exit "$exit"
            """;

    private final Path journal;

    private SiteScript(Path journal) {
        this.journal = journal;
    }

    static SiteScript write(Path script, Path journal) throws IOException {
        Files.writeString(script, TEXT.formatted(journal));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Files.createFile(journal);
        return new SiteScript(journal);
    }

    /** The path below the output directory that the script gives to the copy of this input, the first being 1. */
    static String result(int number) {
        return (number == 1 ? "" : "sub/") + "copy_of_" + JobFiles.name(number);
    }

    /** The jobs that it ran for, once for each time, in order. A line that a kill cut short is none. */
    List<String> runs() throws IOException {
        return Files.readAllLines(journal);
    }
}
