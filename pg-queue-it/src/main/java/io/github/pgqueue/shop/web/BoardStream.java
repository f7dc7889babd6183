package io.github.pgqueue.shop.web;

import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.shop.desk.OrderPlaced;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Passes the events of the channel on to every page that watches. An observer like any other: what was rolled back was
 * never published, so it never comes here. Safe for use by many threads.
 */
@ApplicationScoped
public class BoardStream {

    private static final int MAX_WATCHERS = 100;

    private final Queue<Watcher> watchers = new ConcurrentLinkedQueue<>();

    /** A page that watches, and what makes events for it. */
    private record Watcher(SseEventSink sink, Sse sse) {}

    /** Lets one more page watch, until it goes away. */
    void watch(SseEventSink sink, Sse sse) {
        makeRoom();
        Watcher watcher = new Watcher(sink, sse);
        watchers.add(watcher);
        // The answer begins with the first event: without one the page would not know that it is connected.
        send(watcher, "open", "{}");
    }

    void placed(@Observes @PgChannel(OrderPlaced.CHANNEL) OrderPlaced event) {
        String json = Json.write(PlacedView.of(event));
        watchers.forEach(watcher -> send(watcher, "placed", json));
    }

    /** An application that stops does not wait for pages that watch. */
    @PreDestroy
    void close() {
        watchers.forEach(this::leave);
    }

    /** A page that is gone is noticed late, at the next event: the longest here are the likeliest. One that is not returns. */
    private void makeRoom() {
        watchers.removeIf(watcher -> watcher.sink().isClosed());
        for (Watcher oldest = watchers.peek();
                oldest != null && watchers.size() >= MAX_WATCHERS;
                oldest = watchers.peek()) {
            leave(oldest);
        }
    }

    private void send(Watcher watcher, String name, String json) {
        OutboundSseEvent event =
                watcher.sse().newEventBuilder().name(name).data(json).build();
        try {
            watcher.sink().send(event).whenComplete((sent, failure) -> {
                if (failure != null) {
                    leave(watcher);
                }
            });
        } catch (RuntimeException closed) {
            leave(watcher);
        }
    }

    private void leave(Watcher watcher) {
        watchers.remove(watcher);
        try {
            watcher.sink().close();
        } catch (RuntimeException gone) {
            // then there is nothing to close
        }
    }
}
