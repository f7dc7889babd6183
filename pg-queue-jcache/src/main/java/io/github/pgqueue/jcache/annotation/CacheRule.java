package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CacheMethodDetails;
import javax.cache.annotation.CacheValue;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the calls of one method of one bean class.
 *
 * <p>A method's own annotation comes first, else that of the class that declares it, as JSR-250 has it: an overriding
 * method inherits none, and those of interfaces mean nothing. The defaults are those of the bean's class, or of the
 * nearest class above it that has some.
 *
 * @param <A> the annotation
 * @param method the one that is declared, never a bridge of the compiler
 * @param keyParameters those that make the key
 * @param valueParameter the one that {@code @CachePut} stores
 */
record CacheRule<A extends Annotation>(
        Method method,
        A annotation,
        Attributes attributes,
        List<DeclaredParameter> parameters,
        List<DeclaredParameter> keyParameters,
        @Nullable DeclaredParameter valueParameter)
        implements CacheMethodDetails<A> {

    /** Null if the method has no rule. */
    static @Nullable CacheRule<?> find(Method called, Class<?> beanClass) {
        Method method = declared(called);
        Annotation annotation = annotation(method);
        if (annotation == null) {
            annotation = annotation(method.getDeclaringClass());
        }
        if (annotation == null) {
            return null;
        }
        Attributes attributes = Attributes.of(annotation);
        return attributes == null ? null : of(method, annotation, attributes.or(defaults(beanClass)));
    }

    private static <A extends Annotation> CacheRule<A> of(Method method, A annotation, Attributes attributes) {
        List<DeclaredParameter> parameters = DeclaredParameter.of(method);
        List<DeclaredParameter> values =
                parameters.stream().filter(p -> p.has(CacheValue.class)).toList();
        if (attributes.operation() == Attributes.Operation.PUT) {
            if (values.size() != 1) {
                throw AnnotationErrors.valueMissing(method);
            }
        } else if (!values.isEmpty()) {
            throw AnnotationErrors.valueUnused(method);
        }
        boolean marked = parameters.stream().anyMatch(p -> p.has(CacheKey.class));
        List<DeclaredParameter> keys = parameters.stream()
                .filter(p -> marked ? p.has(CacheKey.class) : !values.contains(p))
                .toList();
        return new CacheRule<>(
                method, annotation, attributes, parameters, keys, values.isEmpty() ? null : values.get(0));
    }

    /** The caching annotation that is on the element itself; null if there is none. */
    static @Nullable Annotation annotation(AnnotatedElement element) {
        List<Annotation> found = Arrays.stream(element.getDeclaredAnnotations())
                .filter(annotation -> Attributes.of(annotation) != null)
                .toList();
        if (found.size() > 1) {
            throw AnnotationErrors.several(element);
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private static @Nullable CacheDefaults defaults(Class<?> beanClass) {
        for (Class<?> type = beanClass; type != null; type = type.getSuperclass()) {
            CacheDefaults defaults = type.getDeclaredAnnotation(CacheDefaults.class);
            if (defaults != null) {
                return defaults;
            }
        }
        return null;
    }

    /** Behind a bridge, which generic and covariant overriding needs, the method that the source declares. */
    private static Method declared(Method called) {
        if (!called.isBridge()) {
            return called;
        }
        return Arrays.stream(called.getDeclaringClass().getDeclaredMethods())
                .filter(method -> !method.isBridge() && bridges(called, method))
                .findFirst()
                .orElse(called);
    }

    private static boolean bridges(Method bridge, Method method) {
        Class<?>[] from = bridge.getParameterTypes();
        Class<?>[] to = method.getParameterTypes();
        if (!bridge.getName().equals(method.getName())
                || from.length != to.length
                || !bridge.getReturnType().isAssignableFrom(method.getReturnType())) {
            return false;
        }
        for (int i = 0; i < from.length; i++) {
            if (!from[i].isAssignableFrom(to[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Method getMethod() {
        return method;
    }

    @Override
    public Set<Annotation> getAnnotations() {
        return Set.of(method.getAnnotations());
    }

    @Override
    public A getCacheAnnotation() {
        return annotation;
    }

    @Override
    public String getCacheName() {
        if (!attributes.cacheName().isEmpty()) {
            return attributes.cacheName();
        }
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getName)
                .collect(Collectors.joining(
                        ",", method.getDeclaringClass().getName() + "." + method.getName() + "(", ")"));
    }
}
