package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.QueueName;

/**
 * A schema's name as the database told it, and the only way names get into statements: {@code ${schema}},
 * {@code ${queue}} and {@code ${lease}} of a template become quoted identifiers, {@code ${asleep}} a quoted text.
 *
 * @param value the name, unquoted
 */
public record SchemaName(String value) {

    /** Fills a template that names no queue. */
    public String fill(String template) {
        return template.replace("${schema}", quoted());
    }

    /** Fills a template for one queue. */
    public String fill(String template, QueueName queue) {
        return fill(template)
                .replace("${queue}", quoted() + ".\"" + queue.table() + '"')
                .replace("${lease}", quoted() + ".\"pg_queue_lease_" + queue.value() + '"')
                .replace("${asleep}", literal(quoted() + ".\"pg_queue_asleep_" + queue.value() + '"'))
                .replace("${name}", queue.value());
    }

    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + '\'';
    }

    private String quoted() {
        return '"' + value.replace("\"", "\"\"") + '"';
    }
}
