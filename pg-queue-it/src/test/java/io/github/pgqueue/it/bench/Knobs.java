package io.github.pgqueue.it.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What the user chose.
 *
 * @param rounds how often each candidate is measured; default 3
 * @param scale a factor of the numbers of jobs; default 1, 0.1 for a quick look
 * @param batch how many jobs the raw claims take at once; default 500
 * @param only the names to measure; empty for all
 * @param directory where the results are written
 */
record Knobs(int rounds, double scale, int batch, Set<String> only, Path directory) {

    /**
     * What a name may end in beside those that can be asked for: a control, another figure of the same runs, or another
     * size.
     */
    private static final List<String> COMPANIONS = List.of("-classic", "-p99", "-100b", "-10kb");

    /** Reads the system properties {@code bench.rounds}, {@code .scale}, {@code .batch}, {@code .only}, {@code .directory}. */
    static Knobs fromProperties() {
        return of(System::getProperty);
    }

    static Knobs of(UnaryOperator<String> property) {
        Knobs knobs = new Knobs(
                Integer.parseInt(given(property, "bench.rounds", "3")),
                Double.parseDouble(given(property, "bench.scale", "1")),
                Integer.parseInt(given(property, "bench.batch", "500")),
                Set.copyOf(Arrays.stream(given(property, "bench.only", "").split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList()),
                Path.of(given(property, "bench.directory", "target/bench")));
        if (knobs.rounds < 1 || knobs.scale <= 0 || knobs.batch < 1) {
            throw new IllegalArgumentException(
                    "bench.rounds, bench.scale and bench.batch must be more than 0: " + knobs);
        }
        return knobs;
    }

    private static String given(UnaryOperator<String> property, String name, String otherwise) {
        String value = property.apply(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    /** Complains of a name that nobody measures. */
    void requireKnown(Set<String> names) {
        if (!names.containsAll(only)) {
            throw new IllegalArgumentException(
                    "bench.only is " + new TreeSet<>(only) + ", where only these are known: " + new TreeSet<>(names));
        }
    }

    boolean wants(String name) {
        return only.isEmpty()
                || only.contains(name)
                || COMPANIONS.stream()
                        .anyMatch(end ->
                                name.endsWith(end) && only.contains(name.substring(0, name.length() - end.length())));
    }
}
