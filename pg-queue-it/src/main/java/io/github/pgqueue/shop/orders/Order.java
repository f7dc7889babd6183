package io.github.pgqueue.shop.orders;

import java.math.BigDecimal;
import java.time.OffsetDateTime;

/**
 * One order as it stands in the file; plain enough to be the payload of a job.
 *
 * @param orderId 1 to 100 characters; whether it is unique is for the database to say
 * @param customer any text of at most 1,000 characters
 * @param email at most 254 characters, with something on both sides of an {@code @}
 * @param sku 1 to 100 characters
 * @param quantity zero or more
 * @param unitPrice zero or more, at most 15 digits before the point and 4 behind it
 * @param currency the code of ISO 4217
 * @param placedAt in the years 1 to 9999, with the offset of the file
 */
public record Order(
        String orderId,
        String customer,
        String email,
        String sku,
        int quantity,
        BigDecimal unitPrice,
        String currency,
        OffsetDateTime placedAt) {}
