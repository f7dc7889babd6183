package io.github.pgqueue.shop.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium, driven by the W3C WebDriver protocol: by hand, since the usual client would bring a telemetry
 * library onto the class path of tests that must do without. Used by one thread.
 */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI session;

    private Browser(Process driver, URI server, Path chromium, Path profile) {
        this.driver = driver;
        ObjectNode always = JSON.createObjectNode().put("browserName", "chrome");
        always.putObject("goog:loggingPrefs").put("browser", "ALL");
        ObjectNode options = always.putObject("goog:chromeOptions").put("binary", chromium.toString());
        // The last ones keep it from calling home; root has no sandbox.
        List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--force-color-profile=srgb",
                        "--hide-scrollbars",
                        "--user-data-dir=" + profile,
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync")
                .forEach(options.withArray("args")::add);
        ObjectNode capabilities = JSON.createObjectNode();
        capabilities.putObject("capabilities").set("alwaysMatch", always);
        JsonNode made = call("POST", server.resolve("session"), capabilities);
        this.session = server.resolve("session/" + made.path("sessionId").asText());
    }

    /** A browser, if Chromium and its driver are on the path. */
    static Optional<Browser> open(Path profile) {
        return onPath("chromedriver")
                .flatMap(driver -> onPath("chromium", "chromium-browser", "google-chrome")
                        .map(chromium -> open(driver, chromium, profile)));
    }

    private static Browser open(Path chromedriver, Path chromium, Path profile) {
        try {
            Process driver = new ProcessBuilder(chromedriver.toString(), "--port=0")
                    .redirectErrorStream(true)
                    .start();
            try {
                CompletableFuture<Integer> port = new CompletableFuture<>();
                Thread reader = new Thread(() -> read(driver, port), "output of the browser's driver");
                reader.setDaemon(true);
                reader.start();
                URI server = URI.create("http://127.0.0.1:" + port.get(PATIENCE.toSeconds(), TimeUnit.SECONDS) + "/");
                return new Browser(driver, server, chromium, profile);
            } catch (Exception | Error e) {
                driver.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (Exception e) {
            throw new IllegalStateException("the browser does not start", e);
        }
    }

    private static void read(Process driver, CompletableFuture<Integer> port) {
        try (BufferedReader output = driver.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(line -> {
                Matcher started = PORT.matcher(line);
                if (started.find()) {
                    port.complete(Integer.valueOf(started.group(1)));
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // it was ended
        }
        port.completeExceptionally(new IllegalStateException("the browser's driver ended"));
    }

    private static Optional<Path> onPath(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator, -1)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void go(URI page) {
        post("url", JSON.createObjectNode().put("url", page.toString()));
    }

    void click(String css) {
        post("element/" + element(css) + "/click", JSON.createObjectNode());
    }

    /** Clears a field and types into it. */
    void type(String css, String text) {
        String element = element(css);
        post("element/" + element + "/clear", JSON.createObjectNode());
        post("element/" + element + "/value", JSON.createObjectNode().put("text", text));
    }

    /** Presses a key, or types, wherever the focus is. */
    void press(String keys) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode keyboard =
                body.putArray("actions").addObject().put("type", "key").put("id", "keyboard");
        keys.codePoints().forEach(key -> {
            keyboard.withArray("actions").addObject().put("type", "keyDown").put("value", Character.toString(key));
            keyboard.withArray("actions").addObject().put("type", "keyUp").put("value", Character.toString(key));
        });
        post("actions", body);
    }

    String text(String css) {
        return String.valueOf(script("return document.querySelector(arguments[0]).innerText", css));
    }

    /** Waits until an element says it. */
    void awaitText(String css, String text) {
        Awaitility.await("\"" + text + "\" in " + css)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> text(css).contains(text));
    }

    /** Runs a script and returns what it returns, as text. */
    String script(String body, String... arguments) {
        ObjectNode request = JSON.createObjectNode().put("script", body);
        Stream.of(arguments).forEach(request.putArray("args")::add);
        return post("execute/sync", request).asText();
    }

    /** The size of the page, in CSS pixels, and the colours it prefers: light or dark. */
    void show(int width, int height, String scheme) {
        ObjectNode metrics = JSON.createObjectNode()
                .put("width", width)
                .put("height", height)
                .put("deviceScaleFactor", 1)
                .put("mobile", false);
        devtools("Emulation.setDeviceMetricsOverride", metrics);
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", scheme);
        devtools("Emulation.setEmulatedMedia", media);
    }

    /** Saves a picture of the whole page. */
    void screenshot(Path file) {
        ObjectNode options = JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", true);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(
                    file,
                    Base64.getDecoder()
                            .decode(devtools("Page.captureScreenshot", options)
                                    .path("data")
                                    .asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the page and the browser have complained about since this was last asked. */
    List<String> complaints() {
        JsonNode entries = post("se/log", JSON.createObjectNode().put("type", "browser"));
        return StreamSupport.stream(entries.spliterator(), false)
                .map(entry -> entry.path("message").asText())
                .toList();
    }

    @Override
    public void close() {
        try {
            call("DELETE", session, null);
        } finally {
            driver.destroy();
        }
    }

    private JsonNode devtools(String command, JsonNode parameters) {
        ObjectNode body = JSON.createObjectNode().put("cmd", command);
        body.set("params", parameters);
        return post("goog/cdp/execute", body);
    }

    private String element(String css) {
        return post(
                        "element",
                        JSON.createObjectNode().put("using", "css selector").put("value", css))
                .path(ELEMENT)
                .asText();
    }

    private JsonNode post(String path, JsonNode body) {
        return call("POST", URI.create(session + "/" + path), body);
    }

    private JsonNode call(String method, URI uri, @Nullable JsonNode body) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            JsonNode value = JSON.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new AssertionError(uri + ": " + value.path("message").asText());
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
