package recon.relay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** Imports point one way: program, forward and admin, backend. A new package has to be put in its place here. */
@AnalyzeClasses(packages = "recon", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ANY_RELAY = "recon.relay..";

    @ArchTest
    static final ArchRule theRelaysPartsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ANY_RELAY)
            .layer("program")
            .definedBy("recon.relay")
            .layer("forward")
            .definedBy("recon.relay.forward..")
            .layer("admin")
            .definedBy("recon.relay.admin..")
            .layer("backend")
            .definedBy("recon.relay.backend..")
            .ensureAllClassesAreContainedInArchitectureIgnoring(
                    "recon.common..", "recon.mrd..", "recon.client..", "recon.server..")
            .whereLayer("program")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("forward")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("admin")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("backend")
            .mayOnlyBeAccessedByLayers("program", "forward", "admin")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule onlyTheRoutesNameADatabase = noClasses()
            .that()
            .resideInAPackage(ANY_RELAY)
            .and()
            .doNotHaveFullyQualifiedName("recon.relay.backend.Routes")
            .and()
            .doNotHaveFullyQualifiedName("recon.relay.backend.Routes$Reader")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule theRoutesAreWhereTheLastRuleLooks = classes()
            .that()
            .haveSimpleName("Routes")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule theRelayIsNeitherServerNorClient = noClasses()
            .that()
            .resideInAPackage(ANY_RELAY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.server..", "recon.client..", "recon.mrd..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule nobodyElseSeesTheRelay = noClasses()
            .that()
            .resideOutsideOfPackage(ANY_RELAY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ANY_RELAY)
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule onlyTheRelayItselfKnowsEveryPart = noClasses()
            .that()
            .resideInAPackage("recon.relay")
            .and()
            .doNotHaveSimpleName("ReconRelay")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("recon.relay.forward..", "recon.relay.admin..")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule whatPassesThroughIsNeitherParsedNorDecryptedHere = noClasses()
            .that()
            .resideInAPackage(ANY_RELAY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml..", "javax.crypto..", "org.bouncycastle..")
            .allowEmptyShould(false);
}
