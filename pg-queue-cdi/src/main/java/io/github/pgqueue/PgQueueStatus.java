package io.github.pgqueue;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a manager and its database at one moment. Immutable; made by {@link PgQueueManager#status()}. Where the
 * database did not tell, {@link #schemaProblem()} says why, and the rest of what it would have told is null or empty.
 *
 * @param node the state of the manager itself
 * @param schemaProblem why the schema cannot be used, in one sentence; null if it can
 * @param claimProblem why this node cannot claim jobs from a queue that it works, in one sentence; null if it can, or
 *     works none
 * @param oldestReady for how long the oldest ready job could have been claimed, of each queue that this node has used
 *     and may read and in which there is one
 * @param oldestXmin who keeps PostgreSQL from removing dead rows, so that claims become slow; null if nobody does
 * @param preparedTransactions how many transactions of this database are prepared and neither committed nor rolled back
 * @param oldestPrepared for how long the oldest of them has been; null if there is none
 */
public record PgQueueStatus(
        NodeStatus node,
        @Nullable String schemaProblem,
        @Nullable String claimProblem,
        Map<QueueName, Duration> oldestReady,
        @Nullable XminHolder oldestXmin,
        @Nullable Integer preparedTransactions,
        @Nullable Duration oldestPrepared) {

    /**
     * Who holds the oldest snapshot or transaction of the database.
     *
     * @param who such as {@code session 4711 of batch}, {@code prepared transaction 1_abc_def} or
     *     {@code replication slot standby}
     * @param transactions how many transactions have begun since
     * @param age for how long; null if it is not known, as of a replication slot or of a session that the role may not
     *     look into
     */
    public record XminHolder(
            String who, long transactions, @Nullable Duration age) {}

    public PgQueueStatus {
        oldestReady = Map.copyOf(oldestReady);
    }

    /** Whether the schema can be used. */
    public boolean schemaInOrder() {
        return schemaProblem == null;
    }

    /** Whether this node can claim jobs from the queues that it works: the claim's own path answers in time. */
    public boolean canClaim() {
        return claimProblem == null;
    }
}
