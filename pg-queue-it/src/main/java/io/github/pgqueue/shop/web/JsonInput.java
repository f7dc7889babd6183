package io.github.pgqueue.shop.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object that a browser sent, read field by field. Each method throws {@link BadInputException} where the field
 * is not what it should be.
 */
public final class JsonInput {

    private final JsonNode fields;

    JsonInput(JsonNode fields) {
        this.fields = fields;
    }

    /** The object of a request that may have come without one. */
    static JsonInput required(@Nullable JsonInput input) {
        if (input == null) {
            throw new BadInputException("The body is empty; send one JSON object such as {\"sku\": \"TEA\"}.");
        }
        return input;
    }

    /** Refuses fields of other names, most of which are mistyped. */
    JsonInput only(String... names) {
        Set<String> known = new TreeSet<>(Set.of(names));
        for (Iterator<String> given = fields.fieldNames(); given.hasNext(); ) {
            if (!known.contains(given.next())) {
                throw new BadInputException(
                        "There is a field that is not known; known are " + String.join(", ", known) + ".");
            }
        }
        return this;
    }

    String text(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw new BadInputException(name + " is missing; add it as a string.");
        }
        if (!value.isTextual()) {
            throw new BadInputException(name + " is not a string; put it in quotes.");
        }
        return value.textValue();
    }

    int wholeNumber(String name, int min, int max) {
        JsonNode value = fields.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw new BadInputException(name + " must be a whole number from " + min + " to " + max + ".");
        }
        return value.intValue();
    }

    /** False unless it is given. */
    boolean flag(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new BadInputException(name + " must be true or false.");
        }
        return value.booleanValue();
    }
}
