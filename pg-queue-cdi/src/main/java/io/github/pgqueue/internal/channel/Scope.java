package io.github.pgqueue.internal.channel;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.spi.Transactions;
import io.github.pgqueue.spi.Transactions.Completion;
import java.util.List;

/**
 * Where statements run: in the caller's transaction or outside of it. Beside running them it knows how the signals that
 * belong to them are sent: with the commit, or after it.
 */
public final class Scope {

    private final Database database;
    private final Outbox outbox;
    private final boolean joins;

    private Scope(Database database, Outbox outbox, boolean joins) {
        this.database = database;
        this.outbox = outbox;
        this.joins = joins;
    }

    /** The transaction of the calling thread, if there is one. */
    public static Scope joined(Database database, Outbox outbox) {
        return new Scope(database, outbox, /* joins= */ true);
    }

    /** Outside of every transaction of the caller; effective at once. */
    public static Scope outside(Database database, Outbox outbox) {
        return new Scope(database, outbox, /* joins= */ false);
    }

    public <R> R run(Transactions.Work<R> work) {
        return joins
                ? database.transactions().joined(work)
                : database.transactions().outside(work);
    }

    /** Whether this belongs to a transaction that must not notify, since it may be prepared. */
    public boolean deferred() {
        Transactions transactions = database.transactions();
        return joins && transactions.active() && transactions.deferSignals();
    }

    /** Whether workers are to be woken after what is run here has taken effect, and not by the commit itself. */
    public boolean quiet() {
        return joins && database.transactions().deferSignals();
    }

    /** Sends a signal when what was run here takes effect. */
    public void signal(String fullChannel, String payload) {
        if (deferred()) {
            afterCommit(() -> outbox.send(fullChannel, payload));
        } else if (joins) {
            run(connection -> {
                Publishing.publish(connection, database.schema(), fullChannel, payload);
                return true;
            });
        } else {
            outbox.send(fullChannel, payload);
        }
    }

    /** Wakes the workers of a queue on every node; not for what becomes visible only by a commit to come. */
    public void wake(QueueName queue) {
        outbox.wake(queue);
    }

    /** Wakes the workers of a queue on every node when what was run here takes effect. */
    public void wakeWithCommit(QueueName queue) {
        if (deferred()) {
            unlessRolledBack(() -> outbox.wake(queue));
        } else if (joins && database.transactions().active()) {
            run(connection -> {
                Outbox.wake(connection, database, List.of(queue));
                return true;
            });
        } else {
            outbox.wake(queue);
        }
    }

    /** In a deferred scope: runs the action once the transaction has been committed for certain. */
    public void afterCommit(Runnable action) {
        database.transactions().afterCompletion(completion -> {
            if (completion == Completion.COMMITTED) {
                action.run();
            }
        });
    }

    /** In a deferred scope: runs the action unless the transaction has been rolled back for certain. */
    public void unlessRolledBack(Runnable action) {
        database.transactions().afterCompletion(completion -> {
            if (completion != Completion.ROLLED_BACK) {
                action.run();
            }
        });
    }
}
