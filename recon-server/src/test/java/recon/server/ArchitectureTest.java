package recon.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** Imports point one way. Each rule names who may be seen, so that a new package has to be put in its place here. */
@AnalyzeClasses(packages = "recon", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ANY_SERVER = "recon.server..";

    @ArchTest
    static final ArchRule theServersPartsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ANY_SERVER)
            .layer("program")
            .definedBy("recon.server")
            .layer("intake")
            .definedBy("recon.server.intake..")
            .layer("work")
            .definedBy("recon.server.work..")
            .layer("queue")
            .definedBy("recon.server.queue..")
            .layer("script")
            .definedBy("recon.server.script..")
            .layer("delivery")
            .definedBy("recon.server.delivery..")
            .layer("status")
            .definedBy("recon.server.status..")
            .layer("admin")
            .definedBy("recon.server.admin..")
            .layer("metrics")
            .definedBy("recon.server.metrics..")
            .layer("mrd")
            .definedBy("recon.server.mrd..")
            .ensureAllClassesAreContainedInArchitectureIgnoring("recon.common..", "recon.mrd..", "recon.client..")
            .whereLayer("program")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("intake")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("work")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("metrics")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("mrd")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("admin")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("status")
            .mayOnlyBeAccessedByLayers("program", "intake", "admin")
            .whereLayer("queue")
            .mayOnlyBeAccessedByLayers("program", "intake", "work", "delivery", "status", "admin", "metrics")
            .whereLayer("script")
            .mayOnlyBeAccessedByLayers(
                    "program", "work", "metrics", "mrd") // a site's module is a guest like its script
            .whereLayer("delivery")
            .mayOnlyBeAccessedByLayers("program", "intake")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule intakeNeverSeesWork = noClasses()
            .that()
            .resideInAPackage("recon.server.intake..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.server.work..", "recon.server.script..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule workNeverSeesClients = noClasses()
            .that()
            .resideInAPackage("recon.server.work..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "recon.server.intake..",
                    "recon.server.delivery..",
                    "recon.server.status..",
                    "recon.common.wire..",
                    "recon.common.net..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule theQueueIsAtTheBottom = noClasses()
            .that()
            .resideInAPackage("recon.server.queue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "recon.server",
                    "recon.server.intake..",
                    "recon.server.work..",
                    "recon.server.script..",
                    "recon.server.delivery..",
                    "recon.server.status..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule deliverySeesTheQueueOnly = noClasses()
            .that()
            .resideInAPackage("recon.server.delivery..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "recon.server",
                    "recon.server.intake..",
                    "recon.server.work..",
                    "recon.server.script..",
                    "recon.server.status..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule onlyTheQueueNamesADatabase = noClasses()
            .that()
            .resideInAPackage("recon..")
            .and()
            .resideOutsideOfPackage("recon.server.queue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule theQueueIsWhereTheLastRuleLooks = classes()
            .that()
            .haveSimpleName("SqliteConnection")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule statusReadsTheQueueOnly = classes()
            .that()
            .resideInAPackage("recon.server.status..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "recon.server.status..",
                    "recon.server.queue..",
                    "recon.common.crypto..",
                    "recon.common.job..",
                    "recon.common.wire..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule theKeysOfClientsStandAlone = noClasses()
            .that()
            .resideInAPackage("recon.common.keys..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "recon.server",
                    "recon.server.intake..",
                    "recon.server.work..",
                    "recon.server.queue..",
                    "recon.server.script..",
                    "recon.server.delivery..",
                    "recon.server.status..",
                    "recon.common.wire..",
                    "recon.common.net..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule onlyTheServerItselfKnowsEveryPart = noClasses()
            .that()
            .resideInAPackage("recon.server")
            .and()
            .doNotHaveSimpleName("ReconServer")
            .and()
            .doNotHaveSimpleName("ServerParts")
            .and()
            .doNotHaveSimpleName("Ports")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "recon.server.intake..",
                    "recon.server.work..",
                    "recon.server.queue..",
                    "recon.server.delivery..",
                    "recon.server.status..",
                    "recon.server.admin..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule onlyThoseWhoReadJsonNameJackson = noClasses()
            .that()
            .resideInAPackage("recon..")
            .and()
            .resideOutsideOfPackages("recon.common.wire..", "recon.mrd.recon..", "recon.mrd.dicom..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule onlyCryptoNamesCiphers = noClasses()
            .that()
            .resideInAPackage("recon..")
            .and()
            .resideOutsideOfPackages("recon.common.crypto..", "recon.common.tls..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.crypto..", "org.bouncycastle..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule wireAndCryptoAreWhereTheLastTwoRulesLook = classes()
            .that()
            .haveSimpleName("MessageCodec")
            .or()
            .haveSimpleName("FernetCipher")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml..", "javax.crypto..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule jobsAreMadeOfNothingElse = classes()
            .that()
            .resideInAPackage("recon.common.job..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "recon.common.job..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule commonPointsOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("recon.common..")
            .layer("options")
            .definedBy("recon.common.options..")
            .layer("crypto")
            .definedBy("recon.common.crypto..")
            .layer("job")
            .definedBy("recon.common.job..")
            .layer("lifecycle")
            .definedBy("recon.common.lifecycle..")
            .layer("net")
            .definedBy("recon.common.net..")
            .layer("tls")
            .definedBy("recon.common.tls..")
            .layer("wire")
            .definedBy("recon.common.wire..")
            .layer("transfer")
            .definedBy("recon.common.transfer..")
            .layer("keys")
            .definedBy("recon.common.keys..")
            .layer("logging")
            .definedBy("recon.common.logging..")
            .layer("admin")
            .definedBy("recon.common.admin..")
            .layer("state")
            .definedBy("recon.common.state..")
            .ensureAllClassesAreContainedInArchitectureIgnoring("recon.server..", "recon.mrd..", "recon.client..")
            .whereLayer("state")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("admin")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("keys")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("logging")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("options")
            .mayOnlyBeAccessedByLayers("admin", "keys", "logging")
            .whereLayer("transfer")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("wire")
            .mayOnlyBeAccessedByLayers("admin", "transfer")
            .whereLayer("net")
            .mayOnlyBeAccessedByLayers("admin", "wire")
            .whereLayer("tls")
            .mayOnlyBeAccessedByLayers("wire")
            .whereLayer("crypto")
            .mayOnlyBeAccessedByLayers("options", "admin", "keys", "tls", "wire")
            .whereLayer("job")
            .mayOnlyBeAccessedByLayers("keys", "logging", "state", "wire", "transfer")
            .whereLayer("lifecycle")
            .mayOnlyBeAccessedByLayers("admin", "keys", "net", "transfer")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule commonSeesNoProgram = noClasses()
            .that()
            .resideInAPackage("recon.common..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ANY_SERVER, "recon.client..", "recon.mrd..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule imagesAndRawDataStandAlone = noClasses()
            .that()
            .resideInAPackage("recon.mrd..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.common..", ANY_SERVER, "recon.client..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule noTwoPackagesSeeEachOther = SlicesRuleDefinition.slices()
            .matching("recon.(*).(*)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(false);
}
