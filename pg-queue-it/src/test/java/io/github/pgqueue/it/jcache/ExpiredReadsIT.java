package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.shop.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.configuration.MutableConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A read that begins after a value's expiry never returns it, near or far. One run for both, of a minute;
 * {@code -Dexpired.run=PT5M} for a longer one.
 */
@PgQueueTest
class ExpiredReadsIT {

    private static final Duration RUN = Duration.parse(System.getProperty("expired.run", "PT1M"));

    @Test
    void reads_nearAndFar_returnNothingThatHasExpired(TestDatabase database) {
        assumeTrue(
                System.getProperty("pg", "embedded").equals("embedded"), "the clock of a server elsewhere is not ours");
        try (AgroalDataSource pool = pool(database);
                NearNode writer = NearNode.on(pool, ListenConfig.defaults());
                NearNode reader = NearNode.on(pool, ListenConfig.defaults())) {
            writer.cache("near", new MutableConfiguration<>());
            reader.cache("near", new MutableConfiguration<>());
            ExpiredReads near =
                    check(writer.manager().cache("near"), reader.manager().cache("near"));
            PgCache far = writer.manager().cache("far");
            ExpiredReads direct = check(far, far);
            reader.awaitCopy(() -> reader.manager().cache("near").get("listening", Long.class));

            long asked = reader.asked(() -> run(RUN, near, direct));

            System.out.println("near: " + near.reads() + " reads, " + near.found() + " found, " + asked
                    + " of the database; far: " + direct.reads() + " reads, " + direct.found() + " found");
            assertThat(near.expired()).isZero();
            assertThat(direct.expired()).isZero();
            assertThat(near.found()).isPositive();
            assertThat(direct.found()).isPositive();
            assertThat(asked).as("reads of the database").isLessThan(near.reads() / 2);
        }
    }

    /** Copies that live for a fixed time, as a local cache that knows nothing of the row would hold them. */
    @Test
    void reads_ofCopiesThatLiveTooLong_areCaught(TestDatabase database) {
        try (AgroalDataSource pool = pool(database);
                NearNode node = NearNode.on(pool, ListenConfig.defaults())) {
            PgCache cache = node.manager().cache("control");
            record Copy(long value, long readAt) {}
            Map<String, Copy> copies = new ConcurrentHashMap<>();
            ExpiredReads late = new ExpiredReads((key, micros, expiresAt) -> cache.set(key, micros, expiresAt), key -> {
                Copy copy = copies.get(key);
                if (copy != null && System.nanoTime() - copy.readAt() < TimeUnit.MILLISECONDS.toNanos(50)) {
                    return copy.value();
                }
                Long read = cache.get(key, Long.class).orElse(null);
                if (read != null) {
                    copies.put(key, new Copy(read, System.nanoTime()));
                }
                return read;
            });

            List<InBackground<Boolean>> threads = late.begin();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> late.expired() > 0);
            late.end();
            threads.forEach(InBackground::result);

            assertThat(late.expired()).isPositive();
        }
    }

    /** Connections that are there already: to open one can take longer than an entry lives. */
    private static AgroalDataSource pool(TestDatabase database) {
        Database server = database.database();
        AgroalDataSourceConfigurationSupplier pool = new AgroalDataSourceConfigurationSupplier();
        pool.connectionPoolConfiguration()
                .maxSize(10)
                .connectionFactoryConfiguration()
                .jdbcUrl(server.jdbcUrl())
                .principal(new NamePrincipal(server.user()))
                .credential(new SimplePassword(server.password()));
        try {
            return AgroalDataSource.from(pool);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ExpiredReads check(PgCache written, PgCache read) {
        return new ExpiredReads(
                (key, micros, expiresAt) -> written.set(key, micros, expiresAt),
                key -> read.get(key, Long.class).orElse(null));
    }

    private static void run(Duration duration, ExpiredReads... checks) {
        List<InBackground<Boolean>> threads =
                Stream.of(checks).flatMap(check -> check.begin().stream()).toList();
        long end = System.nanoTime() + duration.toNanos();
        Awaitility.await()
                .atMost(duration.plusMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> System.nanoTime() - end >= 0);
        Stream.of(checks).forEach(ExpiredReads::end);
        threads.forEach(InBackground::result);
    }
}
