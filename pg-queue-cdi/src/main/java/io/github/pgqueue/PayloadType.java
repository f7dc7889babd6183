package io.github.pgqueue;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * The type of a payload, generic types included: {@code PayloadType.of(Order.class)}, or an anonymous subclass as in
 * {@code new PayloadType<List<Order>>() {}}.
 *
 * <p>Immutable; equal if the types are equal.
 *
 * @param <T> the type that is carried
 */
public abstract class PayloadType<T> {

    private final Type type;

    /** Takes the type from the type argument of the anonymous subclass. */
    protected PayloadType() {
        if (getClass().getGenericSuperclass() instanceof ParameterizedType parent
                && parent.getRawType() == PayloadType.class) {
            this.type = parent.getActualTypeArguments()[0];
        } else {
            throw new IllegalStateException("write new PayloadType<List<Order>>() {}, with its type argument");
        }
    }

    private PayloadType(Type type) {
        this.type = type;
    }

    /** The type of a class without type parameters. */
    public static <T> PayloadType<T> of(Class<T> type) {
        return new Given<>(type);
    }

    /** A type known only at run time, such as the type of a method's parameter. */
    public static PayloadType<?> of(Type type) {
        return new Given<>(type);
    }

    /** The type as reflection knows it. */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof PayloadType<?> that && type.equals(that.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }

    private static final class Given<T> extends PayloadType<T> {
        Given(Type type) {
            super(type);
        }
    }
}
