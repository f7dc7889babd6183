package io.github.pgqueue.internal.cache;

import io.github.pgqueue.internal.jdbc.Database;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who on this node hears what other doors do to entries of one table. Thread-safe. */
final class EventHearers {

    private final Database database;
    private final CacheTable table;
    private final Runnable hear;
    private final List<Hearer> hearers = new CopyOnWriteArrayList<>();

    private record Hearer(EventDoor door, long cache, Consumer<EntryChange> consumer) {}

    /**
     * There is none yet.
     *
     * @param hear has this node hear of changes, as soon as that is possible; may be called again
     */
    EventHearers(Database database, CacheTable table, Runnable hear) {
        this.database = database;
        this.table = table;
        this.hear = hear;
    }

    CacheStore.Hearing add(EventDoor door, Consumer<EntryChange> consumer) {
        Hearer hearer = new Hearer(door, KeyHash.of(door.cache()), consumer);
        hearers.add(hearer);
        hear.run();
        return () -> hearers.remove(hearer);
    }

    boolean isEmpty() {
        return hearers.isEmpty();
    }

    /** Two tables have caches of the same name, and so have the schemas of tenants that share their channels. */
    long table() {
        return KeyHash.of(table.fill(database.schema().value() + ".${table}"));
    }

    /** What a door has told, of whatever table. */
    void changed(EventNotice notice) {
        if (hearers.isEmpty() || notice.table() != table()) {
            return;
        }
        for (Hearer hearer : hearers) {
            if (hearer.cache() == notice.cache() && hearer.door().id() != notice.door()) {
                hearer.consumer().accept(notice.change());
            }
        }
    }
}
