package io.github.pgqueue;

import java.util.regex.Pattern;

/**
 * The name of a queue: 1 to 40 characters out of {@code A-Z a-z 0-9 _}, case-sensitive.
 *
 * <p>The rule is the same in SQL and in Java. It leaves room for every prefix the library puts before the name, so
 * that no two names are ever cut down to the same identifier.
 *
 * @param value the name as it was given
 */
public record QueueName(String value) {

    private static final Pattern RULE = Pattern.compile("[A-Za-z0-9_]{1,40}");

    /**
     * Checks the name.
     *
     * @throws InvalidNameException if the value breaks the rule
     */
    public QueueName {
        if (!RULE.matcher(value).matches()) {
            throw InvalidNameException.queue(value);
        }
    }

    /** The table that holds the jobs; always to be quoted, since names are case-sensitive. */
    public String table() {
        return "queue_" + value;
    }

    /** The channel on which an insert wakes the workers, without the channel prefix of the schema. */
    public String channel() {
        return "queue_" + value;
    }

    @Override
    public String toString() {
        return value;
    }
}
