package io.github.pgqueue.internal.queue;

import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.queue.Job;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names the lease of a batch. The token is random and made by the node that claims: should a crash of the server have
 * taken back a lease, another one may get its number, and never its token.
 *
 * @param id the number of the lease in its queue
 * @param token what makes it unlike every other of that number
 */
record LeaseKey(long id, UUID token) {

    /** The lease that holds a job; null if the job's own row does. */
    static @Nullable LeaseKey of(Job<?> job) {
        return job.lease() == null ? null : parse(job.lease());
    }

    /** From what a job carries. */
    static LeaseKey parse(String text) {
        int slash = text.indexOf('/');
        try {
            return new LeaseKey(Long.parseLong(text, 0, slash, 10), UUID.fromString(text.substring(slash + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InvalidArgumentException(
                    "PGQ1009", "'" + text + "' is not a lease: pass the job as it was popped");
        }
    }

    @Override
    public String toString() {
        return id + "/" + token;
    }
}
