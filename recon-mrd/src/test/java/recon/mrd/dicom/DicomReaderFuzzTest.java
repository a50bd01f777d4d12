package recon.mrd.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;

/** Whatever a DICOM file holds, reading it gives a data set or the one refusal, and so does making an image of it. */
class DicomReaderFuzzTest {
    private static final int PATCH_BYTES = 4;

    private byte[] whole;

    /** Behind the preamble, so that the fuzzer need not find it. */
    @FuzzTest(maxDuration = "30s")
    void anyFile(byte[] data) {
        byte[] file = new byte[DicomFormat.PREAMBLE_BYTES + DicomFormat.MAGIC.length + data.length];
        System.arraycopy(DicomFormat.MAGIC, 0, file, DicomFormat.PREAMBLE_BYTES, DicomFormat.MAGIC.length);
        System.arraycopy(data, 0, file, file.length - data.length, data.length);
        read(data);
        read(file);
    }

    /** Each four bytes say where to damage a whole file, and how. */
    @FuzzTest(maxDuration = "30s")
    void damagedFile(byte[] data) {
        byte[] damaged = wholeFile().clone();
        ByteBuffer patches = ByteBuffer.wrap(data);
        while (patches.remaining() >= PATCH_BYTES) {
            int patch = patches.getInt();
            damaged[(patch >>> 8) % damaged.length] ^= (byte) patch;
        }
        read(damaged);
    }

    @FuzzTest(maxDuration = "30s")
    void anyJson(byte[] data) {
        try {
            DataSet read = DicomJson.read(new String(data, StandardCharsets.UTF_8));
            DataSet again = DicomJson.read(DicomJson.write(read));
            if (!DicomJson.write(again).equals(DicomJson.write(read))) {
                throw new AssertionError("what was read does not come back");
            }
        } catch (DicomFormatException e) {
            refused(e);
        }
    }

    private byte[] wholeFile() {
        if (whole == null) {
            DataSet item = new DataSet()
                    .putText(Attribute.CodeMeaning, "\u00fc")
                    .putItems(Attribute.ReferencedImageSequence, List.of(new DataSet()));
            DataSet content = MrFixtures.series(MrFixtures.fullHeader(), MrFixtures.slices(1, 1), SeriesOptions.DEFAULT)
                    .instance(1)
                    .content()
                    .putItems(Attribute.AnatomicRegionSequence, List.of(item));
            whole = DicomWriter.toBytes(DicomFile.of(content));
        }
        return whole;
    }

    private static void read(byte[] bytes) {
        try {
            DicomFile file = DicomReader.parse(bytes);
            DicomWriter.toBytes(file);
            DataSet content = file.content();
            DicomJson.read(DicomJson.write(content));
            ImageFromDicom.location(content);
            MrdHeader.parse(HeaderFromDicom.of(content).toXml());
            MetaAttributes.parse(ImageFromDicom.image(content, 0, 0, 0).attributes());
        } catch (DicomFormatException e) {
            refused(e);
        } catch (MrdException e) {
            throw new AssertionError("what is made of it cannot be read", e);
        }
    }

    private static void refused(DicomFormatException e) {
        if (e.getMessage().isBlank() || e.getMessage().contains("\n")) {
            throw new AssertionError("a refusal of several lines", e);
        }
    }
}
