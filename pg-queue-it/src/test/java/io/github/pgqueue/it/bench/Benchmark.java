package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.shop.database.DatabaseUnavailableException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Measures the library beside raw SQL: {@code ./mvnw -Pbench -Dbench=queue verify}. The package says how to read it. */
public final class Benchmark {

    private static final List<Scenario> QUEUE = List.of(
            new PushScenario(),
            new DrainScenario(),
            new TransactionalScenario(),
            new EnqueueScenario(),
            new BacklogScenario(),
            new PinnedScenario(),
            new PickUpScenario());

    private static final List<Scenario> CACHE =
            List.of(new CacheScenario(), new InvalidationScenario(), new SweepScenario());

    private static final Map<String, List<Scenario>> ALL = Map.of("queue", QUEUE, "cache", CACHE);

    private final Knobs knobs;
    private final PrintStream out;

    private Benchmark(Knobs knobs, PrintStream out) {
        this.knobs = knobs;
        this.out = out;
    }

    /** The name of what is measured is the only argument: {@code queue} or {@code cache}. */
    public static void main(String[] arguments) throws Exception {
        // what the libraries tell of their starts would stand between the figures
        Logger.getLogger("").setLevel(Level.WARNING);
        try {
            run(arguments);
        } catch (IllegalArgumentException | DatabaseUnavailableException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws Exception {
        List<Scenario> scenarios = arguments.length == 1 ? ALL.get(arguments[0]) : null;
        if (scenarios == null) {
            throw new IllegalArgumentException("there are -Dbench=queue and -Dbench=cache");
        }
        new Benchmark(Knobs.fromProperties(), System.out).run(arguments[0], scenarios);
    }

    private void run(String name, List<Scenario> scenarios) throws Exception {
        Set<String> known = new TreeSet<>();
        scenarios.forEach(scenario -> known.addAll(scenario.names()));
        knobs.requireKnown(known);
        List<Figure> figures = new ArrayList<>();
        Path file = knobs.directory().resolve(name + ".json");
        try (BenchServer server = BenchServer.open()) {
            introduce(server);
            for (Scenario scenario : scenarios) {
                if (scenario.names().stream().anyMatch(knobs::wants)) {
                    figures.addAll(measure(server, scenario));
                    // also what there is so far, if the run is broken off
                    Results.write(file, figures);
                }
            }
        }
        out.println(file.toAbsolutePath().normalize());
    }

    private void introduce(BenchServer server) {
        out.printf(
                Locale.ROOT,
                "PostgreSQL %s, Java %s, %d processors; %d rounds, scale %s, raw claims of %d, seed %d%n",
                server.version(),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                knobs.rounds(),
                knobs.scale(),
                knobs.batch(),
                Rounds.SEED);
        if (server.processes().isEmpty()) {
            out.println("The CPU time of this server is not known here: it is left out.");
        }
        out.println(Table.head());
    }

    private List<Figure> measure(BenchServer server, Scenario scenario) throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            long begin = System.nanoTime();
            Optional<Processes.Ticks> before = server.processes().map(Processes::ticks);
            Rounds rounds = new Rounds(knobs, database, new Meter(database, server.processes()), out);
            List<Figure> figures = scenario.measure(database, rounds, knobs);
            double seconds = (System.nanoTime() - begin) / 1e9;
            server.processes()
                    .map(Processes::ticks)
                    .ifPresent(after -> before.ifPresent(start -> out.printf(
                            Locale.ROOT,
                            "  %.0f s, while others used %.0f %% of the machine%n",
                            seconds,
                            100
                                    * after.othersSince(
                                            start, seconds, Runtime.getRuntime().availableProcessors()))));
            return figures;
        }
    }
}
