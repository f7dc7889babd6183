package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.channel.Notification;
import java.lang.reflect.Type;

/**
 * An observer method of a channel.
 *
 * @param channel its name
 * @param type what is observed, concrete and canonical: the payload, or the raw {@link Notification}
 * @param async whether it observes by {@code @ObservesAsync}
 * @param where for messages: the method
 */
record ObservedChannel(String channel, Type type, boolean async, String where) {

    boolean raw() {
        return type == Notification.class;
    }

    NamedPoint point() {
        return new NamedPoint(channel, type, where);
    }
}
