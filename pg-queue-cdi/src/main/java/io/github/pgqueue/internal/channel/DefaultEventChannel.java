package io.github.pgqueue.internal.channel;

import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.internal.jdbc.Text;

/** Publishes inside the transaction, or hands over to the outbox when that has been committed. */
final class DefaultEventChannel<T> implements EventChannel<T> {

    private final String name;
    private final Database database;
    private final Payloads payloads;
    private final int maxBytes;
    private final Outbox outbox;

    DefaultEventChannel(String name, Database database, Payloads payloads, int maxBytes, Outbox outbox) {
        this.name = ChannelName.check(name);
        this.database = database;
        this.payloads = payloads;
        this.maxBytes = maxBytes;
        this.outbox = outbox;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void publish(T payload) {
        send(payloads.encode(payload));
    }

    @Override
    public void publishRaw(String payload) {
        Text.checkRaw(payload, maxBytes);
        send(payload);
    }

    private void send(String text) {
        String channel = ChannelName.full(database.binding().channelPrefix(), name);
        Scope.joined(database, outbox).signal(channel, text);
    }
}
