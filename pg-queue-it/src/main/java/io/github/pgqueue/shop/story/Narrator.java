package io.github.pgqueue.shop.story;

import java.io.PrintStream;

/** Prints the story, each line under a label. Safe for use by many threads. */
final class Narrator {

    private final PrintStream out;

    Narrator(PrintStream out) {
        this.out = out;
    }

    /** One line of the story; the text is a format. */
    void say(String label, String text, Object... values) {
        out.println(Text.of("%-10s %s", "[" + label + "]", Text.of(text, values)));
    }

    void say(Promise promise) {
        say(promise.kept() ? "kept" : "BROKEN", "%-25s %s", promise.name(), promise.figures());
    }

    /** One line without a label. */
    void plain(String text, Object... values) {
        out.println(Text.of(text, values));
    }
}
