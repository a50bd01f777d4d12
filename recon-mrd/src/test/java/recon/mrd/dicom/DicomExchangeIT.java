package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.file.ImageGroup;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;

/** DICOM files of another program survive the way through an ISMRMRD file, and other programs take what we write. */
class DicomExchangeIT {
    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();

    private Path script(String name) throws Exception {
        return Path.of(
                DicomExchangeIT.class.getResource("/recon/mrd/dicom/" + name).toURI());
    }

    private String python(String script, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/python3", "-W", "ignore", script(script).toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ExternalTools.Outcome outcome = ExternalTools.run(command);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }

    private Path file(Path dicoms) throws IOException {
        DicomFolder found = DicomFolder.scan(dicoms, DicomExchangeIT::fail);
        Path file = folder.resolve("images.h5");
        try (MrdWriter out = MrdWriter.create(file, "dataset", found.header().toXml())) {
            found.read(out::write);
            out.commit();
        }
        return file;
    }

    private List<Path> export(Path file, Path to) throws IOException {
        List<Path> files = new ArrayList<>();
        try (MrdReader in = MrdReader.open(file)) {
            DicomExport export = new DicomExport(Optional.of(in.header()), Files.createDirectory(to), notices::add);
            for (ImageGroup series : in.images()) {
                files.addAll(export.write(series));
            }
        }
        return files;
    }

    @Test
    void everyTagAndPixelOfPydicomsFilesComesBack() throws Exception {
        ExternalTools.assumePydicom();
        Path before = folder.resolve("before");
        python("make_dicoms.py", before);
        Path after = folder.resolve("after");
        assertThat(export(file(before), after)).hasSize(9);
        assertThat(python("compare_dicoms.py", before, after)).contains("9 files, 0 differences");
    }

    @Test
    void pydicomReadsTheJsonThatGoesWithAnImage() throws Exception {
        ExternalTools.assumePydicom();
        Path before = folder.resolve("before");
        python("make_dicoms.py", before);
        List<Object> arguments = new ArrayList<>(List.of(before));
        DicomFolder.scan(before, DicomExchangeIT::fail).read(image -> {
            Path json = Files.createTempFile(folder, "image", ".b64");
            Files.writeString(
                    json,
                    MetaAttributes.parse(image.attributes()).first("DicomJson").orElseThrow());
            arguments.add(json);
        });
        assertThat(python("compare_json.py", arguments.toArray())).contains("9 files, 0 differences");
    }

    @Test
    void imagesOfEveryKindAreTakenByOthers() throws Exception {
        ExternalTools.assumeProgram("dciodvfy", "dicom3tools");
        ExternalTools.assumeProgram("dcm2pnm", "dcmtk");
        Random random = new Random(3);
        List<Path> files = new ArrayList<>();
        DicomExport export = new DicomExport(
                Optional.of(MrFixtures.fullHeader()), Files.createDirectory(folder.resolve("out")), notices::add);
        for (PixelType type : PixelType.values()) {
            files.addAll(export.write(ImageSeries.of(
                    type.name(),
                    List.of(
                            image(type, 1, 1, ImageType.MAGNITUDE, 0, random),
                            image(type, 2, 3, ImageType.PHASE, 1, random)))));
        }
        files.addAll(
                export.write(ImageSeries.of("rgb", List.of(image(PixelType.U16, 3, 2, ImageType.RGB, 0, random)))));
        files.addAll(new DicomExport(Optional.empty(), folder.resolve("out"), notices::add)
                .write(ImageSeries.of("plain", List.of(image(PixelType.F32, 1, 1, 0, 0, random)))));
        assertThat(files).hasSize(8 * 7 + 2 + 1);
        for (Path file : files) {
            checked(file);
        }
    }

    @Test
    void whatWasChangedOnTheWayIsTakenByOthers() throws Exception {
        ExternalTools.assumeProgram("dciodvfy", "dicom3tools");
        ExternalTools.assumeProgram("dcm2pnm", "dcmtk");
        Path before = Files.createDirectory(folder.resolve("before"));
        MrFixtures.series(MrFixtures.fullHeader(), MrFixtures.slices(2, 1), SeriesOptions.DEFAULT)
                .write(before);
        List<Image> inverted = new ArrayList<>();
        List<Image> coloured = new ArrayList<>();
        DicomFolder.scan(before, DicomExchangeIT::fail).read(image -> {
            byte[] pixels = new byte[image.pixels().length];
            ByteBuffer out = ByteBuffer.wrap(pixels).order(ByteOrder.LITTLE_ENDIAN);
            for (double value : image.values()) {
                out.putShort((short) (4095 - value));
            }
            MetaAttributes meta = MetaAttributes.parse(image.attributes())
                    .set("WindowCenter", "2048.0")
                    .set("WindowWidth", "4096")
                    .set("SequenceDescriptionAdditional", "FIRE");
            inverted.add(Image.of(image.head().toBuilder().pixelType(PixelType.I16), meta, pixels));
            coloured.add(Image.of(
                    image.head().toBuilder().channels(3).imageType(ImageType.RGB), meta, new byte[3 * pixels.length]));
        });
        DicomExport export =
                new DicomExport(Optional.empty(), Files.createDirectory(folder.resolve("after")), notices::add);
        List<Path> files = new ArrayList<>(export.write(ImageSeries.of("image_0", inverted)));
        files.addAll(export.write(ImageSeries.of("image_1", coloured)));
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "05_T1 axial_FIRE_001.dcm",
                        "05_T1 axial_FIRE_002.dcm",
                        "05_T1 axial_FIRE_001_2.dcm",
                        "05_T1 axial_FIRE_002_2.dcm");
        for (Path file : files) {
            checked(file);
        }
    }

    private void checked(Path file) throws Exception {
        ExternalTools.Outcome valid = ExternalTools.run(List.of("dciodvfy", file.toString()));
        assertThat(valid.output())
                .as("%s", file)
                .containsPattern("MRImage|SCImage")
                .doesNotContain("Error");
        ExternalTools.Outcome shown = ExternalTools.run(
                List.of("dcm2pnm", file.toString(), folder.resolve("image.pnm").toString()));
        assertThat(shown.exitCode()).as(shown.output()).isZero();
    }

    private static Image image(PixelType type, int channels, int slices, int imageType, int repetition, Random random) {
        int count = 8 * 6 * slices * channels;
        ByteBuffer pixels = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (pixels.hasRemaining()) {
            switch (type) {
                case U16, I16 -> pixels.putShort((short) random.nextInt(256));
                case U32, I32 -> pixels.putInt(random.nextInt());
                case F32, COMPLEX_F32 -> pixels.putFloat((float) random.nextGaussian());
                default -> pixels.putDouble(1e-7 * random.nextGaussian());
            }
        }
        return Image.of(
                ImageHeader.builder()
                        .pixelType(type)
                        .matrix(8, 6, slices)
                        .channels(channels)
                        .imageType(imageType)
                        .repetition(repetition)
                        .fieldOfViewMm(new Vector3(80, 60, 5 * slices)),
                new MetaAttributes(),
                pixels.array());
    }

    private static void fail(IOException unreadable) {
        throw new UncheckedIOException(unreadable);
    }
}
