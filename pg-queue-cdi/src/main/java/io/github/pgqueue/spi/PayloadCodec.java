package io.github.pgqueue.spi;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;

/**
 * Turns payloads into JSON text and back. Called by many threads at once; never inside a lock of the library.
 *
 * <p>Must write valid JSON and must be tolerant of unknown fields. Must not take class names from the data.
 */
public interface PayloadCodec {

    /**
     * Writes a value as JSON.
     *
     * @throws PayloadException PGQ5006 if it cannot be written
     */
    String encode(Object value);

    /**
     * Reads JSON as a value of the type. Called for text that the database stored, maybe by an older or newer version.
     *
     * @throws PayloadException PGQ5007 if it cannot be read
     */
    <T> T decode(String json, PayloadType<T> type);
}
