package io.github.pgqueue.it.servers.ejb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.inject.Inject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Container-managed transactions of EJBs decide about pushes and jobs as declared ones do. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.WORKER_EJB)
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

    private void work(String queue) {
        manager.queue(queue, String.class).push("x");
        databases.awaitDone(queue);
    }

    @Test
    void work_methodWithoutAnInterfaceThrows_undoesItsEffectAndComesAgain() {
        work("viewless");

        assertThat(databases.listed("viewless")).isEqualTo("2");
    }

    @Test
    void work_methodOfALocalViewSetsRollbackOnly_undoesItsEffectAndComesAgain() {
        work("viewed");

        assertThat(databases.listed("viewed")).isEqualTo("2");
    }

    @Test
    void work_attemptFailsWithoutATransaction_leavesItsEffect() {
        work("apart");

        assertThat(databases.listed("apart")).isEqualTo("1 2");
    }

    private static String found(String what) {
        return "SELECT concat_ws(' ', (SELECT count(*) FROM effect WHERE source = 'teller' AND what = '" + what
                + "'), (SELECT count(*) FROM queue_teller WHERE payload = to_jsonb('" + what + "'::text)))";
    }
}
