package io.github.pgqueue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a manager in this process, as far as it is known without the database. Immutable; made by
 * {@link PgQueueManager#nodeStatus()}, which never waits.
 *
 * @param lifecycle how far the manager has come
 * @param listening the connection that listens
 * @param deadThreads what the manager runs no more although nobody closed it, such as {@code worker of queue emails}:
 *     only a restart brings it back; empty if all is well
 * @param virtualThreads whether jobs run on virtual threads, measured on the first one; null if none has run
 */
public record NodeStatus(
        Lifecycle lifecycle,
        Listening listening,
        List<String> deadThreads,
        @Nullable Boolean virtualThreads) {

    /** How far a manager has come. */
    public enum Lifecycle {
        /** Not started. */
        CREATED,
        /** Works. */
        STARTED,
        /** Being closed: claims no more, and lets what runs come to its end. */
        DRAINING,
        /** Closed. */
        CLOSED
    }

    /** The state of the connection that listens. */
    public enum Listening {
        /** Switched off by the configuration. */
        OFF,
        /** Nothing has asked to listen so far. */
        IDLE,
        /** It is there. */
        LISTENING,
        /** It is not there, yet or any more, and is sought; workers poll meanwhile. */
        LOST,
        /** The data source's connections deliver no notifications; workers poll. */
        POLL_ONLY
    }

    public NodeStatus {
        deadThreads = List.copyOf(deadThreads);
    }
}
