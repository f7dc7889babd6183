package io.github.pgqueue.internal.cache;

import io.github.pgqueue.PayloadException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The form of keys that are made of others: {@link CompositeKeys}, records, lists and arrays, nested as they may be.
 * Equal keys give equal bytes, in every JVM. What has no canonical bytes is refused as a part, and not written as JSON: a
 * property that is missing there would make one key of two. Thread-safe.
 *
 * <p>Parts follow each other, each after its length as an {@code int}; a null has the length -1.
 */
final class KeyParts {

    private static final char ARRAY = 'A';
    private static final char COMPOSITE = 'M';
    private static final char LIST = 'L';
    private static final char RECORD = 'R';
    private static final char SERIALIZED = 'J';
    private static final int NULL = -1;

    private final CompositeKeys<?> composites;
    private final @Nullable JavaSerialization java;

    /** Of the enums and records that were written: bytes name no class that the application has not used as a key. */
    private final Map<String, Class<?>> classes = new ConcurrentHashMap<>();

    KeyParts(CompositeKeys<?> composites, @Nullable JavaSerialization java) {
        this.composites = composites;
        this.java = java;
    }

    /** Whether a key is of the class of composite keys. */
    boolean isComposite(Object key) {
        return composites.type().isInstance(key);
    }

    /**
     * The bytes of a key or of a part of one.
     *
     * @throws PayloadException PGQ5009 or PGQ5010 if something in it cannot be written
     */
    byte[] write(Object part) {
        if (isComposite(part)) {
            return tagged(COMPOSITE, "", Arrays.asList(composites.partsOf(part)));
        }
        if (part instanceof Enum<?> constant) {
            remember(constant.getDeclaringClass());
        }
        return CanonicalBytes.write(part).orElseGet(() -> writeNested(part));
    }

    private byte[] writeNested(Object part) {
        Class<?> type = part.getClass();
        if (type.isArray()) {
            Class<?> element = type.getComponentType();
            return tagged(ARRAY, element.isPrimitive() ? element.getName() : "", elements(part));
        }
        if (part instanceof List<?> list) {
            return tagged(LIST, "", list);
        }
        if (part instanceof Record) {
            remember(type);
            return tagged(RECORD, type.getName(), components(part));
        }
        if (java != null && part instanceof Serializable) {
            return CanonicalBytes.tagged(SERIALIZED, java.write(part));
        }
        throw refused(type, null);
    }

    private void remember(Class<?> type) {
        if (!classes.containsKey(type.getName())) {
            classes.put(type.getName(), type);
        }
    }

    private static List<@Nullable Object> elements(Object array) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    private static List<@Nullable Object> components(Object value) {
        List<@Nullable Object> values = new ArrayList<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                values.add(component.getAccessor().invoke(value));
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw refused(value.getClass(), e);
            }
        }
        return values;
    }

    private static PayloadException refused(Class<?> type, @Nullable Exception cause) {
        return new PayloadException(
                "PGQ5009",
                "a part of a cache key is a " + type.getName()
                        + ", of which equal ones need not be equal bytes: make keys"
                        + " of texts, numbers, dates, enums, and of records, lists and arrays of them (with @CacheKey or"
                        + " a key generator), or allow Java serialization for this cache",
                cause);
    }

    private byte[] tagged(char letter, String name, List<? extends @Nullable Object> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeUTF(name);
            for (Object part : parts) {
                if (part == null) {
                    out.writeInt(NULL);
                } else {
                    byte[] written = write(part);
                    out.writeInt(written.length);
                    out.write(written);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CanonicalBytes.tagged(letter, bytes.toByteArray());
    }

    /** Whether these are bytes of a key that is made of others. */
    static boolean areThese(byte[] bytes) {
        return CanonicalBytes.content(COMPOSITE, bytes) != null || CanonicalBytes.content(RECORD, bytes) != null;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if it cannot be read, because this node has not used the class of a part yet among others
     */
    Object read(byte[] bytes) throws IOException {
        char letter = bytes.length < 2 || (bytes[0] & 0xFF) != CanonicalBytes.MARK ? 0 : (char) bytes[1];
        DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(bytes, Math.min(2, bytes.length), bytes.length));
        try {
            return switch (letter) {
                case ARRAY -> array(in.readUTF(), parts(in));
                case COMPOSITE -> {
                    String unused = in.readUTF();
                    yield composites.key().apply(parts(in));
                }
                case LIST -> {
                    String unused = in.readUTF();
                    yield Collections.unmodifiableList(Arrays.asList(parts(in)));
                }
                case RECORD -> made(type(in.readUTF()), parts(in));
                case SERIALIZED -> deserialized(in.readAllBytes());
                default ->
                    CanonicalBytes.read(bytes, name -> Optional.ofNullable(classes.get(name)))
                            .orElseThrow(() -> new IOException("not a key"));
            };
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException(e);
        }
    }

    private @Nullable Object[] parts(DataInputStream in) throws IOException {
        List<@Nullable Object> parts = new ArrayList<>();
        while (in.available() > 0) {
            int length = in.readInt();
            parts.add(length == NULL ? null : read(in.readNBytes(length)));
        }
        return parts.toArray();
    }

    private static Object array(String primitive, @Nullable Object[] elements) throws IOException {
        if (primitive.isEmpty()) {
            return elements;
        }
        Class<?> type = switch (primitive) {
            case "boolean" -> boolean.class;
            case "char" -> char.class;
            case "double" -> double.class;
            case "float" -> float.class;
            case "int" -> int.class;
            case "long" -> long.class;
            case "short" -> short.class;
            default -> throw new IOException("not a primitive type");
        };
        Object array = Array.newInstance(type, elements.length);
        for (int i = 0; i < elements.length; i++) {
            Array.set(array, i, elements[i]);
        }
        return array;
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        Class<?> known = classes.get(name);
        if (known == null) {
            throw new ClassNotFoundException(name);
        }
        return known;
    }

    private static Object made(Class<?> type, @Nullable Object[] values) throws ReflectiveOperationException {
        var constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private Object deserialized(byte[] bytes) throws IOException, ClassNotFoundException {
        if (java == null) {
            throw new IOException("no Java serialization");
        }
        return java.read(bytes);
    }
}
