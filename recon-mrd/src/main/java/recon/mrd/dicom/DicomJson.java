package recon.mrd.dicom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;

/**
 * The DICOM JSON model (PS3.18 annex F) of a data set without its pixels, as programs of this field keep it with an
 * image. Whatever was in the data set comes back from it: a value that JSON cannot tell (text that is none in its
 * character set, numbers that are not finite) stands there as {@code InlineBinary}, whatever its VR. Left out besides
 * PixelData are the retired lengths of groups, and blanks at the end of texts.
 */
public final class DicomJson {
    static final int MAX_CHARS = 64 << 20;

    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_CHARS)
                    .maxNestingDepth(4 * DicomFormat.MAX_DEPTH)
                    .build())
            .build();

    static final String VR = "vr";
    static final String VALUE = "Value";
    static final String INLINE_BINARY = "InlineBinary";
    /** The groups of a PN, in the order in which a {@code =} separates them. */
    static final String[] NAME_GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};

    private DicomJson() {}

    /** The JSON of a data set. */
    public static String write(DataSet dataSet) {
        return DicomJsonWriter.write(dataSet);
    }

    /**
     * The data set of a JSON, in the character set that it names; in UTF-8 if that cannot hold its texts.
     *
     * @throws DicomFormatException if it is no JSON, or none of a data set
     */
    public static DataSet read(String json) throws DicomFormatException {
        return DicomJsonReader.read(json);
    }

    /** Whether an element has no place in the JSON: the file's meta group, lengths of groups, pixels. */
    static boolean isLeftOut(int tag) {
        return tag >>> 16 == DicomFormat.META_GROUP || (tag & 0xffff) == 0 || tag == Attribute.PixelData.tag();
    }
}
