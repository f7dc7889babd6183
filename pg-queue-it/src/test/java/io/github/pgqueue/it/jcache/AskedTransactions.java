package io.github.pgqueue.it.jcache;

import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.spi.Transactions;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts how often the database is asked, and can hold calls in background when it has answered. */
final class AskedTransactions implements Transactions {

    private final Transactions behind;
    private final AtomicLong count = new AtomicLong();
    private volatile @Nullable Gate gate;

    AskedTransactions(Transactions behind) {
        this.behind = behind;
    }

    long count() {
        return count.get();
    }

    void holdAnswers(Gate until) {
        gate = until;
    }

    @Override
    public <R> R outside(Work<R> work) {
        count.incrementAndGet();
        R answer = behind.outside(work);
        Gate holding = gate;
        if (holding != null && Thread.currentThread().getName().equals("in background")) {
            holding.passStubbornly();
        }
        return answer;
    }

    @Override
    public boolean active() {
        return behind.active();
    }

    @Override
    public <R> R joined(Work<R> work) {
        return behind.joined(work);
    }

    @Override
    public <R> R begin(Work<R> work) {
        return behind.begin(work);
    }

    @Override
    public boolean deferSignals() {
        return behind.deferSignals();
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        behind.afterCompletion(action);
    }
}
