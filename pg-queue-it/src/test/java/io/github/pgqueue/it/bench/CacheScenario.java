package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reading and writing by the JCache provider, with near caches off (far) and on, beside the same by hand on the same
 * table: one entry, a hundred in one call, and nine reads to one write. Entries are read and written at random; all of
 * them are there, and in a near cache before its reads begin.
 */
final class CacheScenario implements Scenario {

    private static final List<Integer> CLIENTS = List.of(1, 8);
    private static final String VS_REDISSON = "near-get-vs-redisson";
    private static final String FAR = "near cache off";
    private static final String NEAR = "near cache on";

    /** So many reads of copies take about as long as one of the database. */
    private static final int COPIES = 50;

    private static final int WARM_UPS = 20;

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(VS_REDISSON));
        for (CacheWork work : CacheWork.values()) {
            names.add(farName(work));
            names.add(nearName(work));
        }
        return Stream.of(Payload.values())
                .flatMap(payload -> names.stream().map(name -> name + payload.suffix()))
                .toList();
    }

    private static String farName(CacheWork work) {
        boolean single = work == CacheWork.GET || work == CacheWork.PUT || work == CacheWork.MIXED;
        return single ? "far-" + work.label() : work.label();
    }

    private static String nearName(CacheWork work) {
        return "near-" + work.label();
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        Optional<String> missing = RedissonCache.missing();
        if (missing.isPresent() && knobs.wants(VS_REDISSON)) {
            rounds.leftOut(VS_REDISSON, missing.get());
        }
        warmUp(database);
        List<Figure> figures = new ArrayList<>();
        for (Payload payload : Payload.values()) {
            List<Map<String, String>> parts = payload.parts();
            fill(database, payload, parts);
            for (int clients : CLIENTS) {
                Measured measured = new Measured(database, payload, parts, clients);
                figures.addAll(rounds.compare(measured.comparisons(missing.isEmpty())));
            }
        }
        return figures;
    }

    /** There is more to compile in the library than by hand, of which the first figures would tell otherwise. */
    private static void warmUp(TestDatabase database) throws Exception {
        List<Map<String, String>> parts = Payload.SMALL.parts();
        try (CacheNode node = CacheNode.far(database, Payload.SMALL.name(), 1)) {
            for (int pass = 0; pass < WARM_UPS; pass++) {
                for (Map<String, String> part : parts) {
                    for (Entries entries : entries(node, Payload.SMALL)) {
                        entries.putAll(part);
                        entries.getAll(part.keySet());
                    }
                }
            }
        }
    }

    private static void fill(TestDatabase database, Payload payload, List<Map<String, String>> parts) throws Exception {
        try (CacheNode node = CacheNode.far(database, payload.name(), 1)) {
            for (Map<String, String> part : parts) {
                for (Entries entries : entries(node, payload)) {
                    entries.putAll(part);
                }
            }
        }
    }

    private static List<Entries> entries(CacheNode node, Payload payload) {
        return List.of(Entries.of(node.cache()), node.byHand(rawName(payload)));
    }

    private static String rawName(Payload payload) {
        return payload.name() + " by hand";
    }

    /** Entries of one size and a number of clients. */
    private record Measured(TestDatabase database, Payload payload, List<Map<String, String>> parts, int clients) {

        List<Comparison> comparisons(boolean withRedisson) {
            List<Comparison> comparisons = new ArrayList<>();
            for (CacheWork work : CacheWork.values()) {
                Candidate raw = scale -> raw(work, scale);
                Candidate near = scale -> near(work, scale);
                comparisons.add(comparison(farName(work), FAR, scale -> far(work, scale), raw));
                comparisons.add(comparison(nearName(work), NEAR, near, raw));
                if (work == CacheWork.GET && withRedisson) {
                    comparisons.add(comparison(VS_REDISSON, NEAR, near, this::redisson));
                }
            }
            return comparisons;
        }

        private Comparison comparison(String name, String detail, Candidate candidate, Candidate raw) {
            return new Comparison(
                    name + payload.suffix(),
                    clients,
                    payload.detail() + ", " + detail,
                    Measure.CALL_RATE,
                    candidate,
                    raw);
        }

        private Candidate.Trial raw(CacheWork work, double scale) throws SQLException {
            CacheNode node = CacheNode.far(database, payload.name(), clients);
            Entries raw = node.byHand(rawName(payload));
            return new Calling(raw, work, parts, clients, each(work.calls(), scale), node::close);
        }

        private Candidate.Trial far(CacheWork work, double scale) throws SQLException {
            CacheNode node = CacheNode.far(database, payload.name(), clients);
            return calling(node, work, each(work.calls(), scale));
        }

        private Candidate.Trial near(CacheWork work, double scale) throws SQLException {
            CacheNode node = CacheNode.near(database, payload.name(), clients);
            node.awaitCopies(() -> parts.forEach(part -> node.cache().getAll(part.keySet())));
            boolean copiesOnly = work == CacheWork.GET || work == CacheWork.GET_ALL;
            return calling(node, work, each(copiesOnly ? COPIES * work.calls() : work.calls(), scale));
        }

        private Candidate.Trial redisson(double scale) throws IOException {
            RedissonCache redisson = RedissonCache.open(payload.name());
            parts.forEach(redisson.cache()::putAll);
            return new Calling(
                    Entries.of(redisson.cache()),
                    CacheWork.GET,
                    parts,
                    clients,
                    each(CacheWork.GET.calls(), scale),
                    redisson::close);
        }

        private Candidate.Trial calling(CacheNode node, CacheWork work, int each) {
            return new Calling(Entries.of(node.cache()), work, parts, clients, each, node::close);
        }

        private int each(int calls, double scale) {
            return PushScenario.perClient(calls, scale * payload.share(), clients);
        }
    }

    /**
     * A run in which every client does the same.
     *
     * @param each how often each of them does it
     */
    private record Calling(
            Entries entries,
            CacheWork work,
            List<Map<String, String>> parts,
            int clients,
            int each,
            Candidate.Closing closing)
            implements Candidate.Trial {

        @Override
        public Timing run() throws Exception {
            List<CacheWork.Calls> calls = Stream.iterate(0, client -> client + 1)
                    .limit(clients)
                    .map(client -> new CacheWork.Calls(parts, client))
                    .toList();
            return Timing.together((long) each * clients, Clients.run(clients, client -> {
                for (int call = 0; call < each; call++) {
                    work.call(entries, calls.get(client));
                }
            }));
        }

        @Override
        public void close() throws SQLException {
            closing.close();
        }
    }
}
