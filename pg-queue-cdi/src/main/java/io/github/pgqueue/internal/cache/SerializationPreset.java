package io.github.pgqueue.internal.cache;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Classes that well-known users of a cache put into it. Seen on the wire, see the README. */
public enum SerializationPreset {

    /** Hibernate's second-level cache; the application's enums and, with simple keys, its id classes come beside. */
    HIBERNATE("hibernate", """
            java.io.Serializable
            java.lang.Object
            java.sql.Date
            java.sql.Time
            java.sql.Timestamp
            java.util.ArrayList
            java.util.Arrays$ArrayList
            java.util.Date
            java.util.HashMap
            java.util.Map$Entry
            org.hibernate.cache.internal.BasicCacheKeyImplementation
            org.hibernate.cache.internal.CacheKeyImplementation
            org.hibernate.cache.internal.NaturalIdCacheKey
            org.hibernate.cache.internal.QueryResultsCacheImpl$CacheItem
            org.hibernate.cache.spi.QueryKey
            org.hibernate.cache.spi.entry.CollectionCacheEntry
            org.hibernate.cache.spi.entry.StandardCacheEntryImpl
            org.hibernate.cache.spi.support.AbstractReadWriteAccess$Item
            org.hibernate.cache.spi.support.AbstractReadWriteAccess$SoftLockImpl
            org.hibernate.internal.util.compare.ComparableComparator
            org.hibernate.query.internal.QueryParameterBindingsImpl$ParameterBindingsMementoImpl
            org.hibernate.sql.results.jdbc.internal.CachedJdbcValuesMetadata
            org.hibernate.type.**
            """),

    /** HTTP sessions of Open Liberty, which serializes their attributes itself. */
    LIBERTY_SESSION("liberty-session", """
            java.lang.Object
            java.util.ArrayList
            java.util.TreeSet
            """),

    /** Authenticated users of Open Liberty. */
    LIBERTY_AUTH("liberty-auth", """
            io.openliberty.jcache.CacheObject
            """),

    /** What exceptions are made of, for a cache of them; the application's own come beside. */
    EXCEPTIONS("exceptions", """
            java.io.FileNotFoundException
            java.io.IOException
            java.io.UncheckedIOException
            java.lang.Error
            java.lang.Exception
            java.lang.IllegalArgumentException
            java.lang.IllegalStateException
            java.lang.NumberFormatException
            java.lang.RuntimeException
            java.lang.StackTraceElement
            java.lang.Throwable
            java.lang.UnsupportedOperationException
            java.util.ArrayList
            java.util.Collections$EmptyList
            java.util.Collections$UnmodifiableCollection
            java.util.Collections$UnmodifiableList
            java.util.Collections$UnmodifiableRandomAccessList
            java.util.NoSuchElementException
            """);

    private final String key;
    private final String classes;

    SerializationPreset(String key, String classes) {
        this.key = key;
        this.classes = classes;
    }

    List<String> classes() {
        return classes.lines().toList();
    }

    /** The preset of a name in the configuration, if it is one. */
    static Optional<SerializationPreset> of(String key) {
        return Arrays.stream(values()).filter(preset -> preset.key.equals(key)).findFirst();
    }
}
