package io.github.pgqueue.spi;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.queue.Job;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stands around what the library does with jobs, to trace and to measure it. Given to
 * {@link io.github.pgqueue.PgQueueManager.Builder#telemetry}; called by many threads at once; must be quick.
 *
 * <p>{@link #begin} comes before an operation and {@link Activity#end} after it, on the same thread and properly nested,
 * so that an implementation may make a context of its own the current one meanwhile. In a transaction, a push and a
 * settlement end when their statement has run: the commit is still to come. What an implementation throws is logged and
 * ignored: it never fails a push or a job.
 *
 * <p>A trace reaches the worker in the headers of its job. A signal's wire format is the plain payload: it carries
 * nothing, and nothing is begun for channels.
 */
public interface Telemetry {

    /** An operation is about to begin. */
    Activity begin(Operation operation);

    /** What the library does with jobs. */
    sealed interface Operation {

        /** The queue it is done to. */
        QueueName queue();

        /**
         * Jobs are pushed, all or none.
         *
         * @param jobs how many; {@link #NOT_KNOWN} if they are still to come out of a stream
         * @param headers those that the push itself gave
         * @param requestId set if the caller waits for an answer
         */
        record Push(
                QueueName queue,
                int jobs,
                Map<String, String> headers,
                @Nullable UUID requestId) implements Operation {

            /** How many jobs there are is told when they have been pushed: {@link Activity#pushed(long)}. */
            public static final int NOT_KNOWN = 0;

            public Push {
                headers = Map.copyOf(headers);
            }
        }

        /** Jobs are claimed by hand; what workers claim begins with {@link Work}. */
        record Pop(QueueName queue) implements Operation {}

        /** A worker runs a job: from before its handler, and its transaction if it has one, until its end is written. */
        record Work(Job<?> job) implements Operation {

            @Override
            public QueueName queue() {
                return job.queue();
            }
        }

        /**
         * The end of an attempt is written; by a worker of the library, within {@link Work}. Completions outside of a
         * transaction are written together, after the runs and on a thread of their own.
         */
        record Settle(QueueName queue, Verb verb, List<Job<?>> jobs) implements Operation {

            public Settle {
                jobs = List.copyOf(jobs);
            }
        }
    }

    /** How an attempt ends. */
    enum Verb {
        COMPLETE,
        RETRY,
        FAIL,
        /** The job becomes a dead letter. */
        DEAD,
        RELEASE;

        /** The verb in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An operation that goes on. Used by one thread. */
    interface Activity {

        /**
         * What is to travel with the pushed jobs; asked for once, before they are stored. Where the push gave a header
         * of the same name, that one stays.
         */
        default Map<String, String> headers() {
            return Map.of();
        }

        /** The jobs that were pushed have these ids. */
        default void pushed(List<Long> ids) {}

        /** So many jobs were pushed, by a push that could not tell before; nobody knows their ids. */
        default void pushed(long jobs) {}

        /** These jobs were claimed by hand; maybe none. */
        default void popped(Collection<? extends Job<?>> jobs) {}

        /**
         * It is over.
         *
         * @param failure why it failed, or why the worker says that the job did; null if neither
         */
        void end(@Nullable Throwable failure);
    }
}
