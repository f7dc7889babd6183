package io.github.pgqueue.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** The CPU time of the server, and of everybody, as Linux counts it below {@code /proc}. */
final class Processes {

    /** Linux tells the time of processes in hundredths of a second, whatever its own clock does. */
    static final double MICROS_OF_TICK = 10_000;

    private static final Path PROC = Path.of("/proc");

    private final long postmaster;

    private Processes(long postmaster) {
        this.postmaster = postmaster;
    }

    /** Empty elsewhere than on Linux. */
    static Optional<Processes> of(long postmaster) {
        return Files.isReadable(PROC.resolve(postmaster + "/stat"))
                ? Optional.of(new Processes(postmaster))
                : Optional.empty();
    }

    /**
     * CPU time so far, in ticks.
     *
     * @param server of the server
     * @param self of this JVM
     * @param machine of everybody
     */
    record Ticks(long server, long self, long machine) {

        /** The part of {@code processors} that somebody else has used since, from 0 to 1. */
        double othersSince(Ticks before, double seconds, int processors) {
            long others = (machine - before.machine) - (server - before.server) - (self - before.self);
            return Math.min(1, Math.max(0, others * MICROS_OF_TICK / 1e6 / seconds / processors));
        }
    }

    Ticks ticks() {
        return new Ticks(server(), own(stat(ProcessHandle.current().pid())), machine());
    }

    /** Of the postmaster, of its children that live, and what those have left behind that ended. */
    private long server() {
        List<ProcessHandle> children = ProcessHandle.of(postmaster)
                .map(process -> process.children().toList())
                .orElse(List.of());
        long living =
                children.stream().mapToLong(child -> own(stat(child.pid()))).sum();
        long[] parent = stat(postmaster);
        return living + own(parent) + ended(parent);
    }

    private static long own(long[] times) {
        return times[0] + times[1];
    }

    private static long ended(long[] times) {
        return times[2] + times[3];
    }

    /** utime, stime, cutime and cstime; zeros for a process that has just ended. */
    private static long[] stat(long pid) {
        try {
            String line = Files.readString(PROC.resolve(pid + "/stat"));
            // the name of the process may hold blanks, but is the last thing in parentheses
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).toArray();
        } catch (IOException e) {
            return new long[4];
        }
    }

    /** The first line of {@code /proc/stat} without what was idle. */
    private static long machine() {
        try {
            String[] fields = Files.readAllLines(PROC.resolve("stat")).get(0).split(" +", -1);
            LongStream busy = LongStream.of(
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[6]),
                    Long.parseLong(fields[7]));
            return busy.sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
