package io.github.pgqueue.it.servers.sessions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A client with one session cookie, which it shows to whichever server it asks. Used by one thread. */
final class Browser {

    private static final String COOKIE = "JSESSIONID=";
    private static final int CACHE_ID_LENGTH = 4;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private String cookie = "";

    /** What an address answers. */
    HttpResponse<String> get(String address) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofMinutes(1));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return send(request);
    }

    /** What an address answers a user, who sends the password with the request and no cookie. */
    static HttpResponse<String> getAs(String user, String password, String address) {
        String basic = Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
        return new Browser()
                .send(HttpRequest.newBuilder(URI.create(address))
                        .timeout(Duration.ofMinutes(1))
                        .header("Authorization", "Basic " + basic));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").stream()
                    .filter(one -> one.startsWith(COOKIE))
                    .forEach(one -> cookie = one.substring(0, one.indexOf(';')));
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The id of the session: the cookie without Liberty's number in front of it and the server behind it. */
    String session() {
        return cookie.substring(COOKIE.length() + CACHE_ID_LENGTH).replaceFirst(":.*", "");
    }
}
