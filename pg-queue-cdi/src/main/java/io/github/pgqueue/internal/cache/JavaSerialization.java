package io.github.pgqueue.internal.cache;

import io.github.pgqueue.PayloadException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Java serialization of the classes on a list, and no others: whoever can write the cache's table must not decide what
 * is instantiated. Immutable, thread-safe.
 */
public final class JavaSerialization {

    /** What values of the application's classes are made of. */
    private static final String BASE = "java.lang.Boolean;java.lang.Byte;java.lang.Character;java.lang.Double;"
            + "java.lang.Enum;java.lang.Float;java.lang.Integer;java.lang.Long;java.lang.Number;java.lang.Short;"
            + "java.lang.String;java.math.BigDecimal;java.math.BigInteger;java.time.*;java.util.UUID;";

    /**
     * Hibernate's keys, which keep their hash code: that of a key with an enum inside is another one in every JVM. Each
     * of them is in a key once at most.
     */
    private static final Set<String> HASHED = Set.of(
            "org.hibernate.cache.internal.BasicCacheKeyImplementation",
            "org.hibernate.cache.internal.CacheKeyImplementation",
            "org.hibernate.cache.internal.NaturalIdCacheKey",
            "org.hibernate.query.internal.QueryParameterBindingsImpl$ParameterBindingsMementoImpl");

    /** What follows the annotation of a class before the fields of its object: the end of it, and no superclass. */
    private static final int BEFORE_FIELDS = 2;

    private static final String LIMITS = "maxdepth=100;maxrefs=1000000;maxarray=10000000;maxbytes=100000000;";

    private final ObjectInputFilter filter;
    private final ClassLoader loader;

    private JavaSerialization(ObjectInputFilter filter, ClassLoader loader) {
        this.filter = filter;
        this.loader = loader;
    }

    /**
     * Allows the classes of presets ({@code hibernate}, {@code liberty-session}, {@code liberty-auth},
     * {@code exceptions}), and those that match a pattern of {@link ObjectInputFilter.Config#createFilter}:
     * {@code com.acme.Price}, {@code com.acme.*}, {@code com.acme.**}.
     *
     * @throws IllegalArgumentException if that refuses a pattern
     */
    public static JavaSerialization allowing(Collection<String> presetsAndPatterns, ClassLoader loader) {
        String allowed = presetsAndPatterns.stream()
                .flatMap(name -> SerializationPreset.of(name)
                        .map(preset -> preset.classes().stream())
                        .orElse(Stream.of(name)))
                .map(pattern -> pattern + ";")
                .collect(Collectors.joining());
        return new JavaSerialization(ObjectInputFilter.Config.createFilter(LIMITS + BASE + allowed + "!*"), loader);
    }

    /** Whether objects of a class may be read. */
    boolean allows(Class<?> type) {
        return filter.checkInput(new Asked(type)) != Status.REJECTED;
    }

    /** The class of this name, if it may be used. */
    Class<?> load(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
        }
    }

    /**
     * Writes an object; equal keys give equal bytes as far as their classes are made of values. Hibernate's keys are read
     * back with the hash code 0.
     *
     * @throws PayloadException PGQ5010 if a class is not on the list, PGQ5009 if it cannot be serialized
     */
    byte[] write(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer written;
        try (CheckedOutput out = new CheckedOutput(bytes)) {
            out.writeObject(value);
            out.flush();
            written = ByteBuffer.wrap(bytes.toByteArray());
            out.hashes.forEach(position -> written.putInt(position, 0));
        } catch (IOException | StackOverflowError e) {
            throw new PayloadException(
                    "PGQ5009", value.getClass().getName() + " cannot be serialized: " + e.getMessage(), e);
        }
        return written.array();
    }

    Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new CheckedInput(bytes)) {
            Object value = in.readObject();
            if (value == null) {
                throw new InvalidClassException("a serialized null");
            }
            return value;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw new IOException(e);
        }
    }

    /**
     * Refuses at the write what the read would refuse, and writes equal values once: a stream refers back to an object
     * that it has, so that one shared number and two equal ones would be different bytes.
     */
    private final class CheckedOutput extends ObjectOutputStream {

        private final Map<Object, Object> values = new HashMap<>();
        private final ByteArrayOutputStream bytes;

        /** Where hash codes are, which are to be blanked. */
        private final List<Integer> hashes = new ArrayList<>();

        CheckedOutput(ByteArrayOutputStream out) throws IOException {
            super(out);
            this.bytes = out;
            enableReplaceObject(true);
        }

        @Override
        protected void annotateClass(Class<?> type) throws IOException {
            check(type);
            ObjectStreamField hash = HASHED.contains(type.getName())
                    ? ObjectStreamClass.lookup(type).getField("hashCode")
                    : null;
            if (hash != null && hash.getTypeCode() == 'I') {
                flush();
                hashes.add(bytes.size() + BEFORE_FIELDS + hash.getOffset());
            }
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            check(type);
        }

        private void check(Class<?> type) {
            if (!allows(type)) {
                throw new PayloadException(
                        "PGQ5010",
                        "class " + type.getName() + " is not on the list of those that this cache may serialize; add it"
                                + " there, or declare the cache's types and leave Java serialization off",
                        null);
            }
        }

        @Override
        protected Object replaceObject(Object object) {
            boolean isValue = object instanceof String
                    || object instanceof Number
                    || object instanceof Character
                    || object instanceof Boolean
                    || object instanceof UUID
                    || object.getClass().getPackageName().equals("java.time");
            Object first = isValue ? values.putIfAbsent(object, object) : null;
            return first == null ? object : first;
        }
    }

    private final class CheckedInput extends ObjectInputStream {

        CheckedInput(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
            setObjectInputFilter(filter);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return load(description.getName());
            } catch (ClassNotFoundException e) {
                // Primitive types have no class of their name.
                return super.resolveClass(description);
            }
        }
    }

    /** A question to the filter about nothing but a class. */
    private record Asked(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {

        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 0;
        }
    }
}
