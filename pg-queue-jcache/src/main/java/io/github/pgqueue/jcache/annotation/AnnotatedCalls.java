package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CacheResolverFactory;
import org.jspecify.annotations.Nullable;

/**
 * Stands around the calls of methods with {@code @CacheResult}, {@code @CachePut}, {@code @CacheRemove} and
 * {@code @CacheRemoveAll}. Made by {@link #builder}, used by interceptors; thread-safe; there is nothing to close.
 *
 * <p>In a transaction of the caller, what calls change is kept until that has committed, and calls in the same
 * transaction see it; a rollback leaves the caches as they were. The method itself is called in whatever transaction it
 * asks for.
 *
 * <p>A cache that fails never fails a call: a read is a miss, a change is left out, and {@link #failures()} counts it.
 * What key generators throw goes to the caller.
 */
public final class AnnotatedCalls {

    private final Instances instances;
    private final CallerTransactions transactions;
    private final boolean singleFlight;
    private final CacheFailures failures = new CacheFailures();
    private final Flights flights = new Flights();
    private final Changes immediate = new Changes.Immediate(flights);
    private final CacheResolverFactory defaultFactory;
    private final CacheKeyGenerator defaultGenerator = new ParametersKeyGenerator();
    private final Map<Site, CachedMethod<?>> methods = new ConcurrentHashMap<>();

    private record Site(Method method, Class<?> targetClass) {}

    /** The method itself, and what else is inside of the interception. */
    @FunctionalInterface
    public interface Body {
        /** Calls it. */
        @Nullable
        Object proceed() throws Exception;
    }

    private AnnotatedCalls(Builder builder) {
        this.instances = builder.instances;
        this.transactions = builder.transactions;
        this.singleFlight = builder.singleFlight;
        this.defaultFactory = new NamedCaches(builder.caches);
    }

    /**
     * Starts to build.
     *
     * @param caches for the methods that name no resolver factory
     */
    public static Builder builder(CacheSource caches) {
        return new Builder(caches);
    }

    /** How often caches failed. */
    public CacheFailures failures() {
        return failures;
    }

    /**
     * Makes a call by the rule of its method, or just calls it if that has none.
     *
     * @param arguments as the caller gave them
     * @return what the method returned, now or earlier
     * @throws Exception what the method threw, now or earlier
     */
    public @Nullable Object call(Object target, Method method, @Nullable Object[] arguments, Body body)
            throws Exception {
        CachedMethod<?> cached = cached(new Site(method, target.getClass()));
        return cached == null
                ? body.proceed()
                : outcome(cached, cached.call(target, arguments), body).get();
    }

    private Outcome outcome(CachedMethod<?> method, Call<?> call, Body body) {
        return switch (method.attributes().operation()) {
            case RESULT ->
                new ResultCaching(
                                method,
                                this::changes,
                                method.cache(call),
                                method.exceptionCache(call),
                                method.key(call))
                        .get(body, flights, singleFlight);
            case PUT, REMOVE ->
                new ChangeCaching(method, this::changes, method.cache(call), method.key(call), call.value()).call(body);
            case REMOVE_ALL -> new ChangeCaching(method, this::changes, method.cache(call), null, null).call(body);
        };
    }

    private Changes changes() {
        return switch (transactions.state()) {
            case NONE -> immediate;
            case ACTIVE -> transactions.changes(() -> new PendingChanges(flights));
            case DOOMED -> new Changes.Dropped();
        };
    }

    /** Not computed inside of the map: making a bean may call annotated methods. */
    private @Nullable CachedMethod<?> cached(Site site) {
        CachedMethod<?> known = methods.get(site);
        if (known != null) {
            return known;
        }
        CacheRule<?> rule = CacheRule.find(site.method(), site.targetClass());
        if (rule == null) {
            return null;
        }
        CachedMethod<?> made = cached(rule);
        CachedMethod<?> first = methods.putIfAbsent(site, made);
        return first == null ? made : first;
    }

    private <A extends Annotation> CachedMethod<A> cached(CacheRule<A> rule) {
        Class<? extends CacheKeyGenerator> generator = rule.attributes().keyGenerator();
        Class<? extends CacheResolverFactory> factory = rule.attributes().resolverFactory();
        return new CachedMethod<>(
                rule,
                generator == CacheKeyGenerator.class ? defaultGenerator : generator.cast(instances.get(generator)),
                factory == CacheResolverFactory.class ? defaultFactory : factory.cast(instances.get(factory)),
                failures);
    }

    /** Collects what an {@link AnnotatedCalls} works with. Not thread-safe. */
    public static final class Builder {

        private final CacheSource caches;
        private Instances instances = Instances.BY_CONSTRUCTOR;
        private CallerTransactions transactions = CallerTransactions.NONE;
        private boolean singleFlight = true;

        private Builder(CacheSource caches) {
            this.caches = caches;
        }

        /** Where key generators and resolver factories come from; default {@link Instances#BY_CONSTRUCTOR}. */
        public Builder instances(Instances value) {
            this.instances = value;
            return this;
        }

        /** The transactions of callers; default none. */
        public Builder transactions(CallerTransactions value) {
            this.transactions = value;
            return this;
        }

        /** Whether callers that miss the same key at the same time share one call of the method; default true. */
        public Builder singleFlight(boolean value) {
            this.singleFlight = value;
            return this;
        }

        /** Makes it. */
        public AnnotatedCalls build() {
            return new AnnotatedCalls(this);
        }
    }
}
