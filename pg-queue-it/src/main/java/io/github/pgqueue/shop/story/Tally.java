package io.github.pgqueue.shop.story;

import java.util.concurrent.atomic.LongAdder;

/** What became of the orders that were read. Safe for use by many threads. */
final class Tally {

    final LongAdder read = new LongAdder();
    final LongAdder placed = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder rolledBack = new LongAdder();
}
