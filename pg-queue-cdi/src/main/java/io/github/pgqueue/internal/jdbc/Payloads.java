package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.spi.PayloadCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The payload's way in and out. On the way in everything is refused that the database would refuse, so that no payload
 * ever aborts the caller's transaction. Thread-safe.
 */
public final class Payloads {

    private static final PayloadType<Map<String, Object>> HEADERS = new PayloadType<>() {};

    private final PayloadCodec codec;
    private final int maxBytes;

    public Payloads(PayloadCodec codec, int maxBytes) {
        this.codec = codec;
        this.maxBytes = maxBytes;
    }

    /**
     * Writes a payload as JSON that can be stored.
     *
     * @throws PayloadException if it cannot be stored
     */
    public String encode(@Nullable Object payload) {
        if (payload == null) {
            throw new PayloadException("PGQ5001", "the payload is null; push an object that says so instead", null);
        }
        String json;
        try {
            json = codec.encode(payload);
        } catch (StackOverflowError e) {
            throw new PayloadException(
                    "PGQ5006",
                    payload.getClass().getName() + " cannot be written as JSON: it is nested without end",
                    null);
        }
        JsonText.check(json, maxBytes);
        return json;
    }

    /**
     * Reads stored JSON.
     *
     * @throws PayloadException if it cannot be read
     */
    public <T> T decode(String json, PayloadType<T> type) {
        try {
            return codec.decode(json, type);
        } catch (PayloadException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // Whatever it is, such as a class that cannot be initialized: it is this payload that cannot be read.
            throw new PayloadException(
                    "PGQ5007",
                    "a stored payload cannot be read as " + type + ": "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    /** Null if there are none, as in the database. */
    public @Nullable String encodeHeaders(Map<String, String> headers) {
        return headers.isEmpty() ? null : encode(headers);
    }

    /** The same with what telemetry adds; what cannot be stored of that is left out, and what was given stays. */
    public @Nullable String encodeHeaders(Map<String, String> given, Map<String, String> added) {
        if (added.isEmpty()) {
            return encodeHeaders(given);
        }
        Map<String, String> all = new HashMap<>(added);
        all.putAll(given);
        try {
            return encodeHeaders(all);
        } catch (PayloadException e) {
            return encodeHeaders(given);
        }
    }

    /** Header values that were written from SQL may be of any JSON type. */
    public Map<String, String> decodeHeaders(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        return decode(json, HEADERS).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> String.valueOf(header.getValue())));
    }
}
