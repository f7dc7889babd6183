package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.spi.PayloadCodec;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fires what arrives on one channel as CDI events: the raw notification to those who observe it, then the payload, read
 * once. Both go by one thread, in the order of arrival. An observer that fails, and a payload that cannot be read, is
 * logged; the next notification comes.
 */
final class EventBridge implements Consumer<Notification> {

    private static final System.Logger LOG = System.getLogger("io.github.pgqueue.cdi");

    private final String channel;
    private final PayloadCodec codec;
    private final RequestContexts requestContexts;
    private final List<Target> targets = new ArrayList<>();

    EventBridge(String channel, List<ObservedChannel> observers, PayloadCodec codec, BeanManager beans) {
        this.channel = channel;
        this.codec = codec;
        this.requestContexts = new RequestContexts(beans);
        observers.stream()
                .collect(Collectors.groupingBy(ObservedChannel::type))
                .forEach((type, same) -> targets.add(new Target(
                        PayloadType.of(type),
                        same.get(0).raw(),
                        same.stream().anyMatch(observer -> !observer.async()),
                        same.stream().anyMatch(ObservedChannel::async),
                        EventPoint.event(beans, channel, type))));
        targets.sort(Comparator.comparing(Target::raw).reversed());
    }

    @Override
    public void accept(Notification notification) {
        for (Target target : targets) {
            Object event = target.raw() ? notification : read(notification, target.type());
            if (event != null) {
                fire(target, event);
            }
        }
    }

    private @Nullable Object read(Notification notification, PayloadType<?> type) {
        try {
            return codec.decode(notification.payload(), type);
        } catch (PayloadException e) {
            LOG.log(
                    Level.WARNING,
                    "a payload on channel {0} from session {1} was dropped: {2}",
                    channel,
                    String.valueOf(notification.pid()),
                    e.getMessage());
            return null;
        }
    }

    private void fire(Target target, Object event) {
        if (target.async()) {
            target.event().fireAsync(event).whenComplete((done, failure) -> {
                if (failure != null) {
                    failed(failure);
                }
            });
        }
        if (!target.sync()) {
            return;
        }
        try {
            requestContexts.call(() -> {
                target.event().fire(event);
                return event;
            });
        } catch (Exception e) {
            failed(e);
        }
    }

    private void failed(Throwable failure) {
        LOG.log(Level.WARNING, "an observer of channel " + channel + " failed", failure);
    }

    /** The observers of one type. */
    private record Target(PayloadType<?> type, boolean raw, boolean sync, boolean async, Event<Object> event) {}
}
