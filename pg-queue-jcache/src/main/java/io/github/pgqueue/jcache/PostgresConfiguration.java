package io.github.pgqueue.jcache;

import io.github.pgqueue.PayloadType;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a cache with what this provider has beyond JSR-107. Made by the application; not thread-safe.
 * Properties of the manager say the same of caches that others create: see {@link PostgresCachingProvider}.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public class PostgresConfiguration<K, V> extends MutableConfiguration<K, V> {

    private static final long serialVersionUID = 1L;

    private boolean durable;
    private boolean near;
    private LinkedHashSet<String> serializable = new LinkedHashSet<>();
    private transient @Nullable PayloadType<V> genericValueType;

    /** The settings of the manager for a cache of this name, and the defaults. */
    public PostgresConfiguration() {}

    /** Whether its entries survive a crash of the database: writes then cost what those to other tables do. */
    public boolean isDurable() {
        return durable;
    }

    public PostgresConfiguration<K, V> setDurable(boolean value) {
        this.durable = value;
        return this;
    }

    /**
     * Whether nodes hold copies of its entries, which needs Caffeine. Every node that writes the cache must say the same:
     * one that does not tells nobody what it changes.
     */
    public boolean isNear() {
        return near;
    }

    public PostgresConfiguration<K, V> setNear(boolean value) {
        this.near = value;
        return this;
    }

    /** The classes that Java serialization may be used for; none by default. */
    public Set<String> getSerializable() {
        return Set.copyOf(serializable);
    }

    /**
     * Allows Java serialization for these classes.
     *
     * @param classes names and patterns as {@code com.acme.Price}, {@code com.acme.*} or {@code com.acme.**}, and the
     *     presets {@code hibernate}, {@code liberty-session}, {@code liberty-auth} and {@code exceptions}
     */
    public PostgresConfiguration<K, V> setSerializable(Set<String> classes) {
        this.serializable = new LinkedHashSet<>(classes);
        return this;
    }

    /** The generic type of values that are read from JSON, if one was set. */
    public @Nullable PayloadType<V> getGenericValueType() {
        return genericValueType;
    }

    /** Sets the generic type of values that are read from JSON, such as a list of prices. */
    public PostgresConfiguration<K, V> setGenericValueType(@Nullable PayloadType<V> type) {
        this.genericValueType = type;
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof PostgresConfiguration<?, ?> that
                && durable == that.durable
                && near == that.near
                && serializable.equals(that.serializable);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + serializable.hashCode();
    }
}
