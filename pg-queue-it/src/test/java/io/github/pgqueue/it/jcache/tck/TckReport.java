package io.github.pgqueue.it.jcache.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fails the build unless the TCK has run as a whole. The kit reports a test that it leaves out as passed, and a build
 * that does not find the kit is green with no test at all: so the tests are counted in the reports, and what was left
 * out in the log.
 */
public final class TckReport {

    private static final int TESTS = 481;
    /** Twelve for store by reference, which is optional, and the kit's own dummy. */
    private static final int LEFT_OUT = 13;

    private static final Pattern TEST = Pattern.compile("<testcase ");
    private static final Pattern NOT_PASSED = Pattern.compile("<(failure|error|skipped|rerunFailure|flakyFailure)\\b");
    private static final Pattern EXCLUSION = Pattern.compile("EXCLUDING TEST");

    private TckReport() {}

    /** The arguments are the directories of the reports, one for each run. */
    public static void main(String[] arguments) {
        for (String run : arguments) {
            check(Path.of(run));
        }
    }

    private static void check(Path reports) {
        long tests = count(reports, ".xml", TEST);
        long notPassed = count(reports, ".xml", NOT_PASSED);
        long leftOut = count(reports, "-output.txt", EXCLUSION);
        System.out.println("JSR-107 TCK (" + reports.getFileName() + "): " + tests + " run, " + notPassed
                + " not passed, " + leftOut + " left out");
        if (tests != TESTS || notPassed != 0 || leftOut != LEFT_OUT) {
            throw new IllegalStateException(
                    "the TCK should have " + TESTS + " run, 0 not passed, " + LEFT_OUT + " left out; see " + reports);
        }
    }

    private static long count(Path reports, String suffix, Pattern pattern) {
        try (Stream<Path> files = Files.list(reports)) {
            List<Path> matching =
                    files.filter(file -> file.toString().endsWith(suffix)).toList();
            return matching.stream()
                    .mapToLong(file -> pattern.matcher(read(file)).results().count())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
