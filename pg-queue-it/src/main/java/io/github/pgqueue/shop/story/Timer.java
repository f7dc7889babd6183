package io.github.pgqueue.shop.story;

/** Measures how long something takes. */
record Timer(long nanos) {

    static Timer start() {
        return new Timer(System.nanoTime());
    }

    double millis() {
        return (System.nanoTime() - nanos) / 1e6;
    }

    double seconds() {
        return millis() / 1e3;
    }
}
