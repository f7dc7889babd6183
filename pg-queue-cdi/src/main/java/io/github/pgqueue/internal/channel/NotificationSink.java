package io.github.pgqueue.internal.channel;

import io.github.pgqueue.channel.Notification;

/** Takes what arrives on a channel. Called on the listening thread: must be quick and must not run foreign code. */
public interface NotificationSink {

    /** A notification, with the channel's name as the application knows it. */
    void accept(Notification notification);

    /** Notifications may have been missed: the connection that listens is there only now, or there again. */
    default void missed() {}

    /** The channel is listened to: what is committed from now on arrives. Told to who was there when that began. */
    default void listening() {}

    /** Nothing arrives until {@link #listening} is told again. */
    default void deaf() {}

    /** The connections of the data source deliver no notifications. May be told again and again. */
    default void pollOnly() {}
}
