package io.github.pgqueue.internal.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes are told of single entries of a cache, null for nothing.
 *
 * @param near whether there may be copies
 * @param door the one that changes entries, if others hear of events
 * @param table the hash of the schema and table
 */
record EntryNotices(String cache, boolean near, @Nullable EventDoor door, long table) {

    /** An entry has a new lifetime, which only copies must know. */
    @Nullable
    String touched(byte[] key) {
        return near ? ChangeNotice.of(cache, List.of(key)).text() : null;
    }

    @Nullable
    String changed(byte[] key, EntryState before, EntryState after) {
        if (door == null) {
            return touched(key);
        }
        EntryChange change = new EntryChange(key, before, after);
        String event = new EventNotice(door.id(), table, KeyHash.of(cache), change)
                .text()
                .orElse(null);
        return event == null ? touched(key) : event;
    }
}
