package io.github.pgqueue.it.bench;

import java.util.Map;
import java.util.Set;
import javax.cache.Cache;

/** Where texts are read and written: a cache of JSR-107, or the table by hand. Safe for use by many threads. */
interface Entries {

    /** Reads an entry; how many there were. */
    int get(String key) throws Exception;

    void put(String key, String value) throws Exception;

    /** Reads some entries at once; how many there were. */
    int getAll(Set<String> keys) throws Exception;

    void putAll(Map<String, String> entries) throws Exception;

    /** Those of a cache. */
    static Entries of(Cache<String, String> cache) {
        return new Entries() {
            @Override
            public int get(String key) {
                return cache.get(key) == null ? 0 : 1;
            }

            @Override
            public void put(String key, String value) {
                cache.put(key, value);
            }

            @Override
            public int getAll(Set<String> keys) {
                return cache.getAll(keys).size();
            }

            @Override
            public void putAll(Map<String, String> entries) {
                cache.putAll(entries);
            }
        };
    }
}
