package recon.mrd.dicom;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attributes that this project writes, or reads by name, by the standard's keywords (PS3.6). */
public enum Attribute {
    FileMetaInformationGroupLength(0x0002_0000, Vr.UL),
    FileMetaInformationVersion(0x0002_0001, Vr.OB),
    MediaStorageSOPClassUID(0x0002_0002, Vr.UI),
    MediaStorageSOPInstanceUID(0x0002_0003, Vr.UI),
    TransferSyntaxUID(0x0002_0010, Vr.UI),
    ImplementationClassUID(0x0002_0012, Vr.UI),
    ImplementationVersionName(0x0002_0013, Vr.SH),
    SourceApplicationEntityTitle(0x0002_0016, Vr.AE),
    SpecificCharacterSet(0x0008_0005, Vr.CS),
    ImageType(0x0008_0008, Vr.CS),
    InstanceCreationDate(0x0008_0012, Vr.DA),
    InstanceCreationTime(0x0008_0013, Vr.TM),
    InstanceCreatorUID(0x0008_0014, Vr.UI),
    SOPClassUID(0x0008_0016, Vr.UI),
    SOPInstanceUID(0x0008_0018, Vr.UI),
    StudyDate(0x0008_0020, Vr.DA),
    SeriesDate(0x0008_0021, Vr.DA),
    AcquisitionDate(0x0008_0022, Vr.DA),
    ContentDate(0x0008_0023, Vr.DA),
    AcquisitionDateTime(0x0008_002a, Vr.DT),
    StudyTime(0x0008_0030, Vr.TM),
    SeriesTime(0x0008_0031, Vr.TM),
    AcquisitionTime(0x0008_0032, Vr.TM),
    ContentTime(0x0008_0033, Vr.TM),
    AccessionNumber(0x0008_0050, Vr.SH),
    Modality(0x0008_0060, Vr.CS),
    ConversionType(0x0008_0064, Vr.CS),
    Manufacturer(0x0008_0070, Vr.LO),
    InstitutionName(0x0008_0080, Vr.LO),
    InstitutionAddress(0x0008_0081, Vr.ST),
    ReferringPhysicianName(0x0008_0090, Vr.PN),
    CodeValue(0x0008_0100, Vr.SH),
    CodingSchemeDesignator(0x0008_0102, Vr.SH),
    CodeMeaning(0x0008_0104, Vr.LO),
    StationName(0x0008_1010, Vr.SH),
    StudyDescription(0x0008_1030, Vr.LO),
    ProcedureCodeSequence(0x0008_1032, Vr.SQ),
    SeriesDescription(0x0008_103e, Vr.LO),
    InstitutionalDepartmentName(0x0008_1040, Vr.LO),
    PerformingPhysicianName(0x0008_1050, Vr.PN),
    OperatorsName(0x0008_1070, Vr.PN),
    ManufacturerModelName(0x0008_1090, Vr.LO),
    ReferencedStudySequence(0x0008_1110, Vr.SQ),
    ReferencedPerformedProcedureStepSequence(0x0008_1111, Vr.SQ),
    ReferencedSeriesSequence(0x0008_1115, Vr.SQ),
    ReferencedImageSequence(0x0008_1140, Vr.SQ),
    ReferencedSOPClassUID(0x0008_1150, Vr.UI),
    ReferencedSOPInstanceUID(0x0008_1155, Vr.UI),
    DerivationDescription(0x0008_2111, Vr.ST),
    SourceImageSequence(0x0008_2112, Vr.SQ),
    AnatomicRegionSequence(0x0008_2218, Vr.SQ),
    PatientName(0x0010_0010, Vr.PN),
    PatientID(0x0010_0020, Vr.LO),
    IssuerOfPatientID(0x0010_0021, Vr.LO),
    PatientBirthDate(0x0010_0030, Vr.DA),
    PatientBirthTime(0x0010_0032, Vr.TM),
    PatientSex(0x0010_0040, Vr.CS),
    OtherPatientIDs(0x0010_1000, Vr.LO),
    PatientAge(0x0010_1010, Vr.AS),
    PatientSize(0x0010_1020, Vr.DS),
    PatientWeight(0x0010_1030, Vr.DS),
    EthnicGroup(0x0010_2160, Vr.SH),
    AdditionalPatientHistory(0x0010_21b0, Vr.LT),
    PatientComments(0x0010_4000, Vr.LT),
    PatientIdentityRemoved(0x0012_0062, Vr.CS),
    DeidentificationMethod(0x0012_0063, Vr.LO),
    ContrastBolusAgent(0x0018_0010, Vr.LO),
    BodyPartExamined(0x0018_0015, Vr.CS),
    ScanningSequence(0x0018_0020, Vr.CS),
    SequenceVariant(0x0018_0021, Vr.CS),
    ScanOptions(0x0018_0022, Vr.CS),
    MRAcquisitionType(0x0018_0023, Vr.CS),
    SequenceName(0x0018_0024, Vr.SH),
    AngioFlag(0x0018_0025, Vr.CS),
    SliceThickness(0x0018_0050, Vr.DS),
    RepetitionTime(0x0018_0080, Vr.DS),
    EchoTime(0x0018_0081, Vr.DS),
    InversionTime(0x0018_0082, Vr.DS),
    NumberOfAverages(0x0018_0083, Vr.DS),
    ImagingFrequency(0x0018_0084, Vr.DS),
    ImagedNucleus(0x0018_0085, Vr.SH),
    EchoNumbers(0x0018_0086, Vr.IS),
    MagneticFieldStrength(0x0018_0087, Vr.DS),
    SpacingBetweenSlices(0x0018_0088, Vr.DS),
    NumberOfPhaseEncodingSteps(0x0018_0089, Vr.IS),
    EchoTrainLength(0x0018_0091, Vr.IS),
    PercentSampling(0x0018_0093, Vr.DS),
    PercentPhaseFieldOfView(0x0018_0094, Vr.DS),
    PixelBandwidth(0x0018_0095, Vr.DS),
    DeviceSerialNumber(0x0018_1000, Vr.LO),
    SoftwareVersions(0x0018_1020, Vr.LO),
    ProtocolName(0x0018_1030, Vr.LO),
    TriggerTime(0x0018_1060, Vr.DS),
    NominalInterval(0x0018_1062, Vr.IS),
    CardiacNumberOfImages(0x0018_1090, Vr.IS),
    ReconstructionDiameter(0x0018_1100, Vr.DS),
    ReceiveCoilName(0x0018_1250, Vr.SH),
    TransmitCoilName(0x0018_1251, Vr.SH),
    AcquisitionMatrix(0x0018_1310, Vr.US),
    InPlanePhaseEncodingDirection(0x0018_1312, Vr.CS),
    FlipAngle(0x0018_1314, Vr.DS),
    VariableFlipAngleFlag(0x0018_1315, Vr.CS),
    SAR(0x0018_1316, Vr.DS),
    dBdt(0x0018_1318, Vr.DS),
    PatientPosition(0x0018_5100, Vr.CS),
    StudyInstanceUID(0x0020_000d, Vr.UI),
    SeriesInstanceUID(0x0020_000e, Vr.UI),
    StudyID(0x0020_0010, Vr.SH),
    SeriesNumber(0x0020_0011, Vr.IS),
    AcquisitionNumber(0x0020_0012, Vr.IS),
    InstanceNumber(0x0020_0013, Vr.IS),
    PatientOrientation(0x0020_0020, Vr.CS),
    ImagePositionPatient(0x0020_0032, Vr.DS),
    ImageOrientationPatient(0x0020_0037, Vr.DS),
    FrameOfReferenceUID(0x0020_0052, Vr.UI),
    Laterality(0x0020_0060, Vr.CS),
    TemporalPositionIdentifier(0x0020_0100, Vr.IS),
    NumberOfTemporalPositions(0x0020_0105, Vr.IS),
    TemporalResolution(0x0020_0110, Vr.DS),
    ImagesInAcquisition(0x0020_1002, Vr.IS),
    PositionReferenceIndicator(0x0020_1040, Vr.LO),
    SliceLocation(0x0020_1041, Vr.DS),
    ImageComments(0x0020_4000, Vr.LT),
    SamplesPerPixel(0x0028_0002, Vr.US),
    PhotometricInterpretation(0x0028_0004, Vr.CS),
    PlanarConfiguration(0x0028_0006, Vr.US),
    NumberOfFrames(0x0028_0008, Vr.IS),
    Rows(0x0028_0010, Vr.US),
    Columns(0x0028_0011, Vr.US),
    PixelSpacing(0x0028_0030, Vr.DS),
    PixelAspectRatio(0x0028_0034, Vr.IS),
    BitsAllocated(0x0028_0100, Vr.US),
    BitsStored(0x0028_0101, Vr.US),
    HighBit(0x0028_0102, Vr.US),
    PixelRepresentation(0x0028_0103, Vr.US),
    SmallestImagePixelValue(0x0028_0106, Vr.US),
    LargestImagePixelValue(0x0028_0107, Vr.US),
    BurnedInAnnotation(0x0028_0301, Vr.CS),
    WindowCenter(0x0028_1050, Vr.DS),
    WindowWidth(0x0028_1051, Vr.DS),
    RescaleIntercept(0x0028_1052, Vr.DS),
    RescaleSlope(0x0028_1053, Vr.DS),
    RescaleType(0x0028_1054, Vr.LO),
    WindowCenterWidthExplanation(0x0028_1055, Vr.LO),
    VOILUTFunction(0x0028_1056, Vr.CS),
    LossyImageCompression(0x0028_2110, Vr.CS),
    RequestedProcedureDescription(0x0032_1060, Vr.LO),
    ScheduledProcedureStepDescription(0x0040_0007, Vr.LO),
    ScheduledProcedureStepID(0x0040_0009, Vr.SH),
    PerformedProcedureStepStartDate(0x0040_0244, Vr.DA),
    PerformedProcedureStepStartTime(0x0040_0245, Vr.TM),
    PerformedProcedureStepID(0x0040_0253, Vr.SH),
    PerformedProcedureStepDescription(0x0040_0254, Vr.LO),
    RequestAttributesSequence(0x0040_0275, Vr.SQ),
    RequestedProcedureID(0x0040_1001, Vr.SH),
    PixelData(0x7fe0_0010, Vr.OW);

    private static final Map<Integer, Attribute> BY_TAG = new HashMap<>();

    static {
        for (Attribute attribute : values()) {
            BY_TAG.put(attribute.tag, attribute);
        }
    }

    private final int tag;
    private final Vr vr;

    Attribute(int tag, Vr vr) {
        this.tag = tag;
        this.vr = vr;
    }

    /** Group in the upper, element in the lower 16 bits. */
    public int tag() {
        return tag;
    }

    public Vr vr() {
        return vr;
    }

    static Optional<Attribute> of(int tag) {
        return Optional.ofNullable(BY_TAG.get(tag));
    }

    /** As the standard prints a tag, with the keyword where it is known: {@code (0010,0010) PatientName}. */
    static String describe(int tag) {
        String numbers = String.format("(%04x,%04x)", tag >>> 16, tag & 0xffff);
        return of(tag).map(a -> numbers + " " + a.name()).orElse(numbers);
    }
}
