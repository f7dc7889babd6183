package io.github.pgqueue.shop.story;

import java.util.Locale;

/** Formats figures in the same way on every machine. */
final class Text {

    private Text() {}

    static String of(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
