package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.util.Map;
import java.util.Optional;

/**
 * The PostgreSQL that is measured: one of our own whose commits survive a crash of the machine, or the user's, named by
 * the system property {@code pg}, if its commits do so too.
 */
final class BenchServer implements AutoCloseable {

    private static final String DURABLE = "fsync=on, full_page_writes=on, synchronous_commit=on";
    private static final Map<String, String> SETTINGS = Map.of(
            "deadlock_timeout", "1s",
            "fsync", "on",
            "full_page_writes", "on",
            "max_wal_size", "4GB",
            "shared_buffers", "256MB",
            "synchronous_commit", "on");

    private final Database database;
    private final Runnable stop;
    private final Optional<Processes> processes;

    private BenchServer(Database database, Runnable stop, Optional<Processes> processes) {
        this.database = database;
        this.stop = stop;
        this.processes = processes;
    }

    static BenchServer open() {
        String choice = System.getProperty("pg", "");
        if (choice.isBlank() || choice.equals("embedded")) {
            EmbeddedServer server = EmbeddedServer.start(null, SETTINGS);
            return new BenchServer(server.database(), server::close, Processes.of(server.postmasterPid()));
        }
        Database given = Database.open(choice);
        return new BenchServer(given, given::close, Optional.empty());
    }

    /** A new database with pg-queue installed. */
    TestDatabase createDatabase() {
        TestDatabase created = TestDatabase.installedIn(database.createDatabase("bench"));
        String durability = created.text(BenchSql.DURABILITY);
        if (!durability.equals(DURABLE)) {
            created.close();
            throw new IllegalStateException(
                    "the server has " + durability + ", where only " + DURABLE + " is measured");
        }
        return created;
    }

    String version() {
        return database.version();
    }

    Optional<Processes> processes() {
        return processes;
    }

    @Override
    public void close() {
        stop.run();
    }
}
