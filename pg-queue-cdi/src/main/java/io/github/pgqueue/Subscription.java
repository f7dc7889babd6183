package io.github.pgqueue;

/**
 * A running worker or subscription. Ends when it is closed or its manager is. Closing waits until what it was doing is
 * done, within the drain timeout of the configuration, and never throws; closing twice is harmless. Thread-safe.
 */
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
