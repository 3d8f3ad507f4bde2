package dev.brigade.launcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the house: they point towards the SPI, and some must never be drawn. */
@AnalyzeClasses(packages = "dev.brigade", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String SPI = "dev.brigade.spi..";
  private static final String MODEL = "dev.brigade.model..";
  private static final String ENGINES = "dev.brigade.engine..";
  private static final String TRANSPORTS = "dev.brigade.transport..";
  private static final String DISCOVERIES = "dev.brigade.discovery..";
  private static final String CLUSTER = "dev.brigade.cluster..";
  private static final String GATEWAY = "dev.brigade.gateway..";

  @ArchTest
  static final ArchRule theSpiNeedsNothingButTheJdk =
      classes()
          .that()
          .resideInAPackage(SPI)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage("java..", "javax.crypto..", SPI));

  @ArchTest static final ArchRule theModelKnowsOnlyTheSpi = brigadeOnly(MODEL, SPI);

  @ArchTest static final ArchRule enginesKnowSpiAndModel = brigadeOnly(ENGINES, SPI, MODEL);

  @ArchTest static final ArchRule transportsKnowTheSpi = brigadeOnly(TRANSPORTS, SPI);

  @ArchTest static final ArchRule discoveriesKnowTheSpi = brigadeOnly(DISCOVERIES, SPI);

  @ArchTest static final ArchRule theClusterKnowsNoPlugin = brigadeOnly(CLUSTER, SPI, MODEL);

  @ArchTest
  static final ArchRule theGatewayKnowsNoPlugin = brigadeOnly(GATEWAY, SPI, MODEL, CLUSTER);

  @ArchTest
  static final ArchRule noEngineNamesAnArchitecture =
      noClasses()
          .that()
          .resideInAnyPackage(ENGINES, "dev.brigade.testkit..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.brigade.model.architecture..")
                  .and(DescribedPredicate.not(JavaClass.Predicates.simpleName("Architectures"))));

  @ArchTest
  static final ArchRule noRecipeDoesItsOwnArithmeticOnAnEnginesTensors =
      noClasses()
          .that()
          .resideInAnyPackage("dev.brigade.model.architecture..", "dev.brigade.model.block..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("ai.djl..", "com.sun.jna..", "java.nio.."));

  @ArchTest
  static final ArchRule theClusterHasNoThreadSocketOrDeviceOfItsOwn =
      noClasses()
          .that()
          .resideInAPackage(CLUSTER)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.vertx..", "org.jgroups..", "ai.djl..", "java.net..", "java.nio.channels.."));

  @ArchTest
  static final ArchRule modulesHaveNoCircles =
      slices().matching("dev.brigade.(*)..").should().beFreeOfCycles();

  private static ArchRule brigadeOnly(String module, String... others) {
    String[] allowed = new String[others.length + 1];
    allowed[0] = module;
    System.arraycopy(others, 0, allowed, 1, others.length);
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.brigade..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true);
  }
}
