package recon.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "recon.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage("recon.client.cli")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.client.cli", "picocli..", "ch.qos.logback..");

    @ArchTest
    static final ArchRule submitAndDownloadDoNotKnowWhoUsesThem = noClasses()
            .that()
            .resideInAnyPackage("recon.client.submit", "recon.client.download")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.client", "recon.client.cli");

    @ArchTest
    static final ArchRule downloadsDoNotKnowSubmissions = noClasses()
            .that()
            .resideInAPackage("recon.client.download")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("recon.client.submit");

    @ArchTest
    static final ArchRule whatOutlastsAConnectionDoesNotKnowWhatItIsFor = noClasses()
            .that()
            .resideInAPackage("recon.client.retry")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "recon.client",
                    "recon.client.submit",
                    "recon.client.download",
                    "recon.client.watch",
                    "recon.client.cli");

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsTheWatchFolder = noClasses()
            .that()
            .resideOutsideOfPackages("recon.client.cli", "recon.client.watch")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("recon.client.watch");

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .resideOutsideOfPackage("recon.client.cli")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule theServerIsKnownByItsProtocolOnly =
            noClasses().should().dependOnClassesThat().resideInAPackage("recon.server..");

    @ArchTest
    static final ArchRule onlyToolsKnowRawData = noClasses()
            .that()
            .resideOutsideOfPackage("recon.client.cli")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("recon.mrd..");
}
