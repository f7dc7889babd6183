package io.github.pgqueue.internal.channel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Runs code of the application where its failure must not matter. */
public final class Told {

    private static final Logger LOG = System.getLogger("io.github.pgqueue");

    private Told() {}

    /** Runs it; what it throws is logged. */
    public static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "a listener of the application failed", e);
        }
    }
}
