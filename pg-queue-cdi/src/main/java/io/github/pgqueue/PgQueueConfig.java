package io.github.pgqueue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a manager. Immutable; start from {@link #defaults()} and change what differs. The same settings
 * come from MicroProfile Config under CDI, where their keys are listed in the README.
 *
 * @param schema the database schema; default none: the current schema of the data source's connections
 * @param schemaManagement what to do about the schema at first use; default {@link SchemaManagement#VALIDATE}
 * @param channelPrefix the channel prefix that {@link SchemaManagement#MIGRATE} stores in the schema; default none: what
 *     is stored there stays
 * @param notifyMode when wake-ups and signals of a JTA transaction are sent; default {@link NotifyMode#AFTER_COMMIT}
 * @param listen the connection that listens
 * @param queueDefaults the settings of queues that have none of their own
 * @param queues the settings of single queues
 * @param caches the settings of caches, by their name or a pattern of names in which stars match anything
 * @param workersEnabled false makes a node that only pushes: its workers never start; default true
 * @param drainTimeout how long {@code close} waits for running jobs before it interrupts them and gives them back;
 *     default 30 s
 * @param requestTimeout how long a request waits that says nothing of its own; default 30 s
 * @param housekeepingInterval how often expired cache entries, overdue requests and spent payloads are removed;
 *     default 1 min
 * @param maxPayloadBytes a payload with more bytes of JSON is refused at push; default 1 MiB
 */
public record PgQueueConfig(
        @Nullable String schema,
        SchemaManagement schemaManagement,
        @Nullable String channelPrefix,
        NotifyMode notifyMode,
        ListenConfig listen,
        QueueConfig queueDefaults,
        Map<QueueName, QueueConfig> queues,
        Map<String, CacheConfig> caches,
        boolean workersEnabled,
        Duration drainTimeout,
        Duration requestTimeout,
        Duration housekeepingInterval,
        int maxPayloadBytes) {

    private static final PgQueueConfig DEFAULTS = new PgQueueConfig(
            null,
            SchemaManagement.VALIDATE,
            null,
            NotifyMode.AFTER_COMMIT,
            ListenConfig.defaults(),
            QueueConfig.defaults(),
            Map.of(),
            Map.of(),
            true,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            1 << 20);

    /**
     * Checks the ranges.
     *
     * @throws ConfigurationException PGQ7010 if a value is out of its range, PGQ7012 if the schema's name is
     */
    public PgQueueConfig {
        if (schema != null && !schema.matches("[A-Za-z_][A-Za-z0-9_]{0,62}")) {
            throw new ConfigurationException(
                    "PGQ7012",
                    PgQueueException.printable(schema) + " is not accepted as the name of a schema: up to 63"
                            + " characters out of A-Z a-z 0-9 _ are allowed, not starting with a digit");
        }
        if (channelPrefix != null && !channelPrefix.matches("[A-Za-z0-9_.]{0,16}")) {
            throw new ConfigurationException(
                    "PGQ7002",
                    PgQueueException.printable(channelPrefix) + " is not a channel prefix: at most 16 characters out"
                            + " of A-Z a-z 0-9 _ and dot are allowed");
        }
        Settings.atLeast("drain-timeout", drainTimeout, Duration.ZERO);
        Settings.atLeast("rpc.timeout", requestTimeout, Duration.ofMillis(1));
        Settings.atLeast("housekeeping-interval", housekeepingInterval, Duration.ofMillis(100));
        Settings.atLeast("max-payload-bytes", maxPayloadBytes, 2);
        queues = Map.copyOf(queues);
        caches = Map.copyOf(caches);
    }

    /** The settings of a manager of which nothing was said. */
    public static PgQueueConfig defaults() {
        return DEFAULTS;
    }

    /** The settings of one queue: its own, else the defaults. */
    public QueueConfig queue(QueueName name) {
        return queues.getOrDefault(name, queueDefaults);
    }

    /**
     * The settings of one cache, whoever creates it: each of its own name if that says anything of it, else of the longest
     * pattern that matches the name and does.
     */
    public CacheConfig cache(String name) {
        return CacheNames.matching(name, caches.keySet())
                .map(caches::get)
                .reduce(CacheConfig.empty(), (weak, strong) -> strong.orElse(weak));
    }

    public PgQueueConfig withSchema(String value) {
        return new PgQueueConfig(
                value,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withSchemaManagement(SchemaManagement value) {
        return new PgQueueConfig(
                schema,
                value,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withChannelPrefix(String value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                value,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withNotifyMode(NotifyMode value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                value,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withListen(ListenConfig value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                value,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    /** Changes the settings of all queues that have none of their own. */
    public PgQueueConfig withQueueDefaults(UnaryOperator<QueueConfig> change) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                change.apply(queueDefaults),
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    /** Changes the settings of one queue, starting from what it has so far. */
    public PgQueueConfig withQueue(String name, UnaryOperator<QueueConfig> change) {
        QueueName queue = new QueueName(name);
        Map<QueueName, QueueConfig> changed = new HashMap<>(queues);
        changed.put(queue, change.apply(queue(queue)));
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                changed,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    /** Changes the settings of the caches of one name or pattern of names, starting from what is said of it so far. */
    public PgQueueConfig withCache(String pattern, UnaryOperator<CacheConfig> change) {
        Map<String, CacheConfig> changed = new HashMap<>(caches);
        changed.put(pattern, change.apply(caches.getOrDefault(pattern, CacheConfig.empty())));
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                changed,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withWorkersEnabled(boolean value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                value,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withDrainTimeout(Duration value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                value,
                requestTimeout,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withRequestTimeout(Duration value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                value,
                housekeepingInterval,
                maxPayloadBytes);
    }

    public PgQueueConfig withHousekeepingInterval(Duration value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                value,
                maxPayloadBytes);
    }

    public PgQueueConfig withMaxPayloadBytes(int value) {
        return new PgQueueConfig(
                schema,
                schemaManagement,
                channelPrefix,
                notifyMode,
                listen,
                queueDefaults,
                queues,
                caches,
                workersEnabled,
                drainTimeout,
                requestTimeout,
                housekeepingInterval,
                value);
    }
}
