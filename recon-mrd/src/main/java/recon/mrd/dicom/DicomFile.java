package recon.mrd.dicom;

/**
 * A Part-10 file: the file meta elements (group 0002) and the data set. Its group length and transfer syntax are
 * rewritten when it is written.
 */
public record DicomFile(DataSet meta, DataSet content) {
    /**
     * A file for a new instance.
     *
     * @throws IllegalArgumentException if the data set has no SOPClassUID or SOPInstanceUID
     */
    public static DicomFile of(DataSet content) {
        DataSet meta = new DataSet()
                .putBytes(Attribute.FileMetaInformationVersion, new byte[] {0, 1})
                .put(copy(content, Attribute.SOPClassUID, Attribute.MediaStorageSOPClassUID))
                .put(copy(content, Attribute.SOPInstanceUID, Attribute.MediaStorageSOPInstanceUID))
                .putText(Attribute.TransferSyntaxUID, Uid.EXPLICIT_VR_LITTLE_ENDIAN)
                .putText(Attribute.ImplementationClassUID, DicomFormat.IMPLEMENTATION_CLASS_UID)
                .putText(Attribute.ImplementationVersionName, DicomFormat.IMPLEMENTATION_VERSION_NAME);
        return new DicomFile(meta, content);
    }

    /** Unchecked: what another program gave an instance as its UID remains its UID. */
    private static Element copy(DataSet content, Attribute from, Attribute to) {
        if (content.text(from).isEmpty()) {
            throw new IllegalArgumentException("the data set has no " + from);
        }
        return new Element.Value(to.tag(), to.vr(), content.bytes(from).orElseThrow());
    }
}
