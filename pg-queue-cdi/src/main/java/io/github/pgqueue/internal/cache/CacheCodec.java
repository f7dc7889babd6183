package io.github.pgqueue.internal.cache;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.spi.PayloadCodec;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of one cache as bytes. Immutable, thread-safe.
 *
 * <p>What has canonical bytes is written so: text, numbers, dates, enums. Everything else is written with Java
 * serialization if this cache may use it, else as JSON, which is read by the declared type; what is of another type than
 * declared is refused, since JSON would not bring it back. No name of a class in the table decides what is instantiated,
 * unless it is on the list that the cache was given.
 */
public final class CacheCodec {

    private static final char KEY_AS_JSON = '{';
    private static final char KEY_SERIALIZED = 'J';
    private static final String POLYMORPHIC = "com.fasterxml.jackson.annotation.JsonTypeInfo";

    private final PayloadType<?> keyType;
    private final PayloadType<?> valueType;
    private final PayloadCodec json;
    private final @Nullable JavaSerialization java;

    /**
     * Makes one.
     *
     * @param keyType the declared type; Object if none is
     * @param valueType the declared type; Object if none is
     * @param java if the cache may use Java serialization
     */
    public CacheCodec(
            PayloadType<?> keyType, PayloadType<?> valueType, PayloadCodec json, @Nullable JavaSerialization java) {
        this.keyType = keyType;
        this.valueType = valueType;
        this.json = json;
        this.java = java;
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
        if (java != null && key instanceof Serializable) {
            return CanonicalBytes.tagged(KEY_SERIALIZED, java.write(key));
        }
        return CanonicalBytes.tagged(KEY_AS_JSON, json(key, keyType));
    }

    /** The key of these bytes, unless it cannot be read. */
    public Optional<Object> readKey(byte[] bytes) {
        byte[] serialized = CanonicalBytes.content(KEY_SERIALIZED, bytes);
        if (serialized != null) {
            return deserialized(serialized, keyType);
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
        return new StoredValue(json(value, valueType), StoredValue.JSON);
    }

    /** The value that is stored, unless it cannot be read: by another version of its class, of another type. */
    public Optional<Object> readValue(StoredValue value) {
        return switch (value.codec()) {
            case StoredValue.JSON -> decoded(value.bytes(), valueType);
            case StoredValue.CANONICAL -> canonical(value.bytes(), valueType);
            case StoredValue.JAVA -> deserialized(value.bytes(), valueType);
            default -> Optional.empty();
        };
    }

    private Optional<byte[]> canonical(Object object, PayloadType<?> declared) {
        if (object instanceof Enum<?> constant && !isReadable(constant.getDeclaringClass(), declared)) {
            return Optional.empty();
        }
        return CanonicalBytes.write(object);
    }

    private Optional<Object> canonical(byte[] bytes, PayloadType<?> declared) {
        return CanonicalBytes.read(bytes, name -> enumOf(name, declared)).filter(raw(declared)::isInstance);
    }

    private boolean isReadable(Class<?> type, PayloadType<?> declared) {
        return type == declared.type() || (java != null && java.allows(type));
    }

    private Optional<Class<?>> enumOf(String name, PayloadType<?> declared) {
        if (raw(declared).getName().equals(name)) {
            return Optional.of(raw(declared));
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

    private byte[] json(Object object, PayloadType<?> declared) {
        if (!comesBackFromJson(object.getClass(), declared)) {
            throw new PayloadException(
                    "PGQ5009",
                    object.getClass().getName() + " cannot be stored in a cache of declared type " + declared
                            + ": declare that very type, or allow Java serialization for this cache",
                    null);
        }
        return json.encode(object).getBytes(StandardCharsets.UTF_8);
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
