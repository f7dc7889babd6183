package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the server has consumed so far. Nothing else may use the server meanwhile. */
final class Meter {

    private final TestDatabase database;
    private final @Nullable Processes processes;

    /** Of a server whose processes are not ours, the CPU time is not known. */
    Meter(TestDatabase database, Optional<Processes> processes) {
        this.database = database;
        this.processes = processes.orElse(null);
    }

    /**
     * One look.
     *
     * @param walBytes length of the write-ahead log
     * @param transactions how many ids of transactions have been given
     * @param ticks CPU time; null where it is unknown
     */
    record Reading(long walBytes, long transactions, Processes.@Nullable Ticks ticks) {}

    Reading read() {
        return new Reading(
                database.number(BenchSql.WAL_BYTES),
                database.number(BenchSql.TRANSACTIONS),
                processes == null ? null : processes.ticks());
    }

    /** What a job cost between two looks. */
    static Cost cost(Reading before, Reading after, long jobs) {
        Double serverCpu = before.ticks == null || after.ticks == null
                ? null
                : (after.ticks.server() - before.ticks.server()) * Processes.MICROS_OF_TICK / jobs;
        return new Cost(
                serverCpu,
                (double) (after.walBytes - before.walBytes) / jobs,
                (double) (after.transactions - before.transactions) / jobs);
    }
}
