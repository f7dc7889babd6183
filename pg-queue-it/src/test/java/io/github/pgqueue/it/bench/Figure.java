package io.github.pgqueue.it.bench;

import java.util.List;

/**
 * One line of the results; its components are the keys of the JSON.
 *
 * @param value median of the library
 * @param rawValue median of what it is set beside
 * @param ratio {@code value / rawValue}
 * @param runs how many runs each median is of
 * @param values the single runs
 * @param rawValues the same of the other side
 * @param cost what a job cost the server, medians
 * @param rawCost the same of the other side
 */
record Figure(
        String name,
        int threads,
        String unit,
        double value,
        double rawValue,
        double ratio,
        int runs,
        String detail,
        List<Double> values,
        List<Double> rawValues,
        Cost cost,
        Cost rawCost) {}
