package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.internal.cache.Lifetime;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.function.Supplier;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * An expiry policy as lifetimes; null is no change. The five policies of the API always answer the same, so that they
 * can be asked in advance and go into the statement. Any other is asked when it is its turn, and once: what it throws
 * counts as for ever at a creation, and as no change else.
 */
final class Expiry {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");

    private static final Set<Class<?>> STANDARD = Set.of(
            AccessedExpiryPolicy.class,
            CreatedExpiryPolicy.class,
            EternalExpiryPolicy.class,
            ModifiedExpiryPolicy.class,
            TouchedExpiryPolicy.class);

    private final ExpiryPolicy policy;
    private final boolean constant;

    Expiry(ExpiryPolicy policy) {
        this.policy = policy;
        this.constant = STANDARD.contains(policy.getClass());
    }

    /** Whether it may be asked at any time. */
    boolean isConstant() {
        return constant;
    }

    /** Whether its lifetimes can be given to a statement that finds out by itself which of them counts. */
    boolean fitsIntoAStatement() {
        if (!constant || creation().isZero()) {
            return false;
        }
        Lifetime renewal = renewal();
        return renewal == null || !renewal.isZero();
    }

    Lifetime creation() {
        Lifetime lifetime = ask(policy::getExpiryForCreation);
        return lifetime == null ? Lifetime.ETERNAL : lifetime;
    }

    /** At an update. */
    @Nullable
    Lifetime renewal() {
        return ask(policy::getExpiryForUpdate);
    }

    @Nullable
    Lifetime access() {
        return ask(policy::getExpiryForAccess);
    }

    private static @Nullable Lifetime ask(Supplier<@Nullable Duration> question) {
        try {
            Duration duration = question.get();
            if (duration == null) {
                return null;
            }
            return duration.isEternal()
                    ? Lifetime.ETERNAL
                    : Lifetime.of(
                            java.time.Duration.ofNanos(duration.getTimeUnit().toNanos(duration.getDurationAmount())));
        } catch (RuntimeException e) {
            LOG.log(
                    Level.DEBUG,
                    "an expiry policy failed with {0}",
                    e.getClass().getName());
            return null;
        }
    }

    void close() {
        Closing.close(policy);
    }
}
