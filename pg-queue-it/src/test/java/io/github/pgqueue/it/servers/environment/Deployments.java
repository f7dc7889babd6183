package io.github.pgqueue.it.servers.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.Environment;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Properties;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.Node;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Makes the archives, as a user would: the library's jar in {@code WEB-INF/lib}, and what the server at hand asks for. */
public final class Deployments {

    /** Beans are classes with an annotation that says so. */
    public static final String BEANS = """
            <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>
            """;

    /** WildFly keeps the driver in a module, which an application sees only if it asks for it. */
    private static final String DRIVER_MODULE = """
            <jboss-deployment-structure xmlns="urn:jboss:deployment-structure:1.3">
              <deployment>
                <dependencies>
                  <module name="org.postgresql"/>
                </dependencies>
              </deployment>
            </jboss-deployment-structure>
            """;

    private Deployments() {}

    /** A web archive on the local data source. */
    public static WebArchive war(String name, Class<?>... classes) {
        return war(name, Map.of(), classes);
    }

    /** The same with more configuration, which overrides the usual one. */
    public static WebArchive war(String name, Map<String, String> config, Class<?>... classes) {
        Environment environment = Environment.current();
        Properties properties = new Properties();
        properties.put(Environment.KEY, environment.profile());
        properties.put("pg-queue.datasource", environment.dataSource(Environment.LOCAL));
        properties.put("pg-queue.schema-management", "migrate");
        properties.put("pg-queue.drain-timeout", "PT5S");
        properties.put("pg-queue.defaults.retry-delay", "PT0.01S");
        properties.put("pg-queue.defaults.retry-max-delay", "PT0.1S");
        properties.putAll(config);
        WebArchive war = ShrinkWrap.create(WebArchive.class, name + ".war")
                .addClasses(Environment.class, Databases.class)
                .addClasses(classes)
                .addAsLibraries(
                        jar(PgQueueManager.class),
                        jar(ObjectMapper.class),
                        jar(JsonParser.class),
                        jar(JsonProperty.class),
                        jar(JavaTimeModule.class),
                        jar(Assertions.class),
                        jar(Awaitility.class),
                        jar(Matcher.class))
                .addAsWebInfResource(new StringAsset(BEANS), "beans.xml")
                .addAsResource(new StringAsset(text(properties)), "META-INF/microprofile-config.properties");
        if (environment == Environment.WILDFLY) {
            war.addAsWebInfResource(new StringAsset(DRIVER_MODULE), "jboss-deployment-structure.xml");
        }
        return war;
    }

    /** The configuration in an archive. */
    public static Properties config(Archive<?> archive) {
        Properties properties = new Properties();
        Node file = archive.get("/WEB-INF/classes/META-INF/microprofile-config.properties");
        if (file != null) {
            try (InputStream stream = file.getAsset().openStream()) {
                properties.load(stream);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return properties;
    }

    private static File jar(Class<?> type) {
        try {
            return new File(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Properties properties) {
        StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
