package io.github.pgqueue.it.servers.environment;

import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.support.TestServer;
import io.github.pgqueue.shop.database.Database;
import java.nio.file.Path;
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
    private static void createTables(Database database) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE effect (source text NOT NULL, what text NOT NULL)");
            statement.execute("CREATE TABLE once (what text UNIQUE DEFERRABLE INITIALLY DEFERRED)");
            statement.execute("CREATE TABLE parcel (label text PRIMARY KEY, source text NOT NULL)");
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
        ServerHome home = switch (Environment.current()) {
            case WELD_SE -> null;
            case WILDFLY -> new WildFlyHome();
            case PAYARA -> new PayaraHome();
            case OPEN_LIBERTY -> new OpenLibertyHome();
        };
        if (home != null) {
            Path unpacked = Path.of(
                    System.getProperty("servers.directory"),
                    Environment.current().profile());
            home.prepare(unpacked, Template.of(main(), other()));
        }
    }
}
