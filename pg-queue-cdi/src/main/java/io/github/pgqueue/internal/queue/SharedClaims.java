package io.github.pgqueue.internal.queue;

import io.github.pgqueue.StorageException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the pops of one queue on this node share their claims, since claimers take turns at the database: while one claim
 * is on its way further pops wait, and the next claim is for all of them. Whoever finds nobody claiming does so at once,
 * on its own thread and for those that wait too. Thread-safe.
 *
 * <p>What a claim gives is dealt out in the order in which the pops came. A pop waits for the claim that is on its way, and
 * is not kept from that by an interrupt, as it would not be kept from a statement of its own: so nothing is ever claimed for
 * somebody who is gone.
 *
 * @param <J> what is claimed
 */
final class SharedClaims<J> {

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Pop<J>> waiting = new ArrayDeque<>();
    private boolean claiming;

    /**
     * Nobody claims yet.
     *
     * @param most how many jobs a claim may be for, and so a pop
     */
    SharedClaims(int most) {
        this.most = most;
    }

    /** Somebody who waits for jobs. */
    private static final class Pop<J> {

        private final int wanted;
        private final Condition turn;
        private @Nullable List<J> jobs;
        private @Nullable SQLException failure;

        Pop(int wanted, Condition turn) {
            this.wanted = wanted;
            this.turn = turn;
        }
    }

    /**
     * Up to so many, of a claim that others may share.
     *
     * @param claim claims up to so many; called on this thread, or on that of another pop
     * @throws StorageException if the claim failed; an object of its own for each who shares it. What else a claim throws, or
     *     because its thread was interrupted, concerns nobody but that thread
     */
    List<J> claim(int wanted, IntFunction<List<J>> claim) {
        lock.lock();
        try {
            Pop<J> mine = new Pop<>(wanted, lock.newCondition());
            waiting.add(mine);
            while (mine.jobs == null && mine.failure == null) {
                if (claiming) {
                    mine.turn.awaitUninterruptibly();
                } else {
                    claimForAll(mine, claim);
                }
            }
            if (mine.failure != null) {
                throw StorageException.of(mine.failure);
            }
            return Objects.requireNonNull(mine.jobs);
        } finally {
            lock.unlock();
        }
    }

    /** Maybe not for the one whose thread claims: those who came before it may want all that a claim may be for. */
    private void claimForAll(Pop<J> claimer, IntFunction<List<J>> claim) {
        List<Pop<J>> served = next();
        int wanted = served.stream().mapToInt(pop -> pop.wanted).sum();
        claiming = true;
        try {
            deal(unlocked(() -> claim.apply(wanted)), served);
        } catch (RuntimeException | Error e) {
            waiting.remove(claimer);
            if (e instanceof StorageException failure && !ofThisThread(failure)) {
                fail(failure, served);
            }
            throw e;
        } finally {
            claiming = false;
            Pop<J> first = waiting.peek();
            if (first != null) {
                first.turn.signal();
            }
        }
    }

    private List<Pop<J>> next() {
        List<Pop<J>> next = new ArrayList<>();
        int wanted = 0;
        for (Pop<J> pop : waiting) {
            wanted += pop.wanted;
            if (wanted > most) {
                break;
            }
            next.add(pop);
        }
        return next;
    }

    private List<J> unlocked(Supplier<List<J>> work) {
        lock.unlock();
        try {
            return work.get();
        } finally {
            lock.lock();
        }
    }

    private void deal(List<J> jobs, List<Pop<J>> served) {
        int dealt = 0;
        for (Pop<J> pop : served) {
            int end = Math.min(jobs.size(), dealt + pop.wanted);
            pop.jobs = List.copyOf(jobs.subList(dealt, end));
            dealt = end;
            dismiss(pop);
        }
    }

    private void fail(StorageException failure, List<Pop<J>> served) {
        for (Pop<J> pop : served) {
            pop.failure = (SQLException) failure.getCause();
            dismiss(pop);
        }
    }

    private void dismiss(Pop<J> pop) {
        waiting.remove(pop);
        pop.turn.signal();
    }

    private static boolean ofThisThread(StorageException failure) {
        return Thread.currentThread().isInterrupted() || Interruptions.caused(failure);
    }
}
