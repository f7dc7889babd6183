package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A thread that goes on after its transaction has timed out: what it pushes then is refused as soon as the transaction
 * manager says so, and is never committed alone.
 */
@ExtendWith(ArquillianExtension.class)
abstract class Timeouts {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Inject
    private UserTransaction transaction;

    @Inject
    private Till till;

    @Inject
    private Databases databases;

    static WebArchive archive(String dataSource, Class<?> test) {
        return Deployments.war(
                "timeout-" + dataSource,
                Map.of("pg-queue.datasource", Environment.current().dataSource(dataSource)),
                test,
                Timeouts.class,
                Till.class);
    }

    /** Pushes. */
    @ApplicationScoped
    public static class Till {

        @Inject
        @PgQueue("late")
        private JobQueue<String> queue;

        public void push(String what) {
            queue.push(what);
        }
    }

    /** The short name of the data source that pg-queue and the rows have. */
    abstract String dataSource();

    /**
     * Begins a transaction that times out soon. The thread's setting is for this one only: an Arquillian without a server
     * runs no method after a test, and the transactions of the next ones are not to be that short.
     */
    private void beginShort() throws SystemException, NotSupportedException {
        transaction.setTransactionTimeout(1);
        try {
            transaction.begin();
        } finally {
            transaction.setTransactionTimeout(0);
        }
    }

    private void rollBackIfThere() throws SystemException {
        if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            transaction.rollback();
        }
    }

    @Test
    void push_transactionManagerSaysThatTheTimeIsUp_isRefused() throws Exception {
        String what = "refused " + dataSource();
        beginShort();
        databases.effect(dataSource(), "late", what);
        till.push(what);

        // Payara looks at transactions with XA resources every half minute or so.
        Awaitility.await("end of the transaction")
                .atMost(PATIENCE)
                .pollInSameThread()
                .until(() -> transaction.getStatus() != Status.STATUS_ACTIVE);

        assertThatThrownBy(() -> till.push(what)).isInstanceOf(TransactionStateException.class);
        rollBackIfThere();
        assertThat(rows(what)).isZero();
        assertThat(jobs(what)).isZero();
    }

    @Test
    void push_statementOutlastsTheTransaction_isThereWithTheRowOrNotAtAll() throws Exception {
        String what = "outlasted " + dataSource();
        beginShort();
        databases.effect(dataSource(), "late", what);
        try {
            databases.text(dataSource(), "SELECT pg_sleep(4)");
            till.push(what);
            transaction.commit();
        } catch (Exception e) {
            // Whatever the transaction manager makes of it: what is there decides.
            assertThat(e).isNotNull();
        }
        rollBackIfThere();

        assertThat(jobs(what)).isEqualTo(rows(what));
    }

    private long rows(String what) {
        return databases.number(
                Environment.LOCAL, "SELECT count(*) FROM effect WHERE source = 'late' AND what = '" + what + "'");
    }

    private long jobs(String what) {
        return databases.number(
                Environment.LOCAL, "SELECT count(*) FROM queue_late WHERE payload = to_jsonb('" + what + "'::text)");
    }
}
