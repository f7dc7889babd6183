package io.github.pgqueue.it.servers.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.it.servers.jpa.ApplicationParcels;
import io.github.pgqueue.it.servers.jpa.ContainerParcels;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.incubator.trace.ExtendedSpanBuilder;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Properties;
import javax.cache.CacheManager;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.Node;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.postgresql.Driver;

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

    private static final String OWN_CLASSES_FIRST = """
            <glassfish-web-app>
              <class-loader delegate="false"/>
            </glassfish-web-app>
            """;

    private static final String OWN_DATA_SOURCE = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <data-source>
                <name>${name}</name>
                <class-name>org.postgresql.ds.PGSimpleDataSource</class-name>
                <server-name>@DB_HOST@</server-name>
                <port-number>@DB_PORT@</port-number>
                <database-name>@DB_NAME@</database-name>
                <user>@DB_USER@</user>
                <password>@DB_PASSWORD@</password>
              </data-source>
            </web-app>
            """;

    private static final String CONFIGURATION = "META-INF/microprofile-config.properties";

    private Deployments() {}

    /** A web archive on the local data source. */
    public static WebArchive war(String name, Class<?>... classes) {
        return war(name, Map.of(), classes);
    }

    /** The same with more configuration, which overrides the usual one. */
    public static WebArchive war(String name, Map<String, String> config, Class<?>... classes) {
        WebArchive war = withLibrary(name, config, classes);
        if (Environment.current() == Environment.WILDFLY) {
            war.addAsWebInfResource(new StringAsset(DRIVER_MODULE), "jboss-deployment-structure.xml");
        }
        return war;
    }

    /** The same with the caching annotations, and the API of JSR-107, which not every server has. */
    public static WebArchive caches(String name, Map<String, String> config, Class<?>... classes) {
        return war(name, config, classes).addAsLibraries(jar(PostgresCachingProvider.class), jar(CacheManager.class));
    }

    private static WebArchive withLibrary(String name, Map<String, String> config, Class<?>... classes) {
        return module(name, classes)
                .addAsLibraries(libraries())
                .addAsResource(new StringAsset(configuration(config)), CONFIGURATION);
    }

    /** A web archive that finds library and configuration in the EAR around it. */
    public static WebArchive module(String name, Class<?>... classes) {
        return ShrinkWrap.create(WebArchive.class, name + ".war")
                .addClasses(Environment.class, Databases.class, Feature.class, Proves.class)
                .addClasses(classes)
                .addAsWebInfResource(new StringAsset(BEANS), "beans.xml");
    }

    /** An EAR with the library and its configuration in {@code lib}; the tests are in the first of the web archives. */
    public static EnterpriseArchive ear(String name, WebArchive tested, WebArchive... others) {
        JavaArchive config = ShrinkWrap.create(JavaArchive.class, "configuration.jar")
                .addAsResource(new StringAsset(configuration(Map.of())), CONFIGURATION);
        EnterpriseArchive ear = ShrinkWrap.create(EnterpriseArchive.class, name + ".ear")
                .addAsLibraries(libraries())
                .addAsLibrary(config)
                .addAsModule(Testable.archiveToTest(tested))
                .addAsModules(others);
        if (Environment.current() == Environment.WILDFLY) {
            ear.addAsManifestResource(new StringAsset(DRIVER_MODULE), "jboss-deployment-structure.xml");
        }
        return ear;
    }

    /** A web archive with an OpenTelemetry of its own, which comes before the one that Payara has. */
    public static WebArchive telemetry(String name, Class<?>... classes) {
        WebArchive war = war(name, classes)
                .addAsLibraries(
                        jar(OpenTelemetry.class),
                        jar(ExtendedSpanBuilder.class),
                        jar(Context.class),
                        jar(OpenTelemetrySdk.class),
                        jar(Resource.class),
                        jar(SdkLoggerProvider.class),
                        jar(SdkMeterProvider.class),
                        jar(SdkTracerProvider.class));
        if (Environment.current() == Environment.PAYARA) {
            war.addAsWebInfResource(new StringAsset(OWN_CLASSES_FIRST), "glassfish-web.xml");
        }
        return war;
    }

    /** The same with the persistence unit of the tests. */
    public static WebArchive jpa(String name, Class<?>... classes) {
        WebArchive war = war(name, classes);
        if (Environment.current() == Environment.WELD_SE) {
            return war.addClasses(
                    ApplicationParcels.class, ApplicationParcels.Factory.class, ApplicationParcels.OfTransaction.class);
        }
        String unit = Template.resource("META-INF/persistence.xml")
                .replace(
                        "<class>",
                        "<jta-data-source>" + Environment.current().dataSource(Environment.LOCAL)
                                + "</jta-data-source>\n    <class>");
        return war.addClass(ContainerParcels.class).addAsResource(new StringAsset(unit), "META-INF/persistence.xml");
    }

    /**
     * A web archive that brings a data source on the database of the local one, and its driver: Open Liberty wants the
     * driver in a shared library instead, and nowhere else.
     */
    public static WebArchive ownDriver(String name, String dataSource, Class<?>... classes) {
        String webXml = Template.of(ServerSetup.main()).filled(OWN_DATA_SOURCE.replace("${name}", dataSource));
        WebArchive war = withLibrary(name, Map.of("pg-queue.datasource", dataSource), classes)
                .setWebXML(new StringAsset(webXml));
        return Environment.current() == Environment.OPEN_LIBERTY ? war : war.addAsLibraries(jar(Driver.class));
    }

    /** The order shop as the build made it. */
    public static WebArchive orderShop() {
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target", "order-shop.war"));
    }

    private static String configuration(Map<String, String> more) {
        Environment environment = Environment.current();
        Properties properties = new Properties();
        properties.put(Environment.KEY, environment.profile());
        properties.put("pg-queue.datasource", environment.dataSource(Environment.LOCAL));
        properties.put("pg-queue.schema-management", "migrate");
        properties.put("pg-queue.drain-timeout", "PT5S");
        properties.put("pg-queue.defaults.retry-delay", "PT0.01S");
        properties.put("pg-queue.defaults.retry-max-delay", "PT0.1S");
        properties.putAll(more);
        return text(properties);
    }

    /** The library, its JSON, and what the tests use. */
    private static File[] libraries() {
        return new File[] {
            jar(PgQueueManager.class),
            jar(ObjectMapper.class),
            jar(JsonParser.class),
            jar(JsonProperty.class),
            jar(JavaTimeModule.class),
            jar(Assertions.class),
            jar(Awaitility.class),
            jar(Matcher.class)
        };
    }

    /** The configuration in an archive. */
    public static Properties config(Archive<?> archive) {
        Properties properties = new Properties();
        Node file = archive.get("/WEB-INF/classes/" + CONFIGURATION);
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
