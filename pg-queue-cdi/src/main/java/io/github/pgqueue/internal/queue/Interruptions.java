package io.github.pgqueue.internal.queue;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.stream.Stream;

/** Tells the failures that come from an interrupt of the thread. */
final class Interruptions {

    /** Chains of causes may be circular. */
    private static final int DEEPEST = 20;

    private Interruptions() {}

    static boolean caused(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST)
                .anyMatch(Interruptions::isInterruption);
    }

    private static boolean isInterruption(Throwable cause) {
        return cause instanceof InterruptedException
                || cause instanceof ClosedByInterruptException
                || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException));
    }
}
