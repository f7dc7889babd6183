package io.github.pgqueue.spi.jackson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.spi.PayloadCodec;

/**
 * Payloads as Jackson writes and reads them. Immutable and thread-safe as the mapper is.
 *
 * <p>The default mapper knows records and {@code java.time} (written as ISO-8601 text), ignores unknown fields, and
 * never takes a class name from the data.
 */
public final class JacksonPayloadCodec implements PayloadCodec {

    private final ObjectMapper mapper;

    /** With the default mapper. */
    public JacksonPayloadCodec() {
        this(JsonMapper.builder()
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
            throw new PayloadException(
                    "PGQ5006",
                    value.getClass().getName() + " cannot be written as JSON: "
                            + e.getClass().getSimpleName() + where(e),
                    e);
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

    private static String where(JsonProcessingException e) {
        return e instanceof com.fasterxml.jackson.databind.JsonMappingException mapping
                        && !mapping.getPath().isEmpty()
                ? " at " + mapping.getPathReference()
                : "";
    }
}
