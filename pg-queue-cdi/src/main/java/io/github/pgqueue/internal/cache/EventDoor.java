package io.github.pgqueue.internal.cache;

import java.util.UUID;

/**
 * Whoever changes a cache whose changes are told to listeners, and does not want to hear of its own ones.
 *
 * @param cache the name of the cache
 * @param id by which its own changes are known, among all nodes
 */
record EventDoor(String cache, long id) {

    static EventDoor to(String cache) {
        return new EventDoor(cache, UUID.randomUUID().getMostSignificantBits());
    }
}
