package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A crash of the server empties the cache: its callers see misses, never errors. */
class CacheCrashIT {

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void crash_emptiesTheCache_andItGoesOn() {
        assumeTrue(
                System.getProperty("pg", "embedded").equals("embedded"),
                "only an embedded server can be made to crash");
        try (EmbeddedServer server = EmbeddedServer.start();
                PgQueueManager manager = PgQueueManager.builder(
                                server.database().dataSource())
                        .config(TestNode.quick().withSchemaManagement(SchemaManagement.MIGRATE))
                        .build()) {
            manager.start();
            PgCache cache = manager.cache("doomed");
            cache.set("k", "before", HOUR);
            assertThat(cache.get("k", String.class)).hasValue("before");

            server.crash();

            assertThat(cache.get("k", String.class)).isEmpty();
            assertThat(cache.delete("k")).isFalse();
            assertThat(cache.getOrSet("k", String.class, HOUR, () -> "after")).isEqualTo("after");
            assertThat(cache.get("k", String.class)).hasValue("after");
        }
    }
}
