package io.github.pgqueue.cdi.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Finds the keys that mean nothing, and what was probably meant. */
final class UnknownKeys {

    private UnknownKeys() {}

    /** One sentence for each name that is no known key. */
    static List<String> among(Collection<String> names, Set<String> known) {
        return names.stream()
                .filter(name -> !known.contains(name))
                .map(name -> "the configuration key " + name + " is unknown; the nearest known one is "
                        + nearest(name, known))
                .toList();
    }

    private static String nearest(String name, Set<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(key -> distance(name, key)))
                .orElse("none");
    }

    /** The distance of Levenshtein: how many characters have to be inserted, removed or replaced. */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
