package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.QueueName;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an application declares. Immutable.
 *
 * @param queues injection points of queues
 * @param channels injection points of channels
 * @param caches injection points of named caches
 * @param observers of channels
 * @param workers of queues
 * @param refused what was wrong already when it was found
 * @param user a class of the application that uses the library; null if none does
 */
public record DeploymentPlan(
        List<NamedPoint> queues,
        List<NamedPoint> channels,
        List<NamedPoint> caches,
        List<ObservedChannel> observers,
        List<WorkerMethod> workers,
        List<ConfigurationException> refused,
        @Nullable Class<?> user) {

    private static final int MAX_CACHE_BYTES = 200;
    private static final int MAX_CHANNEL_BYTES = 63;

    public DeploymentPlan {
        queues = List.copyOf(queues);
        channels = List.copyOf(channels);
        caches = List.copyOf(caches);
        observers = List.copyOf(observers);
        workers = List.copyOf(workers);
        refused = List.copyOf(refused);
    }

    /** The names of all queues that are injected or worked. */
    Set<String> queueNames() {
        return queueUses().map(NamedPoint::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of all caches that are injected by name. */
    Set<String> cacheNames() {
        return caches.stream().map(NamedPoint::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The observers by channel. */
    Map<String, List<ObservedChannel>> observersByChannel() {
        return observers.stream()
                .collect(Collectors.groupingBy(ObservedChannel::channel, TreeMap::new, Collectors.toList()));
    }

    /** Everything that is wrong, not only the first. */
    List<ConfigurationException> problems() {
        return Stream.of(refused.stream(), badNames(), twoTypes(), twoWorkers())
                .flatMap(problems -> problems)
                .toList();
    }

    private Stream<ConfigurationException> badNames() {
        return Stream.of(
                        badNames(queueUses(), QueueName::new),
                        badNames(channelUses(), DeploymentPlan::checkChannel),
                        badNames(rawObservers(), DeploymentPlan::checkChannel),
                        badNames(caches.stream(), DeploymentPlan::checkCache))
                .flatMap(problems -> problems);
    }

    private static Stream<ConfigurationException> badNames(Stream<NamedPoint> points, Consumer<String> rule) {
        return points.flatMap(point -> {
            try {
                rule.accept(point.name());
                return Stream.empty();
            } catch (PgQueueException e) {
                return Stream.of(DeploymentErrors.badName(point.where(), e));
            }
        });
    }

    private Stream<ConfigurationException> twoTypes() {
        return Stream.concat(twoTypes("queue", queueUses()), twoTypes("channel", channelUses()));
    }

    private static Stream<ConfigurationException> twoTypes(String kind, Stream<NamedPoint> uses) {
        return grouped(uses, NamedPoint::name).entrySet().stream()
                .filter(name -> types(name.getValue()).size() > 1)
                .map(name -> DeploymentErrors.twoTypes(
                        kind + " '" + name.getKey() + "'",
                        name.getValue().stream().map(NamedPoint::use).sorted().toList()));
    }

    private Stream<ConfigurationException> twoWorkers() {
        return grouped(workers.stream(), WorkerMethod::queue).entrySet().stream()
                .filter(queue -> queue.getValue().size() > 1)
                .map(queue -> DeploymentErrors.twoWorkers(
                        queue.getKey(),
                        queue.getValue().stream()
                                .map(WorkerMethod::where)
                                .sorted()
                                .toList()));
    }

    private Stream<NamedPoint> queueUses() {
        return Stream.concat(queues.stream(), workers.stream().map(WorkerMethod::point));
    }

    /** Raw notifications go with every payload type. */
    private Stream<NamedPoint> channelUses() {
        return Stream.concat(
                channels.stream(),
                observers.stream().filter(observer -> !observer.raw()).map(ObservedChannel::point));
    }

    private Stream<NamedPoint> rawObservers() {
        return observers.stream().filter(ObservedChannel::raw).map(ObservedChannel::point);
    }

    private static Set<Type> types(Collection<NamedPoint> points) {
        return points.stream().map(NamedPoint::payload).collect(Collectors.toSet());
    }

    private static <T> Map<String, List<T>> grouped(Stream<T> facts, Function<T, String> name) {
        return facts.collect(Collectors.groupingBy(name, TreeMap::new, Collectors.toList()));
    }

    private static void checkChannel(String name) {
        if (!fits(name, MAX_CHANNEL_BYTES)) {
            throw InvalidNameException.channel(name, MAX_CHANNEL_BYTES);
        }
    }

    private static void checkCache(String name) {
        if (!fits(name, MAX_CACHE_BYTES)) {
            throw InvalidNameException.cache(name, MAX_CACHE_BYTES);
        }
    }

    private static boolean fits(String name, int maxBytes) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        boolean storable =
                name.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(name);
        return bytes >= 1 && bytes <= maxBytes && storable;
    }
}
