package io.github.pgqueue.spi.jackson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.spi.PayloadCodec;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Payloads as Jackson writes and reads them. Immutable and thread-safe as the mapper is.
 *
 * <p>The default mapper knows records and {@code java.time} (written as ISO-8601 text), ignores unknown fields, and
 * never takes a class name from the data.
 */
public final class JacksonPayloadCodec implements PayloadCodec {

    private static final int MAX_PATH = 10;

    /** What was small enough to be pushed can be read, numbers included, which the database writes in full. */
    private static final StreamReadConstraints EVERYTHING_STORED = StreamReadConstraints.builder()
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(20_000)
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    private final ObjectMapper mapper;

    /** With the default mapper. */
    public JacksonPayloadCodec() {
        this(JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(EVERYTHING_STORED)
                        .build())
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .build());
    }

    /** With a mapper of the application, used as it is. */
    public JacksonPayloadCodec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public String encode(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            // What Jackson says of a class may be shown; its path, which ends its message, has keys of maps.
            String reason = e instanceof InvalidDefinitionException
                    ? e.getOriginalMessage()
                    : e.getClass().getSimpleName();
            throw new PayloadException(
                    "PGQ5006",
                    value.getClass().getName() + " cannot be written as JSON: " + reason + where(e),
                    e.getCause());
        }
    }

    @Override
    public <T> T decode(String json, PayloadType<T> type) {
        try {
            T value = mapper.readValue(json, mapper.constructType(type.type()));
            if (value == null) {
                throw new PayloadException("PGQ5007", "a JSON null cannot be read as " + type, null);
            }
            return value;
        } catch (JsonProcessingException e) {
            // The location, not the message: the message quotes the payload.
            throw new PayloadException(
                    "PGQ5007",
                    "a stored payload cannot be read as " + type + ": "
                            + e.getClass().getSimpleName() + where(e),
                    null);
        }
    }

    /** Where in the value, as far as names of the application's own classes tell: keys of a map are payload. */
    private static String where(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        String path = mapping.getPath().stream()
                .limit(MAX_PATH)
                .map(JacksonPayloadCodec::step)
                .collect(Collectors.joining());
        return " at " + path + (mapping.getPath().size() > MAX_PATH ? "..." : "");
    }

    private static String step(JsonMappingException.Reference step) {
        String name = step.getFieldName();
        if (name == null) {
            return "[" + step.getIndex() + "]";
        }
        Object from = step.getFrom();
        return from != null && declares(from instanceof Class<?> type ? type : from.getClass(), name)
                ? "." + name
                : ".*";
    }

    private static boolean declares(Class<?> owner, String name) {
        return Arrays.stream(owner.getDeclaredFields())
                        .anyMatch(field -> field.getName().equals(name))
                || Arrays.stream(owner.getDeclaredMethods())
                        .anyMatch(method -> method.getName().equalsIgnoreCase("get" + name)
                                || method.getName().equalsIgnoreCase("is" + name));
    }
}
