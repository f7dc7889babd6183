package io.github.pgqueue.jcache;

import io.github.pgqueue.PayloadType;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a cache with what this provider has beyond JSR-107. Made by the application; not thread-safe.
 * Configuration says the same of caches that others create, and wins: see {@link PostgresCachingProvider}.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public class PostgresConfiguration<K, V> extends MutableConfiguration<K, V> {

    private static final long serialVersionUID = 1L;

    private boolean durable;
    private boolean failOpen;
    private boolean remoteEvents;
    private boolean near;
    private @Nullable Long maxEntries;
    private @Nullable Long maxBytes;
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

    /** Whether a read that the database fails is a miss instead of an exception. */
    public boolean isFailOpen() {
        return failOpen;
    }

    public PostgresConfiguration<K, V> setFailOpen(boolean value) {
        this.failOpen = value;
        return this;
    }

    /**
     * Whether listeners also hear what is changed by other nodes, and by {@code PgCache}. Every node that writes the cache
     * must say the same: one that does not tells nobody what it changes.
     *
     * <p>Such an event comes after the commit of the change, on a thread of the cache, to synchronous listeners too. Those
     * of other nodes come in the order of their commits; there is no order among them and what this node changes itself.
     * Old values that do not fit beside key and new value into the 8,000 bytes of a notification are not there
     * ({@code isOldValueAvailable}), and neither is the value of what was removed or expired; a new value that does not
     * fit is read when the event arrives, so it may be newer, and the event is left out if the entry has gone. Changes of
     * a key of more than 4,000 bytes are not told, and what happens while no connection listens is lost.
     */
    public boolean isRemoteEvents() {
        return remoteEvents;
    }

    public PostgresConfiguration<K, V> setRemoteEvents(boolean value) {
        this.remoteEvents = value;
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

    /** How many entries it holds, roughly; null for any number. */
    public @Nullable Long getMaxEntries() {
        return maxEntries;
    }

    public PostgresConfiguration<K, V> setMaxEntries(@Nullable Long value) {
        this.maxEntries = value;
        return this;
    }

    /** How many bytes of keys and values it holds, roughly; null for any number. */
    public @Nullable Long getMaxBytes() {
        return maxBytes;
    }

    public PostgresConfiguration<K, V> setMaxBytes(@Nullable Long value) {
        this.maxBytes = value;
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
                && failOpen == that.failOpen
                && remoteEvents == that.remoteEvents
                && near == that.near
                && Objects.equals(maxEntries, that.maxEntries)
                && Objects.equals(maxBytes, that.maxBytes)
                && serializable.equals(that.serializable);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + serializable.hashCode();
    }
}
