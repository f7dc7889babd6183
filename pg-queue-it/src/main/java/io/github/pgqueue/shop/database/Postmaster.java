package io.github.pgqueue.shop.database;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The server process of one data directory, found by the files that PostgreSQL keeps there. */
final class Postmaster {

    private static final Duration EXIT_WAIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 10;

    private final Path data;
    private final Path log;

    Postmaster(Path data, Path log) {
        this.data = data;
        this.log = log;
    }

    /** The running process; empty when there is none, or only its remains or another one of the same number. */
    Optional<ProcessHandle> process() {
        return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).filter(this::servesData);
    }

    /** Kills the server and all its sessions, and returns when they have ended. */
    void kill() {
        ProcessHandle server = process().orElseThrow(() -> new IllegalStateException("no server runs in " + data));
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(server), server.children()).toList();
        // the server first: it would start its helpers again
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(Postmaster::awaitExit);
        deletePidFile();
    }

    /**
     * Starts the server again as it was started before, and returns when it takes connections. It may be refused at
     * first: by a session that was being opened when the server was killed and that still holds the shared memory, or
     * by somebody who got its port for a moment.
     */
    void restart(Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        while (pgCtl("restart", wait) != 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the server in " + data + " did not come back, see " + log);
            }
            pause("the server in " + data + " comes back");
        }
    }

    /** Stops the server without a care for its data; does nothing when none runs. */
    void stop() {
        process().ifPresent(server -> {
            if (pgCtl("stop", EXIT_WAIT) == 0) {
                // the file with its number goes a moment before the process does
                awaitExit(server);
            } else if (process().isPresent()) {
                kill();
            }
        });
    }

    private Optional<Long> pid() {
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            return lines.findFirst().map(Long::valueOf);
        } catch (IOException | UncheckedIOException | NumberFormatException notThereOrNotYetWritten) {
            return Optional.empty();
        }
    }

    private boolean servesData(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        // no command: a process of somebody else, or one that has ended and that nobody has collected
        return info.command().isPresent()
                && info.arguments()
                        .map(arguments -> Arrays.asList(arguments).contains(data.toString()))
                        .orElse(true);
    }

    /** Safe, since nobody is left who uses the data; PostgreSQL would take a process not yet collected for alive. */
    private void deletePidFile() {
        try {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int pgCtl(String action, Duration wait) {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // root: PostgreSQL runs in a user namespace
            command.addAll(List.of("unshare", "-U"));
        }
        String seconds = Long.toString(wait.toSeconds());
        command.addAll(List.of(
                binaries().resolve("pg_ctl").toString(),
                action,
                "-D",
                data.toString(),
                "-m",
                "immediate",
                "-w",
                "-t",
                seconds));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in pg_ctl " + action, e);
        }
    }

    /** The first word of the command line that PostgreSQL notes down is the path of its own binary. */
    private Path binaries() {
        try {
            String commandLine = Files.readString(data.resolve("postmaster.opts"));
            int end = commandLine.indexOf(" \"");
            Path binary = Path.of(end < 0 ? commandLine.strip() : commandLine.substring(0, end));
            return binary.resolveSibling("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitExit(ProcessHandle process) {
        long deadline = System.nanoTime() + EXIT_WAIT.toNanos();
        while (process.isAlive() && process.info().command().isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("process " + process.pid() + " does not end");
            }
            pause("process " + process.pid() + " ends");
        }
    }

    private static void pause(String purpose) {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + purpose, e);
        }
    }
}
