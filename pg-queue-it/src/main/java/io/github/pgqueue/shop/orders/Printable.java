package io.github.pgqueue.shop.orders;

/** Text of unknown origin, made fit for one line of a terminal. */
final class Printable {

    private static final int MAX_CHARACTERS = 60;

    private Printable() {}

    /** In quotes, cut after 60 characters, with control characters escaped. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().limit(MAX_CHARACTERS).forEach(c -> append(quoted, c));
        boolean cut = text.codePointCount(0, text.length()) > MAX_CHARACTERS;
        return quoted.append(cut ? "...\"" : "\"").toString();
    }

    private static void append(StringBuilder quoted, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                quoted.append("\\u{").append(Integer.toHexString(c)).append('}');
            default -> quoted.appendCodePoint(c);
        }
    }
}
