package io.github.pgqueue.shop.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One database of a PostgreSQL server, and what has to be taken away when it is closed.
 *
 * <p>{@link #open()} starts or reaches the server that the system property {@code pg} names and owns it: closing the
 * handle stops a server that was started for it. {@link #createDatabase(String)} makes a fresh database beside it,
 * dropped when its own handle is closed. What was not closed is taken away when the JVM shuts down in an orderly way.
 *
 * <p>Safe for use by many threads. Whatever goes wrong is a {@link DatabaseUnavailableException} whose message is one
 * sentence.
 */
public final class Database implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    private final Server server;
    private final Address address;
    private final String version;
    private final Runnable onClose;

    private Database(Server server, Address address, String version, Runnable onClose) {
        this.server = server;
        this.address = address;
        this.version = version;
        this.onClose = onClose;
    }

    /**
     * Opens what the system property {@code pg} names: {@code embedded} (the default) starts a PostgreSQL of its own,
     * {@code testcontainers} one in a container of the image {@code pg.image} (default {@code postgres:18}), and
     * {@code jdbc:postgresql://...} reaches a server of the user's own, with user and password in the URL.
     */
    public static Database open() {
        return open(System.getProperty("pg", "embedded"));
    }

    /** As {@link #open()}, with the choice as an argument. */
    public static Database open(String choice) {
        Server server = switch (choice) {
            case "", "embedded" -> EmbeddedServer.start();
            case "testcontainers" -> ContainerServer.start(System.getProperty("pg.image", "postgres:18"));
            default -> OwnServer.at(choice);
        };
        try {
            return of(server, server::close);
        } catch (DatabaseUnavailableException e) {
            server.close();
            throw e;
        }
    }

    static Database of(Server server, Runnable onClose) {
        return new Database(server, server.address(), server.address().show(DatabaseSql.VERSION), onClose);
    }

    /** The URL, without user and password. */
    public String jdbcUrl() {
        return address.url();
    }

    public String user() {
        return address.user();
    }

    /** The password; empty if none is needed. */
    public String password() {
        return address.password();
    }

    /** The server's own words for its version, such as {@code 18.6}. */
    public String version() {
        return version;
    }

    /** A new data source without a pool. */
    public PGSimpleDataSource dataSource() {
        return address.dataSource();
    }

    /** The embedded server behind this database, for those who want to kill it; empty for every other kind. */
    public Optional<EmbeddedServer> embedded() {
        return server instanceof EmbeddedServer embedded ? Optional.of(embedded) : Optional.empty();
    }

    /**
     * Creates an empty database in the same server. Its real name is the given one and a random suffix, so that runs
     * side by side, and what killed runs left behind, are not in the way.
     *
     * @param name 1 to 40 of {@code [a-z0-9_]}, a letter first
     */
    public Database createDatabase(String name) {
        String unique = unique(name);
        return created(unique, DatabaseSql.of(DatabaseSql.CREATE_EMPTY, unique));
    }

    /** As {@link #createDatabase(String)}, but a copy of a database of this server to which nobody is connected. */
    public Database createDatabase(String name, Database template) {
        String unique = unique(name);
        return created(unique, DatabaseSql.of(DatabaseSql.CREATE_COPY, unique, template.address.database()));
    }

    /** Drops the database, or stops the server, that was made for this handle; the second time does nothing. */
    @Override
    public void close() {
        onClose.run();
    }

    private Database created(String name, String sql) {
        execute(sql);
        Runnable drop = () -> drop(name);
        // a server that was started for us takes its databases with it
        Runnable onClose = server.outlivesThisProcess() ? AtExit.register(drop)::close : drop;
        return new Database(server, address.database(name), version, onClose);
    }

    private void drop(String name) {
        if (server.isRunning()) {
            execute(DatabaseSql.of(DatabaseSql.DROP, name));
        }
    }

    private void execute(String sql) {
        Address admin = server.address();
        try (Connection connection = admin.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw admin.unavailable("refused " + sql, e);
        }
    }

    private static String unique(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a database name is 1 to 40 of [a-z0-9_], a letter first: " + name);
        }
        return name + "_" + UUID.randomUUID().toString().substring(0, 8);
    }
}
