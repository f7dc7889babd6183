package io.github.pgqueue.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.QueueName;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each package imports only what its package-info says it may. */
class LayeringTest {

    private static final String ROOT = "io.github.pgqueue";
    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT)
            .that(not(resideInAnyPackage(ROOT + ".shop..", ROOT + ".it..")));

    /** What a package may use beside {@code java..}, the nullness annotations, and itself. */
    private record Layer(String name, List<String> mayUse) {

        static Layer of(String name, String... mayUse) {
            return new Layer(name, List.of(mayUse));
        }

        String[] allowed() {
            Stream<String> platform = Stream.of("java..", "javax.sql..", "org.jspecify..", ROOT + name);
            return Stream.concat(platform, mayUse.stream().map(Layer::resolved)).toArray(String[]::new);
        }

        private static String resolved(String name) {
            return name.isEmpty() || name.startsWith(".") ? ROOT + name : name;
        }

        @Override
        public String toString() {
            return ROOT + name;
        }
    }

    private static final String[] CAPABILITIES = {".queue", ".channel", ".rpc", ".cache"};
    private static final String[] API = {"", ".queue", ".channel", ".rpc", ".cache", ".spi", ".spi.jackson"};

    static Stream<Layer> layers() {
        return Stream.of(
                Layer.of(".queue"),
                Layer.of(".channel"),
                Layer.of(".rpc"),
                Layer.of(".cache"),
                Layer.of(".spi", CAPABILITIES),
                Layer.of(".spi.jackson", ".spi", "com.fasterxml.jackson.."),
                Layer.of(".internal.jdbc", with(API, "org.postgresql..")),
                Layer.of(".internal.channel", with(API, ".internal.jdbc")),
                Layer.of(".internal.queue", with(API, ".internal.jdbc", ".internal.channel")),
                Layer.of(".internal.rpc", with(API, ".internal.jdbc", ".internal.queue", ".internal.channel")),
                Layer.of(".internal.cache", with(API, ".internal.jdbc", "com.github.benmanes.caffeine.cache..")),
                Layer.of(".internal.schema", with(API, ".internal.jdbc", "org.flywaydb..")),
                Layer.of(".internal.status", with(API, ".internal.jdbc", ".internal.schema")),
                Layer.of(".internal", with(API, ".internal..")),
                Layer.of(".jcache", with(API, ".jcache.internal", "javax.cache..")),
                Layer.of(
                        ".jcache.internal",
                        with(
                                API,
                                ".jcache",
                                ".internal.cache",
                                "io.agroal.api..",
                                "javax.cache..",
                                "javax.management..",
                                "javax.naming..")),
                Layer.of(".jta", with(API, "jakarta.transaction..", "javax.transaction.xa..")),
                Layer.of(
                        ".cdi..",
                        with(
                                API,
                                ".jta",
                                "jakarta..",
                                "javax.naming..",
                                "org.eclipse.microprofile.config..",
                                "org.eclipse.microprofile.health..",
                                "io.opentelemetry..",
                                "com.fasterxml.jackson..")),
                Layer.of(".jcache.annotation", ".spi", ".jcache", ".jcache.internal", "javax.cache.."),
                Layer.of(
                        ".jcache.annotation.cdi",
                        "",
                        ".jcache.annotation",
                        ".jcache",
                        ".cdi",
                        ".spi",
                        "javax.cache..",
                        "jakarta..",
                        "javax.naming..",
                        "org.eclipse.microprofile.config.."));
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void dependencies_ofEachPackage_areAllowed(Layer layer) {
        DescribedPredicate<JavaClass> allowed =
                resideInAnyPackage(layer.allowed()).or(VALUE_TYPES).or(PRIMITIVES);

        classes()
                .that()
                .resideInAPackage(ROOT + layer.name())
                .should()
                .onlyDependOnClassesThat(allowed)
                .check(LIBRARY);
    }

    /** Exceptions and value types of the root package belong to everybody. */
    private static final DescribedPredicate<JavaClass> VALUE_TYPES = DescribedPredicate.describe(
            "are exceptions or value types of the root package",
            type -> type.isAssignableTo(PgQueueException.class)
                    || type.isAssignableTo(QueueName.class)
                    || type.isAssignableTo(PayloadType.class));

    private static final DescribedPredicate<JavaClass> PRIMITIVES = DescribedPredicate.describe(
            "are primitive", type -> type.getBaseComponentType().isPrimitive());

    @Test
    void everyPackage_isInTheTable() {
        String[] known = layers().map(layer -> ROOT + layer.name()).toArray(String[]::new);

        classes()
                .should()
                .resideInAnyPackage(with(known, ROOT, ROOT + ".jcache.."))
                .check(LIBRARY);
    }

    @Test
    void exceptionsAndValueTypes_importNothingOfOurs() {
        classes()
                .that(VALUE_TYPES)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..")
                        .or(VALUE_TYPES)
                        .or(PRIMITIVES))
                .check(LIBRARY);
    }

    @Test
    void internals_areNamedOnlyByTheBuilder() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".internal..", ROOT + ".jcache..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".PgQueueManager$Builder")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".internal..")
                .check(LIBRARY);
    }

    @Test
    void jackson_isImportedByTheCodecAndItsCdiSubPackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".spi.jackson", ROOT + ".cdi.jackson")
                .should()
                .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."))
                .check(LIBRARY);
    }

    @Test
    void observingApis_areImportedByTheirCdiSubPackagesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cdi.health")
                .should()
                .dependOnClassesThat(resideInAPackage("org.eclipse.microprofile.health.."))
                .check(LIBRARY);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cdi.telemetry")
                .should()
                .dependOnClassesThat(resideInAPackage("io.opentelemetry.."))
                .check(LIBRARY);
    }

    @Test
    void concurrency_isImportedByItsCdiSubPackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cdi.concurrency")
                .should()
                .dependOnClassesThat(resideInAPackage("jakarta.enterprise.concurrent.."))
                .check(LIBRARY);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.github.pgqueue.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(LIBRARY);
        slices().matching("io.github.pgqueue.cdi.(*)..")
                .should()
                .beFreeOfCycles()
                .check(LIBRARY);
        slices().matching("io.github.pgqueue.(queue|channel|rpc|cache|spi|jta)..")
                .should()
                .beFreeOfCycles()
                .check(LIBRARY);
    }
}
