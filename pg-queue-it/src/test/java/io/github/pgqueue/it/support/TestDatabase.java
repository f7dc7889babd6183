package io.github.pgqueue.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A database of its own for one test class, with pg-queue installed from the packed migrations; dropped at the end. */
public final class TestDatabase implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** By the URL of their server: databases with pg-queue installed, to be copied. */
    private static final Map<String, Database> TEMPLATES = new HashMap<>();

    private final Database database;
    private @Nullable Connection looking;

    private TestDatabase(Database database) {
        this.database = database;
    }

    /** A database with pg-queue installed in schema {@code public}. */
    public static TestDatabase create() {
        return createOn(TestServer.get());
    }

    /** The same on another server than that of the run. */
    public static TestDatabase createOn(Database server) {
        return new TestDatabase(server.createDatabase("it", template(server)));
    }

    /** A database with nothing in it. */
    public static TestDatabase empty() {
        return emptyOn(TestServer.get());
    }

    /** A database with nothing in it, on another server than that of the run. */
    public static TestDatabase emptyOn(Database server) {
        return new TestDatabase(server.createDatabase("it"));
    }

    /** A database of a server that is the test's own, to be crashed; pg-queue is installed in it. */
    public static TestDatabase installedIn(Database database) {
        install(database);
        return new TestDatabase(database);
    }

    private static synchronized Database template(Database server) {
        return TEMPLATES.computeIfAbsent(server.jdbcUrl(), url -> {
            Database installed = server.createDatabase("template");
            install(installed);
            return installed;
        });
    }

    private static void install(Database database) {
        PgQueueConfig config = PgQueueConfig.defaults().withSchemaManagement(SchemaManagement.MIGRATE);
        try (PgQueueManager manager =
                PgQueueManager.builder(database.dataSource()).config(config).build()) {
            manager.start();
        }
    }

    static synchronized void closeTemplates() {
        TEMPLATES.values().forEach(Database::close);
        TEMPLATES.clear();
    }

    public Database database() {
        return database;
    }

    /** Connections without a pool: each one is a session of its own. */
    public DataSource dataSource() {
        return database.dataSource();
    }

    public Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    /** Runs statements, each in autocommit. */
    public void execute(String... statements) {
        look(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
                return "";
            }
        });
    }

    /** The first column of the first row, as a number. */
    public long number(String sql) {
        return Long.parseLong(text(sql));
    }

    /** The first column of the first row, as text; "null" if it is null. */
    public String text(String sql) {
        return look(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        });
    }

    /** On a session that is kept for the next time, unless it breaks. */
    private synchronized String look(Transactions.Work<String> work) {
        try {
            Connection connection = looking == null ? connect() : looking;
            looking = connection;
            return work.on(connection);
        } catch (SQLException e) {
            closeLooking();
            throw new IllegalStateException(e);
        }
    }

    private synchronized void closeLooking() {
        try {
            if (looking != null) {
                looking.close();
            }
            looking = null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until a query gives this as the first column of the first row, errors on the way aside. */
    public void await(String sql, String expected) {
        Awaitility.await(sql)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(text(sql)).isEqualTo(expected));
    }

    /** The same for a number. */
    public void await(String sql, long expected) {
        await(sql, Long.toString(expected));
    }

    /** The end of the only lease of plain jobs that there is in a queue, as an expression. */
    public static String leaseEnd(QueueName queue) {
        return "(SELECT until FROM pg_queue_lease_" + queue + " WHERE NOT isempty(jobs))";
    }

    /** Lets the lease of a job end now, as if its time were over: its own, or the one that it shares. */
    public void endLease(Job<?> job) {
        String lease = job.lease();
        if (lease == null) {
            execute("UPDATE queue_%s SET leased_until = clock_timestamp() - interval '1 ms' WHERE id = %d"
                    .formatted(job.queue(), job.id()));
        } else {
            execute("UPDATE pg_queue_lease_%s SET until = clock_timestamp() - interval '1 ms' WHERE id = %s"
                    .formatted(job.queue(), lease.substring(0, lease.indexOf('/'))));
        }
    }

    /** Lets the leases of all plain jobs of a queue have ended so long ago. */
    public void endLeases(QueueName queue, Duration ago) {
        execute("UPDATE pg_queue_lease_%s SET until = clock_timestamp() - interval '%s'".formatted(queue, ago));
    }

    @Override
    public void close() {
        closeLooking();
        database.close();
    }
}
