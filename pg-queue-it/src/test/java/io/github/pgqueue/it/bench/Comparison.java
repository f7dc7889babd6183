package io.github.pgqueue.it.bench;

import java.util.List;

/**
 * What is set side by side.
 *
 * @param name its name in the results
 * @param threads how many clients or workers
 * @param detail what else there is to know, for the reader of the table
 * @param measure which figure
 * @param candidate whose figure it is
 * @param raw what that is divided by
 */
record Comparison(String name, int threads, String detail, Measure measure, Candidate candidate, Candidate raw) {

    /** The figure of some runs of both. */
    Figure figure(List<Run> runs, List<Run> rawRuns) {
        List<Double> values = values(runs);
        List<Double> rawValues = values(rawRuns);
        double value = Statistics.median(values);
        double rawValue = Statistics.median(rawValues);
        return new Figure(
                name,
                threads,
                measure.unit(),
                Statistics.rounded(value),
                Statistics.rounded(rawValue),
                Statistics.rounded(value / rawValue),
                Math.min(runs.size(), rawRuns.size()),
                detail,
                values,
                rawValues,
                Cost.median(runs.stream().map(Run::cost).toList()),
                Cost.median(rawRuns.stream().map(Run::cost).toList()));
    }

    /** Whether both know the figure. */
    boolean isKnown(List<Run> runs, List<Run> rawRuns) {
        return runs.stream().allMatch(measure::isKnown) && rawRuns.stream().allMatch(measure::isKnown);
    }

    private List<Double> values(List<Run> runs) {
        return runs.stream()
                .mapToDouble(measure::of)
                .map(Statistics::rounded)
                .boxed()
                .toList();
    }
}
