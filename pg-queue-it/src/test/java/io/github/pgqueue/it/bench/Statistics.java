package io.github.pgqueue.it.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;

/** The arithmetic of the figures. */
final class Statistics {

    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private Statistics() {}

    /** The middle value; of an even number of values, the mean of the two in the middle. */
    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest value that is not exceeded by so many percent of the values (nearest rank). */
    static long percentile(long[] values, double percent) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(rank, 1) - 1];
    }

    /** To four significant digits, which is more than any of the figures is worth. */
    static double rounded(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).round(FOUR_DIGITS).doubleValue()
                : value;
    }
}
