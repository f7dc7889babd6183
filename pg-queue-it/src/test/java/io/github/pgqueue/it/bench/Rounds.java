package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs candidates side by side: each once to warm up, then all of them in each round, in random order. A warm-up is as long
 * as a run: it takes the JVM ten thousand jobs and more until it has compiled their path, and what is compared is how
 * things go from then on. Before each run the database is vacuumed and a checkpoint made, so that nobody pays for what
 * others have left.
 */
final class Rounds {

    /** Always the same, so that two runs of the benchmark go through the same orders. */
    static final long SEED = 20;

    private final Knobs knobs;
    private final TestDatabase database;
    private final Meter meter;
    private final PrintStream progress;
    private final Random random = new Random(SEED);

    Rounds(Knobs knobs, TestDatabase database, Meter meter, PrintStream progress) {
        this.knobs = knobs;
        this.database = database;
        this.meter = meter;
        this.progress = progress;
    }

    /** The figures of those comparisons that the user wants; a candidate that is in several of them runs once a round. */
    List<Figure> compare(List<Comparison> comparisons) throws Exception {
        return compare(comparisons, knobs.rounds(), /* warmUp= */ 1);
    }

    /**
     * The same in another number of rounds.
     *
     * @param warmUp how much of a run there is to warm up
     */
    List<Figure> compare(List<Comparison> comparisons, int rounds, double warmUp) throws Exception {
        List<Comparison> wanted = comparisons.stream()
                .filter(comparison -> knobs.wants(comparison.name()))
                .toList();
        Map<Candidate, List<Run>> runs = new LinkedHashMap<>();
        for (Comparison comparison : wanted) {
            runs.put(comparison.candidate(), new ArrayList<>());
            runs.put(comparison.raw(), new ArrayList<>());
        }
        for (int round = 0; round <= rounds; round++) {
            List<Candidate> order = new ArrayList<>(runs.keySet());
            Collections.shuffle(order, random);
            for (Candidate candidate : order) {
                if (round == 0) {
                    run(candidate, knobs.scale() * warmUp);
                } else {
                    runs.getOrDefault(candidate, new ArrayList<>()).add(run(candidate, knobs.scale()));
                }
            }
        }
        return figures(wanted, runs);
    }

    /** Tells the reader of the table that a figure is missing. */
    void leftOut(String name, String reason) {
        progress.println(name + " is left out: " + reason);
    }

    private Run run(Candidate candidate, double scale) throws Exception {
        try (Candidate.Trial trial = candidate.prepare(scale)) {
            database.execute(BenchSql.VACUUM, BenchSql.CHECKPOINT);
            Meter.Reading before = meter.read();
            Timing timing = trial.run();
            Meter.Reading after = meter.read();
            return new Run(timing, Meter.cost(before, after, timing.jobs()));
        }
    }

    private List<Figure> figures(List<Comparison> comparisons, Map<Candidate, List<Run>> runs) {
        List<Figure> figures = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            List<Run> ours = runs.getOrDefault(comparison.candidate(), List.of());
            List<Run> raw = runs.getOrDefault(comparison.raw(), List.of());
            if (comparison.isKnown(ours, raw)) {
                Figure figure = comparison.figure(ours, raw);
                progress.println(Table.line(figure));
                figures.add(figure);
            } else {
                leftOut(comparison.name(), "the CPU time of this server is not known here");
            }
        }
        return figures;
    }
}
