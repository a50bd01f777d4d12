package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;

class LeftOverRecordingsTest {
    private static final String ID = ".01234567-89ab-cdef-0123-456789abcdef.part";

    @TempDir
    private Path directory;

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** As a server that was killed leaves it. */
    private void leave(String name) throws IOException {
        try (MrdWriter writer = MrdWriter.create(directory.resolve(name), MrdWriter.DEFAULT_GROUP)) {
            writer.write(MrdText.XML, "none");
            writer.write(Image.of(ImageHeader.builder(), new MetaAttributes(), new short[] {9}));
            writer.checkpoint().publish();
            writer.leave();
        }
    }

    @Test
    void whatCanBeReadGetsANameThatSaysWhatItIs() throws Exception {
        leave("gre.h5");
        leave(".old.h5");
        Files.writeString(directory.resolve("gre.incomplete.h5"), "mine");
        LeftOverRecordings.rescue(directory);
        assertThat(files()).containsExactly("gre.incomplete.h5", "gre.incomplete_2.h5", "old.incomplete.h5");
        assertThat(directory.resolve("gre.incomplete.h5")).hasContent("mine");
        try (MrdReader in = MrdReader.open(directory.resolve("gre.incomplete_2.h5"))) {
            assertThat(in.images().get(0).count()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotBeReadIsBeingWrittenOrIsNotOursStays() throws Exception {
        Files.write(directory.resolve(".zeros.h5" + ID), new byte[200]);
        Files.writeString(directory.resolve(".incoming-1.part"), "a job's");
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(directory.resolve(".link.h5" + ID), elsewhere.resolve("none"));
        Files.createDirectory(directory.resolve(".directory.h5" + ID));
        try (MrdWriter writer = MrdWriter.create(directory.resolve("now.h5"), "dataset", "none")) {
            writer.checkpoint().publish();
            List<String> before = files();
            LeftOverRecordings.rescue(directory);
            assertThat(files()).isEqualTo(before);
        }
    }

    @Test
    void aFileThatAnotherServerWasFasterToNameLeavesNothingBehind() throws Exception {
        Path gone = directory.resolve(".gre.h5" + ID);
        assertThatThrownBy(() -> SaveDirectory.keepIncomplete(gone)).isInstanceOf(NoSuchFileException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void noDirectoryHoldsNothing() {
        LeftOverRecordings.rescue(directory.resolve("none"));
        assertThat(directory.resolve("none")).doesNotExist();
    }
}
