package io.github.pgqueue.shop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The WAR holds what the servers lack, and nothing else. */
class OrderShopWarIT {

    private static final Path WAR = Path.of("target", "order-shop.war");
    private static final String CLASSES = "WEB-INF/classes/";

    @BeforeEach
    void isBuilt() {
        assumeThat(WAR).as("the WAR, which is made by the phase package").exists();
    }

    @Test
    void libraries_areThoseThatNoServerHas() throws IOException {
        assertThat(entries())
                .filteredOn(name -> name.startsWith("WEB-INF/lib/") && !name.endsWith("/"))
                .extracting(name -> name.replaceAll("WEB-INF/lib/|-[0-9].*", ""))
                .containsExactlyInAnyOrder(
                        "jackson-annotations",
                        "jackson-core",
                        "jackson-databind",
                        "jackson-datatype-jsr310",
                        "jspecify",
                        "pg-queue-cdi");
    }

    @Test
    void classes_areThoseThatRunOnAServer() throws IOException {
        assertThat(entries())
                .filteredOn(
                        name -> name.startsWith(CLASSES) && !name.endsWith("/") && !name.endsWith("package-info.class"))
                .allMatch(name -> name.matches(CLASSES
                        + "io/github/pgqueue/shop/(board|desk|invoices|jdbc|prices|receipts|server|shipments|web)/.*"
                        + "|" + CLASSES + "io/github/pgqueue/shop/(orders/Order.class|shop.sql)"
                        + "|" + CLASSES + "META-INF/microprofile-config.properties"))
                .contains(CLASSES + "io/github/pgqueue/shop/web/ShopApplication.class");
    }

    @Test
    void page_andDescriptors_areInTheirPlaces() throws IOException {
        assertThat(entries())
                .contains(
                        "index.html",
                        "shop.css",
                        "shop.js",
                        "WEB-INF/beans.xml",
                        "WEB-INF/jboss-deployment-structure.xml");
        assertThat(text("WEB-INF/beans.xml")).contains("bean-discovery-mode=\"annotated\"");
        assertThat(text("WEB-INF/jboss-deployment-structure.xml")).contains("<module name=\"org.postgresql\"/>");
        assertThat(text(CLASSES + "META-INF/microprofile-config.properties"))
                .contains("pg-queue.schema-management=migrate");
    }

    private static List<String> entries() throws IOException {
        try (ZipFile war = new ZipFile(WAR.toFile())) {
            return war.stream().map(ZipEntry::getName).toList();
        }
    }

    private static String text(String name) throws IOException {
        try (ZipFile war = new ZipFile(WAR.toFile())) {
            return new String(war.getInputStream(war.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
