package io.github.pgqueue.internal.cache;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.spi.PayloadCodec;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of one cache as bytes. Thread-safe; all that changes is that it learns more types of values.
 *
 * <p>What has canonical bytes is written so: text, numbers, dates, enums. Everything else is written with Java
 * serialization if this cache may use it, else as JSON, which is read by the declared type; what is of another type than
 * declared is refused, since JSON would not bring it back. No name of a class in the table decides what is instantiated,
 * unless it is on the list that the cache was given, or the application has declared it.
 */
public final class CacheCodec {

    private static final char KEY_AS_JSON = '{';
    private static final char KEY_SERIALIZED = 'J';
    private static final String POLYMORPHIC = "com.fasterxml.jackson.annotation.JsonTypeInfo";

    private final PayloadType<?> keyType;
    private final PayloadType<?> valueType;
    private final PayloadCodec json;
    private final @Nullable JavaSerialization java;
    private final KeyParts parts;
    private final Map<String, PayloadType<?>> declared = new ConcurrentHashMap<>();

    /**
     * Makes one.
     *
     * @param keyType the declared type; Object if none is
     * @param valueType the declared type; Object if none is
     * @param java if the cache may use Java serialization
     * @param composites the class of keys that are made of parts
     */
    public CacheCodec(
            PayloadType<?> keyType,
            PayloadType<?> valueType,
            PayloadCodec json,
            @Nullable JavaSerialization java,
            CompositeKeys<?> composites) {
        this.keyType = keyType;
        this.valueType = valueType;
        this.json = json;
        this.java = java;
        this.parts = new KeyParts(composites, java);
    }

    /**
     * Has the cache hold values of one more type: as JSON beside the name of the type, by which it is read where the same
     * type is declared, and nowhere else.
     */
    public void declareValues(PayloadType<?> type) {
        if (!type.equals(valueType)) {
            declared.putIfAbsent(type.toString(), type);
        }
    }

    /**
     * The canonical bytes of a key.
     *
     * @throws PayloadException PGQ5009 or PGQ5010 if it cannot be written
     */
    public byte[] writeKey(Object key) {
        Optional<byte[]> canonical = canonical(key, keyType);
        if (canonical.isPresent()) {
            return canonical.get();
        }
        if (parts.isComposite(key) || isRecordOfItsOwnForm(key)) {
            return parts.write(key);
        }
        if (java != null && key instanceof Serializable) {
            return CanonicalBytes.tagged(KEY_SERIALIZED, java.write(key));
        }
        return CanonicalBytes.tagged(KEY_AS_JSON, json(key, keyType));
    }

    /** Declared ones are JSON, and listed ones are serialized. */
    private boolean isRecordOfItsOwnForm(Object key) {
        return key instanceof Record
                && key.getClass() != raw(keyType)
                && (java == null || !java.allows(key.getClass()));
    }

    /** The key of these bytes, unless it cannot be read. */
    public Optional<Object> readKey(byte[] bytes) {
        byte[] serialized = CanonicalBytes.content(KEY_SERIALIZED, bytes);
        if (serialized != null) {
            return deserialized(serialized, keyType);
        }
        if (KeyParts.areThese(bytes)) {
            return composite(bytes);
        }
        byte[] text = CanonicalBytes.content(KEY_AS_JSON, bytes);
        return text == null ? canonical(bytes, keyType) : decoded(text, keyType);
    }

    /**
     * A value as it is stored.
     *
     * @throws PayloadException PGQ5006, PGQ5009 or PGQ5010 if it cannot be written
     */
    public StoredValue writeValue(Object value) {
        Optional<byte[]> canonical = canonical(value, valueType);
        if (canonical.isPresent()) {
            return new StoredValue(canonical.get(), StoredValue.CANONICAL);
        }
        if (java != null && value instanceof Serializable) {
            return new StoredValue(java.write(value), StoredValue.JAVA);
        }
        PayloadType<?> type = typeOf(value);
        byte[] text = json.encode(value).getBytes(StandardCharsets.UTF_8);
        return type.equals(valueType)
                ? new StoredValue(text, StoredValue.JSON)
                : new StoredValue(named(type, text), StoredValue.DECLARED);
    }

    private PayloadType<?> typeOf(Object value) {
        List<PayloadType<?>> fitting = Stream.<PayloadType<?>>concat(Stream.of(valueType), declared.values().stream())
                .filter(type -> comesBackFromJson(value.getClass(), type))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (fitting.isEmpty()) {
            throw wouldNotComeBack(value.getClass(), valueType);
        }
        throw new PayloadException(
                "PGQ5009",
                value.getClass().getName() + " is of several types that were declared for values of one cache, "
                        + fitting + ": use a cache for each of them",
                null);
    }

    /** The value that is stored, unless it cannot be read: by another version of its class, of another type. */
    public Optional<Object> readValue(StoredValue value) {
        return switch (value.codec()) {
            case StoredValue.JSON -> decoded(value.bytes(), valueType);
            case StoredValue.CANONICAL -> canonical(value);
            case StoredValue.JAVA -> deserialized(value.bytes(), valueType);
            case StoredValue.DECLARED -> declared(ByteBuffer.wrap(value.bytes()));
            default -> Optional.empty();
        };
    }

    private Optional<byte[]> canonical(Object object, PayloadType<?> declared) {
        if (object instanceof Enum<?> constant && !isReadable(constant.getDeclaringClass(), declared)) {
            return Optional.empty();
        }
        return CanonicalBytes.write(object);
    }

    /** A near copy is read again and again: its text is made once. */
    private Optional<Object> canonical(StoredValue value) {
        String known = value.text();
        if (known != null && raw(valueType).isInstance(known)) {
            return Optional.of(known);
        }
        Optional<Object> read = canonical(value.bytes(), valueType);
        if (read.orElse(null) instanceof String text) {
            value.keep(text);
        }
        return read;
    }

    private Optional<Object> canonical(byte[] bytes, PayloadType<?> declared) {
        return CanonicalBytes.read(bytes, name -> enumOf(name, declared)).filter(raw(declared)::isInstance);
    }

    private boolean isReadable(Class<?> type, PayloadType<?> main) {
        return type == main.type() || declared.containsKey(type.getName()) || (java != null && java.allows(type));
    }

    private Optional<Class<?>> enumOf(String name, PayloadType<?> main) {
        PayloadType<?> known = raw(main).getName().equals(name) ? main : declared.get(name);
        if (known != null) {
            return Optional.of(raw(known));
        }
        if (java == null) {
            return Optional.empty();
        }
        try {
            return Optional.<Class<?>>of(java.load(name)).filter(java::allows);
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private Optional<Object> deserialized(byte[] bytes, PayloadType<?> declared) {
        if (java == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(java.read(bytes)).filter(raw(declared)::isInstance);
        } catch (IOException | ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private Optional<Object> composite(byte[] bytes) {
        try {
            return Optional.of(parts.read(bytes)).filter(raw(keyType)::isInstance);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private byte[] json(Object object, PayloadType<?> declared) {
        if (!comesBackFromJson(object.getClass(), declared)) {
            throw wouldNotComeBack(object.getClass(), declared);
        }
        return json.encode(object).getBytes(StandardCharsets.UTF_8);
    }

    private static PayloadException wouldNotComeBack(Class<?> type, PayloadType<?> declared) {
        String remedy = Throwable.class.isAssignableFrom(type)
                ? ": allow Java serialization for this cache, of the preset 'exceptions' and of your own exceptions"
                : ": declare that very type, or allow Java serialization for this cache";
        return new PayloadException(
                "PGQ5009", type.getName() + " cannot be stored in a cache of declared type " + declared + remedy, null);
    }

    /** The name of a declared type, after its length, and the JSON. */
    private static byte[] named(PayloadType<?> type, byte[] text) {
        byte[] name = type.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + name.length + text.length)
                .putInt(name.length)
                .put(name)
                .put(text)
                .array();
    }

    private Optional<Object> declared(ByteBuffer named) {
        try {
            byte[] name = new byte[named.getInt()];
            named.get(name);
            byte[] text = new byte[named.remaining()];
            named.get(text);
            return Optional.<PayloadType<?>>ofNullable(declared.get(new String(name, StandardCharsets.UTF_8)))
                    .flatMap(type -> decoded(text, type));
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            return Optional.empty();
        }
    }

    private static boolean comesBackFromJson(Class<?> type, PayloadType<?> declared) {
        Class<?> raw = raw(declared);
        return type == raw
                || (declared.type() instanceof ParameterizedType && raw.isAssignableFrom(type))
                || Arrays.stream(raw.getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getName().equals(POLYMORPHIC));
    }

    private Optional<Object> decoded(byte[] bytes, PayloadType<?> declared) {
        try {
            return Optional.<Object>of(json.decode(new String(bytes, StandardCharsets.UTF_8), declared))
                    .filter(raw(declared)::isInstance);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            return Optional.empty();
        }
    }

    private static Class<?> raw(PayloadType<?> declared) {
        Type type = declared.type();
        if (type instanceof ParameterizedType generic) {
            type = generic.getRawType();
        }
        return type instanceof Class<?> known ? known : Object.class;
    }
}
