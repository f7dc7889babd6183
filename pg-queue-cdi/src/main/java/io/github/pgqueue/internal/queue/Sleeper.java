package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.queue.QueueStore.Look;
import io.github.pgqueue.internal.queue.QueueStore.Running;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides how long the worker of a queue may sleep. Used by one thread.
 *
 * <p>An insert notifies only if somebody is registered as asleep. A transaction that looked for sleepers before the
 * registration was there, and commits after the worker has looked at the queue, would wake nobody. So the worker looks
 * again, with growing pauses, until every transaction that ran at the registration has ended; and once more when it knows
 * that, since the last of them may have ended between a claim and the look that told so.
 */
final class Sleeper {

    private static final Duration REGISTERED = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

    private final QueueStore store;
    private final Scope outside;
    private final ListenerHub hub;
    private final String node;

    private boolean registered;
    private long registeredAt;

    /** No transaction from this one on had begun when the registration was there. */
    private long horizon;

    /** Whether all before that had ended before the last claim. */
    private boolean settled;

    private Duration pause = FIRST_PAUSE;

    Sleeper(QueueStore store, Scope outside, ListenerHub hub, String node) {
        this.store = store;
        this.outside = outside;
        this.hub = hub;
        this.node = node;
    }

    /**
     * What a look at the queue told.
     *
     * @param longest how long nothing is expected to come to the plain lane without a notification; at most the poll interval
     * @param due in how long the next delayed job or ended lease is to be looked for in the row lane; null if there is none
     * @param overdue whether one has been due for long, and was locked or was committed late
     */
    record Nap(Duration longest, @Nullable Duration due, boolean overdue) {}

    /** Whether pushes wake this node. */
    boolean registered() {
        return registered;
    }

    /** Makes sure that pushes wake this node; true if they did not before, so that the queue must be looked at again. */
    boolean register() {
        boolean fresh = registered && System.nanoTime() - registeredAt < REGISTERED.toNanos() / 2;
        if (fresh || !hub.listening()) {
            return false;
        }
        boolean first = !registered;
        Running running = outside.run(connection -> {
            store.sleep(connection, node, REGISTERED);
            return store.running(connection);
        });
        registered = true;
        registeredAt = System.nanoTime();
        if (first) {
            horizon = running.newest();
            settled = running.oldest() >= horizon;
            pause = FIRST_PAUSE;
        }
        return first;
    }

    /** Pushes need not wake this node: it is busy. */
    void unregister() {
        if (registered) {
            registered = false;
            outside.run(connection -> {
                store.wake(connection, node);
                return true;
            });
        }
    }

    /** The registration may be gone, or notifications may have been missed. */
    void forget() {
        registered = false;
    }

    Nap nap() {
        Duration poll = store.config().pollInterval();
        Look look = outside.run(store::look);
        Duration longest;
        if (look.ready()) {
            longest = Duration.ZERO;
        } else {
            longest = registered ? untilSettled(look, shorter(poll, REGISTERED.dividedBy(2))) : poll;
        }
        return new Nap(longest, look.due(), look.overdue());
    }

    private Duration untilSettled(Look look, Duration poll) {
        if (settled) {
            return poll;
        }
        if (look.oldest() >= horizon) {
            settled = true;
            return Duration.ZERO;
        }
        Duration next = shorter(pause, poll);
        pause = pause.multipliedBy(2);
        return next;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
