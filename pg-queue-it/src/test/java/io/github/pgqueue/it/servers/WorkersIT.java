package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
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

        @Transactional
        @PgWorker("deferred")
        public void writeTwice(Job<String> job) {
            databases.effect("deferred", job.attempt());
            databases.once("worked");
            if (job.attempt() == 1) {
                databases.once("worked");
            }
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

    /** Of two attempts the second one's effect is there, because the first one's was undone. */
    private void assertUndone(String queue) {
        work(queue);

        assertThat(databases.listed(queue)).isEqualTo("2");
    }

    /** Of two attempts both effects are there, because nothing undid the first one's. */
    private void assertLeft(String queue) {
        work(queue);

        assertThat(databases.listed(queue)).isEqualTo("1 2");
    }

    @Test
    @Proves(Feature.WORKER_REQUIRED)
    void work_requiredAndFails_undoesItsEffect() {
        assertUndone("required");
    }

    @Test
    @Proves(Feature.WORKER_REQUIRES_NEW)
    void work_requiresNewAndFails_undoesItsEffect() {
        assertUndone("requiresNew");
    }

    @Test
    @Proves(Feature.WORKER_NOT_SUPPORTED)
    void work_notSupportedAndFails_leavesItsEffect() {
        assertLeft("notSupported");
    }

    @Test
    @Proves(Feature.WORKER_SUPPORTS)
    void work_supportsAndFails_leavesItsEffect() {
        assertLeft("supports");
    }

    @Test
    @Proves(Feature.WORKER_NEVER)
    void work_neverAndFails_leavesItsEffect() {
        assertLeft("never");
    }

    @Test
    void work_plainAndFails_leavesItsEffect() {
        assertLeft("plain");
    }

    @Test
    @Proves(Feature.WORKER_REQUIRED)
    void work_exceptionThatDoesNotRollBack_completesTheJobWithItsEffect() {
        work("kept");

        assertThat(databases.listed("kept")).isEqualTo("1");
    }

    @Test
    @Proves(Feature.DEFERRED)
    void work_commitFails_undoesItsEffectAndComesAgain() {
        assertUndone("deferred");
    }

    @Test
    @Proves(Feature.WORKER_REQUIRED)
    void work_outcomeIsReturned_commitsTheEffectWithIt() {
        work("outcome");

        assertThat(databases.listed("outcome")).isEqualTo("1 2");
    }
}
