package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.jdbc.Jdbc;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as the claim returned it, with its payload and headers still JSON.
 *
 * @param maxAttempts null for the queue's
 * @param buried whether it was not claimed but has become a dead letter, since a lost lease was the last of its budget
 * @param lease what holds it together with others; null if its own row does
 */
record ClaimedRow(
        long id,
        String payload,
        @Nullable String headers,
        Instant pushedAt,
        int attempt,
        int failures,
        @Nullable Integer maxAttempts,
        @Nullable UUID requestId,
        @Nullable Instant deadline,
        Instant leasedUntil,
        boolean buried,
        @Nullable String lease) {

    /** Out of the lane in which rows are claimed. */
    static ClaimedRow ofRow(ResultSet row) throws SQLException {
        return new ClaimedRow(
                row.getLong("id"),
                row.getString("payload"),
                row.getString("headers"),
                Jdbc.instant(row, "pushed_at"),
                row.getInt("attempt"),
                row.getInt("failures"),
                row.getInt("max_attempts"),
                row.getObject("request_id", UUID.class),
                Jdbc.instantOrNull(row, "deadline"),
                Jdbc.instant(row, "leased_until"),
                row.getBoolean("buried"),
                /* lease= */ null);
    }

    /** Out of the plain lane, under a lease with others. */
    static ClaimedRow ofBatch(ResultSet row, UUID token) throws SQLException {
        return new ClaimedRow(
                row.getLong("id"),
                row.getString("payload"),
                row.getString("headers"),
                Jdbc.instant(row, "pushed_at"),
                row.getInt("attempt"),
                row.getInt("failures"),
                row.getObject("max_attempts", Integer.class),
                /* requestId= */ null,
                /* deadline= */ null,
                Jdbc.instant(row, "leased_until"),
                /* buried= */ false,
                new LeaseKey(row.getLong("lease_id"), token).toString());
    }
}
