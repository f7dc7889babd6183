package io.github.pgqueue.internal.jdbc;

/**
 * The schema a manager is bound to.
 *
 * @param schema its name
 * @param channelPrefix what its channels start with, as far as LISTEN and NOTIFY know them; maybe empty
 */
public record SchemaBinding(SchemaName schema, String channelPrefix) {}
