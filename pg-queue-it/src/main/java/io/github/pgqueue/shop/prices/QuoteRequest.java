package io.github.pgqueue.shop.prices;

/**
 * The question what something costs, pushed to {@link #QUEUE}.
 *
 * @param sku the article
 * @param quantity how many
 */
public record QuoteRequest(String sku, int quantity) {

    /** The queue of these requests. */
    public static final String QUEUE = "quotes";
}
