package io.github.pgqueue.it.soak;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** How often each event has happened, in this process and in others. Thread-safe. */
final class Tally {

    private static final String PREFIX = "happened ";

    private final Map<Event, LongAdder> counts = new ConcurrentHashMap<>();
    private final Consumer<String> voice;

    Tally() {
        this(line -> {});
    }

    /** One that also says each event, for {@link #read} in another process. */
    Tally(Consumer<String> voice) {
        this.voice = voice;
    }

    void count(Event event) {
        count(event, 1);
        voice.accept(PREFIX + event);
    }

    private void count(Event event, long times) {
        counts.computeIfAbsent(event, key -> new LongAdder()).add(times);
    }

    /** Counts what another process has said; once for each process. */
    void read(List<String> lines) {
        lines.stream()
                .filter(line -> line.startsWith(PREFIX))
                .map(line -> Event.valueOf(line.substring(PREFIX.length())))
                .forEach(event -> count(event, 1));
    }

    long of(Event event) {
        LongAdder count = counts.get(event);
        return count == null ? 0 : count.sum();
    }

    Map<Event, Long> counts() {
        Map<Event, Long> result = new TreeMap<>();
        counts.forEach((event, count) -> result.put(event, count.sum()));
        return result;
    }

    List<Event> missing() {
        return Arrays.stream(Event.values())
                .filter(event -> !counts.containsKey(event))
                .toList();
    }
}
