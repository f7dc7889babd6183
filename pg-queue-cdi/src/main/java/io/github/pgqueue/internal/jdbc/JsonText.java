package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.PayloadException;

/**
 * What PostgreSQL demands of JSON beyond its grammar, checked in one pass before the statement: no NUL, no lone
 * surrogate, numbers that fit its numeric type; and bounds of our own on size and depth.
 */
final class JsonText {

    static final int MAX_DEPTH = 100;
    /** A numeric has up to 131,072 digits before the point and 16,383 after it; nobody needs more than this. */
    private static final int MAX_EXPONENT = 10_000;

    private static final int MAX_NUMBER_LENGTH = 10_000;

    private final String json;
    private int bytes;
    private int depth;

    private JsonText(String json) {
        this.json = json;
    }

    /**
     * Refuses JSON that cannot be stored.
     *
     * @throws PayloadException PGQ5002 to PGQ5005 or PGQ5008
     */
    static void check(String json, int maxBytes) {
        if (json.length() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        JsonText text = new JsonText(json);
        text.scan();
        if (text.bytes > maxBytes) {
            throw tooLarge(maxBytes);
        }
    }

    /** Text that is sent as it is, such as a raw signal. */
    static void checkRaw(String text, int maxBytes) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw nul(i);
            }
            bytes += utf8Bytes(text, i);
        }
        if (bytes > maxBytes) {
            throw tooLarge(maxBytes);
        }
    }

    private void scan() {
        int i = 0;
        while (i < json.length()) {
            char c = json.charAt(i);
            if (c == '"') {
                i = string(i + 1);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                i = number(i);
            } else {
                depth(c, i);
                bytes += utf8Bytes(json, i);
                i++;
            }
        }
    }

    private void depth(char c, int at) {
        if (c == '{' || c == '[') {
            depth++;
            if (depth > MAX_DEPTH) {
                throw new PayloadException(
                        "PGQ5005", "the payload is nested deeper than " + MAX_DEPTH + " levels at character " + at, null);
            }
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }

    /** From behind the opening quote to behind the closing one. */
    private int string(int from) {
        bytes++;
        for (int i = from; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == 0) {
                throw nul(i);
            }
            bytes += utf8Bytes(json, i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\' && i + 1 < json.length()) {
                i++;
                bytes++;
                if (json.charAt(i) == 'u') {
                    i = escape(i);
                }
            }
        }
        return json.length();
    }

    /** At the {@code u} of an escape; returns the place of its last character. */
    private int escape(int at) {
        int unit = unit(at);
        if (unit == 0) {
            throw nul(at);
        }
        int last = at + 4;
        bytes += 4;
        if (Character.isLowSurrogate((char) unit)) {
            throw loneSurrogate(at);
        }
        if (Character.isHighSurrogate((char) unit)) {
            if (!json.startsWith("\\u", last + 1) || !Character.isLowSurrogate((char) unit(last + 2))) {
                throw loneSurrogate(at);
            }
            last += 6;
            bytes += 6;
        }
        return last;
    }

    private int unit(int at) {
        try {
            return Integer.parseInt(json, at + 1, at + 5, 16);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new PayloadException("PGQ5006", "the codec wrote a broken escape at character " + at, e);
        }
    }

    private int number(int from) {
        int end = from;
        int exponentAt = -1;
        while (end < json.length() && "+-.eE0123456789".indexOf(json.charAt(end)) >= 0) {
            if (json.charAt(end) == 'e' || json.charAt(end) == 'E') {
                exponentAt = end;
            }
            end++;
        }
        if (end - from > MAX_NUMBER_LENGTH || (exponentAt >= 0 && exponentTooLarge(exponentAt + 1, end))) {
            throw new PayloadException(
                    "PGQ5008",
                    "the number at character " + from + " is outside of what is stored: up to " + MAX_NUMBER_LENGTH
                            + " digits and exponents up to " + MAX_EXPONENT + "; send it as a string",
                    null);
        }
        bytes += end - from;
        return end;
    }

    private boolean exponentTooLarge(int from, int end) {
        try {
            return Math.abs(Integer.parseInt(json, from, end, 10)) > MAX_EXPONENT;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    /** The UTF-8 bytes of the character at a place; a pair of surrogates counts 2 for each half. */
    private static int utf8Bytes(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x80) {
            return 1;
        }
        if (c < 0x800) {
            return 2;
        }
        if (!Character.isSurrogate(c)) {
            return 3;
        }
        boolean paired = Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        if (!paired) {
            throw loneSurrogate(at);
        }
        return 2;
    }

    private static PayloadException tooLarge(int maxBytes) {
        return new PayloadException(
                "PGQ5002",
                "the payload has more than " + maxBytes + " bytes; store it elsewhere and push a reference, or raise"
                        + " pg-queue.max-payload-bytes",
                null);
    }

    private static PayloadException nul(int at) {
        return new PayloadException(
                "PGQ5003", "the payload has a NUL at character " + at + ", which PostgreSQL cannot store in text", null);
    }

    private static PayloadException loneSurrogate(int at) {
        return new PayloadException(
                "PGQ5004",
                "the payload has half of a surrogate pair at character " + at + ", which is no text in UTF-8",
                null);
    }
}
