package io.github.pgqueue.it.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order shop runs on every server: what is in its WAR uses nothing that only Weld SE has. */
class ShopLayeringTest {

    private static final String SHOP = "io.github.pgqueue.shop.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.pgqueue.shop");

    /** The packages of the WAR; of {@code orders} only the order itself. */
    private static final String[] BUSINESS =
            packages("board", "desk", "invoices", "jdbc", "prices", "receipts", "shipments");

    private static final String[] PLATFORM = {
        "java..", "javax.sql..", "jakarta.enterprise..", "jakarta.inject..", "jakarta.transaction..", "org.jspecify.."
    };

    private static final String[] LIBRARY = {
        "io.github.pgqueue",
        "io.github.pgqueue.cache..",
        "io.github.pgqueue.cdi..",
        "io.github.pgqueue.channel..",
        "io.github.pgqueue.queue..",
        "io.github.pgqueue.rpc.."
    };

    @Test
    void business_usesCdiAndTransactionsOnly() {
        classes()
                .that()
                .resideInAnyPackage(BUSINESS)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all(BUSINESS, PLATFORM, LIBRARY, packages("orders")))
                .check(CLASSES);
    }

    @Test
    void web_usesJakartaRestAndJacksonBeside() {
        classes()
                .that()
                .resideInAPackage(SHOP + "web")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all(BUSINESS, PLATFORM, LIBRARY, packages("orders", "web"), new String[] {
                    "com.fasterxml.jackson..", "jakarta.annotation..", "jakarta.ws.rs.."
                }))
                .check(CLASSES);
    }

    @Test
    void server_usesServletsAndJndiBeside() {
        classes()
                .that()
                .resideInAPackage(SHOP + "server")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all(PLATFORM, packages("jdbc", "server", "web"), new String[] {
                    "jakarta.servlet..", "javax.naming..", "org.eclipse.microprofile.config.."
                }))
                .check(CLASSES);
    }

    @Test
    void war_holdsOfTheOrdersTheOrderOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(all(BUSINESS, packages("server", "web")))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.github\\.pgqueue\\.shop\\.orders\\.(?!Order$).*")
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(SHOP + "(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static String[] packages(String... names) {
        return Arrays.stream(names).map(name -> SHOP + name).toArray(String[]::new);
    }

    private static String[] all(String[]... groups) {
        return Stream.of(groups).flatMap(Arrays::stream).toArray(String[]::new);
    }
}
