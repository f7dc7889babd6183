package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.cache.annotation.CacheInvocationParameter;
import org.jspecify.annotations.Nullable;

/** A parameter of an annotated method. */
record DeclaredParameter(Class<?> type, Set<Annotation> annotations, int position) {

    DeclaredParameter {
        annotations = Set.copyOf(annotations);
    }

    static List<DeclaredParameter> of(Method method) {
        Parameter[] parameters = method.getParameters();
        return IntStream.range(0, parameters.length)
                .mapToObj(
                        i -> new DeclaredParameter(parameters[i].getType(), Set.of(parameters[i].getAnnotations()), i))
                .toList();
    }

    boolean has(Class<? extends Annotation> type) {
        return annotations.stream().anyMatch(type::isInstance);
    }

    CacheInvocationParameter with(@Nullable Object[] arguments) {
        return new Given(this, arguments[position]);
    }

    /** The parameter with the value of one call. */
    private record Given(
            DeclaredParameter parameter, @Nullable Object value) implements CacheInvocationParameter {

        @Override
        public Class<?> getRawType() {
            return parameter.type;
        }

        @Override
        public @Nullable Object getValue() {
            return value;
        }

        @Override
        public Set<Annotation> getAnnotations() {
            return parameter.annotations;
        }

        @Override
        public int getParameterPosition() {
            return parameter.position;
        }
    }
}
