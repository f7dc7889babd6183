package io.github.pgqueue.internal.queue;

import io.github.pgqueue.queue.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the jobs of a queue are held, and so how an attempt ends. Each method is one statement on the connection given,
 * fenced by the job's attempt and lease: what tells that no row was hit has done nothing. Thread-safe.
 */
interface Lane {

    /** Removes the job. */
    boolean complete(Connection connection, Job<?> job) throws SQLException;

    /** Removes the jobs, and tells the ids of those that were held. */
    List<Long> completeAll(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException;

    /** Makes the job ready again later; a failure counts. */
    boolean retry(Connection connection, Job<?> job, Duration delay, @Nullable Throwable failure) throws SQLException;

    /** Makes the job a dead letter. */
    boolean bury(Connection connection, Job<?> job, Throwable cause) throws SQLException;

    /** Gives the job back as if it had not been claimed. */
    boolean release(Connection connection, Job<?> job) throws SQLException;
}
