package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.jcache.annotation.CacheFailures.Verb;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CacheMethodDetails;
import javax.cache.annotation.CacheResolver;
import javax.cache.annotation.CacheResolverFactory;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/**
 * A method with its rule and with what makes its keys and finds its caches. Resolvers are made once, by the first call
 * for which that works.
 */
final class CachedMethod<A extends Annotation> {

    private final CacheRule<A> rule;
    private final CacheKeyGenerator generator;
    private final CacheResolverFactory factory;
    private final CacheFailures failures;
    private volatile @Nullable CacheResolver resolver;
    private volatile @Nullable CacheResolver exceptionResolver;

    CachedMethod(CacheRule<A> rule, CacheKeyGenerator generator, CacheResolverFactory factory, CacheFailures failures) {
        this.rule = rule;
        this.generator = generator;
        this.factory = factory;
        this.failures = failures;
    }

    Attributes attributes() {
        return rule.attributes();
    }

    Call<A> call(Object target, @Nullable Object[] arguments) {
        return new Call<>(rule, target, arguments);
    }

    GeneratedCacheKey key(Call<?> call) {
        return generator.generateCacheKey(call);
    }

    /** The cache of this call; null if it cannot be found now. */
    @Nullable
    SafeCache cache(Call<?> call) {
        return resolved(rule.getCacheName(), () -> resolver().resolveCache(call));
    }

    /** The cache of exceptions of this call; null if there is none, or if it cannot be found now. */
    @Nullable
    SafeCache exceptionCache(Call<?> call) {
        String name = rule.attributes().exceptionCacheName();
        return name.isEmpty() ? null : resolved(name, () -> exceptionResolver().resolveCache(call));
    }

    private @Nullable SafeCache resolved(String name, Supplier<Cache<Object, Object>> resolve) {
        try {
            Cache<Object, Object> cache = resolve.get();
            failures.worked(name, Verb.FIND);
            return new SafeCache(cache, failures);
        } catch (RuntimeException e) {
            failures.failed(name, Verb.FIND, e);
            return null;
        }
    }

    private CacheResolver resolver() {
        CacheResolver made = resolver;
        if (made == null) {
            made = factory.getCacheResolver(rule);
            resolver = made;
        }
        return made;
    }

    private CacheResolver exceptionResolver() {
        CacheResolver made = exceptionResolver;
        if (made == null) {
            @SuppressWarnings("unchecked") // only @CacheResult has a cache of exceptions
            CacheMethodDetails<CacheResult> method = (CacheMethodDetails<CacheResult>) rule;
            made = factory.getExceptionCacheResolver(method);
            exceptionResolver = made;
        }
        return made;
    }

    /** Whether the method can return that; another type than it has now may have been cached before. */
    boolean mayReturn(Object value) {
        Class<?> type = rule.method().getReturnType();
        return type.isPrimitive() ? isBoxed(type, value) : type.isInstance(value);
    }

    private static boolean isBoxed(Class<?> primitive, Object value) {
        return MethodType.methodType(primitive).wrap().returnType().isInstance(value);
    }

    /** Whether the method can throw that; another method may have cached it. */
    boolean mayThrow(Throwable thrown) {
        return thrown instanceof RuntimeException
                || thrown instanceof Error
                || Arrays.stream(rule.method().getExceptionTypes()).anyMatch(type -> type.isInstance(thrown));
    }
}
