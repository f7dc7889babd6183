package io.github.pgqueue.internal.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A file of the migrations, which are packed into this jar.
 *
 * @param version its number, which is the schema's version after it
 * @param file its name
 */
record Migration(int version, String file) {

    static final String LOCATION = "io/github/pgqueue/migrations";

    /** All, in order. The last one is what this jar requires. */
    static final List<Migration> ALL = List.of(
            new Migration(1, "V1__queues.sql"),
            new Migration(2, "V2__channels.sql"),
            new Migration(3, "V3__requests.sql"),
            new Migration(4, "V4__cache.sql"),
            new Migration(5, "V5__roles.sql"),
            new Migration(6, "V6__leases.sql"));

    static int required() {
        return ALL.get(ALL.size() - 1).version();
    }

    String sql() {
        String resource = "/" + LOCATION + "/" + file;
        try (InputStream packed = Migration.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IllegalStateException(resource + " is missing in this jar");
            }
            return new String(packed.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
