package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.board.LiveBoard;
import io.github.pgqueue.shop.board.Report;
import java.util.List;

/**
 * Asks every node what it has seen. Signals are delivered at most once, and not in the order of their channels: so it
 * is asked again until both have answered and have seen all there is, or nothing changes any more.
 */
final class RollCalls {

    private static final int CALLS = 20;
    private static final int ANSWER_MILLIS = 1_000;
    private static final int PAUSE_MILLIS = 20;

    private final LiveBoard board;
    private final int nodes;

    RollCalls(LiveBoard board, int nodes) {
        this.board = board;
        this.nodes = nodes;
    }

    List<Report> reports(long orders) {
        List<Report> last = List.of();
        for (int call = 1; call <= CALLS; call++) {
            List<Report> reports = call(call);
            boolean complete =
                    reports.size() == nodes && reports.stream().allMatch(report -> report.ordersSeen() == orders);
            if (complete) {
                return reports;
            }
            last = reports.size() >= last.size() ? reports : last;
            Pause.millis(PAUSE_MILLIS);
        }
        return last;
    }

    private List<Report> call(int number) {
        board.callRoll(number);
        long end = System.nanoTime() + ANSWER_MILLIS * 1_000_000L;
        List<Report> reports = board.reports(number);
        while (reports.size() < nodes && System.nanoTime() < end) {
            Pause.millis(PAUSE_MILLIS);
            reports = board.reports(number);
        }
        return reports;
    }
}
