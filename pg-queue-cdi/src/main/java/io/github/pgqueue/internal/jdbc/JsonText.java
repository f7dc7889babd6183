package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.PayloadException;

/**
 * What PostgreSQL demands of JSON, checked in one pass before the statement, since a refusal of the database would abort
 * the caller's transaction: its grammar, no NUL, no lone surrogate, numbers that fit its numeric type; and bounds of our
 * own on size and depth.
 */
final class JsonText {

    static final int MAX_DEPTH = 100;

    /** With the exponent, a numeric may have up to 131,072 digits before the point and 16,383 after it. */
    private static final int MAX_NUMBER_LENGTH = 10_000;

    private static final int MAX_EXPONENT = 6_000;

    /** What may come next. */
    private enum Next {
        VALUE,
        VALUE_OR_END,
        NAME,
        NAME_OR_END,
        COLON,
        COMMA_OR_END,
        NOTHING
    }

    private final String json;
    private final boolean[] inObject = new boolean[MAX_DEPTH + 1];
    private int at;
    private int bytes;
    private int depth;

    private JsonText(String json) {
        this.json = json;
    }

    /**
     * Refuses JSON that cannot be stored.
     *
     * @throws PayloadException PGQ5002 to PGQ5006 or PGQ5008
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
        Next next = Next.VALUE;
        while (at < json.length()) {
            char c = json.charAt(at);
            if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
                skip(1);
            } else {
                next = token(next, c);
            }
        }
        if (next != Next.NOTHING) {
            throw broken();
        }
    }

    private Next token(Next expected, char c) {
        return switch (expected) {
            case VALUE -> value(c);
            case VALUE_OR_END -> c == ']' ? close() : value(c);
            case NAME -> name(c);
            case NAME_OR_END -> c == '}' ? close() : name(c);
            case COLON -> {
                require(c == ':');
                skip(1);
                yield Next.VALUE;
            }
            case COMMA_OR_END -> commaOrEnd(c);
            case NOTHING -> throw broken();
        };
    }

    private Next value(char c) {
        switch (c) {
            case '{', '[' -> {
                return open(/* object= */ c == '{');
            }
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
        return afterValue();
    }

    private Next name(char c) {
        require(c == '"');
        string();
        return Next.COLON;
    }

    private Next commaOrEnd(char c) {
        if (c == ',') {
            skip(1);
            return inObject[depth] ? Next.NAME : Next.VALUE;
        }
        require(c == (inObject[depth] ? '}' : ']'));
        return close();
    }

    private Next open(boolean object) {
        depth++;
        if (depth > MAX_DEPTH) {
            throw new PayloadException(
                    "PGQ5005", "the payload is nested deeper than " + MAX_DEPTH + " levels at character " + at, null);
        }
        inObject[depth] = object;
        skip(1);
        return object ? Next.NAME_OR_END : Next.VALUE_OR_END;
    }

    private Next close() {
        depth--;
        skip(1);
        return afterValue();
    }

    private Next afterValue() {
        return depth == 0 ? Next.NOTHING : Next.COMMA_OR_END;
    }

    private void word(String word) {
        require(json.startsWith(word, at));
        skip(word.length());
    }

    /** From the opening quote to behind the closing one. */
    private void string() {
        skip(1);
        while (at < json.length()) {
            char c = json.charAt(at);
            if (c == '"') {
                skip(1);
                return;
            }
            if (c == '\\') {
                skip(1);
                escape();
            } else {
                if (c == 0) {
                    throw nul(at);
                }
                require(c >= ' ');
                bytes += utf8Bytes(json, at);
                at++;
            }
        }
        throw broken();
    }

    /** Behind the backslash. */
    private void escape() {
        require(at < json.length());
        char c = json.charAt(at);
        if (c != 'u') {
            require("\"\\/bfnrt".indexOf(c) >= 0);
            skip(1);
            return;
        }
        int unit = unit(at);
        if (unit == 0) {
            throw nul(at);
        }
        if (Character.isLowSurrogate((char) unit)) {
            throw loneSurrogate(at);
        }
        if (Character.isHighSurrogate((char) unit)) {
            if (!json.startsWith("\\u", at + 5) || !Character.isLowSurrogate((char) unit(at + 6))) {
                throw loneSurrogate(at);
            }
            skip(6);
        }
        skip(5);
    }

    /** The four digits behind the {@code u} of an escape. */
    private int unit(int u) {
        int unit = 0;
        for (int i = u + 1; i <= u + 4; i++) {
            int digit = i < json.length() ? Character.digit(json.charAt(i), 16) : -1;
            require(digit >= 0 && json.charAt(i) < 0x80);
            unit = unit * 16 + digit;
        }
        return unit;
    }

    private void number() {
        int from = at;
        if (here('-')) {
            at++;
        }
        if (here('0')) {
            at++;
        } else {
            digits();
        }
        if (here('.')) {
            at++;
            digits();
        }
        int exponent = 0;
        if (here('e') || here('E')) {
            at++;
            if (here('+') || here('-')) {
                at++;
            }
            exponent = exponent(digits());
        }
        if (at - from > MAX_NUMBER_LENGTH || exponent > MAX_EXPONENT) {
            throw new PayloadException(
                    "PGQ5008",
                    "the number at character " + from + " is outside of what is stored: up to " + MAX_NUMBER_LENGTH
                            + " digits and exponents up to " + MAX_EXPONENT + "; send it as a string",
                    null);
        }
        bytes += at - from;
    }

    /** The number that the digits from a place on make, or one that is too large. */
    private int exponent(int from) {
        int exponent = 0;
        for (int i = from; i < at && exponent <= MAX_EXPONENT; i++) {
            exponent = exponent * 10 + json.charAt(i) - '0';
        }
        return exponent;
    }

    private boolean here(char c) {
        return at < json.length() && json.charAt(at) == c;
    }

    /** At least one digit; returns where they begin. */
    private int digits() {
        int from = at;
        while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
            at++;
        }
        require(at > from);
        return from;
    }

    private void skip(int characters) {
        at += characters;
        bytes += characters;
    }

    private void require(boolean valid) {
        if (!valid) {
            throw broken();
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
                "PGQ5003",
                "the payload has a NUL at character " + at + ", which PostgreSQL cannot store in text",
                null);
    }

    private static PayloadException loneSurrogate(int at) {
        return new PayloadException(
                "PGQ5004",
                "the payload has half of a surrogate pair at character " + at + ", which is no text in UTF-8",
                null);
    }

    private PayloadException broken() {
        return new PayloadException("PGQ5006", "the codec wrote broken JSON: see character " + at, null);
    }
}
