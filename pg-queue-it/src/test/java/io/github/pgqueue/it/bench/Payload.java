package io.github.pgqueue.it.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The entries of the caches: texts of one size that do not compress, under the same keys for everybody. */
enum Payload {
    SMALL(100, "100 B", "-100b", 1),
    MIDDLE(1_000, "1 KB", "", 1),
    LARGE(10_000, "10 KB", "-10kb", 0.2);

    /** How many entries there are. */
    static final int ENTRIES = 5_000;

    /** How many are read or written at once. */
    static final int MANY = 100;

    private static final int VALUES = 50;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final int size;
    private final String detail;
    private final String suffix;
    private final double share;

    Payload(int size, String detail, String suffix, double share) {
        this.size = size;
        this.detail = detail;
        this.suffix = suffix;
        this.share = share;
    }

    /** For the reader of the table. */
    String detail() {
        return detail;
    }

    /** What the names of its figures end in. */
    String suffix() {
        return suffix;
    }

    /** How many calls there are in a run, as a part of those with a small payload. */
    double share() {
        return share;
    }

    /** All entries, in parts of {@link #MANY}. */
    List<Map<String, String>> parts() {
        Random random = new Random(size);
        List<String> values = new ArrayList<>();
        for (int value = 0; value < VALUES; value++) {
            values.add(text(random));
        }
        List<Map<String, String>> parts = new ArrayList<>();
        for (int first = 0; first < ENTRIES; first += MANY) {
            Map<String, String> part = new LinkedHashMap<>();
            for (int entry = first; entry < first + MANY; entry++) {
                part.put("customer-" + entry, values.get(entry % VALUES));
            }
            parts.add(part);
        }
        return parts;
    }

    private String text(Random random) {
        StringBuilder text = new StringBuilder(size);
        while (text.length() < size) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
