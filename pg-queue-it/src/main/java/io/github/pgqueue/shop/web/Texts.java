package io.github.pgqueue.shop.web;

import java.util.regex.Pattern;

/** The rules for text that comes in, each with the sentence that says how to keep it. */
final class Texts {

    private static final int MAX_SKU = 100;
    private static final int MAX_CUSTOMER = 100;
    private static final int MAX_ORDER_ID = 100;
    private static final int MAX_EMAIL = 254;
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");

    private Texts() {}

    static String sku(String value) {
        return line("sku", value, MAX_SKU);
    }

    static String orderId(String value) {
        return line("orderId", value, MAX_ORDER_ID);
    }

    static String customer(String value) {
        return line("customer", value, MAX_CUSTOMER);
    }

    static String email(String value) {
        String email = line("email", value, MAX_EMAIL);
        if (!EMAIL.matcher(email).matches()) {
            throw new BadInputException("email is no address; write it as name@example.org.");
        }
        return email;
    }

    /** What a database and a page take as one line of text. */
    private static String line(String name, String value, int maxLength) {
        String text = value.strip();
        if (text.isEmpty()) {
            throw new BadInputException(name + " is blank; write 1 to " + maxLength + " characters.");
        }
        if (text.codePointCount(0, text.length()) > maxLength) {
            throw new BadInputException(name + " is too long; write at most " + maxLength + " characters.");
        }
        if (text.codePoints().anyMatch(Texts::isNoText)) {
            throw new BadInputException(
                    name + " has a control character or half a character in it; write it in plain text.");
        }
        return text;
    }

    private static boolean isNoText(int character) {
        int type = Character.getType(character);
        return Character.isISOControl(character)
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
