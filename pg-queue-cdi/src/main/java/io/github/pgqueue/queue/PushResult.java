package io.github.pgqueue.queue;

/**
 * What a push came to.
 *
 * @param id the job
 * @param status what became of the push
 */
public record PushResult(long id, Status status) {

    /** What became of a push. */
    public enum Status {
        /** A new job was stored. */
        PUSHED
    }
}
