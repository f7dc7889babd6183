package io.github.pgqueue.shop.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** Reads the live board, as the page does with an {@code EventSource}. Watches from when it is made. */
final class BoardReader implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InputStream stream;
    private final String type;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    /** One event. */
    record Event(String name, String data) {}

    private BoardReader(HttpResponse<InputStream> response) {
        stream = response.body();
        type = response.headers().firstValue("Content-Type").orElse("");
    }

    static BoardReader open(HttpClient http, URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .build();
        try {
            BoardReader reader = new BoardReader(http.send(request, BodyHandlers.ofInputStream()));
            Thread thread = new Thread(reader::read, "live board");
            thread.setDaemon(true);
            thread.start();
            Awaitility.await("the first event").atMost(PATIENCE).until(() -> !reader.events.isEmpty());
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String type() {
        return type;
    }

    List<Event> events() {
        return events;
    }

    /** The ids of the orders whose events came, in their order. */
    List<String> orderIds() {
        return events.stream()
                .filter(event -> event.name().equals("placed"))
                .map(event -> json(event).path("orderId").asText())
                .toList();
    }

    /** Waits until the event of an order has come. */
    Event await(String orderId) {
        Awaitility.await("event of order " + orderId)
                .atMost(PATIENCE)
                .until(() -> orderIds().contains(orderId));
        return events.stream()
                .filter(event -> json(event).path("orderId").asText().equals(orderId))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        String name = "";
        StringBuilder line = new StringBuilder();
        try {
            for (int b = stream.read(); b >= 0; b = stream.read()) {
                if (b != '\n') {
                    line.append((char) b);
                    continue;
                }
                String text = line.toString().strip();
                line.setLength(0);
                if (text.startsWith("event:")) {
                    name = text.substring("event:".length()).strip();
                } else if (text.startsWith("data:")) {
                    String latin = text.substring("data:".length()).strip();
                    String data = new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                    events.add(new Event(name, data));
                }
            }
        } catch (IOException closed) {
            // by the test
        }
    }

    private static JsonNode json(Event event) {
        try {
            return ShopClient.JSON.readTree(event.data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
