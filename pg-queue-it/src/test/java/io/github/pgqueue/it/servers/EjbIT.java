package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBContext;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Container-managed transactions of EJBs decide about pushes and jobs as declared ones do. */
@ExtendWith(ArquillianExtension.class)
@OnlyOnServers("there is no EJB container in Weld SE")
class EjbIT {

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    @Inject
    private Teller teller;

    @Deployment
    static WebArchive archive() {
        return Deployments.war("ejb", EjbIT.class, Teller.class, Viewless.class, Account.class, Viewed.class);
    }

    /** Pushes. */
    @Stateless
    public static class Teller {

        @Inject
        @PgQueue("teller")
        private JobQueue<String> queue;

        @Inject
        private Databases databases;

        @Resource
        private EJBContext context;

        public void pay(String what) {
            databases.effect("teller", what);
            queue.push(what);
        }

        public void payAndTakeBack(String what) {
            pay(what);
            context.setRollbackOnly();
        }
    }

    /** Works, and has no interface. */
    @Stateless
    public static class Viewless {

        @Inject
        private Databases databases;

        @PgWorker("viewless")
        public void work(Job<String> job) {
            databases.effect("viewless", job.attempt());
            if (job.attempt() == 1) {
                throw new IllegalStateException("on purpose");
            }
        }

        @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
        @PgWorker("apart")
        public void workApart(Job<String> job) {
            databases.effect("apart", job.attempt());
            if (job.attempt() == 1) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    /** The local view of a worker. */
    public interface Account {
        void work(Job<String> job);
    }

    /** Works, and is seen by its interface only. */
    @Stateless
    @Local(Account.class)
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public static class Viewed implements Account {

        @Inject
        private Databases databases;

        @Resource
        private EJBContext context;

        @Override
        @PgWorker("viewed")
        public void work(Job<String> job) {
            databases.effect("viewed", job.attempt());
            if (job.attempt() == 1) {
                context.setRollbackOnly();
            }
        }
    }

    @Test
    void push_businessMethodReturns_isThereWithTheRow() {
        teller.pay("paid");

        assertThat(databases.text(Environment.LOCAL, found("paid"))).isEqualTo("1 1");
    }

    @Test
    void push_setRollbackOnly_isGoneWithTheRow() {
        teller.payAndTakeBack("taken back");

        assertThat(databases.text(Environment.LOCAL, found("taken back"))).isEqualTo("0 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewless", "viewed"})
    void work_attemptIsRolledBack_undoesItsEffectAndComesAgain(String queue) {
        manager.queue(queue, String.class).push("x");
        databases.awaitDone(queue);

        assertThat(databases.effects(queue)).isEqualTo(1);
    }

    @Test
    void work_attemptFailsWithoutATransaction_leavesItsEffect() {
        manager.queue("apart", String.class).push("x");
        databases.awaitDone("apart");

        assertThat(databases.effects("apart")).isEqualTo(2);
    }

    private static String found(String what) {
        return "SELECT concat_ws(' ', (SELECT count(*) FROM effect WHERE source = 'teller' AND what = '" + what
                + "'), (SELECT count(*) FROM queue_teller WHERE payload = to_jsonb('" + what + "'::text)))";
    }
}
