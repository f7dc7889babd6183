package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transaction that a worker method has decides about its job, whatever type it is of. */
@ExtendWith(ArquillianExtension.class)
class WorkersIT {

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    @Deployment
    static WebArchive archive() {
        return Deployments.war("workers", WorkersIT.class, Workers.class);
    }

    /** Every worker writes one effect, and its first attempt fails afterwards. */
    @ApplicationScoped
    public static class Workers {

        @Inject
        private Databases databases;

        @Transactional
        @PgWorker("required")
        public void required(Job<String> job) {
            failFirst(job);
        }

        @Transactional(TxType.REQUIRES_NEW)
        @PgWorker("requiresNew")
        public void requiresNew(Job<String> job) {
            failFirst(job);
        }

        @Transactional(TxType.NOT_SUPPORTED)
        @PgWorker("notSupported")
        public void notSupported(Job<String> job) {
            failFirst(job);
        }

        @Transactional(TxType.SUPPORTS)
        @PgWorker("supports")
        public void supports(Job<String> job) {
            failFirst(job);
        }

        @Transactional(TxType.NEVER)
        @PgWorker("never")
        public void never(Job<String> job) {
            failFirst(job);
        }

        @PgWorker("plain")
        public void plain(Job<String> job) {
            failFirst(job);
        }

        @Transactional(dontRollbackOn = IllegalStateException.class)
        @PgWorker("kept")
        public void kept(Job<String> job) {
            failFirst(job);
        }

        @Transactional
        @PgWorker("outcome")
        public Outcome outcome(Job<String> job) {
            databases.effect("outcome", job.attempt());
            return job.failures() == 0 ? Outcome.fail(new IllegalStateException("on purpose")) : Outcome.complete();
        }

        private void failFirst(Job<String> job) {
            databases.effect(job.queue().value(), job.attempt());
            if (job.attempt() == 1) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    private void work(String queue) {
        manager.queue(queue, String.class).push("x");
        databases.awaitDone(queue);
    }

    @ParameterizedTest
    @ValueSource(strings = {"required", "requiresNew"})
    void work_attemptFailsInItsTransaction_undoesItsEffect(String queue) {
        work(queue);

        assertThat(databases.text(
                        Environment.LOCAL,
                        "SELECT string_agg(what, ' ' ORDER BY what) FROM effect" + " WHERE source = '" + queue + "'"))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notSupported", "supports", "never", "plain"})
    void work_attemptFailsWithoutATransaction_leavesItsEffect(String queue) {
        work(queue);

        assertThat(databases.effects(queue)).isEqualTo(2);
    }

    @Test
    void work_exceptionThatDoesNotRollBack_completesTheJobWithItsEffect() {
        work("kept");

        assertThat(databases.effects("kept")).isEqualTo(1);
    }

    @Test
    void work_outcomeIsReturned_commitsTheEffectWithIt() {
        work("outcome");

        assertThat(databases.effects("outcome")).isEqualTo(2);
    }
}
