package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.github.pgqueue.queue.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Behind a pool that accepts LISTEN and delivers nothing, as PgBouncer in transaction mode, the library only polls. */
@PgQueueTest
class PollOnlyIT {

    private static final String POLL_ONLY = "do not deliver notifications";

    @Test
    void listen_notificationsDoNotComeThrough_saysSoOnceAndIsRefused(TestDatabase database) {
        try (Logged log = Logged.by("io.github.pgqueue.channel");
                PgQueueManager manager = manager(database, TestNode.quick(), new Probe());
                PgListener listener = manager.createListener()) {
            assertThatThrownBy(() -> listener.listen("x"))
                    .isInstanceOfSatisfying(
                            ConfigurationException.class,
                            e -> assertThat(e.code()).isEqualTo("PGQ7020"))
                    .hasMessageContaining("pg-queue.listen.url");
            assertThatThrownBy(() -> manager.subscribe("y", notification -> {}))
                    .isInstanceOf(ConfigurationException.class);

            assertThat(log.warnings(POLL_ONLY)).hasSize(1);
        }
    }

    @Test
    void work_notificationsDoNotComeThrough_findsJobsByPolling(TestDatabase database) {
        Probe probe = new Probe();
        try (Logged log = Logged.by("io.github.pgqueue.channel");
                PgQueueManager manager = manager(database, TestNode.quick(), probe)) {
            manager.createQueue("polled");
            manager.work("polled", String.class, (job, context) -> Outcome.complete());
            manager.start();
            Awaitility.await().until(() -> !log.warnings(POLL_ONLY).isEmpty());

            manager.queue("polled", String.class).push("x");

            probe.await("completed polled");
            assertThat(probe.countOf("listening")).isZero();
        }
    }

    @Test
    void pollOnly_keepsNoConnectionFromThePool(TestDatabase database) {
        AtomicInteger open = new AtomicInteger();
        TestDataSource counting = () -> {
            open.incrementAndGet();
            return Intercepted.proxy(Connection.class, deaf(database.connect()), call -> {
                if (call.method().equals("close")) {
                    open.decrementAndGet();
                }
                return call.proceed();
            });
        };
        try (PgQueueManager manager =
                PgQueueManager.builder(counting).config(TestNode.quick()).build()) {
            assertThatThrownBy(() -> manager.createListener().listen("x")).isInstanceOf(ConfigurationException.class);

            Awaitility.await().until(() -> open.get() == 0);
        }
    }

    @Test
    void listen_urlOfItsOwn_receives(TestDatabase database) {
        PgQueueConfig config = TestNode.quick()
                .withListen(new ListenConfig(
                        true,
                        database.database().jdbcUrl(),
                        database.database().user(),
                        database.database().password()));
        try (PgQueueManager manager = manager(database, config, new Probe());
                PgListener listener = manager.createListener()) {
            listener.listen("direct");

            manager.channel("direct", String.class).publishRaw("heard");

            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void remoteEvents_notificationsDoNotComeThrough_saysSoOnce(TestDatabase database) {
        MutableConfiguration<String, String> listened = new MutableConfiguration<String, String>()
                .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<String, String>(
                        () -> (CacheEntryCreatedListener<String, String>) events -> {},
                        null,
                        /* isOldValueRequired= */ false,
                        /* isSynchronous= */ false));
        try (Logged log = Logged.by("io.github.pgqueue.cache");
                PgQueueManager manager = manager(
                        database, TestNode.quick().withCache("*", cache -> cache.withRemoteEvents(true)), new Probe());
                CacheManager caches =
                        new PostgresCachingProvider().getCacheManager(null, null, new Properties(), manager)) {
            caches.createCache("one", listened);
            caches.createCache("two", listened);

            Awaitility.await().until(() -> !log.warnings("pg-queue.listen.url").isEmpty());
            assertThat(log.warnings("remote-events")).hasSize(1);
        }
    }

    private static PgQueueManager manager(TestDatabase database, PgQueueConfig config, Probe probe) {
        TestDataSource pool = () -> deaf(database.connect());
        return PgQueueManager.builder(pool).config(config).listener(probe).build();
    }

    /** A connection on which LISTEN succeeds and does nothing. */
    private static Connection deaf(Connection connection) {
        return Intercepted.proxy(
                Connection.class,
                connection,
                call -> call.method().equals("createStatement") ? deaf(connection.createStatement()) : call.proceed());
    }

    private static Statement deaf(Statement statement) throws SQLException {
        return Intercepted.proxy(
                Statement.class,
                statement,
                call -> call.method().equals("execute")
                                && call.argument(0).toString().startsWith("LISTEN")
                        ? false
                        : call.proceed());
    }
}
