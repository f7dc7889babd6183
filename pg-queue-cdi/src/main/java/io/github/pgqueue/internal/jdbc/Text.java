package io.github.pgqueue.internal.jdbc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Text on its way into the database. */
public final class Text {

    private static final int MAX_ERROR_LENGTH = 2_000;
    private static final int MAX_LOG_LENGTH = 500;

    private static final Set<Integer> NOT_PRINTABLE =
            Set.of((int) Character.FORMAT, (int) Character.LINE_SEPARATOR, (int) Character.PARAGRAPH_SEPARATOR, (int)
                    Character.SURROGATE);

    private Text() {}

    /** The UTF-8 bytes of a name or key; empty if it has a NUL or a lone surrogate. */
    public static Optional<byte[]> utf8(String text) {
        if (text.indexOf(0) >= 0) {
            return Optional.empty();
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return Optional.of(bytes);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /**
     * Refuses text that cannot be sent.
     *
     * @throws io.github.pgqueue.PayloadException if the text cannot be sent
     */
    public static void checkRaw(String text, int maxBytes) {
        JsonText.checkRaw(text, maxBytes);
    }

    /** A foreign text in one line of printable characters, so that it cannot forge a line of a log. */
    public static String printable(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(MAX_LOG_LENGTH).forEach(character -> {
            if (Character.isISOControl(character) || NOT_PRINTABLE.contains(Character.getType(character))) {
                line.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                line.appendCodePoint(character);
            }
        });
        return line.toString();
    }

    /** What is kept of an exception: class and message, cut, and made storable. */
    public static String error(Throwable cause) {
        return storable(describe(cause));
    }

    /** Class and message of an exception that may be of any kind: its own methods may throw too. */
    public static String describe(Throwable cause) {
        try {
            return cause.getClass().getName() + ": " + cause.getMessage();
        } catch (RuntimeException e) {
            return cause.getClass().getName() + ", whose message cannot be had";
        }
    }

    /** Cuts a text and replaces what PostgreSQL cannot store. */
    public static String storable(String text) {
        StringBuilder storable = new StringBuilder();
        text.codePoints().limit(MAX_ERROR_LENGTH).forEach(character -> {
            boolean lone = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
            storable.appendCodePoint(character == 0 || lone ? '\uFFFD' : character);
        });
        return storable.toString();
    }
}
