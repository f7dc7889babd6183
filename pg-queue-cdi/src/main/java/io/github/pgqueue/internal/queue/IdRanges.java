package io.github.pgqueue.internal.queue;

import java.util.Collection;

/** Ids as PostgreSQL writes a multirange: {@code {[1,501),[777,778)}}. */
final class IdRanges {

    private IdRanges() {}

    static String of(Collection<Long> ids) {
        long[] sorted = ids.stream().mapToLong(Long::longValue).sorted().toArray();
        StringBuilder text = new StringBuilder("{");
        int from = 0;
        while (from < sorted.length) {
            int to = from;
            while (to + 1 < sorted.length && sorted[to + 1] - sorted[to] <= 1) {
                to++;
            }
            text.append(from == 0 ? "[" : ",[")
                    .append(sorted[from])
                    .append(',')
                    .append(sorted[to] + 1)
                    .append(')');
            from = to + 1;
        }
        return text.append('}').toString();
    }
}
