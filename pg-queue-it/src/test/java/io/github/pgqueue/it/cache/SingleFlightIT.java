package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Callers of one node that miss the same key share one load, whatever comes of it. */
@PgQueueTest
class SingleFlightIT {

    private static final int CALLERS = 50;
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void getOrSet_miss_loadsAndSets(TestNode node) {
        PgCache cache = node.manager().cache("simple");

        String loaded = cache.getOrSet("k", String.class, HOUR, () -> "loaded");
        String cached = cache.getOrSet("k", String.class, HOUR, () -> "loaded again");

        assertThat(loaded).isEqualTo("loaded");
        assertThat(cached).isEqualTo("loaded");
        assertThat(cache.get("k", String.class)).hasValue("loaded");
    }

    @Test
    void getOrSet_by50Threads_loadsOnce(TestNode node) {
        PgCache cache = node.manager().cache("stampede");
        AtomicInteger loads = new AtomicInteger();

        List<InBackground<String>> callers = stampede(cache, () -> "load " + loads.incrementAndGet());

        assertThat(callers.stream().map(InBackground::result)).hasSize(CALLERS).containsOnly("load 1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void getOrSet_by50Threads_loaderFails_failsForAllAndIsNotCached(TestNode node) {
        PgCache cache = node.manager().cache("failing");
        AtomicInteger loads = new AtomicInteger();
        IllegalStateException failure = new IllegalStateException("on purpose");

        List<InBackground<String>> callers = stampede(cache, () -> {
            loads.incrementAndGet();
            throw failure;
        });

        assertThat(callers.stream().map(InBackground::failure)).hasSize(CALLERS).containsOnly(failure);
        assertThat(loads).hasValue(1);
        assertThat(cache.get("k", String.class)).isEmpty();
        assertThat(cache.getOrSet("k", String.class, HOUR, () -> "now")).isEqualTo("now");
    }

    @Test
    void getOrSet_loaderThrowsAnError_throwsItAndLoadsNextTime(TestNode node) {
        PgCache cache = node.manager().cache("error");

        assertThatThrownBy(() -> cache.getOrSet("k", String.class, HOUR, () -> {
                    throw new StackOverflowError("on purpose");
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(cache.getOrSet("k", String.class, HOUR, () -> "now")).isEqualTo("now");
    }

    @Test
    @SuppressWarnings("NullAway") // what a loader without null checks may supply
    void getOrSet_loaderSuppliesNull_isRefused(TestNode node) {
        PgCache cache = node.manager().cache("null");

        assertThatThrownBy(() -> cache.getOrSet("k", String.class, HOUR, () -> null))
                .isInstanceOfSatisfying(
                        PayloadException.class, e -> assertThat(e.code()).isEqualTo("PGQ5001"));
        assertThat(cache.get("k", String.class)).isEmpty();
    }

    @Test
    void getOrSet_loadedValueCannotBeStored_isRefused(TestNode node) {
        PgCache cache = node.manager().cache("large");

        assertThatThrownBy(() -> cache.getOrSet("k", String.class, HOUR, () -> "x".repeat(2_000_000)))
                .isInstanceOfSatisfying(
                        PayloadException.class, e -> assertThat(e.code()).isEqualTo("PGQ5002"));
    }

    @Test
    void getOrSet_otherKeysTypesAndCaches_doNotWait(TestNode node) {
        PgCache cache = node.manager().cache("separate");
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        InBackground<String> slow = InBackground.call(() -> cache.getOrSet("k", String.class, HOUR, () -> {
            loading.countDown();
            await(release);
            return "slow";
        }));
        Awaitility.await().until(() -> loading.getCount() == 0);

        assertThat(cache.getOrSet("other key", String.class, HOUR, () -> "quick"))
                .isEqualTo("quick");
        assertThat(node.manager().cache("other").getOrSet("k", String.class, HOUR, () -> "quick"))
                .isEqualTo("quick");
        assertThat(cache.getOrSet("k", new PayloadType<List<Integer>>() {}, HOUR, () -> List.of(1)))
                .containsExactly(1);
        release.countDown();
        assertThat(slow.result()).isEqualTo("slow");
    }

    @Test
    void getOrSet_insideTheLoaderOfAnotherKey_loadsBoth(TestNode node) {
        PgCache cache = node.manager().cache("nested");

        String outer = cache.getOrSet(
                "outer",
                String.class,
                HOUR,
                () -> "outer of " + cache.getOrSet("inner", String.class, HOUR, () -> "inner"));

        assertThat(outer).isEqualTo("outer of inner");
        assertThat(cache.get("inner", String.class)).hasValue("inner");
    }

    @Test
    void getOrSet_ttlOfZero_returnsTheValueAndKeepsNothing(TestNode node) {
        PgCache cache = node.manager().cache("transient");

        String value = cache.getOrSet("k", String.class, Duration.ZERO, () -> "once");

        assertThat(value).isEqualTo("once");
        assertThat(cache.get("k", String.class)).isEqualTo(Optional.empty());
    }

    /** Callers of one key whose load begins to end only when every other caller waits for it. */
    private static List<InBackground<String>> stampede(PgCache cache, Supplier<String> loader) {
        CountDownLatch release = new CountDownLatch(1);
        List<InBackground<String>> callers = Stream.generate(() ->
                        InBackground.call(() -> cache.getOrSet("k", String.class, HOUR, () -> {
                            await(release);
                            return loader.get();
                        })))
                .limit(CALLERS)
                .toList();
        // The one that loads waits too: for us.
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> callers.stream().allMatch(InBackground::waits));
        release.countDown();
        return callers;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
