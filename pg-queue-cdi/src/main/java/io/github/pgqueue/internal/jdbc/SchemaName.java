package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.QueueName;

/**
 * A schema's name as the database told it, and the only way names get into statements: {@code ${schema}} and
 * {@code ${queue}} of a template become quoted identifiers.
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
                .replace("${name}", queue.value());
    }

    private String quoted() {
        return '"' + value.replace("\"", "\"\"") + '"';
    }
}
