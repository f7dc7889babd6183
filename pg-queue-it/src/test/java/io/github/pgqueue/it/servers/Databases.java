package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.spi.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/** The data sources of the server. What runs here joins the transaction of the calling thread. */
@ApplicationScoped
public class Databases {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POOL_SIZE = 20;

    @Inject
    @Any
    private Instance<DataSource> beans;

    /** A data source by its short name, such as {@link Environment#LOCAL}. */
    @SuppressWarnings("BanJNDI") // the names are constants of the test
    public DataSource get(String name) {
        String full = Environment.current().dataSource(name);
        if (Environment.current() == Environment.WELD_SE) {
            return beans.select(NamedLiteral.of(full)).get();
        }
        try {
            return (DataSource) new InitialContext().lookup(full);
        } catch (NamingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes an effect into the local database, in the transaction of the caller. */
    public void effect(String source, Object what) {
        effect(Environment.LOCAL, source, what);
    }

    /** The same into any. */
    public void effect(String name, String source, Object what) {
        execute(name, "INSERT INTO effect VALUES ('" + source + "', '" + what + "')");
    }

    /** Writes what may be there only once, which the commit checks, into the local database. */
    public void once(String what) {
        execute(Environment.LOCAL, "INSERT INTO once VALUES ('" + what + "')");
    }

    /** Runs one statement in a session of its own, whatever transaction the caller has. */
    public void apart(String name, String sql) {
        DataSource dataSource = get(name);
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
        new Thread(task, "apart").start();
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many effects of a source there are in the local database. */
    public long effects(String source) {
        return effects(Environment.LOCAL, source);
    }

    /** The same in any. */
    public long effects(String name, String source) {
        return number(name, "SELECT count(*) FROM effect WHERE source = '" + source + "'");
    }

    /** What the effects of a source in the local database are, in order, such as "1 2"; "null" if there are none. */
    public String listed(String source) {
        return text(
                Environment.LOCAL,
                "SELECT string_agg(what, ' ' ORDER BY what) FROM effect WHERE source = '" + source + "'");
    }

    /** How many jobs a queue has, whatever their state. */
    public long jobs(String queue) {
        return number(Environment.LOCAL, "SELECT count(*) FROM \"queue_" + queue + "\"");
    }

    /** Waits until a queue has no job, and says so if one ended as a dead letter instead of being completed. */
    public void awaitDone(String queue) {
        Awaitility.await(queue)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .pollInSameThread()
                .until(() -> jobs(queue) == 0);
        String deadLetters = text(
                Environment.LOCAL,
                "SELECT string_agg(error, ' ') FROM pg_queue_dead_letter WHERE queue = '" + queue + "'");
        assertThat(deadLetters).as("dead letters of " + queue).isEqualTo("null");
    }

    /** Runs one statement. */
    public void execute(String name, String sql) {
        with(name, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** The first column of the first row; "null" if it is null. */
    public String text(String name, String sql) {
        for (int broken = 0; broken < POOL_SIZE; broken++) {
            try {
                return look(name, sql);
            } catch (IllegalStateException e) {
                // A pool may hand out a connection whose session a test has ended.
                if (!hasRootCause(e, "This connection has been closed.")) {
                    throw e;
                }
            }
        }
        return look(name, sql);
    }

    private static boolean hasRootCause(Throwable failure, String message) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return message.equals(cause.getMessage());
    }

    private String look(String name, String sql) {
        return with(name, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        });
    }

    /** The first column of the first row. */
    public long number(String name, String sql) {
        return Long.parseLong(text(name, sql));
    }

    private <R> R with(String name, Transactions.Work<R> work) {
        try (Connection connection = get(name).getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
