package io.github.pgqueue.it.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A Redis of our own that keeps everything in memory, on a free port of the loopback interface. Its program is that of
 * the system property {@code bench.redis}, else the one on the PATH.
 */
final class RedisServer implements AutoCloseable {

    private static final List<String> PROGRAMS = List.of("redis-server", "valkey-server");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path directory;
    private final int port;
    private final Process process;
    private final Thread atExit;

    private RedisServer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
        this.atExit = new Thread(process::destroy, "bench-redis-at-exit");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The program; empty if there is none on this machine. */
    static Optional<Path> program() {
        String given = System.getProperty("bench.redis", "");
        if (!given.isBlank()) {
            return Optional.of(Path.of(given.strip()));
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(directory -> !directory.isBlank())
                .flatMap(directory -> PROGRAMS.stream().map(Path.of(directory)::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static RedisServer start(Path program) throws IOException {
        Path directory = Files.createTempDirectory("bench-redis-");
        int port = freePort();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        RedisServer server = new RedisServer(directory, port, process);
        Awaitility.await("Redis")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || server.answers());
        if (!process.isAlive()) {
            String log = Files.readString(directory.resolve("log"));
            server.close();
            throw new IllegalStateException(program + " has not started: " + log);
        }
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return "+PONG".equals(answer.readLine());
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it is reached. */
    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** A directory that goes with it. */
    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
