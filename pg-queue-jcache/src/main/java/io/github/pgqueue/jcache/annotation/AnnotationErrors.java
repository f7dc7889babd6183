package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.ConfigurationException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text and number of everything that is wrong with annotations. Each names the place and the remedy. */
final class AnnotationErrors {

    private AnnotationErrors() {}

    static ConfigurationException several(AnnotatedElement element) {
        return new ConfigurationException(
                "PGQ8101",
                name(element)
                        + " has several of @CacheResult, @CachePut, @CacheRemove and @CacheRemoveAll: JSR-107 allows"
                        + " one; keep it, and call a method of another bean for the next");
    }

    static ConfigurationException valueMissing(Method method) {
        return new ConfigurationException(
                "PGQ8102", name(method) + " has @CachePut: mark exactly one parameter, the value, with @CacheValue");
    }

    static ConfigurationException valueUnused(Method method) {
        return new ConfigurationException(
                "PGQ8102", name(method) + " has @CacheValue, which only a method with @CachePut stores: remove it");
    }

    static ConfigurationException notInterceptable(Method method) {
        return new ConfigurationException(
                "PGQ8103",
                name(method) + " has a caching annotation but is private, static or final, so that no call of it can be"
                        + " intercepted: change that, or remove the annotation");
    }

    static ConfigurationException notMade(Class<?> type, @Nullable Throwable cause) {
        return new ConfigurationException(
                "PGQ8104",
                type.getName() + " is named by a caching annotation: make it a bean, or give it a public constructor"
                        + " without parameters",
                cause);
    }

    private static String name(AnnotatedElement element) {
        if (element instanceof Method method) {
            return Arrays.stream(method.getParameterTypes())
                    .map(Class::getSimpleName)
                    .collect(Collectors.joining(
                            ", ", method.getDeclaringClass().getName() + "." + method.getName() + "(", ")"));
        }
        return element instanceof Class<?> type ? type.getName() : element.toString();
    }
}
