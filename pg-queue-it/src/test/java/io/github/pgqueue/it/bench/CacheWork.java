package io.github.pgqueue.it.bench;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What is done with a cache, again and again. */
enum CacheWork {
    GET("get", 20_000) {
        @Override
        void call(Entries entries, Calls calls) throws Exception {
            require(entries.get(calls.key()), 1);
        }
    },
    PUT("put", 15_000) {
        @Override
        void call(Entries entries, Calls calls) throws Exception {
            entries.put(calls.key(), calls.value());
        }
    },
    GET_ALL("get-all", 1_000) {
        @Override
        void call(Entries entries, Calls calls) throws Exception {
            require(entries.getAll(calls.part().keySet()), Payload.MANY);
        }
    },
    PUT_ALL("put-all", 500) {
        @Override
        void call(Entries entries, Calls calls) throws Exception {
            entries.putAll(calls.part());
        }
    },
    MIXED("mixed", 20_000) {
        @Override
        void call(Entries entries, Calls calls) throws Exception {
            (calls.isOneInTen() ? PUT : GET).call(entries, calls);
        }
    };

    private final String label;
    private final int calls;

    CacheWork(String label, int calls) {
        this.label = label;
        this.calls = calls;
    }

    /** Its part of the names of figures. */
    String label() {
        return label;
    }

    /** How many calls make a run, if each of them asks the database for something small. */
    int calls() {
        return calls;
    }

    abstract void call(Entries entries, Calls calls) throws Exception;

    private static void require(int found, int expected) {
        if (found != expected) {
            throw new IllegalStateException(found + " entries were found, where there are " + expected);
        }
    }

    /** Chooses what one client reads and writes: the same for each candidate. Of one thread. */
    static final class Calls {

        private final List<Map<String, String>> parts;
        private final List<String> keys;
        private final List<String> values;
        private final SplittableRandom random;

        Calls(List<Map<String, String>> parts, int client) {
            this.parts = parts;
            this.keys = parts.stream().flatMap(part -> part.keySet().stream()).toList();
            this.values = parts.stream().flatMap(part -> part.values().stream()).toList();
            this.random = new SplittableRandom(client);
        }

        private String key() {
            return keys.get(random.nextInt(keys.size()));
        }

        private String value() {
            return values.get(random.nextInt(values.size()));
        }

        private Map<String, String> part() {
            return parts.get(random.nextInt(parts.size()));
        }

        private boolean isOneInTen() {
            return random.nextInt(10) == 0;
        }
    }
}
