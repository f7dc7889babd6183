package io.github.pgqueue.it.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The figures as text, both sides beside each other. */
final class Table {

    private static final String FORMAT = "%-28s %7s  %-26s %-7s %10s %10s %7s %5s %13s %13s %15s";

    private Table() {}

    /** What stands above the lines. */
    static String head() {
        return String.format(
                Locale.ROOT,
                FORMAT,
                "name",
                "threads",
                "what",
                "unit",
                "pg-queue",
                "raw",
                "ratio",
                "runs",
                "CPU us/job",
                "WAL B/job",
                "tx/job");
    }

    static String line(Figure figure) {
        Cost cost = figure.cost();
        Cost raw = figure.rawCost();
        return String.format(
                Locale.ROOT,
                FORMAT,
                figure.name(),
                figure.threads(),
                figure.detail(),
                figure.unit(),
                number(figure.value()),
                number(figure.rawValue()),
                number(figure.ratio()),
                figure.runs(),
                number(cost.serverCpu()) + " / " + number(raw.serverCpu()),
                number(cost.walBytes()) + " / " + number(raw.walBytes()),
                number(cost.transactions()) + " / " + number(raw.transactions()));
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }
}
