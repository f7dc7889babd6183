package io.github.pgqueue;

import java.time.Duration;

/** The ranges of settings, each with one way to say that a value is outside of it. */
final class Settings {

    private Settings() {}

    static void atLeast(String key, long value, long minimum) {
        if (value < minimum) {
            throw outOfRange(key, value, "at least " + minimum);
        }
    }

    static void atLeast(String key, Duration value, Duration minimum) {
        if (value.compareTo(minimum) < 0) {
            throw outOfRange(key, value, "at least " + minimum);
        }
    }

    static void atMost(String key, Duration value, Duration maximum) {
        if (value.compareTo(maximum) > 0) {
            throw outOfRange(key, value, "at most " + maximum);
        }
    }

    private static ConfigurationException outOfRange(String key, Object value, String range) {
        return new ConfigurationException("PGQ7010", key + " is " + value + ", but must be " + range);
    }
}
