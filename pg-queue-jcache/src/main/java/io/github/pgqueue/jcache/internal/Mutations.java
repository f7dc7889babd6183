package io.github.pgqueue.jcache.internal;

/**
 * What changes one entry, atomically among all nodes. Two implementations: {@link StatementMutations}, one statement
 * each, and {@link LockedMutations}, where user code has a say while the row is locked.
 *
 * @param <K> the keys
 * @param <V> the values
 */
interface Mutations<K, V> {

    /**
     * Puts a value.
     *
     * @param wantOld whether the old value, and whether there was one, must be known
     */
    Change put(K key, V value, boolean wantOld);

    Change putIfAbsent(K key, V value);

    /**
     * Puts a value if there is one.
     *
     * @param wantOld whether the old value must be known
     */
    Change replace(K key, V value, boolean wantOld);

    /** Puts a value if there is one that equals the other. */
    Change replace(K key, V expected, V value);

    Change remove(K key);

    /** Removes a value that equals the other. */
    Change remove(K key, V expected);
}
