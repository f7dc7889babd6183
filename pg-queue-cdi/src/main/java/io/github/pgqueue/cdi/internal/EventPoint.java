package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.cdi.PgChannel;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.lang.reflect.Type;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An injection point of {@code Event<payload>} with a channel's qualifier that exists in no class.
 *
 * <p>An event that is got through it has the exact type, so that generic payloads find their observers. Firing an
 * {@code Event<Object>} fails for them, and calling {@code ObserverMethod.notify} leaves {@code EventMetadata} empty.
 */
record EventPoint(String channel, Type payload, Annotated annotated) implements InjectionPoint {

    @SuppressWarnings("unchecked") // the type of the point says what the container makes
    static <T> Event<T> event(BeanManager beans, String channel, Type payload) {
        EventPoint point = new EventPoint(channel, payload, beans.createAnnotatedType(EventPoint.class));
        return (Event<T>) beans.getInjectableReference(point, beans.createCreationalContext(null));
    }

    @Override
    public Type getType() {
        return PayloadTypes.parameterized(Event.class, payload);
    }

    @Override
    public Set<Annotation> getQualifiers() {
        return Set.of(PgChannel.Literal.of(channel));
    }

    @Override
    public @Nullable Bean<?> getBean() {
        return null;
    }

    @Override
    public @Nullable Member getMember() {
        return null;
    }

    /** Not null: OpenWebBeans asks it. */
    @Override
    public Annotated getAnnotated() {
        return annotated;
    }

    @Override
    public boolean isDelegate() {
        return false;
    }

    @Override
    public boolean isTransient() {
        return false;
    }
}
