package io.github.pgqueue.it.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.jcache.DefaultCaches;
import io.github.pgqueue.jcache.MethodCacheKey;
import io.github.pgqueue.jcache.annotation.AnnotatedCalls;
import io.github.pgqueue.jcache.annotation.CallerTransactions;
import io.github.pgqueue.jcache.annotation.ManagerCaches;
import io.github.pgqueue.jcache.annotation.PendingChanges;
import io.github.pgqueue.spi.Transactions.Completion;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheMethodDetails;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of the caching annotations without CDI: whoever intercepts the calls hands them over. */
@ExtendWith(DefaultCaches.class)
class PlainAnnotationsIT {

    private static final MethodCacheKey TEA = MethodCacheKey.of("tea");

    private final CacheManager manager = DefaultCaches.manager();
    private final Prices prices = new Prices();

    @CacheDefaults(cacheName = "plain")
    static final class Prices {

        private int runs;

        @CacheResult
        public String find(String item) {
            runs++;
            return item + runs;
        }

        @CachePut
        public void set(String item, @CacheValue String price) {}

        public String unannotated(String item) {
            return find(item);
        }
    }

    /** The compiler adds a bridge for {@code find(Object)}. */
    @CacheDefaults(cacheName = "plain")
    static final class TypedFinder implements Function<String, String> {

        @Override
        @CacheResult
        public String apply(String item) {
            return item + " found";
        }
    }

    /** A transaction that goes on until the test says how it ended. */
    private static final class OneTransaction implements CallerTransactions {

        private @Nullable PendingChanges changes;

        @Override
        public State state() {
            return State.ACTIVE;
        }

        @Override
        public PendingChanges changes(Supplier<PendingChanges> none) {
            PendingChanges known = changes;
            if (known == null) {
                known = none.get();
                changes = known;
            }
            return known;
        }

        void end(Completion completion) {
            if (changes != null) {
                changes.ended(completion);
            }
        }
    }

    @AfterEach
    void destroyCache() {
        manager.destroyCache("plain");
    }

    @Test
    void classPath_ofTheseTests_hasNoCdi() {
        assertThatThrownBy(() -> Class.forName("jakarta.enterprise.inject.spi.Extension"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void call_ofAnAnnotatedMethod_isCached() throws Exception {
        AnnotatedCalls calls =
                AnnotatedCalls.builder(new ManagerCaches(() -> manager)).build();

        Object first = find(calls, "find");
        Object second = find(calls, "find");

        assertThat(second).isEqualTo(first).isEqualTo(cache().get(TEA));
    }

    @Test
    void call_ofAnyOtherMethod_isJustMade() throws Exception {
        AnnotatedCalls calls =
                AnnotatedCalls.builder(new ManagerCaches(() -> manager)).build();

        assertThat(find(calls, "unannotated")).isNotEqualTo(find(calls, "unannotated"));
    }

    @Test
    void call_ofABridge_followsTheMethodBehindIt() throws Exception {
        List<CacheMethodDetails<?>> asked = new ArrayList<>();
        AnnotatedCalls calls = AnnotatedCalls.builder((name, method) -> {
                    asked.add(method);
                    return new ManagerCaches(() -> manager).cache(name, method);
                })
                .build();
        Method bridge = TypedFinder.class.getMethod("apply", Object.class);
        assertThat(bridge.isBridge()).isTrue();

        Object found = calls.call(new TypedFinder(), bridge, new Object[] {"tea"}, () -> "tea found");

        assertThat(cache().get(TEA)).isEqualTo(found);
        assertThat(asked)
                .extracting(CacheMethodDetails::getMethod)
                .containsOnly(TypedFinder.class.getMethod("apply", String.class));
    }

    @Test
    void commit_givesTheCacheWhatWasPut() throws Exception {
        OneTransaction transaction = new OneTransaction();
        set(callsIn(transaction), "new");
        assertThat(cache().get(TEA)).isNull();

        transaction.end(Completion.COMMITTED);

        assertThat(cache().get(TEA)).isEqualTo("new");
    }

    @Test
    void unknownOutcome_removesWhatWasToChange() throws Exception {
        cache().put(TEA, "old");
        cache().put("untouched", "kept");
        OneTransaction transaction = new OneTransaction();
        set(callsIn(transaction), "new");

        transaction.end(Completion.UNKNOWN);

        assertThat(cache().get(TEA)).isNull();
        assertThat(cache().get("untouched")).isEqualTo("kept");
    }

    private AnnotatedCalls callsIn(CallerTransactions transactions) {
        return AnnotatedCalls.builder(new ManagerCaches(() -> manager))
                .transactions(transactions)
                .build();
    }

    private @Nullable Object find(AnnotatedCalls calls, String name) throws Exception {
        Method method = Prices.class.getMethod(name, String.class);
        return calls.call(prices, method, new Object[] {"tea"}, () -> method.invoke(prices, "tea"));
    }

    private void set(AnnotatedCalls calls, String price) throws Exception {
        Method method = Prices.class.getMethod("set", String.class, String.class);
        Object unused =
                calls.call(prices, method, new Object[] {"tea", price}, () -> method.invoke(prices, "tea", price));
    }

    private Cache<Object, Object> cache() {
        Cache<Object, Object> found = manager.getCache("plain");
        return found == null ? manager.createCache("plain", new MutableConfiguration<>()) : found;
    }
}
