package io.github.pgqueue.it.support;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A JVM of its own with the class path of the tests, to be killed. It speaks by lines on its standard output, and finds
 * the database of the test by {@link #dataSource()}.
 */
public final class ProcessNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ProcessNode(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a main class. */
    public static ProcessNode start(Class<?> main, TestDatabase database, String... arguments) {
        return start(
                List.of(
                        "-Xmx128m",
                        "-Dit.url=" + database.database().jdbcUrl(),
                        "-Dit.user=" + database.database().user(),
                        "-Dit.password=" + database.database().password(),
                        "-classpath",
                        classPath(),
                        main.getName()),
                arguments);
    }

    /** Starts a program from its source, with the jars of a directory before the class path of the tests. */
    public static ProcessNode startSource(Path source, Path jars, String... arguments) {
        return start(
                List.of(
                        "-Xmx256m",
                        "-classpath",
                        jars.resolve("*") + File.pathSeparator + classPath(),
                        source.toString()),
                arguments);
    }

    /** Surefire hides the real one behind a jar with nothing but a manifest. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static ProcessNode start(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(program);
        command.addAll(List.of(arguments));
        try {
            return new ProcessNode(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the process: the database of the test. */
    public static PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(requireNonNull(System.getProperty("it.url")));
        dataSource.setUser(System.getProperty("it.user"));
        dataSource.setPassword(System.getProperty("it.password"));
        return dataSource;
    }

    /** In the process: tells the test how far it has come. */
    public static void say(String line) {
        System.out.println(line);
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(" + e + ")");
        }
    }

    /** Waits until the process has said it. */
    public void awaitLine(String line) {
        Awaitility.await("\"" + line + "\" of " + process)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lines.contains(line) || failed(line));
    }

    private boolean failed(String missing) {
        if (!process.isAlive()) {
            throw new AssertionError("the process ended before it said \"" + missing + "\": " + lines);
        }
        return false;
    }

    /** Writes a line to its standard input. */
    public void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has said a line that begins so, and returns the rest of that. */
    public String awaitRest(String beginning) {
        AtomicReference<String> rest = new AtomicReference<>();
        Awaitility.await("\"" + beginning + "\" of " + process)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    lines.stream()
                            .filter(line -> line.startsWith(beginning))
                            .findFirst()
                            .ifPresent(line -> rest.set(line.substring(beginning.length())));
                    return rest.get() != null || failed(beginning);
                });
        return requireNonNull(rest.get());
    }

    /** What it has said. */
    public List<String> lines() {
        return lines;
    }

    /** Stops it where it is, as {@code kill -STOP} does; its connections stay open. Not on Windows. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on; does nothing if it has ended meanwhile. Whether it goes on. */
    public boolean thaw() {
        return signal("CONT");
    }

    private synchronized boolean signal(String name) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " of " + process + " ended with " + exit);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Closes its standard input, which is all that it can notice of the test. */
    public void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it without a chance to tidy up, as {@code kill -9} does. */
    public synchronized void kill() {
        process.destroyForcibly();
        Awaitility.await("end of " + process).atMost(PATIENCE).until(() -> !process.isAlive());
    }

    @Override
    public void close() {
        kill();
    }
}
