package io.github.pgqueue.it.servers.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Requests to a server that may be away, starting, frozen or dying. */
final class Http {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Http() {}

    /** What an address answers; empty if it answers with an error, or not at all. */
    static Optional<String> answer(String address) {
        try {
            HttpResponse<String> response = send(address, Duration.ofSeconds(30));
            return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether somebody answers, be it with an error. */
    static boolean isServed(String address) {
        try {
            return send(address, Duration.ofSeconds(5)).statusCode() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** What an address answers, which must be a success. */
    static String get(String address) {
        try {
            HttpResponse<String> response = send(address, Duration.ofMinutes(2));
            if (response.statusCode() != 200) {
                throw new AssertionError(address + ": " + response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends many requests at once, and waits for their ends, whatever these are. */
    static void burst(String address, int requests) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(30))
                .build();
        Stream.generate(() -> CLIENT.sendAsync(request, BodyHandlers.discarding()))
                .limit(requests)
                .toList()
                .forEach(response -> response.handle((answer, e) -> true).join());
    }

    private static HttpResponse<String> send(String address, Duration timeout) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address)).timeout(timeout).build();
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
