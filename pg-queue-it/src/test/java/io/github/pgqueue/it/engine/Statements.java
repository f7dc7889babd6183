package io.github.pgqueue.it.engine;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.SchemaName;
import java.lang.reflect.Field;

/** The library's own statements, which are nobody else's business but that of these tests. */
final class Statements {

    private static final String PACKAGE = "io.github.pgqueue.internal.";
    private static final SchemaName SCHEMA = new SchemaName("public");

    private Statements() {}

    /** A statement of the plain lane. */
    static String lease(String verb, String queue) {
        return filled("queue.LeaseSql", verb, queue);
    }

    /** A statement of both lanes, or of the row lane. */
    static String queue(String verb, String queue) {
        return filled("queue.QueueSql", verb, queue);
    }

    /** A statement about channels. */
    static String channel(String verb, String queue) {
        return filled("channel.ChannelSql", verb, queue);
    }

    private static String filled(String type, String verb, String queue) {
        try {
            Field constant = Class.forName(PACKAGE + type).getDeclaredField(verb);
            constant.setAccessible(true);
            return SCHEMA.fill((String) constant.get(null), new QueueName(queue));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
