package io.github.pgqueue.it.servers.features;

import io.github.pgqueue.it.servers.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds the table of features in the README against what the runs in the environments have proved. Run by the build when
 * their tests are over; an environment that was not run, or only in part, is not looked at.
 */
public final class FeatureTable {

    static final Path DIRECTORY = Path.of("target", "features");

    private static final String BEGIN = "| feature | Weld SE | WildFly | Payara | Open Liberty |";

    private FeatureTable() {}

    /** The README is the only argument. */
    public static void main(String[] arguments) throws IOException {
        List<String> expected = table();
        List<String> problems = new ArrayList<>();
        for (Environment environment : Environment.values()) {
            if (Files.exists(file(environment))) {
                problems.addAll(unproved(environment));
            }
        }
        if (!inReadme(Path.of(arguments[0])).equals(expected)) {
            problems.add("the table of features in the README should be:\n" + String.join("\n", expected));
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("\n", problems));
        }
    }

    /** Where an environment's run writes the names of what it proved. */
    static Path file(Environment environment) {
        return DIRECTORY.resolve(environment.profile() + ".txt");
    }

    private static List<String> table() {
        Stream<String> rows = Arrays.stream(Feature.values()).map(FeatureTable::row);
        return Stream.concat(Stream.of(BEGIN, "|---|---|---|---|---|"), rows).toList();
    }

    private static String row(Feature feature) {
        return Arrays.stream(Environment.values())
                .map(feature::cell)
                .collect(Collectors.joining(" | ", "| " + feature.title() + " | ", " |"));
    }

    /** What the table says of an environment, and its run does not. */
    private static List<String> unproved(Environment environment) throws IOException {
        Set<String> proved = Set.copyOf(Files.readAllLines(file(environment)));
        return Arrays.stream(Feature.values())
                .filter(feature -> feature.isAbsent(environment) == proved.contains(feature.name()))
                .map(feature -> environment.profile() + ": " + feature.title() + " is "
                        + (feature.isAbsent(environment) ? "proved, and should be absent" : "not proved"))
                .toList();
    }

    private static List<String> inReadme(Path readme) throws IOException {
        return Files.readAllLines(readme).stream()
                .dropWhile(line -> !line.equals(BEGIN))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
