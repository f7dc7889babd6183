package io.github.pgqueue.it.support;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.PgQueueListener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Records what a manager tells its listener, so that tests can wait for it instead of sleeping. */
public final class Probe implements PgQueueListener {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private volatile Consumer<String> held = event -> {};

    /** Everything so far, such as {@code completed q1#7}, {@code asleep q1} or {@code listening}. */
    public List<String> events() {
        return events;
    }

    /** How often something has happened. */
    public long count(String event) {
        return events.stream().filter(event::equals).count();
    }

    /** How many events of a kind there were, whatever they happened to. */
    public long countOf(String verb) {
        return events.stream().filter(event -> event.startsWith(verb)).count();
    }

    /** Why the last failed attempt of a queue failed; empty if none did. */
    public String failure(String queue) {
        return failures.getOrDefault(queue, "");
    }

    /** Waits until an event that begins so has happened. */
    public void await(String beginning) {
        await(beginning, 1);
    }

    /** Waits until events that begin so have happened so often. */
    public void await(String beginning, int times) {
        Awaitility.await(times + " x " + beginning)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> countOf(beginning) >= times);
    }

    /** From now on, the thread of the library that tells an event that begins so stops at a gate. */
    public void holdAt(String beginning, Gate gate) {
        held = event -> {
            if (event.startsWith(beginning)) {
                gate.passStubbornly();
            }
        };
    }

    private void add(String verb, Object what) {
        String event = verb + ' ' + what;
        events.add(event);
        held.accept(event);
    }

    private static String of(Job<?> job) {
        return job.queue() + "#" + job.id();
    }

    @Override
    public void pushed(QueueName queue, int jobs) {
        add("pushed", queue + " " + jobs);
    }

    @Override
    public void popped(QueueName queue, Collection<? extends Job<?>> jobs) {
        jobs.forEach(job -> add("popped", of(job)));
    }

    @Override
    public void completed(Job<?> job) {
        add("completed", of(job));
    }

    @Override
    public void retried(Job<?> job) {
        add("retried", of(job));
    }

    @Override
    public void failed(Job<?> job, Throwable cause) {
        failures.put(job.queue().value(), String.valueOf(cause.getMessage()));
        add("failed", of(job));
    }

    @Override
    public void dead(Job<?> job, Throwable cause) {
        add("dead", of(job));
    }

    @Override
    public void released(Job<?> job) {
        add("released", of(job));
    }

    @Override
    public void leaseLost(Job<?> job) {
        add("leaseLost", of(job));
    }

    @Override
    public void asleep(QueueName queue) {
        add("asleep", queue);
    }

    @Override
    public void listening() {
        add("listening", "");
    }

    @Override
    public void listeningLost(Throwable cause) {
        add("listeningLost", "");
    }
}
