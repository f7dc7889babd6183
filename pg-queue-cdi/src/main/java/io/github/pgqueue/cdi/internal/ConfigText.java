package io.github.pgqueue.cdi.internal;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Values as configuration writes them. What cannot be read is an {@link IllegalArgumentException} that says what can. */
final class ConfigText {

    private ConfigText() {}

    static Duration duration(String value) {
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("an ISO-8601 duration such as PT30S, PT0.5S or P1D is expected", e);
        }
    }

    static int number(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number is expected", e);
        }
    }

    static long count(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number is expected", e);
        }
    }

    /** Words between commas and white space. */
    static Set<String> list(String value) {
        return Arrays.stream(value.split("[,\\s]+")).collect(Collectors.toSet());
    }

    static boolean bool(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false is expected");
        };
    }

    /** A constant of an enum, written in lower case with hyphens. */
    static <E extends Enum<E>> E choice(Class<E> type, String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> written(constant).equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of these is expected: "
                        + Arrays.stream(type.getEnumConstants())
                                .map(ConfigText::written)
                                .collect(Collectors.joining(", "))));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
