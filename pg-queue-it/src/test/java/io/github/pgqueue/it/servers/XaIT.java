package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.PgQueueStatus;
import io.github.pgqueue.SelfTestFinding.Severity;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With XA data sources, a push and a row in another database are committed, and rolled back, together. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.XA)
class XaIT {

    @Inject
    private TwoBanks banks;

    @Inject
    private Databases databases;

    @Inject
    private PgQueueManager manager;

    @Deployment
    static WebArchive archive() {
        return Deployments.war(
                "xa",
                Map.of("pg-queue.datasource", Environment.current().dataSource(Environment.XA)),
                XaIT.class,
                TwoBanks.class);
    }

    /** Writes into two databases. */
    @ApplicationScoped
    public static class TwoBanks {

        @Inject
        @PgQueue("transfers")
        private JobQueue<String> transfers;

        @Inject
        @PgQueue("noted")
        private JobQueue<String> noted;

        @Inject
        private Databases databases;

        @Transactional
        public void note(String what) {
            databases.effect(Environment.OTHER, "noted", what);
            noted.push(what);
        }

        @Transactional
        public void noteAndThrow(String what) {
            note(what);
            throw new IllegalStateException("on purpose");
        }

        @Transactional
        public void transfer(String what) {
            transfers.push(what);
            databases.effect(Environment.OTHER, "pushed", what);
        }

        /** The first attempt fails when both have been written. */
        @Transactional
        @PgWorker("transfers")
        public void work(Job<String> job) {
            databases.effect(Environment.XA, "worked", job.attempt());
            databases.effect(Environment.OTHER, "worked", job.attempt());
            if (job.attempt() == 1) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    private String found(String what) {
        long rows = databases.number(
                Environment.OTHER, "SELECT count(*) FROM effect WHERE source = 'noted' AND what = '" + what + "'");
        long jobs = databases.number(
                Environment.LOCAL, "SELECT count(*) FROM queue_noted WHERE payload = to_jsonb('" + what + "'::text)");
        return rows + " " + jobs;
    }

    @Test
    void push_twoResourcesCommit_isThereWithTheOther() {
        banks.note("committed");

        assertThat(found("committed")).isEqualTo("1 1");
    }

    @Test
    void push_twoResourcesRollBack_isGoneWithTheOther() {
        assertThatThrownBy(() -> banks.noteAndThrow("undone")).hasStackTraceContaining("on purpose");

        assertThat(found("undone")).isEqualTo("0 0");
    }

    @Test
    void work_twoResources_commitTheirEffectsWithTheJobOnce() {
        banks.transfer("money");
        databases.awaitDone("transfers");
        // the second phase takes one resource after the other
        await().pollInSameThread()
                .until(() -> databases.effects(Environment.LOCAL, "worked") > 0
                        && databases.effects(Environment.OTHER, "worked") > 0);

        assertThat(databases.effects(Environment.LOCAL, "worked")).isEqualTo(1);
        assertThat(databases.effects(Environment.OTHER, "worked")).isEqualTo(1);
    }

    @Test
    void status_onXaConnections_isInOrder() {
        await().pollInSameThread().untilAsserted(() -> {
            PgQueueStatus status = manager.status();
            assertThat(status.schemaProblem()).isNull();
            assertThat(status.claimProblem()).isNull();
        });
        assertThat(manager.selfTest())
                .filteredOn(finding -> finding.severity() == Severity.WARNING)
                .isEmpty();
    }
}
