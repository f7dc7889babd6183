package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The server is killed in the middle of the work, with all its sessions. On a server of its own. */
class ServerCrashIT {

    private static final int JOBS = 90;

    private static TestDatabase ownServer() {
        String choice = System.getProperty("pg", "embedded");
        assumeTrue(
                choice.isEmpty() || choice.equals("embedded"),
                "only an embedded PostgreSQL can be killed; this run has -Dpg=" + choice);
        return TestDatabase.installedIn(Database.open("embedded"));
    }

    private static EmbeddedServer server(TestDatabase database) {
        return database.database().embedded().orElseThrow();
    }

    @Test
    void crash_whileProducingAndWorking_keepsWhatWasAcknowledgedAndDoesItOnce() {
        try (TestDatabase database = ownServer();
                TestNode node = TestNode.on(
                        database,
                        config -> config.withQueueDefaults(
                                queue -> queue.withLease(Duration.ofSeconds(2)).withMaxAttempts(1_000)))) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            database.execute("CREATE TABLE effect (n int)");
            node.manager().work(queue.name().value(), Integer.class, WorkerOptions.transactional(), (job, context) -> {
                try (var insert = context.connection().prepareStatement("INSERT INTO effect VALUES (?)")) {
                    insert.setInt(1, job.payload());
                    insert.executeUpdate();
                }
                return Outcome.complete();
            });
            node.manager().start();
            List<Integer> acknowledged = new CopyOnWriteArrayList<>();

            InBackground<Boolean> producing = InBackground.run(() -> produce(queue, acknowledged));
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > JOBS / 3);
            server(database).crash();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > 2 * JOBS / 3);
            server(database).crash();
            assertThat(producing.result()).isTrue();

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(database.number("SELECT count(*) - count(DISTINCT n) FROM effect"))
                    .as("doubled effects")
                    .isZero();
            assertThat(database.number("SELECT count(*) FROM pg_queue_dead_letter"))
                    .isZero();
            assertThat(database.number(
                            "SELECT count(*) FROM unnest('%s'::int[]) AS n WHERE n NOT IN (SELECT e.n FROM effect e)"
                                    .formatted(acknowledged
                                            .toString()
                                            .replace('[', '{')
                                            .replace(']', '}'))))
                    .as("acknowledged pushes that were lost")
                    .isZero();
        }
    }

    /** A push that was not acknowledged is not repeated: it may have happened. */
    private static void produce(JobQueue<Integer> queue, List<Integer> acknowledged) {
        for (int payload = 0; acknowledged.size() < JOBS; payload++) {
            try {
                queue.push(payload);
                acknowledged.add(payload);
            } catch (StorageException e) {
                assertThat(e.transientFailure()).isTrue();
            }
        }
    }

    @Test
    void crash_whileAsleep_workersAreWokenByTheFirstPushAfterwards() {
        try (TestDatabase database = ownServer();
                TestNode node = TestNode.on(
                        database,
                        config -> config.withQueueDefaults(queue -> queue.withPollInterval(Duration.ofMinutes(10))))) {
            JobQueue<String> queue = node.queue();
            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            node.probe().await("listening");
            node.probe().await("asleep " + queue.name());

            server(database).kill();
            node.probe().await("listeningLost");
            server(database).restart();
            database.await("SELECT 1", 1);
            queue.push("x");

            node.probe().await("completed " + queue.name());
        }
    }
}
