package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A push joins the transaction of the caller, declared or begun by hand. */
@ExtendWith(ArquillianExtension.class)
class PushIT {

    @Inject
    private Desk desk;

    @Inject
    private Databases databases;

    @Inject
    private UserTransaction transaction;

    @Deployment
    static WebArchive archive() {
        return Deployments.war("push", PushIT.class, Desk.class);
    }

    /** The business of the application. */
    @ApplicationScoped
    public static class Desk {

        @Inject
        @PgQueue("pushed")
        private JobQueue<String> queue;

        @Inject
        private Databases databases;

        @Transactional
        public void place(String order) {
            enter(order);
        }

        @Transactional
        public void placeAndThrow(String order) {
            enter(order);
            throw new IllegalStateException("on purpose");
        }

        @Transactional(rollbackOn = IOException.class)
        public void placeAndThrowChecked(String order) throws IOException {
            enter(order);
            throw new IOException("on purpose");
        }

        @Transactional(dontRollbackOn = IllegalStateException.class)
        public void placeAllTheSame(String order) {
            enter(order);
            throw new IllegalStateException("on purpose");
        }

        /** The commit fails. */
        @Transactional
        public void placeTwice(String order) {
            enter(order);
            databases.once(order);
            databases.once(order);
        }

        /** Whatever transaction the caller has. */
        public void enter(String order) {
            databases.execute(Environment.LOCAL, "INSERT INTO effect VALUES ('push', '" + order + "')");
            push(order);
        }

        public void push(String order) {
            queue.push(order);
        }
    }

    /** Rows and jobs of an order, such as "1 1". */
    private String found(String order) {
        return databases.text(
                Environment.LOCAL,
                "SELECT concat_ws(' ', (SELECT count(*) FROM effect WHERE source = 'push' AND what = '" + order
                        + "'), (SELECT count(*) FROM queue_pushed WHERE payload = to_jsonb('" + order + "'::text)))");
    }

    @Test
    @Proves(Feature.PUSH_COMMIT)
    void push_declaredTransactionCommits_isThereWithTheRow() {
        desk.place("committed");

        assertThat(found("committed")).isEqualTo("1 1");
    }

    @Test
    @Proves(Feature.PUSH_ROLLBACK)
    void push_methodThrows_isGoneWithTheRow() {
        assertThatThrownBy(() -> desk.placeAndThrow("thrown")).hasStackTraceContaining("on purpose");

        assertThat(found("thrown")).isEqualTo("0 0");
    }

    @Test
    @Proves(Feature.PUSH_ROLLBACK)
    void push_methodThrowsACheckedExceptionThatRollsBack_isGoneWithTheRow() {
        assertThatThrownBy(() -> desk.placeAndThrowChecked("checked")).hasStackTraceContaining("on purpose");

        assertThat(found("checked")).isEqualTo("0 0");
    }

    @Test
    @Proves(Feature.PUSH_COMMIT)
    void push_methodThrowsWhatDoesNotRollBack_isThereWithTheRow() {
        assertThatThrownBy(() -> desk.placeAllTheSame("kept")).hasStackTraceContaining("on purpose");

        assertThat(found("kept")).isEqualTo("1 1");
    }

    @Test
    @Proves(Feature.PUSH_COMMIT)
    void push_transactionBegunByHand_commitsWithIt() throws Exception {
        transaction.begin();
        desk.enter("by hand");
        transaction.commit();

        assertThat(found("by hand")).isEqualTo("1 1");
    }

    @Test
    @Proves(Feature.PUSH_ROLLBACK)
    void push_transactionBegunByHand_rollsBackWithIt() throws Exception {
        transaction.begin();
        desk.enter("undone");
        transaction.rollback();

        assertThat(found("undone")).isEqualTo("0 0");
    }

    @Test
    @Proves(Feature.DEFERRED)
    void push_commitFails_isGoneWithTheRow() {
        assertThatThrownBy(() -> desk.placeTwice("deferred")).isNotNull();

        assertThat(found("deferred")).isEqualTo("0 0");
    }

    @Test
    @Proves(Feature.PUSH_ROLLBACK)
    void push_markedForRollback_isRefused() throws Exception {
        transaction.begin();
        try {
            transaction.setRollbackOnly();

            assertThatThrownBy(() -> desk.push("too late")).isInstanceOf(TransactionStateException.class);
        } finally {
            transaction.rollback();
        }
        assertThat(found("too late")).isEqualTo("0 0");
    }

    @Test
    void push_withoutATransaction_takesEffectAtOnce() {
        desk.enter("alone");

        assertThat(found("alone")).isEqualTo("1 1");
    }
}
