package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.queue.Job;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.stream.IntStream;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A commit that is lost with its connection: the session ends just before COMMIT, and the transaction manager may report
 * anything. No job is lost, and no effect is there twice.
 */
@ExtendWith(ArquillianExtension.class)
abstract class LostCommits {

    private static final int TIMES = 20;

    @Inject
    private Cut cut;

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    static WebArchive archive(String dataSource, Class<?> test, Class<? extends Cut> cut) {
        Map<String, String> config = Map.of(
                "pg-queue.datasource", Environment.current().dataSource(dataSource), "pg-queue.defaults.lease", "PT2S");
        return Deployments.war("lost-" + dataSource, config, test, LostCommits.class, Cut.class, cut, Knife.class);
    }

    /** Ends its own session as the last thing that it does. */
    public abstract static class Cut {

        @Inject
        private PgQueueManager manager;

        @Inject
        private Databases databases;

        @Inject
        private Knife knife;

        @Transactional
        public void push(String what) {
            databases.effect(dataSource(), "pushed " + dataSource(), what);
            manager.queue("cutPush", String.class).push(dataSource());
            knife.cut(dataSource());
        }

        @Transactional
        @PgWorker("cutWork")
        public void work(Job<String> job) {
            databases.effect(dataSource(), "worked " + dataSource(), job.id());
            if (job.attempt() == 1) {
                knife.cut(dataSource());
            }
        }

        /** The short name of the data source that pg-queue and the effects have. */
        public abstract String dataSource();
    }

    @Test
    void push_sessionEndsBeforeTheCommit_leavesJobAndRowOrNeither() {
        manager.createQueue("cutPush");

        for (int i = 0; i < TIMES; i++) {
            try {
                cut.push("x" + i);
            } catch (Exception e) {
                // Whatever the transaction manager reports: what is there decides.
                assertThat(e).isNotNull();
            }
        }

        long jobs = databases.number(
                Environment.LOCAL,
                "SELECT count(*) FROM \"queue_cutPush\" WHERE payload = to_jsonb('" + cut.dataSource() + "'::text)");
        assertThat(jobs).isEqualTo(databases.effects("pushed " + cut.dataSource()));
    }

    @Test
    void work_sessionEndsBeforeTheCommit_isDoneOnceAllTheSame() {
        manager.queue("cutWork", String.class)
                .pushAll(IntStream.range(0, TIMES).mapToObj(Integer::toString).toList());

        databases.awaitDone("cutWork");

        String effects = databases.text(
                Environment.LOCAL,
                "SELECT concat_ws(' ', count(*), count(DISTINCT what)) FROM effect WHERE source = 'worked "
                        + cut.dataSource() + "'");
        assertThat(effects).isEqualTo(TIMES + " " + TIMES);
    }
}
