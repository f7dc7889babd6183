package io.github.pgqueue.shop.orders;

import java.util.List;

/** One record of a CSV file, or the line on which none could be made out. */
sealed interface CsvRecord {

    /** The number of the line, counted from 1, on which the record begins. */
    long line();

    record Fields(long line, List<String> values) implements CsvRecord {}

    record Broken(long line, String reason) implements CsvRecord {}
}
