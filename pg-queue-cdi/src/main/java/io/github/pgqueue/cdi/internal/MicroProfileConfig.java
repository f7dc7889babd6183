package io.github.pgqueue.cdi.internal;

import static io.github.pgqueue.cdi.internal.ConfigText.bool;
import static io.github.pgqueue.cdi.internal.ConfigText.choice;
import static io.github.pgqueue.cdi.internal.ConfigText.count;
import static io.github.pgqueue.cdi.internal.ConfigText.duration;
import static io.github.pgqueue.cdi.internal.ConfigText.list;
import static io.github.pgqueue.cdi.internal.ConfigText.number;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.NotifyMode;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.QueueConfig;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.cdi.telemetry.ProcessSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration of an application: the one place that knows its keys. All problems are collected.
 *
 * <p>The keys of a queue or cache are also looked up by the names that the application declares: an environment variable
 * has a name of its own, from which the key cannot be told.
 */
public final class MicroProfileConfig {

    static final String DATA_SOURCE = "pg-queue.datasource";
    static final String NON_TRANSACTIONAL_DATA_SOURCE = "pg-queue.non-transactional-datasource";

    private static final String THREAD_FACTORY = "pg-queue.thread-factory";
    private static final String EXECUTOR = "pg-queue.executor";
    private static final String PREFIX = "pg-queue.";
    private static final String STRICT = "pg-queue.strict-config";
    /** What the JCache provider reads by itself, as system properties, where there is no container. */
    private static final String OF_PROVIDER = "pg-queue.jcache.";

    private static final Pattern QUEUE_KEY = namedKey("queues");
    private static final Pattern CACHE_KEY = namedKey("caches");

    /** Each key of the manager and what its value changes, in the order in which they are applied. */
    private static final Map<String, BiFunction<PgQueueConfig, String, PgQueueConfig>> MANAGER = managerKeys();

    /** Each key of health checks and telemetry and what its value changes. */
    private static final Map<String, BiFunction<Observing, String, Observing>> OBSERVING = Map.of(
            "health.enabled", (c, v) -> c.withHealth(bool(v)),
            "telemetry.enabled", (c, v) -> c.withTelemetry(bool(v)),
            "telemetry.process-span", (c, v) -> c.withProcessSpan(choice(ProcessSpan.class, v)));

    /** What the caching annotations of pg-queue-jcache read by themselves: they need no manager. */
    private static final Set<String> CACHE_ANNOTATIONS =
            Set.of("cache-annotations.interceptors", "cache-annotations.single-flight");

    /** Each key of a queue and what its value changes, in the order in which they are applied. */
    private static final Map<String, BiFunction<QueueConfig, String, QueueConfig>> QUEUE = queueKeys();

    /** Each key of a cache and what its value changes. */
    private static final Map<String, BiFunction<CacheConfig, String, CacheConfig>> CACHE = Map.ofEntries(
            Map.entry("ttl", (c, v) -> c.withTimeToLive(duration(v))),
            Map.entry("refresh-ahead", (c, v) -> c.withRefreshAhead(duration(v))),
            Map.entry("stale-while-revalidate", (c, v) -> c.withStaleWhileRevalidate(duration(v))),
            Map.entry("durable", (c, v) -> c.withDurable(bool(v))),
            Map.entry("max-entries", (c, v) -> c.withMaxEntries(count(v))),
            Map.entry("max-bytes", (c, v) -> c.withMaxBytes(count(v))),
            Map.entry("fail-open", (c, v) -> c.withFailOpen(bool(v))),
            Map.entry("remote-events", (c, v) -> c.withRemoteEvents(bool(v))),
            Map.entry("near", (c, v) -> c.withNear(bool(v))),
            Map.entry("near-max-entries", (c, v) -> c.withNearMaxEntries(count(v))),
            Map.entry("near-max-staleness", (c, v) -> c.withNearMaxStaleness(duration(v))),
            Map.entry("near-miss-ttl", (c, v) -> c.withNearMissTtl(duration(v))),
            Map.entry("serializable", (c, v) -> c.withSerializable(list(v))));

    private MicroProfileConfig() {}

    /** Reads what MicroProfile Config has, or the system properties where there is none. */
    static Settings read(Set<String> declaredQueues, Set<String> declaredCaches) {
        return read(ConfigValues.find(), declaredQueues, declaredCaches);
    }

    static Settings read(ConfigValues values, Set<String> declaredQueues, Set<String> declaredCaches) {
        ConfigReader reader = new ConfigReader(values);
        Set<String> names = values.names().stream()
                .filter(name -> name.startsWith(PREFIX) && !name.startsWith(OF_PROVIDER))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> queues = named(QUEUE_KEY, names, declaredQueues);
        Set<String> caches = named(CACHE_KEY, names, declaredCaches);

        PgQueueConfig config = reader.applied(PgQueueConfig.defaults(), PREFIX, MANAGER)
                .withQueueDefaults(defaults -> reader.applied(defaults, PREFIX + "defaults.", QUEUE));
        for (String queue : queues) {
            config = withQueue(config, queue, reader);
        }
        for (String cache : caches) {
            config = withCache(config, cache, reader);
        }
        Observing observing = reader.applied(Observing.DEFAULTS, PREFIX, OBSERVING);
        boolean strict = reader.applied(false, "", Map.of(STRICT, (off, value) -> bool(value)));
        List<String> unknown = UnknownKeys.among(names, known(queues, caches));

        List<ConfigurationException> problems = new ArrayList<>(reader.problems());
        if (strict) {
            unknown.stream().map(DeploymentErrors::unknownKey).forEach(problems::add);
        }
        return new Settings(
                config,
                reader.text(DATA_SOURCE),
                reader.text(NON_TRANSACTIONAL_DATA_SOURCE),
                reader.text(THREAD_FACTORY),
                reader.text(EXECUTOR),
                observing,
                strict ? List.of() : unknown,
                problems);
    }

    /** Every key there is, for the manual; {@code <name>} stands for the name of a queue or cache. */
    public static Set<String> keys() {
        return known(Set.of("<name>"), Set.of("<name>")).stream()
                .filter(key -> !key.contains("\""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> known(Set<String> queues, Set<String> caches) {
        return Stream.of(
                        MANAGER.keySet().stream().map(PREFIX::concat),
                        OBSERVING.keySet().stream().map(PREFIX::concat),
                        CACHE_ANNOTATIONS.stream().map(PREFIX::concat),
                        Stream.of(DATA_SOURCE, NON_TRANSACTIONAL_DATA_SOURCE, THREAD_FACTORY, EXECUTOR, STRICT),
                        QUEUE.keySet().stream().map((PREFIX + "defaults.")::concat),
                        known("queues", queues, QUEUE.keySet()),
                        known("caches", caches, CACHE.keySet()))
                .flatMap(keys -> keys)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> known(String kind, Set<String> names, Set<String> keys) {
        return names.stream()
                .flatMap(name -> Stream.of(plain(kind, name), quoted(kind, name)))
                .flatMap(prefix -> keys.stream().map(prefix::concat));
    }

    private static String plain(String kind, String name) {
        return PREFIX + kind + "." + name + ".";
    }

    private static String quoted(String kind, String name) {
        return PREFIX + kind + ".\"" + name + "\".";
    }

    private static PgQueueConfig withQueue(PgQueueConfig config, String queue, ConfigReader reader) {
        String plain = plain("queues", queue);
        String quoted = quoted("queues", queue);
        QueueConfig own = reader.applied(reader.applied(config.queueDefaults(), plain, QUEUE), quoted, QUEUE);
        if (own.equals(config.queueDefaults())) {
            return config;
        }
        try {
            return config.withQueue(queue, defaults -> own);
        } catch (PgQueueException e) {
            reader.problem(plain + "*", e);
            return config;
        }
    }

    private static PgQueueConfig withCache(PgQueueConfig config, String cache, ConfigReader reader) {
        CacheConfig plain = reader.applied(CacheConfig.empty(), plain("caches", cache), CACHE);
        CacheConfig own = reader.applied(plain, quoted("caches", cache), CACHE);
        return own.equals(CacheConfig.empty()) ? config : config.withCache(cache, nothing -> own);
    }

    private static Pattern namedKey(String kind) {
        return Pattern.compile("pg-queue\\." + kind + "\\.(\"[^\"]+\"|[^.\"]+)\\..+");
    }

    private static Set<String> named(Pattern key, Set<String> names, Set<String> declared) {
        Set<String> all = new TreeSet<>(declared);
        names.forEach(name ->
                key.matcher(name).results().map(MicroProfileConfig::unquoted).forEach(all::add));
        return all;
    }

    private static String unquoted(MatchResult key) {
        String name = key.group(1);
        return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name;
    }

    private static Map<String, BiFunction<PgQueueConfig, String, PgQueueConfig>> managerKeys() {
        Map<String, BiFunction<PgQueueConfig, String, PgQueueConfig>> keys = new LinkedHashMap<>();
        keys.put("schema", PgQueueConfig::withSchema);
        keys.put("schema-management", (c, v) -> c.withSchemaManagement(choice(SchemaManagement.class, v)));
        keys.put("channel-prefix", PgQueueConfig::withChannelPrefix);
        keys.put("notify", (c, v) -> c.withNotifyMode(choice(NotifyMode.class, v)));
        keys.put("listen.enabled", (c, v) -> c.withListen(listen(c.listen(), bool(v), null, null, null)));
        keys.put("listen.url", (c, v) -> c.withListen(listen(c.listen(), null, v, null, null)));
        keys.put("listen.user", (c, v) -> c.withListen(listen(c.listen(), null, null, v, null)));
        keys.put("listen.password", (c, v) -> c.withListen(listen(c.listen(), null, null, null, v)));
        keys.put("workers.enabled", (c, v) -> c.withWorkersEnabled(bool(v)));
        keys.put("drain-timeout", (c, v) -> c.withDrainTimeout(duration(v)));
        keys.put("rpc.timeout", (c, v) -> c.withRequestTimeout(duration(v)));
        keys.put("housekeeping-interval", (c, v) -> c.withHousekeepingInterval(duration(v)));
        keys.put("max-payload-bytes", (c, v) -> c.withMaxPayloadBytes(number(v)));
        return keys;
    }

    private static ListenConfig listen(
            ListenConfig so,
            @Nullable Boolean enabled,
            @Nullable String url,
            @Nullable String user,
            @Nullable String password) {
        return new ListenConfig(
                enabled == null ? so.enabled() : enabled,
                url == null ? so.url() : url,
                user == null ? so.user() : user,
                password == null ? so.password() : password);
    }

    private static Map<String, BiFunction<QueueConfig, String, QueueConfig>> queueKeys() {
        Map<String, BiFunction<QueueConfig, String, QueueConfig>> keys = new LinkedHashMap<>();
        keys.put("concurrency", (c, v) -> c.withConcurrency(number(v)));
        keys.put("lease", (c, v) -> c.withLease(duration(v)));
        keys.put("poll-interval", (c, v) -> c.withPollInterval(duration(v)));
        keys.put("max-run-time", (c, v) -> c.withMaxRunTime(duration(v)));
        keys.put("max-attempts", (c, v) -> c.withMaxAttempts(number(v)));
        // A first delay above the longest one raises that, unless the longest is set too.
        keys.put("retry-delay", (c, v) -> c.withRetryDelay(duration(v), max(duration(v), c.retryMaxDelay())));
        keys.put("retry-max-delay", (c, v) -> c.withRetryDelay(c.retryDelay(), duration(v)));
        return keys;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
