package io.github.pgqueue.it.servers.sessions;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agroal.api.AgroalDataSource;
import io.agroal.pool.DataSource;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.servers.environment.ServerHome;
import io.github.pgqueue.it.servers.environment.Template;
import io.github.pgqueue.it.servers.lifecycle.Commands;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.github.pgqueue.shop.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** A process of Open Liberty that has {@link SessionDoor} twice. Used by one thread. */
final class LibertyProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");
    private static final String FILES = "openliberty-sessions/";

    /** One class of each jar that the shared library needs. */
    private static final List<Class<?>> LIBRARY = List.of(
            PostgresCachingProvider.class,
            PgQueueManager.class,
            Driver.class,
            AgroalDataSource.class,
            DataSource.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            JavaTimeModule.class);

    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <security-constraint>
                <web-resource-collection>
                  <web-resource-name>guarded</web-resource-name>
                  <url-pattern>/guarded</url-pattern>
                </web-resource-collection>
                <auth-constraint><role-name>reader</role-name></auth-constraint>
              </security-constraint>
              <login-config><auth-method>BASIC</auth-method></login-config>
              <security-role><role-name>reader</role-name></security-role>
            </web-app>
            """;

    private final Path home = Template.onlyDirectory(ServerHome.unpacked("openliberty"));
    private final Path user;
    private final String name;
    private final String address;
    private @Nullable Process process;

    /**
     * Writes the files of one.
     *
     * @param user the directory of all servers of the test
     */
    LibertyProcess(Path user, String name, Database database) {
        this.user = user;
        this.name = name;
        String port = Template.freePort();
        this.address = "http://localhost:" + port;
        Path server = user.resolve("servers").resolve(name);
        Path caches = server.resolve("caches.properties");
        Template template = new Template(Map.of(
                "HTTP_PORT", port,
                "CACHES", caches.toString(),
                "DB_URL", database.jdbcUrl(),
                "DB_USER", database.user()));
        template.write(FILES + "server.xml", server.resolve("server.xml"));
        template.write(FILES + "caches.properties", caches);
        copyLibrary(user.resolve("shared/resources/pg-queue"));
        WebArchive archive = ShrinkWrap.create(WebArchive.class, "door.war")
                .addClass(SessionDoor.class)
                .setWebXML(new StringAsset(WEB_XML));
        Commands.export(archive, server.resolve("apps"));
    }

    private static void copyLibrary(Path directory) {
        try {
            Files.createDirectories(directory);
            for (Class<?> one : LIBRARY) {
                Path jar = Path.of(
                        one.getProtectionDomain().getCodeSource().getLocation().toURI());
                Path copy = directory.resolve(jar.getFileName().toString());
                if (!Files.exists(copy)) {
                    Files.copy(jar, copy);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts it; {@link #awaitStarted} waits until it serves. */
    void start() {
        Commands.delete(log());
        process = Commands.start(
                Commands.openLiberty(home, JVM_OPTIONS, name),
                Map.of("WLP_USER_DIR", user.toString(), "keystore_password", "secret"),
                log());
    }

    private Path log() {
        return user.resolve(name + ".log");
    }

    /** Waits until both applications are there, which says nothing of the database. */
    void awaitStarted() {
        Awaitility.await("start of " + name)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Commands.read(log()).contains("CWWKF0011I")
                        && Commands.read(log()).contains("/kept/")
                        && Commands.read(log()).contains("/brief/"));
    }

    /** Kills it without a chance to write what it has in memory. */
    void kill() {
        Optional.ofNullable(process)
                .ifPresent(running -> running.destroyForcibly().onExit().join());
    }

    /** The address of a path of the application. */
    String at(String path) {
        return address + path;
    }

    @Override
    public void close() {
        kill();
    }
}
