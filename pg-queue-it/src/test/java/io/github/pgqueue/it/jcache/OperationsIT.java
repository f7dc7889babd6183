package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.jcache.Traced.View;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each operation does beside its result, on an absent and on a present entry: the tables of JSR-107, of which its
 * TCK asks for little. One cell is our choice where implementations differ: when an entry processor removes an absent
 * entry, nothing was removed, as the example in the API's own documentation says.
 */
@PgQueueTest
class OperationsIT {

    private static final AtomicInteger CACHES = new AtomicInteger();
    private static final String KEY = "k";
    private static final String VALUE = "v";

    private static JCacheNode node;

    @BeforeAll
    static void open(TestDatabase database) {
        node = JCacheNode.on(database);
    }

    @AfterAll
    static void close() {
        node.close();
    }

    /** An operation, and what is noted of it in the letters of {@link Traced}. */
    private record Row(
            String operation,
            boolean readThrough,
            Consumer<Cache<String, String>> call,
            String absent,
            String present) {

        static Row of(String operation, Consumer<Cache<String, String>> call, String absent, String present) {
            return new Row(operation, false, call, absent, present);
        }

        Row readingThrough(String whenAbsent) {
            return new Row(operation + ", read-through", true, call, whenAbsent, present);
        }

        @Override
        public String toString() {
            return operation;
        }
    }

    private static Stream<Row> rows() {
        Row get = Row.of("get", cache -> cache.get(KEY), "m", "h a");
        Row getAll = Row.of("getAll", cache -> cache.getAll(Set.of(KEY)), "m", "h a");
        Row invokeGet = invoke("getValue", (entry, arguments) -> entry.getValue(), "m", "h a");
        Row invokeGetAndSet = invoke(
                "getValue, setValue",
                (entry, arguments) -> {
                    entry.getValue();
                    entry.setValue("new");
                    return null;
                },
                "m p c C w",
                "h p u U w");
        return Stream.of(
                get,
                get.readingThrough("m c C L"),
                getAll,
                getAll.readingThrough("m c C L"),
                Row.of("containsKey", cache -> cache.containsKey(KEY), "", ""),
                Row.of("iterator", cache -> cache.forEach(entry -> {}), "", "h a"),
                Row.of("iterator, remove", OperationsIT::removeByIterator, "", "h r a R d"),
                Row.of("put", cache -> cache.put(KEY, "new"), "p c C w", "p u U w"),
                Row.of("putAll", cache -> cache.putAll(Map.of(KEY, "new")), "p c C w", "p u U w"),
                Row.of("getAndPut", cache -> cache.getAndPut(KEY, "new"), "m p c C w", "h p u U w"),
                Row.of("putIfAbsent", cache -> cache.putIfAbsent(KEY, "new"), "m p c C w", "h"),
                Row.of("replace", cache -> cache.replace(KEY, "new"), "m", "h p u U w"),
                Row.of("replace equal", cache -> cache.replace(KEY, VALUE, "new"), "m", "h p u U w"),
                Row.of("replace unequal", cache -> cache.replace(KEY, "other", "new"), "m", "h a"),
                Row.of("getAndReplace", cache -> cache.getAndReplace(KEY, "new"), "m", "h p u U w"),
                Row.of("remove", cache -> cache.remove(KEY), "d", "r R d"),
                Row.of("remove equal", cache -> cache.remove(KEY, VALUE), "m", "h r R d"),
                Row.of("remove unequal", cache -> cache.remove(KEY, "other"), "m", "h a"),
                Row.of("getAndRemove", cache -> cache.getAndRemove(KEY), "m d", "h r R d"),
                Row.of("removeAll of keys", cache -> cache.removeAll(Set.of(KEY)), "d", "r R d"),
                Row.of("removeAll", Cache::removeAll, "", "r R d"),
                Row.of("clear", Cache::clear, "", ""),
                Row.of("loadAll, replacing", cache -> loadAll(cache, Set.of(KEY), true), "c C L", "u U L"),
                Row.of("loadAll of nothing, replacing", cache -> loadAll(cache, Set.of(), true), "", ""),
                Row.of("loadAll", cache -> loadAll(cache, Set.of(KEY), false), "c C L", ""),
                invoke("nothing", (entry, arguments) -> null, "m", "h"),
                invoke("exists", (entry, arguments) -> entry.exists(), "m", "h"),
                invokeGet,
                invokeGet.readingThrough("m c C L"),
                invoke(
                        "setValue",
                        (entry, arguments) -> {
                            entry.setValue("new");
                            return null;
                        },
                        "m p c C w",
                        "h p u U w"),
                invokeGetAndSet,
                invokeGetAndSet.readingThrough("m p c C w L"),
                invoke(
                        "remove",
                        (entry, arguments) -> {
                            entry.remove();
                            return null;
                        },
                        "m d",
                        "h r R d"),
                invoke(
                        "setValue, remove",
                        (entry, arguments) -> {
                            entry.setValue("new");
                            entry.remove();
                            return null;
                        },
                        "m",
                        "h r R d"),
                Row.of("invoke: throws", OperationsIT::invokeThrowing, "m", "h"));
    }

    private static Row invoke(
            String what, EntryProcessor<String, String, Object> processor, String absent, String present) {
        return Row.of("invoke: " + what, cache -> cache.invoke(KEY, processor), absent, present);
    }

    private static void invokeThrowing(Cache<String, String> cache) {
        try {
            cache.invoke(KEY, (entry, arguments) -> {
                entry.setValue("new");
                throw new IllegalArgumentException("on purpose");
            });
        } catch (EntryProcessorException e) {
            assertThat(e).hasCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void removeByIterator(Cache<String, String> cache) {
        Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
        while (iterator.hasNext()) {
            iterator.next();
            iterator.remove();
        }
    }

    private static void loadAll(Cache<String, String> cache, Set<String> keys, boolean replace) {
        CompletionListenerFuture done = new CompletionListenerFuture();
        cache.loadAll(keys, replace, done);
        try {
            done.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Arguments> cells() {
        return rows().flatMap(row -> Arrays.stream(View.values()).map(view -> Arguments.of(row, view)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void operation_onAnAbsentEntry_isNotedAsTheTableSays(Row row, View view) {
        Traced traced = traced(row, view);
        traced.forget();

        row.call().accept(traced.cache());

        assertThat(traced.trace()).isEqualTo(view.seen(row.absent()));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void operation_onAPresentEntry_isNotedAsTheTableSays(Row row, View view) {
        Traced traced = traced(row, view);
        traced.cache().put(KEY, VALUE);
        traced.forget();

        row.call().accept(traced.cache());

        assertThat(traced.trace()).isEqualTo(view.seen(row.present()));
    }

    /** The entry that has expired is heard of once, by whoever meets it, and counts as absent. */
    @ParameterizedTest
    @MethodSource("cells")
    void operation_onAnExpiredEntry_isThatOnAnAbsentOne(Row row, View view, TestDatabase database) {
        Traced traced = traced(row, view);
        traced.cache().put(KEY, VALUE);
        database.execute("UPDATE pg_queue_cache SET expires_at = clock_timestamp() WHERE cache = '"
                + traced.cache().getName() + "'");
        traced.forget();

        row.call().accept(traced.cache());

        assertThat(traced.trace().replaceFirst("E", "")).isEqualTo(view.seen(row.absent()));
    }

    private static Traced traced(Row row, View view) {
        return new Traced(node, "operations " + CACHES.incrementAndGet(), view, row.readThrough());
    }
}
