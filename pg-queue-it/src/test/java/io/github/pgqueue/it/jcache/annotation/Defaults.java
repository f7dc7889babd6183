package io.github.pgqueue.it.jcache.annotation;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheInvocationContext;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CacheKeyInvocationContext;
import javax.cache.annotation.CacheMethodDetails;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheResolver;
import javax.cache.annotation.CacheResolverFactory;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import javax.cache.annotation.GeneratedCacheKey;

/** Key generators and resolver factories of an application: named by methods and by classes, beans and not. */
final class Defaults {

    private Defaults() {}

    record Named(String name) implements GeneratedCacheKey {}

    /** A bean that the other beans need. */
    @ApplicationScoped
    static class Names {
        String of(Object value) {
            return String.valueOf(value).toUpperCase(Locale.ROOT);
        }
    }

    /** A bean: it has no constructor that others could call. */
    @ApplicationScoped
    static class UpperCaseKeys implements CacheKeyGenerator {

        private final Names names;

        @Inject
        UpperCaseKeys(Names names) {
            this.names = names;
        }

        /** For the proxy. */
        UpperCaseKeys() {
            throw new UnsupportedOperationException("for proxies only");
        }

        @Override
        public GeneratedCacheKey generateCacheKey(CacheKeyInvocationContext<? extends Annotation> call) {
            return new Named(names.of(call.getKeyParameters()[0].getValue()));
        }
    }

    /** No bean. */
    static final class LengthKeys implements CacheKeyGenerator, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public GeneratedCacheKey generateCacheKey(CacheKeyInvocationContext<? extends Annotation> call) {
            return new Named(String.valueOf(
                    String.valueOf(call.getKeyParameters()[0].getValue()).length()));
        }
    }

    /** A bean that is a factory of resolvers, and its own resolver. */
    @ApplicationScoped
    static class ByFirstLetter implements CacheResolverFactory, CacheResolver {

        private final List<String> asked = new CopyOnWriteArrayList<>();

        List<String> asked() {
            return List.copyOf(asked);
        }

        @Override
        public CacheResolver getCacheResolver(CacheMethodDetails<? extends Annotation> method) {
            asked.add(method.getCacheName());
            return this;
        }

        @Override
        public CacheResolver getExceptionCacheResolver(CacheMethodDetails<CacheResult> method) {
            asked.add("exceptions " + method.getCacheAnnotation().exceptionCacheName());
            return ByFirstLetter::failures;
        }

        private static <K, V> Cache<K, V> failures(CacheInvocationContext<? extends Annotation> call) {
            return cache("letter exceptions");
        }

        @Override
        public <K, V> Cache<K, V> resolveCache(CacheInvocationContext<? extends Annotation> call) {
            return cache("letter "
                    + String.valueOf(call.getAllParameters()[0].getValue()).charAt(0));
        }

        @SuppressWarnings("unchecked")
        private static <K, V> Cache<K, V> cache(String name) {
            return (Cache<K, V>) TestCaches.cache(name);
        }
    }

    /** Everything by its class. */
    @ApplicationScoped
    @CacheDefaults(
            cacheName = "unused, since the resolver does not ask",
            cacheKeyGenerator = UpperCaseKeys.class,
            cacheResolverFactory = ByFirstLetter.class)
    static class ByClass extends Counting {

        @CacheResult
        String find(String item) {
            return ran(item);
        }

        @CacheResult(exceptionCacheName = "asked for")
        String fail(String item) {
            throw new IllegalStateException(ran(item));
        }

        @CachePut
        void set(String item, @CacheValue String value) {
            ran(item);
        }

        @CacheResult(cacheKeyGenerator = LengthKeys.class)
        String findByLength(String item) {
            return ran(item);
        }
    }

    /** Means nothing to caches. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Marked {}

    /** Keeps what it is asked with. */
    @ApplicationScoped
    static class Curious implements CacheKeyGenerator {

        private final List<CacheKeyInvocationContext<? extends Annotation>> calls = new CopyOnWriteArrayList<>();

        List<CacheKeyInvocationContext<? extends Annotation>> calls() {
            return List.copyOf(calls);
        }

        @Override
        public GeneratedCacheKey generateCacheKey(CacheKeyInvocationContext<? extends Annotation> call) {
            calls.add(call);
            return new Named("one");
        }
    }

    @ApplicationScoped
    static class Watched extends Counting {

        @Marked
        @CachePut(cacheName = "watched", cacheKeyGenerator = Curious.class)
        void set(@CacheValue String value, int quantity) {
            ran(value);
        }
    }
}
