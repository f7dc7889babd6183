package io.github.pgqueue.it.schema;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestServer;
import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The servers that hold the SQL contract. */
enum Postgres {
    /** The one that {@code -Dpg} names. */
    OF_THE_RUN {
        @Override
        Database server() {
            return TestServer.get();
        }
    },

    /** PostgreSQL 14; started beside an embedded one only, by the first test that asks, and stopped with the JVM. */
    OLDEST {
        @Override
        Database server() {
            assumeTrue(
                    Set.of("", "embedded").contains(System.getProperty("pg", "embedded")),
                    "the oldest PostgreSQL is an embedded one, which this run does not use");
            return oldest().database();
        }
    };

    private static @Nullable EmbeddedServer oldest;

    abstract Database server();

    /** A database with nothing in it. */
    TestDatabase empty() {
        return TestDatabase.emptyOn(server());
    }

    /** A database with pg-queue installed in schema {@code public}. */
    TestDatabase installed() {
        return TestDatabase.createOn(server());
    }

    private static synchronized EmbeddedServer oldest() {
        EmbeddedServer running = oldest;
        if (running == null) {
            running = EmbeddedServer.start(Path.of(System.getProperty("pg.oldest.jar")), Map.of());
            oldest = running;
        }
        return running;
    }
}
