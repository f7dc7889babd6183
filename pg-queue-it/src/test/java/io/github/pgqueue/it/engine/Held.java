package io.github.pgqueue.it.engine;

import java.util.UUID;

/**
 * A job as an attempt holds it: what every fenced statement is given.
 *
 * @param id the job
 * @param attempt its number
 * @param lease the lease that names the job
 * @param token what makes that lease unlike every other of that number
 */
record Held(long id, int attempt, long lease, UUID token) {

    Held withAttempt(int other) {
        return new Held(id, other, lease, token);
    }

    Held withToken(UUID other) {
        return new Held(id, attempt, lease, other);
    }

    Held withLease(long other) {
        return new Held(id, attempt, other, token);
    }
}
