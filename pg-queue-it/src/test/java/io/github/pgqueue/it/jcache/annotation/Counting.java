package io.github.pgqueue.it.jcache.annotation;

import java.util.concurrent.atomic.AtomicInteger;

/** A bean that counts how often the bodies of its methods run. */
abstract class Counting {

    private final AtomicInteger runs = new AtomicInteger();

    /** Counts, and returns a value that no other run returns. */
    String ran(Object what) {
        return what + "#" + runs.incrementAndGet();
    }

    int runs() {
        return runs.get();
    }
}
