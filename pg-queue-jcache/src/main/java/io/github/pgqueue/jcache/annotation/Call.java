package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import javax.cache.annotation.CacheInvocationParameter;
import javax.cache.annotation.CacheKeyInvocationContext;
import org.jspecify.annotations.Nullable;

/**
 * One call of an annotated method, as key generators and resolvers see it. The arguments are those that the caller gave.
 *
 * @param <A> the annotation
 */
final class Call<A extends Annotation> implements CacheKeyInvocationContext<A> {

    private final CacheRule<A> rule;
    private final Object target;
    private final @Nullable Object[] arguments;

    Call(CacheRule<A> rule, Object target, @Nullable Object[] arguments) {
        this.rule = rule;
        this.target = target;
        this.arguments = arguments.clone();
    }

    /** What {@code @CachePut} stores. */
    @Nullable
    Object value() {
        DeclaredParameter value = rule.valueParameter();
        return value == null ? null : arguments[value.position()];
    }

    @Override
    public Object getTarget() {
        return target;
    }

    @Override
    public CacheInvocationParameter[] getAllParameters() {
        return given(rule.parameters());
    }

    @Override
    public CacheInvocationParameter[] getKeyParameters() {
        return given(rule.keyParameters());
    }

    private CacheInvocationParameter[] given(List<DeclaredParameter> parameters) {
        return parameters.stream().map(parameter -> parameter.with(arguments)).toArray(CacheInvocationParameter[]::new);
    }

    @Override
    public @Nullable CacheInvocationParameter getValueParameter() {
        DeclaredParameter value = rule.valueParameter();
        return value == null ? null : value.with(arguments);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new IllegalArgumentException("this is no " + type.getName());
    }

    @Override
    public Method getMethod() {
        return rule.getMethod();
    }

    @Override
    public Set<Annotation> getAnnotations() {
        return rule.getAnnotations();
    }

    @Override
    public A getCacheAnnotation() {
        return rule.getCacheAnnotation();
    }

    @Override
    public String getCacheName() {
        return rule.getCacheName();
    }
}
