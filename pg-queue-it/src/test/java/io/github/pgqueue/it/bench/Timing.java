package io.github.pgqueue.it.bench;

/**
 * What a stop watch showed in one run.
 *
 * @param jobs how many jobs the costs of the run are divided by
 * @param rate how many of them were done in a second; NaN where only single jobs were timed
 * @param p50 the median latency in milliseconds; NaN where none was recorded
 * @param p99 the same, of one in a hundred
 */
record Timing(long jobs, double rate, double p50, double p99) {

    private static final double NANOS_OF_SECOND = 1e9;
    private static final double NANOS_OF_MILLI = 1e6;

    /** So many jobs took so long together. */
    static Timing together(long jobs, long nanos) {
        return new Timing(jobs, jobs * NANOS_OF_SECOND / nanos, Double.NaN, Double.NaN);
    }

    /** Each of some jobs took so long. */
    static Timing each(long[] nanos) {
        return new Timing(
                nanos.length,
                Double.NaN,
                Statistics.percentile(nanos, 50) / NANOS_OF_MILLI,
                Statistics.percentile(nanos, 99) / NANOS_OF_MILLI);
    }

    /** Both of one run: first single jobs, then many. */
    static Timing both(long[] single, long jobs, long nanos) {
        Timing each = each(single);
        return new Timing(single.length + jobs, together(jobs, nanos).rate(), each.p50(), each.p99());
    }
}
