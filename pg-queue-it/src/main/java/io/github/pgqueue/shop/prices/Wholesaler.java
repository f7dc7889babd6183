package io.github.pgqueue.shop.prices;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32;

/** Stands in for a remote price list that takes its time. */
@ApplicationScoped
public class Wholesaler {

    private static final int MILLIS = 300;

    private final LongAdder calls = new LongAdder();

    /** The price of an article, between 1.00 and 500.99. */
    public BigDecimal price(String sku) {
        calls.increment();
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the wholesaler was asked", e);
        }
        CRC32 hash = new CRC32();
        hash.update(sku.getBytes(StandardCharsets.UTF_8));
        return BigDecimal.valueOf(100 + hash.getValue() % 50_000, 2);
    }

    /** How many times a price was asked for. */
    public long calls() {
        return calls.sum();
    }
}
