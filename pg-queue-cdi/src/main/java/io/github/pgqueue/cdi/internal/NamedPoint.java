package io.github.pgqueue.cdi.internal;

import java.lang.reflect.Type;

/**
 * A place that uses a queue or channel with a payload type.
 *
 * @param name of the queue or channel
 * @param payload concrete and canonical
 * @param where for messages: the member
 */
record NamedPoint(String name, Type payload, String where) {

    String use() {
        return payload.getTypeName() + " at " + where;
    }
}
