package io.github.pgqueue.cdi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.NotifyMode;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.QueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.cdi.telemetry.ProcessSpan;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every setting has a key; what cannot be used, and what means nothing, is said. */
class MicroProfileConfigTest {

    @Test
    void read_nothing_isTheDefaults() {
        Settings settings = read(Map.of());

        assertThat(settings.config()).isEqualTo(PgQueueConfig.defaults());
        assertThat(settings.dataSource()).isNull();
        assertThat(settings.nonTransactionalDataSource()).isNull();
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void read_everyKey_isApplied() {
        Settings settings = read(Map.ofEntries(
                Map.entry("pg-queue.schema", "shop"),
                Map.entry("pg-queue.schema-management", "none"),
                Map.entry("pg-queue.channel-prefix", "shop."),
                Map.entry("pg-queue.notify", "in-transaction"),
                Map.entry("pg-queue.listen.enabled", "FALSE"),
                Map.entry("pg-queue.listen.url", "jdbc:postgresql://db/shop"),
                Map.entry("pg-queue.listen.user", "ada"),
                Map.entry("pg-queue.listen.password", "secret"),
                Map.entry("pg-queue.workers.enabled", "false"),
                Map.entry("pg-queue.drain-timeout", "PT1S"),
                Map.entry("pg-queue.rpc.timeout", "PT2S"),
                Map.entry("pg-queue.housekeeping-interval", "PT3S"),
                Map.entry("pg-queue.max-payload-bytes", " 4000 "),
                Map.entry("pg-queue.datasource", "main"),
                Map.entry("pg-queue.non-transactional-datasource", "apart"),
                Map.entry("pg-queue.thread-factory", "concurrent/threads"),
                Map.entry("pg-queue.executor", "concurrent/jobs")));

        PgQueueConfig config = settings.config();
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.dataSource()).isEqualTo("main");
        assertThat(settings.nonTransactionalDataSource()).isEqualTo("apart");
        assertThat(settings.threadFactory()).isEqualTo("concurrent/threads");
        assertThat(settings.executor()).isEqualTo("concurrent/jobs");
        assertThat(config.schema()).isEqualTo("shop");
        assertThat(config.schemaManagement()).isEqualTo(SchemaManagement.NONE);
        assertThat(config.channelPrefix()).isEqualTo("shop.");
        assertThat(config.notifyMode()).isEqualTo(NotifyMode.IN_TRANSACTION);
        assertThat(config.listen()).isEqualTo(new ListenConfig(false, "jdbc:postgresql://db/shop", "ada", "secret"));
        assertThat(config.workersEnabled()).isFalse();
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.housekeepingInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.maxPayloadBytes()).isEqualTo(4000);
    }

    @Test
    void read_keysOfQueues_overrideTheDefaultsOneByOne() {
        PgQueueConfig config = read(Map.of(
                        "pg-queue.defaults.concurrency", "2",
                        "pg-queue.defaults.lease", "PT10S",
                        "pg-queue.queues.emails.concurrency", "8",
                        "pg-queue.queues.emails.poll-interval", "PT0.5S",
                        "pg-queue.queues.emails.max-run-time", "PT5M",
                        "pg-queue.queues.Emails.max-attempts", "3",
                        "pg-queue.queues.\"quoted\".lease", "PT1M"))
                .config();

        QueueConfig defaults = config.queueDefaults();
        assertThat(defaults.concurrency()).isEqualTo(2);
        assertThat(defaults.lease()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.queue(new QueueName("other"))).isEqualTo(defaults);
        assertThat(config.queue(new QueueName("emails")))
                .isEqualTo(defaults.withConcurrency(8)
                        .withPollInterval(Duration.ofMillis(500))
                        .withMaxRunTime(Duration.ofMinutes(5)));
        assertThat(config.queue(new QueueName("Emails"))).isEqualTo(defaults.withMaxAttempts(3));
        assertThat(config.queue(new QueueName("quoted"))).isEqualTo(defaults.withLease(Duration.ofMinutes(1)));
    }

    @Test
    void read_keysOfCaches_areThoseOfTheLongestNameThatMatches() {
        Settings settings = read(Map.ofEntries(
                Map.entry("pg-queue.caches.*.ttl", "PT1H"),
                Map.entry("pg-queue.caches.*.refresh-ahead", "PT1M"),
                Map.entry("pg-queue.caches.*.stale-while-revalidate", "PT5M"),
                Map.entry("pg-queue.caches.\"org.acme.*\".refresh-ahead", "PT0S"),
                Map.entry("pg-queue.caches.*.max-entries", "1000"),
                Map.entry("pg-queue.caches.*.fail-open", "true"),
                Map.entry("pg-queue.caches.*.remote-events", "true"),
                Map.entry("pg-queue.caches.*.near", "true"),
                Map.entry("pg-queue.caches.*.near-miss-ttl", "PT0S"),
                Map.entry("pg-queue.caches.*.near-max-entries", "100"),
                Map.entry("pg-queue.caches.\"org.acme.*\".near-max-entries", "50"),
                Map.entry("pg-queue.caches.\"org.acme.*\".near-max-staleness", "PT5S"),
                Map.entry("pg-queue.caches.\"org.acme.Prices.find(int)\".near", "false"),
                Map.entry("pg-queue.caches.\"org.acme.*\".ttl", "PT10M"),
                Map.entry("pg-queue.caches.\"org.acme.*\".max-bytes", "5000000000"),
                Map.entry("pg-queue.caches.\"org.*.find(*)\".durable", "true"),
                Map.entry("pg-queue.caches.\"org.acme.Prices.find(int)\".ttl", "PT1M"),
                Map.entry("pg-queue.caches.\"org.acme.Prices.find(int)\".fail-open", "false"),
                Map.entry("pg-queue.caches.prices.serializable", "hibernate, org.acme.Color")));

        PgQueueConfig config = settings.config();
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
        assertThat(config.cache("other"))
                .isEqualTo(CacheConfig.empty()
                        .withTimeToLive(Duration.ofHours(1))
                        .withRefreshAhead(Duration.ofMinutes(1))
                        .withStaleWhileRevalidate(Duration.ofMinutes(5))
                        .withMaxEntries(1000L)
                        .withFailOpen(true)
                        .withRemoteEvents(true)
                        .withNear(true)
                        .withNearMaxEntries(100L)
                        .withNearMissTtl(Duration.ZERO));
        assertThat(config.cache("org.acme.Stock"))
                .isEqualTo(CacheConfig.empty()
                        .withTimeToLive(Duration.ofMinutes(10))
                        .withRefreshAhead(Duration.ZERO)
                        .withStaleWhileRevalidate(Duration.ofMinutes(5))
                        .withMaxEntries(1000L)
                        .withMaxBytes(5_000_000_000L)
                        .withFailOpen(true)
                        .withRemoteEvents(true)
                        .withNear(true)
                        .withNearMaxEntries(50L)
                        .withNearMaxStaleness(Duration.ofSeconds(5))
                        .withNearMissTtl(Duration.ZERO));
        assertThat(config.cache("org.acme.Prices.find(int)"))
                .isEqualTo(config.cache("org.acme.Stock")
                        .withTimeToLive(Duration.ofMinutes(1))
                        .withDurable(true)
                        .withFailOpen(false)
                        .withNear(false));
        assertThat(config.cache("prices").serializable()).containsExactlyInAnyOrder("hibernate", "org.acme.Color");
    }

    @Test
    void cache_nameThatIsShorterThanAPattern_isStillTheStrongest() {
        PgQueueConfig config = PgQueueConfig.defaults()
                .withCache("a*", cache -> cache.withTimeToLive(Duration.ofHours(1)))
                .withCache("a", cache -> cache.withTimeToLive(Duration.ofHours(2)));

        assertThat(config.cache("a").timeToLive()).isEqualTo(Duration.ofHours(2));
        assertThat(config.cache("ab").timeToLive()).isEqualTo(Duration.ofHours(1));
        assertThat(config.cache("b")).isEqualTo(CacheConfig.empty());
    }

    @Test
    void read_keysOfTheJCacheProvider_areLeftToIt() {
        Settings settings = read(Map.of("pg-queue.jcache.url", "jdbc:postgresql://db/shop"));

        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT2H, , PT2H, PT2H",
        "PT0.1S, PT0.5S, PT0.1S, PT0.5S",
        ", PT10S, PT1S, PT10S",
    })
    void read_delays_areSetInAnyCombination(String first, String longest, Duration delay, Duration maxDelay) {
        Map<String, String> properties = new HashMap<>();
        properties.put("pg-queue.defaults.retry-delay", first);
        properties.put("pg-queue.defaults.retry-max-delay", longest);

        Settings settings = read(properties);

        assertThat(settings.problems()).isEmpty();
        assertThat(settings.config().queueDefaults().retryDelay()).isEqualTo(delay);
        assertThat(settings.config().queueDefaults().retryMaxDelay()).isEqualTo(maxDelay);
    }

    @Test
    void read_declaredQueueOrCacheWhoseKeysAreNotListed_isReadAllTheSame() {
        ConfigValues environment = new ConfigValues() {
            @Override
            public Set<String> names() {
                return Set.of("PG_QUEUE_QUEUES_EMAILS_CONCURRENCY");
            }

            @Override
            public Optional<String> value(String name) {
                return switch (name) {
                    case "pg-queue.queues.emails.concurrency" -> Optional.of("7");
                    case "pg-queue.caches.prices.max-entries" -> Optional.of("8");
                    default -> Optional.empty();
                };
            }
        };

        PgQueueConfig config = MicroProfileConfig.read(environment, Set.of("emails"), Set.of("prices"))
                .config();

        assertThat(config.queue(new QueueName("emails")).concurrency()).isEqualTo(7);
        assertThat(config.cache("prices").maxEntries()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pg-queue.drain-timeout=30s | an ISO-8601 duration such as PT30S",
                "pg-queue.defaults.lease=30 | an ISO-8601 duration such as PT30S",
                "pg-queue.queues.emails.concurrency=many | a whole number is expected",
                "pg-queue.queues.emails.concurrency=0 | must be at least 1",
                "pg-queue.queues.no-name.concurrency=2 | not a queue name",
                "pg-queue.defaults.retry-max-delay=PT0.1S | must be at least PT1S",
                "pg-queue.workers.enabled=yes | true or false is expected",
                "pg-queue.schema-management=auto | one of these is expected: validate, migrate, none",
                "pg-queue.notify=never | one of these is expected: after-commit, in-transaction",
                "pg-queue.schema=my schema | not accepted as the name of a schema",
                "pg-queue.listen.user=ada | set that too",
                "pg-queue.strict-config=maybe | true or false is expected",
                "pg-queue.caches.prices.ttl=5m | an ISO-8601 duration such as PT30S",
                "pg-queue.caches.prices.ttl=PT0S | ttl is PT0S, but must be at least",
                "pg-queue.caches.prices.refresh-ahead=30s | an ISO-8601 duration such as PT30S",
                "pg-queue.caches.prices.refresh-ahead=P400D | must be at most PT8760H",
                "pg-queue.caches.prices.stale-while-revalidate=PT-1S | must be at least PT0S",
                "pg-queue.caches.prices.durable=yes | true or false is expected",
                "pg-queue.caches.*.max-entries=many | a whole number is expected",
                "pg-queue.caches.\"org.acme.*\".max-bytes=0 | must be at least 1",
                "pg-queue.caches.*.near=maybe | true or false is expected",
                "pg-queue.caches.prices.near-max-entries=0 | near-max-entries is 0, but must be at least 1",
                "pg-queue.caches.prices.near-max-staleness=PT0S | must be at least PT0.001S",
                "pg-queue.caches.prices.near-max-staleness=P400D | must be at most PT8760H",
                "pg-queue.caches.prices.near-miss-ttl=PT-1S | must be at least PT0S",
            })
    void read_valueThatCannotBeUsed_isAProblemWithKeyAndExpectation(String property, String expectation) {
        String[] parts = property.split("=", 2);

        Settings settings = read(Map.of(parts[0], parts[1]));

        assertThat(settings.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("PGQ7110");
            assertThat(problem).hasMessageContaining(parts[0].replace("no-name.concurrency", "no-name"));
            assertThat(problem).hasMessageContaining(expectation);
        });
    }

    @Test
    void read_severalProblems_areAllReported() {
        Settings settings = read(Map.of("pg-queue.drain-timeout", "x", "pg-queue.queues.emails.lease", "y"));

        assertThat(settings.problems()).hasSize(2);
    }

    @Test
    void read_password_isNeverShown() {
        Settings settings = read(Map.of("pg-queue.listen.password", "hunter2"));

        assertThat(settings.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .hasMessageContaining("pg-queue.listen.password")
                        .hasMessageNotContaining("hunter2"));
    }

    @Test
    void read_sourceThatFails_isAProblemOfTheKey() {
        ConfigValues failing = new ConfigValues() {
            @Override
            public Set<String> names() {
                return Set.of();
            }

            @Override
            public Optional<String> value(String name) {
                if (name.equals("pg-queue.schema")) {
                    throw new NoSuchElementException("no such expression");
                }
                return Optional.empty();
            }
        };

        Settings settings = MicroProfileConfig.read(failing, Set.of(), Set.of());

        assertThat(settings.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessageContaining("pg-queue.schema"));
    }

    @Test
    void read_healthAndTelemetry_areAppliedOrProblems() {
        Settings settings = read(Map.of(
                "pg-queue.health.enabled", "false",
                "pg-queue.telemetry.enabled", "maybe",
                "pg-queue.telemetry.process-span", "child"));

        assertThat(settings.observing()).isEqualTo(new Observing(false, true, ProcessSpan.CHILD));
        assertThat(settings.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessageContaining("pg-queue.telemetry.enabled"));
    }

    @ParameterizedTest
    @CsvSource({
        "pg-queue.drain-timout, pg-queue.drain-timeout",
        "pg-queue.queue.emails.lease, pg-queue.queues.emails.lease",
        "pg-queue.queues.emails.max-attempt, pg-queue.queues.emails.max-attempts",
        "pg-queue.queues.\"emails\".leas, pg-queue.queues.\"emails\".lease",
        "pg-queue.default.lease, pg-queue.defaults.lease",
        "pg-queue.caches.prices.tll, pg-queue.caches.prices.ttl",
        "pg-queue.caches.\"org.acme.*\".max-entry, pg-queue.caches.\"org.acme.*\".max-entries",
        "pg-queue.caches.prices.near-max-stalenes, pg-queue.caches.prices.near-max-staleness",
        "pg-queue.cache.prices.ttl, pg-queue.caches.prices.ttl",
    })
    void read_unknownKey_isAWarningWithItsNearestNeighbour(String key, String neighbour) {
        Settings settings = MicroProfileConfig.read(new Given(Map.of(key, "PT1S")), Set.of("emails"), Set.of("prices"));

        assertThat(settings.problems()).isEmpty();
        assertThat(settings.warnings())
                .containsExactly("the configuration key " + key + " is unknown; the nearest known one is " + neighbour);
    }

    @Test
    void read_unknownKeyInStrictMode_isAProblem() {
        Settings settings = read(Map.of("pg-queue.drain-timout", "PT1S", "pg-queue.strict-config", "true"));

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.problems()).extracting(ConfigurationException::code).containsExactly("PGQ7114");
    }

    @Test
    void read_keysOfOthers_areNotLookedAt() {
        Settings settings = read(Map.of("pg-queues.schema", "x", "quarkus.pg-queue.schema", "y"));

        assertThat(settings.config()).isEqualTo(PgQueueConfig.defaults());
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void keys_areAllThereAre() {
        assertThat(MicroProfileConfig.keys())
                .hasSize(50)
                .contains("pg-queue.datasource", "pg-queue.defaults.lease", "pg-queue.queues.<name>.retry-max-delay")
                .allMatch(key -> key.matches("pg-queue\\.[a-z.<>-]+"));
    }

    private static Settings read(Map<String, String> properties) {
        return MicroProfileConfig.read(new Given(properties), Set.of(), Set.of());
    }

    /** Properties as a map. */
    private record Given(Map<String, String> properties) implements ConfigValues {

        @Override
        public Set<String> names() {
            return properties.keySet();
        }

        @Override
        public Optional<String> value(String name) {
            return Optional.ofNullable(properties.get(name));
        }
    }
}
