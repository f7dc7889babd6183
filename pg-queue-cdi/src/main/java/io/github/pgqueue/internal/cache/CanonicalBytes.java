package io.github.pgqueue.internal.cache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The form of keys, and of values of the same types: equal objects give equal bytes, in every JVM.
 *
 * <p>A text is its UTF-8, so that PgCache, psql and the JCache provider mean the same key. Everything else begins with
 * the byte FF, which UTF-8 never has, and a letter for its type.
 */
final class CanonicalBytes {

    static final int MARK = 0xFF;

    private static final char TEXT = 'S';
    private static final char ENUM = 'E';
    private static final char REPLACEMENT = '\uFFFD';

    private interface Writer<T> {
        void write(T value, DataOutput out) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInput in, int length) throws IOException;
    }

    private record Form<T>(char letter, Class<T> type, Writer<T> writer, Reader<T> reader) {

        /** A type whose text says it all, and says it in one way only. */
        static <T> Form<T> text(char letter, Class<T> type, Function<String, T> parser) {
            return new Form<>(
                    letter,
                    type,
                    (value, out) -> out.write(value.toString().getBytes(StandardCharsets.UTF_8)),
                    (in, length) -> parser.apply(new String(rest(in, length), StandardCharsets.UTF_8)));
        }
    }

    private static final List<Form<?>> FORMS = List.of(
            new Form<>('B', byte[].class, (value, out) -> out.write(value), CanonicalBytes::rest),
            new Form<>('D', BigDecimal.class, CanonicalBytes::writeDecimal, CanonicalBytes::readDecimal),
            new Form<>(
                    'I',
                    BigInteger.class,
                    (value, out) -> out.write(value.toByteArray()),
                    (in, length) -> new BigInteger(rest(in, length))),
            new Form<>(
                    'U', UUID.class, CanonicalBytes::writeUuid, (in, length) -> new UUID(in.readLong(), in.readLong())),
            new Form<>('b', Boolean.class, (value, out) -> out.writeBoolean(value), (in, length) -> in.readBoolean()),
            new Form<>('c', Character.class, (value, out) -> out.writeChar(value), (in, length) -> in.readChar()),
            new Form<>(
                    'd',
                    Double.class,
                    (value, out) -> out.writeLong(Double.doubleToLongBits(value)),
                    (in, length) -> in.readDouble()),
            new Form<>(
                    'f',
                    Float.class,
                    (value, out) -> out.writeInt(Float.floatToIntBits(value)),
                    (in, length) -> in.readFloat()),
            new Form<>('i', Integer.class, (value, out) -> out.writeInt(value), (in, length) -> in.readInt()),
            new Form<>('l', Long.class, (value, out) -> out.writeLong(value), (in, length) -> in.readLong()),
            new Form<>('s', Short.class, (value, out) -> out.writeShort(value), (in, length) -> in.readShort()),
            new Form<>('y', Byte.class, (value, out) -> out.writeByte(value), (in, length) -> in.readByte()),
            Form.text('0', Duration.class, Duration::parse),
            Form.text('1', Instant.class, Instant::parse),
            Form.text('2', LocalDate.class, LocalDate::parse),
            Form.text('3', LocalTime.class, LocalTime::parse),
            Form.text('4', LocalDateTime.class, LocalDateTime::parse),
            Form.text('5', OffsetDateTime.class, OffsetDateTime::parse),
            Form.text('6', OffsetTime.class, OffsetTime::parse),
            Form.text('7', ZonedDateTime.class, ZonedDateTime::parse),
            Form.text('8', MonthDay.class, MonthDay::parse),
            Form.text('9', YearMonth.class, YearMonth::parse),
            Form.text('p', Period.class, Period::parse),
            Form.text('o', ZoneOffset.class, ZoneOffset::of),
            Form.text('v', Year.class, text -> Year.of(Integer.parseInt(text))),
            // The implementation of the other zones is not a public class.
            Form.text('z', ZoneId.class, ZoneId::of));

    private static final Map<Class<?>, Form<?>> BY_TYPE = new HashMap<>();
    private static final Map<Character, Form<?>> BY_LETTER = new HashMap<>();

    static {
        for (Form<?> form : FORMS) {
            BY_TYPE.put(form.type(), form);
            BY_LETTER.put(form.letter(), form);
        }
    }

    private CanonicalBytes() {}

    /** The bytes of a value, unless its type is none of those that have canonical ones. */
    static Optional<byte[]> write(Object value) {
        if (value instanceof String text) {
            return Optional.of(text(text));
        }
        if (value instanceof Enum<?> constant) {
            return Optional.of(tagged(ENUM, out -> {
                out.writeUTF(constant.getDeclaringClass().getName());
                out.writeUTF(constant.name());
            }));
        }
        Form<?> form = BY_TYPE.get(
                value instanceof ZoneId && !(value instanceof ZoneOffset) ? ZoneId.class : value.getClass());
        return form == null ? Optional.empty() : Optional.of(write(form, value));
    }

    private static <T> byte[] write(Form<T> form, Object value) {
        return tagged(form.letter(), out -> form.writer().write(form.type().cast(value), out));
    }

    /** Bytes of another form, with the mark and the letter of that. */
    static byte[] tagged(char letter, byte[] content) {
        return tagged(letter, out -> out.write(content));
    }

    /** The content if these are tagged bytes of a letter. */
    static byte @Nullable [] content(char letter, byte[] bytes) {
        if (bytes.length < 2 || (bytes[0] & 0xFF) != MARK || bytes[1] != letter) {
            return null;
        }
        return Arrays.copyOfRange(bytes, 2, bytes.length);
    }

    /**
     * Reads bytes that {@link #write} wrote.
     *
     * @param enums the class of an enum by its name, if it may be used
     */
    static Optional<Object> read(byte[] bytes, Function<String, Optional<Class<?>>> enums) {
        try {
            if (bytes.length == 0 || (bytes[0] & 0xFF) != MARK) {
                return Optional.of(text(bytes));
            }
            DataInput in = new DataInputStream(new ByteArrayInputStream(bytes, 2, bytes.length - 2));
            char letter = bytes.length == 1 ? 0 : (char) bytes[1];
            return switch (letter) {
                case TEXT -> Optional.of(chars(in, (bytes.length - 2) / Character.BYTES));
                case ENUM -> constant(in, enums);
                default -> {
                    Form<?> form = BY_LETTER.get(letter);
                    yield form == null
                            ? Optional.empty()
                            : Optional.of(form.reader().read(in, bytes.length - 2));
                }
            };
        } catch (IOException | DateTimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> constant(DataInput in, Function<String, Optional<Class<?>>> enums)
            throws IOException {
        Optional<Class<?>> type = enums.apply(in.readUTF());
        String name = in.readUTF();
        return type.filter(Class::isEnum)
                .flatMap(known -> Arrays.stream(known.getEnumConstants())
                        .filter(constant -> ((Enum<?>) constant).name().equals(name))
                        .findFirst()
                        .map(Object.class::cast));
    }

    /** Looks at what comes back: a strict encoder goes from character to character, and takes many times as long. */
    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Half of a surrogate pair has no UTF-8.
        return new String(bytes, StandardCharsets.UTF_8).equals(text)
                ? bytes
                : tagged(TEXT, out -> out.writeChars(text));
    }

    /** The strict decoder is asked only where there is what stands for bytes that are no UTF-8, or for itself. */
    private static String text(byte[] bytes) throws CharacterCodingException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0
                ? text
                : StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
    }

    private static String chars(DataInput in, int length) throws IOException {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(in.readChar());
        }
        return text.toString();
    }

    private interface Content {
        void write(DataOutput out) throws IOException;
    }

    private static byte[] tagged(char letter, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
        bytes.write(MARK);
        bytes.write(letter);
        try {
            content.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] rest(DataInput in, int length) throws IOException {
        byte[] rest = new byte[length];
        in.readFully(rest);
        return rest;
    }

    /** Numbers that differ in their scale only are not equal. */
    private static void writeDecimal(BigDecimal value, DataOutput out) throws IOException {
        out.writeInt(value.scale());
        out.write(value.unscaledValue().toByteArray());
    }

    private static BigDecimal readDecimal(DataInput in, int length) throws IOException {
        int scale = in.readInt();
        return new BigDecimal(new BigInteger(rest(in, length - Integer.BYTES)), scale);
    }

    private static void writeUuid(UUID value, DataOutput out) throws IOException {
        out.writeLong(value.getMostSignificantBits());
        out.writeLong(value.getLeastSignificantBits());
    }
}
