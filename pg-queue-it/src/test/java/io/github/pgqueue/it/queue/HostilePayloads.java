package io.github.pgqueue.it.queue;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/** Payloads that are meant to do harm: those that must be refused, with the number of the error, and those that must not. */
final class HostilePayloads {

    private static final int LIMIT = 1 << 20;

    /** Has itself as a part. */
    record Cycle(Map<String, Object> parts) {
        static Cycle create() {
            Map<String, Object> parts = new HashMap<>();
            Cycle cycle = new Cycle(parts);
            parts.put("self", cycle);
            return cycle;
        }
    }

    /** Is whatever it says to be. */
    record Raw(@JsonRawValue String json) {}

    /** Fails while it is written. */
    static final class Failing {
        @SuppressWarnings("DoNotCallSuggester") // Jackson does
        public String getText() {
            throw new IllegalStateException("a secret that must not be shown");
        }
    }

    /** Runs out of stack while it is written. */
    static final class Endless {
        @SuppressWarnings("InfiniteRecursion") // what it is for
        public int getDepth() {
            return getDepth() + 1;
        }
    }

    private HostilePayloads() {}

    /** The number of the error and the payload. */
    static Stream<Arguments> refused() {
        return Stream.of(
                refused("null", "PGQ5001", null),
                refused("one character too long", "PGQ5002", "x".repeat(LIMIT - 1)),
                refused("one byte too long in UTF-8", "PGQ5002", "é".repeat(LIMIT / 2) + "x"),
                refused("4 MB of emoji", "PGQ5002", "\uD83D\uDE00".repeat(LIMIT)),
                refused(
                        "many short strings",
                        "PGQ5002",
                        IntStream.range(0, LIMIT / 4).mapToObj(i -> "ab").toList()),
                refused("NUL", "PGQ5003", "a\0b"),
                refused("NUL in a key", "PGQ5003", Map.of("a\0b", 1)),
                refused("NUL as raw JSON", "PGQ5003", new Raw("\"a\\u0000b\"")),
                refused("high surrogate alone", "PGQ5004", "a\uD83Db"),
                refused("high surrogate at the end", "PGQ5004", "a\uD83D"),
                refused("low surrogate alone", "PGQ5004", "\uDE00b"),
                refused("surrogates in the wrong order", "PGQ5004", "\uDE00\uD83D"),
                refused("surrogate in a key", "PGQ5004", Map.of("\uD83D", 1)),
                refused("surrogate as raw JSON", "PGQ5004", new Raw("\"\\ud83d\\u0041\"")),
                refused("101 levels", "PGQ5005", nested(101)),
                refused("101 levels of objects", "PGQ5005", nestedObjects(101)),
                refused("50,000 levels", "PGQ5006", nested(50_000)),
                refused("50,000 levels as raw JSON", "PGQ5005", new Raw("[".repeat(50_000) + "]".repeat(50_000))),
                refused("a part of itself", "PGQ5006", Cycle.create()),
                refused("a class without properties", "PGQ5006", new Object()),
                refused("a class that Jackson refuses", "PGQ5006", Optional.of("x")),
                refused("a getter that throws", "PGQ5006", new Failing()),
                refused("a getter without end", "PGQ5006", new Endless()),
                refused("1e400000", "PGQ5008", new BigDecimal("1e400000")),
                refused("1e-400000", "PGQ5008", new BigDecimal("1e-400000")),
                refused("1e2147483647", "PGQ5008", new BigDecimal("1e2147483647")),
                refused("exponent as raw JSON", "PGQ5008", new Raw("1e99999999999999999999")),
                refused("20,000 digits", "PGQ5008", new BigInteger("9".repeat(20_000))),
                refused(
                        "many digits far behind the point",
                        "PGQ5008",
                        new BigDecimal("1." + "1".repeat(9_000) + "e-9000")),
                refused("unfinished raw JSON", "PGQ5006", new Raw("{\"a\":")),
                refused("raw JSON that closes too much", "PGQ5006", new Raw("1}, {\"b\":1")),
                refused("raw JSON with something behind it", "PGQ5006", new Raw("1 1")),
                refused("raw words", "PGQ5006", new Raw("NaN")),
                refused("raw control character", "PGQ5006", new Raw("\"a\nb\"")),
                refused("raw number", "PGQ5006", new Raw("01")),
                refused("raw escape", "PGQ5006", new Raw("\"\\x\"")),
                refused("nothing", "PGQ5006", new Raw("")));
    }

    @SuppressWarnings("NullAway") // JUnit's Named takes what is given
    private static Arguments refused(String name, String code, @Nullable Object payload) {
        return arguments(code, Named.of(name, payload));
    }

    /** What looks bad but is text, and must come back as it was. */
    static Stream<Arguments> texts() {
        return Stream.of(
                text("empty", ""),
                text("blank", " \t\r\n"),
                text("SQL", "'; DROP TABLE pg_queue_queue; --"),
                text("dollar quotes", "$$ $1 $body$"),
                text("placeholders", "${queue} ${schema} ? :a {0} %s"),
                text("lookup", "${jndi:ldap://localhost/x}"),
                text("JSON", "{\"a\": [1, null]}"),
                text("JSON null", "null"),
                text("escape of NUL as text", "\\u0000"),
                text("backslashes", "\\\\\\\"\\"),
                text(
                        "controls",
                        IntStream.range(1, 0x20)
                                        .collect(
                                                StringBuilder::new,
                                                StringBuilder::appendCodePoint,
                                                StringBuilder::append)
                                + "\u007f\u0085\u009f"),
                text("line separators", "a\u2028b\u2029c"),
                text("right to left", "\u202ekcab\u202c"),
                text("emoji", "\uD83D\uDE00\uD83D\uDC69\u200D\uD83D\uDCBB"),
                text("last code point", "\uDBFF\uDFFF\uFFFE\uFFFF"),
                text("byte order mark", "\uFEFFx"),
                text("as long as allowed", "x".repeat(LIMIT - 2)),
                text("as long as allowed in UTF-8", "\uD83D\uDE00".repeat(LIMIT / 4 - 1)));
    }

    private static Arguments text(String name, String text) {
        return arguments(Named.of(name, text));
    }

    /** Numbers that must come back with the same value. */
    static Stream<Arguments> numbers() {
        return Stream.of(
                number("zero", "0"),
                number("negative", "-0.10"),
                number("more digits than a double has", "0.1234567890123456789012345678901234567890"),
                number("smallest long", Long.toString(Long.MIN_VALUE)),
                number("smallest double", Double.toString(Double.MIN_VALUE)),
                number("largest double", Double.toString(Double.MAX_VALUE)),
                number("largest exponent", "1e6000"),
                number("smallest exponent", "-1e-6000"),
                number("9,999 digits", "9".repeat(9_999)),
                number("many digits far behind the point", "1." + "7".repeat(9_000) + "e-6000"));
    }

    private static Arguments number(String name, String number) {
        return arguments(Named.of(name, new BigDecimal(number)));
    }

    static List<Object> nested(int levels) {
        List<Object> outermost = new ArrayList<>();
        List<Object> current = outermost;
        for (int level = 1; level < levels; level++) {
            List<Object> inner = new ArrayList<>();
            current.add(inner);
            current = inner;
        }
        return outermost;
    }

    private static Map<String, Object> nestedObjects(int levels) {
        Map<String, Object> outermost = new HashMap<>();
        Map<String, Object> current = outermost;
        for (int level = 1; level < levels; level++) {
            Map<String, Object> inner = new HashMap<>();
            current.put("a", inner);
            current = inner;
        }
        return outermost;
    }
}
