package io.github.pgqueue.it.bench;

/** What one run of a candidate showed. */
record Run(Timing timing, Cost cost) {}
