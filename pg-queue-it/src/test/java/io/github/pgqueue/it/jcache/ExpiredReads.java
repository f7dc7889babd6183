package io.github.pgqueue.it.jcache;

import io.github.pgqueue.it.support.InBackground;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries that expire all the time, whose value is the moment at which they do; readers look at the clock before each
 * read and count what they get although its moment has passed. The clock is that of the database if it is on the same
 * machine.
 */
final class ExpiredReads {

    private static final int KEYS = 20;
    private static final int READERS = 2;

    /** Stores an entry. */
    @FunctionalInterface
    interface Store {
        void put(String key, long expiresAtMicros, Instant expiresAt);
    }

    private final Store store;
    private final Function<String, @Nullable Long> read;
    private final LongAdder reads = new LongAdder();
    private final LongAdder found = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private volatile boolean ended;

    ExpiredReads(Store store, Function<String, @Nullable Long> read) {
        this.store = store;
        this.read = read;
    }

    /** Begins to write and read. */
    List<InBackground<Boolean>> begin() {
        Stream<InBackground<Boolean>> readers =
                Stream.generate(() -> InBackground.run(this::readAll)).limit(READERS);
        return Stream.concat(readers, Stream.of(InBackground.run(this::writeAll)))
                .toList();
    }

    void end() {
        ended = true;
    }

    long reads() {
        return reads.sum();
    }

    /** How many reads had a value. */
    long found() {
        return found.sum();
    }

    /** How many had one that had expired before they began. */
    long expired() {
        return expired.sum();
    }

    private void writeAll() {
        while (!ended) {
            Duration life = Duration.ofMillis(ThreadLocalRandom.current().nextInt(5, 500));
            Instant expiresAt = Instant.now().plus(life).truncatedTo(ChronoUnit.MICROS);
            store.put(key(), micros(expiresAt), expiresAt);
        }
    }

    private void readAll() {
        while (!ended) {
            String key = key();
            long begun = micros(Instant.now());
            Long expiresAt = read.apply(key);
            reads.increment();
            if (expiresAt != null) {
                found.increment();
                if (expiresAt <= begun) {
                    expired.increment();
                }
            }
        }
    }

    private static String key() {
        return "k" + ThreadLocalRandom.current().nextInt(KEYS);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
