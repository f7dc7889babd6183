package io.github.pgqueue.shop.orders;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The columns in the order in which a file has them; turns the fields of a record into an order. */
final class Columns {

    static final List<String> NAMES =
            List.of("order_id", "customer", "email", "sku", "quantity", "unit_price", "currency", "placed_at");

    private static final int MAX_LENGTH = 1_000;

    /** What becomes a key in the database must fit into an index. */
    private static final int MAX_KEY_LENGTH = 100;

    private static final int MAX_EMAIL_LENGTH = 254;
    private static final int MAX_YEAR = 9_999;

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,4})?");
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    private final List<String> header;

    private Columns(List<String> header) {
        this.header = header;
    }

    /** Empty unless the header has each name once and nothing else. */
    static Optional<Columns> of(List<String> header) {
        Set<String> names = new HashSet<>(header);
        boolean complete = header.size() == NAMES.size() && names.equals(Set.copyOf(NAMES));
        return complete ? Optional.of(new Columns(List.copyOf(header))) : Optional.empty();
    }

    Order order(List<String> fields) throws BadFieldException {
        if (fields.size() != header.size()) {
            throw new BadFieldException("the number of fields is " + fields.size() + " instead of " + header.size());
        }
        return new Order(
                key(fields, "order_id"),
                text(fields, "customer", MAX_LENGTH),
                email(fields),
                key(fields, "sku"),
                quantity(fields),
                unitPrice(fields),
                currency(fields),
                placedAt(fields));
    }

    private String key(List<String> fields, String name) throws BadFieldException {
        String value = text(fields, name, MAX_KEY_LENGTH);
        if (value.isBlank()) {
            throw new BadFieldException(name + " is blank");
        }
        return value;
    }

    private String email(List<String> fields) throws BadFieldException {
        String value = text(fields, "email", MAX_EMAIL_LENGTH);
        if (!EMAIL.matcher(value).matches()) {
            throw bad("email", "is not an address with one @", value);
        }
        return value;
    }

    private int quantity(List<String> fields) throws BadFieldException {
        String value = text(fields, "quantity", MAX_LENGTH);
        if (!INTEGER.matcher(value).matches()) {
            throw bad("quantity", "is not an integer", value);
        }
        if (value.startsWith("-")) {
            throw bad("quantity", "is negative", value);
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw bad("quantity", "is more than " + Integer.MAX_VALUE, value);
        }
    }

    private BigDecimal unitPrice(List<String> fields) throws BadFieldException {
        String value = text(fields, "unit_price", MAX_LENGTH);
        // checked before the conversion, which would take 1e999999 for a number
        if (!DECIMAL.matcher(value).matches()) {
            throw bad("unit_price", "is not a decimal of at most 15 and 4 digits", value);
        }
        if (value.startsWith("-")) {
            throw bad("unit_price", "is negative", value);
        }
        return new BigDecimal(value);
    }

    private String currency(List<String> fields) throws BadFieldException {
        String value = text(fields, "currency", MAX_LENGTH);
        try {
            if (CURRENCY.matcher(value).matches()) {
                return Currency.getInstance(value).getCurrencyCode();
            }
        } catch (IllegalArgumentException e) {
            // not in ISO 4217: as below
        }
        throw bad("currency", "is not a code of ISO 4217", value);
    }

    private OffsetDateTime placedAt(List<String> fields) throws BadFieldException {
        String value = text(fields, "placed_at", MAX_LENGTH);
        OffsetDateTime placedAt;
        try {
            placedAt = OffsetDateTime.parse(value);
        } catch (DateTimeException e) {
            throw bad("placed_at", "is not a time of ISO 8601 with an offset", value);
        }
        if (placedAt.getYear() < 1 || placedAt.getYear() > MAX_YEAR) {
            throw bad("placed_at", "is not in the years 1 to " + MAX_YEAR, value);
        }
        return placedAt;
    }

    private String text(List<String> fields, String name, int maxLength) throws BadFieldException {
        String value = fields.get(header.indexOf(name));
        if (value.length() > maxLength) {
            throw new BadFieldException(name + " is longer than " + maxLength + " characters");
        }
        if (value.indexOf('\0') >= 0) {
            throw bad(name, "has a NUL character", value);
        }
        return value;
    }

    private static BadFieldException bad(String name, String what, String value) {
        return new BadFieldException(name + " " + what + ": " + Printable.quoted(value));
    }
}
