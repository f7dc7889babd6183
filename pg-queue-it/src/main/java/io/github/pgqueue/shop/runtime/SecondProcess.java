package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.shipments.TruckLoading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The second process as the first one sees it. Used by one thread; what it prints is read by another. */
public final class SecondProcess implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final String END = "";

    private final Process process;
    private final Path log;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private SecondProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it on the class path of this process; what its libraries log goes to a file. */
    public static SecondProcess start(NodeSettings settings, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // For a process that lives for a minute: compiling and collecting must not cost more than the work.
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        settings.properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SecondNode.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        // Everybody may read a command line. MicroProfile Config finds the property in the environment as well.
        builder.environment().put("SHOP_JDBC_PASSWORD", settings.password());
        try {
            SecondProcess second = new SecondProcess(builder.start(), log);
            Thread reader = new Thread(second::read, "second-process");
            reader.setDaemon(true);
            reader.start();
            return second;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of the process. */
    public long pid() {
        return process.pid();
    }

    /** Returns when the beans over there work and observe. */
    public void awaitReady() {
        if (await(SecondNode.READY, START_PATIENCE).isEmpty()) {
            throw new ShopException("The second process does not get ready; its log is " + log + ".", null);
        }
    }

    /** Waits for a truck to be loaded over there: its waybill is written then, but not committed. */
    public Optional<TruckLoading> awaitLoading(Duration patience) {
        return await(SecondNode.LOADING, patience).map(line -> {
            String[] truckAndAttempt = line.split(" ", -1);
            return new TruckLoading(Integer.parseInt(truckAndAttempt[0]), Integer.parseInt(truckAndAttempt[1]));
        });
    }

    /** Kills the process as {@code kill -9} does, and returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShopException("The order shop was interrupted.", e);
        }
    }

    /** Kills the process unless it is gone. */
    @Override
    public void close() {
        kill();
    }

    /** The rest of the next line that begins so; empty if there is none in time. */
    private Optional<String> await(String beginning, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    return Optional.empty();
                }
                if (line.equals(END)) {
                    throw new ShopException("The second process ended too early; its log is " + log + ".", null);
                }
                if (line.startsWith(beginning)) {
                    return Optional.of(line.substring(beginning.length()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShopException("The order shop was interrupted.", e);
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // it was killed
        } finally {
            lines.add(END);
        }
    }
}
