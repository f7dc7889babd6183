package io.github.pgqueue.jcache.internal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Closes what an application has given, where that can be closed. */
final class Closing {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");

    private Closing() {}

    static void close(@Nullable Object given) {
        if (given instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException | RuntimeException e) {
                LOG.log(
                        Level.WARNING,
                        "closing {0} failed: {1}",
                        given.getClass().getName(),
                        e.getClass().getName());
            }
        }
    }
}
