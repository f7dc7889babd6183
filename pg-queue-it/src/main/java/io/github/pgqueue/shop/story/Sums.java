package io.github.pgqueue.shop.story;

/**
 * What must add up at the end: what was counted while the orders were taken in, and what is in the books.
 *
 * @param read orders that were read, good or bad
 * @param placed orders that were placed
 * @param rejected lines that were no orders, or orders that were there already
 * @param rolledBack orders whose card was declined
 * @param books what the database says
 */
record Sums(long read, long placed, long rejected, long rolledBack, Books books) {

    boolean addUp() {
        return read == placed + rejected + rolledBack && placed == books.orders() && books.eachExactlyOnce();
    }

    /** The last line of the story. */
    String lastLine() {
        return Text.of(
                "placed=%d rejected=%d rolledBack=%d receipts=%d", placed, rejected, rolledBack, books.receipts());
    }
}
