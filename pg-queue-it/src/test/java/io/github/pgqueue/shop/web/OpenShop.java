package io.github.pgqueue.shop.web;

import static java.util.Objects.requireNonNull;

import io.github.pgqueue.it.support.TestServer;
import io.github.pgqueue.shop.OrderShopPage;
import io.github.pgqueue.shop.database.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The shop that a test plays against: the one at {@code -Dshop.url}, else one on Weld SE, in a process of its own that
 * all test classes share and that ends with the run.
 */
public final class OpenShop implements AutoCloseable {

    private static final String OPEN = "The order shop is open: ";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final URI page;
    private final @Nullable Process process;

    private OpenShop(URI page, @Nullable Process process) {
        this.page = page;
        this.process = process;
    }

    /** The address of the page; the resources are below {@code api/}. */
    public URI page() {
        return page;
    }

    /** Whether it was started for the tests, on Weld SE, and has seen nobody else. */
    public boolean ours() {
        return process != null;
    }

    /** In good order, as Ctrl-C does, so that its schema is dropped. */
    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            try {
                Awaitility.await("end of the shop").atMost(PATIENCE).until(() -> !process.isAlive());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static OpenShop open() {
        String url = System.getProperty("shop.url", "");
        return url.isBlank() ? start() : new OpenShop(URI.create(url.endsWith("/") ? url : url + "/"), null);
    }

    private static OpenShop start() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Process process;
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dpg=" + database(),
                            "-Dshop.page=" + Path.of("src", "main", "webapp"),
                            "-Dshop.port=0",
                            "-classpath",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            OrderShopPage.class.getName())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(() -> read(process, lines), "output of the shop");
        reader.setDaemon(true);
        reader.start();
        Awaitility.await("the shop to open")
                .atMost(PATIENCE)
                .until(() -> address(lines).isPresent() || ended(process, lines));
        return new OpenShop(address(lines).orElseThrow(), process);
    }

    private static boolean ended(Process process, List<String> lines) {
        if (!process.isAlive()) {
            throw new AssertionError("the shop ended before it was open: " + lines);
        }
        return false;
    }

    private static Optional<URI> address(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(OPEN))
                .map(line -> URI.create(line.substring(OPEN.length())))
                .findFirst();
    }

    private static void read(Process process, List<String> lines) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(" + e + ")");
        }
    }

    private static String database() {
        Database server = TestServer.get();
        String url = server.jdbcUrl();
        return url + (url.contains("?") ? "&" : "?") + "user="
                + URLEncoder.encode(server.user(), StandardCharsets.UTF_8) + "&password="
                + URLEncoder.encode(server.password(), StandardCharsets.UTF_8);
    }

    /** Gives the shop to test methods. */
    static final class Extension implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == OpenShop.class;
        }

        @Override
        public OpenShop resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return requireNonNull(test.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(OpenShop.class, key -> open(), OpenShop.class));
        }
    }
}
