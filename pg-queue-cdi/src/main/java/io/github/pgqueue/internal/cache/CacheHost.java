package io.github.pgqueue.internal.cache;

import io.github.pgqueue.spi.PayloadCodec;
import java.util.concurrent.ThreadFactory;

/** What the JCache provider needs of a manager beside its API. Every manager of this library can be unwrapped to one. */
public interface CacheHost {

    /** The entries of all caches in one of the tables; shared with the caches that the manager hands out itself. */
    CacheStore cacheStore(CacheTable table);

    /** How the manager writes payloads as JSON. */
    PayloadCodec payloadCodec();

    /** Makes the threads of the manager. */
    ThreadFactory threads();
}
