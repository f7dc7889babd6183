package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Sixteen threads on two nodes change a few entries: each value that was put comes back to exactly one of them as the
 * old value, or is still there. The obvious statements lose some.
 */
@PgQueueTest
class OldValuesIT {

    private static final int THREADS = 16;
    private static final int CALLS = 150;
    private static final int KEYS = 6;

    private static List<JCacheNode> nodes;

    @BeforeAll
    static void open(TestDatabase database) {
        nodes = List.of(JCacheNode.on(database), JCacheNode.on(database));
    }

    @AfterAll
    static void close() {
        nodes.forEach(JCacheNode::close);
    }

    /** What all threads have put, and what came back to them. */
    private record Ledger(Queue<String> put, Queue<String> back) {

        Ledger() {
            this(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        }

        void back(String old) {
            if (old != null) {
                back.add(old);
            }
        }

        void assertComplete(Cache<Integer, String> cache) {
            List<String> found = new ArrayList<>(back);
            StreamSupport.stream(cache.spliterator(), false)
                    .map(Cache.Entry::getValue)
                    .forEach(found::add);

            assertThat(found).containsExactlyInAnyOrderElementsOf(put);
        }
    }

    @Test
    void getAndPut_ofManyThreads_losesNoOldValue() {
        List<Cache<Integer, String>> caches = caches("getAndPut");
        Ledger ledger = new Ledger();

        inAllThreads(caches, (cache, call) -> {
            ledger.put().add(call.value());
            ledger.back(cache.getAndPut(call.key(), call.value()));
        });

        ledger.assertComplete(caches.get(0));
    }

    /** Entries come and go, so that most puts meet one that another thread creates or removes at that moment. */
    @Test
    void everyOperationWithAnOldValue_ofManyThreads_losesNone() {
        List<Cache<Integer, String>> caches = caches("all");
        Ledger ledger = new Ledger();

        inAllThreads(caches, (cache, call) -> {
            switch (call.number() % 5) {
                case 0, 1 -> {
                    ledger.put().add(call.value());
                    ledger.back(cache.getAndPut(call.key(), call.value()));
                }
                case 2 -> {
                    String old = cache.getAndReplace(call.key(), call.value());
                    if (old != null) {
                        ledger.put().add(call.value());
                        ledger.back(old);
                    }
                }
                case 3 -> {
                    if (cache.putIfAbsent(call.key(), call.value())) {
                        ledger.put().add(call.value());
                    }
                }
                default -> ledger.back(cache.getAndRemove(call.key()));
            }
        });

        ledger.assertComplete(caches.get(0));
    }

    /** Statements and code that runs while the row is locked mean the same entry, absent ones included. */
    @Test
    void invokeBesideStatements_ofManyThreads_losesNoOldValue() {
        List<Cache<Integer, String>> caches = caches("invoke");
        Ledger ledger = new Ledger();

        inAllThreads(caches, (cache, call) -> {
            if (call.number() % 3 == 0) {
                ledger.back(cache.getAndRemove(call.key()));
                return;
            }
            ledger.put().add(call.value());
            if (call.number() % 3 == 1) {
                ledger.back(cache.getAndPut(call.key(), call.value()));
            } else {
                ledger.back(cache.invoke(call.key(), (entry, arguments) -> {
                    String old = entry.getValue();
                    entry.setValue(call.value());
                    return old;
                }));
            }
        });

        ledger.assertComplete(caches.get(0));
    }

    @Test
    void invoke_ofManyThreads_countsEveryCall() {
        MutableConfiguration<Integer, Integer> configuration =
                new MutableConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class);
        List<Cache<Integer, Integer>> counters = nodes.stream()
                .map(node -> node.cache("counters", configuration))
                .toList();

        inAllThreads(
                counters,
                (cache, call) -> cache.invoke(call.key(), (entry, arguments) -> {
                    Integer count = entry.getValue();
                    entry.setValue(count == null ? 1 : count + 1);
                    return null;
                }));

        int sum = StreamSupport.stream(counters.get(0).spliterator(), false)
                .mapToInt(Cache.Entry::getValue)
                .sum();
        assertThat(sum).isEqualTo(THREADS * CALLS);
    }

    /** A compare-and-set that fails although nobody else was there would let its caller try for ever. */
    @Test
    void replaceEqual_ofManyThreads_countsEverySuccess() {
        List<Cache<Integer, String>> caches = caches("replace");
        caches.get(0).put(0, "0");

        inAllThreads(caches, (cache, call) -> {
            boolean replaced = call.number() >= CALLS / 10;
            while (!replaced) {
                String old = cache.get(0);
                replaced = cache.replace(0, old, String.valueOf(Integer.parseInt(old) + 1));
            }
        });

        assertThat(caches.get(1).get(0)).isEqualTo(String.valueOf(THREADS * (CALLS / 10)));
    }

    @Test
    void putAllAndRemoveAll_inOppositeDirections_neverDeadlock() {
        List<Cache<Integer, String>> caches = caches("bulk");
        List<Integer> keys = IntStream.range(0, 40).boxed().toList();

        inAllThreads(caches, (cache, call) -> {
            List<Integer> some = new ArrayList<>(keys);
            Collections.rotate(some, call.number());
            if (call.number() % 3 == 0) {
                cache.removeAll(Set.copyOf(some));
            } else if (call.number() % 10 == 1) {
                cache.clear();
            } else {
                Map<Integer, String> map = new LinkedHashMap<>();
                some.forEach(key -> map.put(key, call.value()));
                cache.putAll(map);
            }
        });

        caches.get(0).putAll(Map.of(1, "last"));
        assertThat(caches.get(1).get(1)).isEqualTo("last");
    }

    private static List<Cache<Integer, String>> caches(String name) {
        MutableConfiguration<Integer, String> configuration =
                new MutableConfiguration<Integer, String>().setTypes(Integer.class, String.class);
        return nodes.stream().map(node -> node.cache(name, configuration)).toList();
    }

    /** One call of a thread; its value is like no other. */
    private record Call(int thread, int number) {

        int key() {
            return (thread * 31 + number * 7) % KEYS;
        }

        String value() {
            return thread + " " + number;
        }
    }

    /** Half of the threads on each node, all beginning at once. */
    private static <V> void inAllThreads(
            List<Cache<Integer, V>> caches, BiConsumer<Cache<Integer, V>, Call> operation) {
        CountDownLatch all = new CountDownLatch(THREADS);
        List<InBackground<Boolean>> threads = IntStream.range(0, THREADS)
                .mapToObj(thread -> InBackground.run(() -> {
                    all.countDown();
                    awaitAll(all);
                    for (int number = 0; number < CALLS; number++) {
                        operation.accept(caches.get(thread % caches.size()), new Call(thread, number));
                    }
                }))
                .toList();

        assertThat(threads).allSatisfy(thread -> assertThat(thread.result()).isTrue());
    }

    private static void awaitAll(CountDownLatch all) {
        try {
            all.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
