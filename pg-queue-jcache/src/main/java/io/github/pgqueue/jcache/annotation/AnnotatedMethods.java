package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.ConfigurationException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;

/** Tells, before any call, which methods are to be intercepted and what is wrong with their annotations. */
public final class AnnotatedMethods {

    private static final int UNREACHABLE = Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL;

    private AnnotatedMethods() {}

    /** Whether calls of the method go through {@link AnnotatedCalls}. */
    public static boolean areIntercepted(Method method) {
        return isReachable(method) && (isAnnotated(method) || isAnnotated(method.getDeclaringClass()));
    }

    /** Why the method's annotation cannot be obeyed; empty if it can, or if there is none. */
    public static Optional<ConfigurationException> problem(Method method, Class<?> beanClass) {
        if (!isReachable(method)) {
            return isAnnotated(method) && !method.isSynthetic()
                    ? Optional.of(AnnotationErrors.notInterceptable(method))
                    : Optional.empty();
        }
        try {
            CacheRule<?> unused = CacheRule.find(method, beanClass);
            return Optional.empty();
        } catch (ConfigurationException e) {
            return Optional.of(e);
        }
    }

    private static boolean isReachable(Method method) {
        return (method.getModifiers() & UNREACHABLE) == 0 && !method.isSynthetic();
    }

    private static boolean isAnnotated(AnnotatedElement element) {
        return Arrays.stream(element.getDeclaredAnnotations())
                .anyMatch(annotation -> Attributes.of(annotation) != null);
    }
}
