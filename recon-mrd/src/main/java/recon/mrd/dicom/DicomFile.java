package recon.mrd.dicom;

/**
 * A Part-10 file: the file meta elements (group 0002) and the data set. Its group length and transfer syntax are
 * rewritten when it is written.
 */
public record DicomFile(DataSet meta, DataSet content) {
    /**
     * A file for a new instance.
     *
     * @throws IllegalArgumentException if the data set has no valid SOPClassUID or SOPInstanceUID
     */
    public static DicomFile of(DataSet content) {
        DataSet meta = new DataSet()
                .putBytes(Attribute.FileMetaInformationVersion, new byte[] {0, 1})
                .putText(Attribute.MediaStorageSOPClassUID, required(content, Attribute.SOPClassUID))
                .putText(Attribute.MediaStorageSOPInstanceUID, required(content, Attribute.SOPInstanceUID))
                .putText(Attribute.TransferSyntaxUID, Uid.EXPLICIT_VR_LITTLE_ENDIAN)
                .putText(Attribute.ImplementationClassUID, DicomFormat.IMPLEMENTATION_CLASS_UID)
                .putText(Attribute.ImplementationVersionName, DicomFormat.IMPLEMENTATION_VERSION_NAME);
        return new DicomFile(meta, content);
    }

    private static String required(DataSet content, Attribute attribute) {
        return content.text(attribute)
                .orElseThrow(() -> new IllegalArgumentException("the data set has no " + attribute));
    }
}
