package io.github.pgqueue.internal.queue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Payloads that come one after the other, as JSON, in portions of about a million characters: enough for what a statement
 * costs to be little, and not too much to be held.
 */
final class Portions implements Iterator<List<String>> {

    private static final int ENOUGH = 1 << 20;

    private final Iterator<String> payloads;
    private final Runnable check;

    /**
     * None has been asked for yet.
     *
     * @param check whether a portion may still be stored, once it is there; throws if not
     */
    Portions(Iterator<String> payloads, Runnable check) {
        this.payloads = payloads;
        this.check = check;
    }

    @Override
    public boolean hasNext() {
        return payloads.hasNext();
    }

    @Override
    public List<String> next() {
        List<String> portion = new ArrayList<>();
        int characters = 0;
        do {
            String payload = payloads.next();
            portion.add(payload);
            characters += payload.length();
        } while (characters < ENOUGH && payloads.hasNext());
        check.run();
        return portion;
    }
}
