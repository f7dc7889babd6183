package io.github.pgqueue.jcache;

import javax.cache.management.CacheStatisticsMXBean;

/**
 * The statistics of a cache on this node, as far as they are enabled, and two numbers more than JSR-107 has. Registered
 * with the platform's MBean server, and what a cache can be unwrapped to.
 */
public interface PostgresCacheStatisticsMXBean extends CacheStatisticsMXBean {

    /** How many stored values could not be read: each was a miss. Counted whether statistics are enabled or not. */
    long getCacheUnreadable();

    /**
     * How many operations the database failed: each was an exception, or a miss if it was a read of a cache that is
     * fail-open. Counted whether statistics are enabled or not, and so are evictions, those of this node.
     */
    long getCacheFailures();
}
