package io.github.pgqueue.it.servers.environment;

import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.support.TestServer;
import io.github.pgqueue.shop.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Before the first test: two databases, and a server that is configured for them. Does nothing for other tests. */
public final class ServerSetup implements LauncherSessionListener {

    private static @Nullable Database main;
    private static @Nullable Database other;

    /** The database with pg-queue in it. */
    static Database main() {
        return opened(main);
    }

    /** The database of a second resource. */
    static Database other() {
        return opened(other);
    }

    private static Database opened(@Nullable Database database) {
        if (database == null) {
            throw new IllegalStateException("arquillian.launch names no environment: use a Maven profile");
        }
        return database;
    }

    /** Where the tests write what must be there as often as it should be. */
    public static void createTables(Database database) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE effect (source text NOT NULL, what text NOT NULL)");
            statement.execute("CREATE TABLE once (what text UNIQUE DEFERRABLE INITIALLY DEFERRED)");
            statement.execute("CREATE TABLE parcel"
                    + " (label text PRIMARY KEY, source text NOT NULL, version int NOT NULL DEFAULT 0)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty("arquillian.launch") == null) {
            return;
        }
        main = TestServer.get().createDatabase("servers");
        other = TestServer.get().createDatabase("other");
        createTables(main());
        createTables(other());
        if (Environment.current() != Environment.WELD_SE) {
            prepare(Template.of(main(), other(), "it" + ProcessHandle.current().pid()));
        }
    }

    /** What {@code arquillian.xml} asks for. */
    private static void prepare(Template template) {
        System.setProperty("server.http.port", template.httpPort());
        System.setProperty("server.admin.port", template.adminPort());
        System.setProperty("shop.url", "http://127.0.0.1:" + template.httpPort() + "/order-shop/");
        boolean managed = Environment.current() == Environment.WILDFLY;
        String healthPort = managed ? template.adminPort() : template.httpPort();
        System.setProperty("server.health", "http://127.0.0.1:" + healthPort + "/health");
        System.setProperty(
                "server.home",
                ServerHome.current()
                        .prepare(ServerHome.unpacked(), ServerHome.ARQUILLIAN, template)
                        .toString());
    }
}
