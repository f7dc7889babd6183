package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.runtime.ShopException;

/** Waits a moment. */
final class Pause {

    private Pause() {}

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShopException("The order shop was interrupted.", e);
        }
    }
}
