package recon.mrd;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * format, then wire and file, then recon, then session and phantom: imports point only to the left. dicom and preview stand
 * beside them.
 */
@AnalyzeClasses(packages = "recon.mrd", importOptions = ImportOption.DoNotIncludeTests.class)
class ImportDirectionTest {
    @ArchTest
    static final ArchRule FORMAT_KNOWS_NO_OTHER = noClasses()
            .that()
            .resideInAPackage("recon.mrd.format..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "recon.mrd.file..",
                    "recon.mrd.recon..",
                    "recon.mrd.phantom..",
                    "recon.mrd.dicom..",
                    "recon.mrd.preview..",
                    "io.jhdf..");

    @ArchTest
    static final ArchRule FILE_KNOWS_FORMAT_ONLY = noClasses()
            .that()
            .resideInAPackage("recon.mrd.file..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.mrd.recon..", "recon.mrd.phantom..", "recon.mrd.dicom..", "recon.mrd.preview..");

    @ArchTest
    static final ArchRule RECON_KNOWS_NEITHER_PHANTOM_NOR_DICOM = noClasses()
            .that()
            .resideInAPackage("recon.mrd.recon..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.mrd.phantom..", "recon.mrd.dicom..", "recon.mrd.preview..", "io.jhdf..");

    @ArchTest
    static final ArchRule DICOM_KNOWS_NO_FILES_OF_RAW_DATA = noClasses()
            .that()
            .resideInAPackage("recon.mrd.dicom..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.mrd.file..", "recon.mrd.phantom..", "recon.mrd.preview..");

    @ArchTest
    static final ArchRule PREVIEW_KNOWS_IMAGES_ONLY = noClasses()
            .that()
            .resideInAPackage("recon.mrd.preview..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.mrd.file..", "recon.mrd.recon..", "recon.mrd.phantom..");

    @ArchTest
    static final ArchRule WIRE_KNOWS_FORMAT_ONLY = noClasses()
            .that()
            .resideInAPackage("recon.mrd.wire..")
            .should()
            .dependOnClassesThat(resideInAPackage("recon.mrd..")
                    .and(resideOutsideOfPackages("recon.mrd.wire..", "recon.mrd.format..")));

    @ArchTest
    static final ArchRule ONLY_SESSION_KNOWS_WIRE = noClasses()
            .that()
            .resideOutsideOfPackages("recon.mrd.wire..", "recon.mrd.session..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("recon.mrd.wire..");

    @ArchTest
    static final ArchRule SESSION_KNOWS_NEITHER_SOCKETS_NOR_PICTURES = noClasses()
            .that()
            .resideInAPackage("recon.mrd.session..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.mrd.dicom..", "recon.mrd.preview..", "recon.mrd.phantom..", "java.net..");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_SESSION = noClasses()
            .that()
            .resideOutsideOfPackage("recon.mrd.session..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("recon.mrd.session..");

    @ArchTest
    static final ArchRule DRAW_KNOWS_NO_OTHER = noClasses()
            .that()
            .resideInAPackage("recon.mrd.draw..")
            .should()
            .dependOnClassesThat(resideInAPackage("recon.mrd..").and(resideOutsideOfPackage("recon.mrd.draw..")));

    @ArchTest
    static final ArchRule ONLY_FILE_KNOWS_JHDF = noClasses()
            .that()
            .resideOutsideOfPackage("recon.mrd.file..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.jhdf..");
}
