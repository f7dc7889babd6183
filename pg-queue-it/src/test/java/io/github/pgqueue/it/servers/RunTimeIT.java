package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.queue.Job;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Transactional;
import jakarta.transaction.UserTransaction;
import java.io.Serializable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An attempt that takes too long has failed, whether its transaction or the library says so, and whatever it does then. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.WORKER_TIME_OUT)
class RunTimeIT {

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    @Deployment
    static WebArchive archive() {
        Map<String, String> config = Map.of(
                "pg-queue.queues.interrupted.max-run-time", "PT0.5S",
                "pg-queue.queues.stubborn.max-run-time", "PT0.5S");
        return Deployments.war(
                "runtime", config, RunTimeIT.class, Workers.class, ShortTransaction.class, Shortener.class);
    }

    /** The transaction of the method ends after a second. */
    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    public @interface ShortTransaction {}

    /** Outside of the interceptor that begins the transaction. */
    @Interceptor
    @ShortTransaction
    @Priority(Interceptor.Priority.PLATFORM_BEFORE + 100)
    public static class Shortener implements Serializable {

        private static final long serialVersionUID = 1;

        @Inject
        @SuppressWarnings("serial") // of the server, and nobody writes it
        private UserTransaction transaction;

        @AroundInvoke
        public Object shorten(InvocationContext invocation) throws Exception {
            transaction.setTransactionTimeout(1);
            try {
                return invocation.proceed();
            } finally {
                transaction.setTransactionTimeout(0);
            }
        }
    }

    /** Each is too slow at its first attempt. */
    @ApplicationScoped
    public static class Workers {

        @Inject
        private Databases databases;

        @ShortTransaction
        @Transactional
        @PgWorker("outlasted")
        public void outlast(Job<String> job) {
            databases.effect("outlasted", job.attempt());
            if (job.attempt() == 1) {
                outlastTheTransaction();
            }
        }

        @Transactional
        @PgWorker("interrupted")
        public void wait(Job<String> job) throws InterruptedException {
            databases.effect("interrupted", job.attempt());
            if (job.attempt() == 1) {
                new CountDownLatch(1).await();
            }
        }

        @Transactional
        @PgWorker("stubborn")
        public void returnAllTheSame(Job<String> job) {
            databases.effect("stubborn", job.attempt());
            if (job.attempt() == 1) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // Neither thrown nor restored, as code that knows better does.
                    assertThat(e).isNotNull();
                }
            }
        }

        /** Returns normally, whether the transaction manager ends the statement or not. */
        private void outlastTheTransaction() {
            try {
                databases.text(Environment.LOCAL, "SELECT pg_sleep(4)");
            } catch (IllegalStateException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    /** Works a job, and says which attempts left an effect. */
    private String effects(String queue) {
        manager.queue(queue, String.class).push("x");
        databases.awaitDone(queue);
        return databases.listed(queue);
    }

    @Test
    void work_transactionTimesOutAndMethodReturns_hasFailedWithoutEffect() {
        assertThat(effects("outlasted")).isEqualTo("2");
    }

    @Test
    void work_longerThanItsMaxRunTime_isInterruptedAndHasFailedWithoutEffect() {
        assertThat(effects("interrupted")).isEqualTo("2");
    }

    @Test
    void work_returnsNormallyAfterItsMaxRunTime_hasFailedWithoutEffect() {
        assertThat(effects("stubborn")).isEqualTo("2");
    }
}
