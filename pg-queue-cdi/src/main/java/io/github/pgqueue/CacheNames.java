package io.github.pgqueue;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of caches, and patterns of them in which stars match anything. */
final class CacheNames {

    private static final String STAR = "*";

    /** A name as such is stronger than every pattern, a longer pattern than a shorter one. */
    private static final Comparator<String> BY_STRENGTH = Comparator.comparing((String name) -> !name.contains(STAR))
            .thenComparing(String::length)
            .thenComparing(Comparator.naturalOrder());

    private CacheNames() {}

    /** Those of some names and patterns that mean this cache, the weakest first. */
    static Stream<String> matching(String cache, Collection<String> patterns) {
        return patterns.stream().filter(pattern -> matches(pattern, cache)).sorted(BY_STRENGTH);
    }

    private static boolean matches(String pattern, String cache) {
        String expression =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(expression, Pattern.DOTALL).matcher(cache).matches();
    }
}
