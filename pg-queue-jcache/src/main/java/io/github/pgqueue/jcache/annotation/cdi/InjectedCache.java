package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.PayloadType;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.lang.annotation.Annotation;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/**
 * A cache as it is injected.
 *
 * @param type with its keys and values, nothing left open
 * @param qualifier with its name; without one it is the cache named {@code default}
 */
record InjectedCache(ParameterizedType type, Annotation qualifier) {

    static boolean isConcrete(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).allMatch(InjectedCache::isConcrete);
        }
        if (type instanceof GenericArrayType array) {
            return isConcrete(array.getGenericComponentType());
        }
        return type instanceof Class<?>;
    }

    /** Whether this is a cache whose keys and values may be anything. */
    static boolean isOpen(Type type) {
        return type instanceof ParameterizedType generic
                && generic.getRawType() == Cache.class
                && Arrays.stream(generic.getActualTypeArguments()).allMatch(TypeVariable.class::isInstance);
    }

    String name() {
        return qualifier instanceof PgCacheName named ? named.value() : "default";
    }

    /** The cache of that manager, made with these types if there is none. */
    Cache<?, ?> of(CacheManager manager) {
        Class<?> keys = raw(type.getActualTypeArguments()[0]);
        Class<?> values = raw(type.getActualTypeArguments()[1]);
        Cache<?, ?> found = manager.getCache(name(), keys, values);
        return found != null ? found : create(manager, keys, values);
    }

    private <K, V> Cache<?, ?> create(CacheManager manager, Class<K> keys, Class<V> values) {
        PostgresConfiguration<K, V> configuration = new PostgresConfiguration<>();
        configuration.setTypes(keys, values);
        configuration.setGenericValueType(genericValues());
        try {
            return manager.createCache(name(), configuration);
        } catch (CacheException e) {
            // Another thread was faster.
            Cache<K, V> created = manager.getCache(name(), keys, values);
            if (created == null) {
                throw e;
            }
            return created;
        }
    }

    @SuppressWarnings("unchecked") // the type is that of the values
    private <V> @Nullable PayloadType<V> genericValues() {
        Type values = type.getActualTypeArguments()[1];
        return values instanceof Class<?> ? null : (PayloadType<V>) PayloadType.of(values);
    }

    private static Class<?> raw(Type type) {
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        if (type instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
        }
        return (Class<?>) type;
    }
}
