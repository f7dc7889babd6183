package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.ConfigurationException;
import java.util.List;

/** Text and number of what is wrong with the injection of caches. */
final class CdiErrors {

    private CdiErrors() {}

    static ConfigurationException severalTypes(String cache, List<String> types) {
        return new ConfigurationException(
                "PGQ8105",
                "cache '" + cache + "' is injected with several types, " + String.join(" and ", types)
                        + ": give one of them another name by @PgCacheName");
    }
}
