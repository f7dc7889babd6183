package io.github.pgqueue.jcache.annotation;

import java.util.function.Supplier;

/** The transactions that the callers of annotated methods are in. Thread-safe. */
public interface CallerTransactions {

    /** Of the calling thread. */
    enum State {
        /** There is no transaction, or it has committed. */
        NONE,
        ACTIVE,
        /** It cannot commit any more, or nobody knows. */
        DOOMED
    }

    /** The state of the calling thread's transaction, as it is now. */
    State state();

    /**
     * What the calls in the active transaction have changed so far.
     *
     * @param none makes what belongs to a transaction without any; from then on it is this transaction's, and is told
     *     when that has ended
     */
    PendingChanges changes(Supplier<PendingChanges> none);

    /** For callers that have none. */
    CallerTransactions NONE = new CallerTransactions() {
        @Override
        public State state() {
            return State.NONE;
        }

        @Override
        public PendingChanges changes(Supplier<PendingChanges> none) {
            throw new IllegalStateException("there is no transaction");
        }
    };
}
