package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;

/** Something that a queue must be good at. */
interface Scenario {

    /** The clients or workers with which most scenarios are measured. */
    List<Integer> THREADS = List.of(1, 4, 16);

    /** The names of its figures. */
    List<String> names();

    /**
     * Measures them.
     *
     * @param database its own, with pg-queue installed
     */
    List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception;
}
