package io.github.pgqueue.it.bench;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one job cost the server.
 *
 * @param serverCpu user and system time of all processes of the server, in microseconds; null where it is unknown
 * @param walBytes write-ahead log
 * @param transactions transactions that wrote something; it is counted by their ids, so it is exact
 */
record Cost(@Nullable Double serverCpu, double walBytes, double transactions) {

    /** Each figure for itself. */
    static Cost median(List<Cost> costs) {
        return new Cost(
                costs.stream().anyMatch(cost -> cost.serverCpu == null)
                        ? null
                        : median(costs, cost -> Objects.requireNonNull(cost.serverCpu)),
                median(costs, Cost::walBytes),
                median(costs, Cost::transactions));
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        return Statistics.rounded(
                Statistics.median(costs.stream().mapToDouble(figure).boxed().toList()));
    }
}
