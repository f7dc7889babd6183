package io.github.pgqueue.it.servers.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An entity and a job are one commit, whoever writes the SQL. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.JPA)
class JpaIT {

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    @Inject
    private Post post;

    @Deployment
    static WebArchive archive() {
        return Deployments.jpa("jpa", JpaIT.class, Parcel.class, Parcels.class, Post.class);
    }

    /** Sends and delivers parcels. */
    @ApplicationScoped
    public static class Post {

        @Inject
        @PgQueue("sent")
        private JobQueue<String> queue;

        @Inject
        private Parcels parcels;

        @Inject
        private Databases databases;

        @Transactional
        public void send(String label) {
            parcels.add(new Parcel(label, "sent"));
            queue.push(label);
        }

        @Transactional
        public void sendAndThrow(String label) {
            send(label);
            throw new IllegalStateException("on purpose");
        }

        /** The sessions of the entity manager and of the data source. */
        @Transactional
        public String sessions() {
            return parcels.session() + " " + databases.text(Environment.LOCAL, "SELECT pg_backend_pid()");
        }

        @Transactional
        @PgWorker("delivered")
        public void deliver(Job<String> job) {
            parcels.add(new Parcel("delivered " + job.attempt(), "delivered"));
            if (job.attempt() == 1) {
                throw new IllegalStateException("on purpose");
            }
        }

        /** The label of the first attempt is there already, which is found out when the commit writes it. */
        @Transactional
        @PgWorker("doubled")
        public void deliverTwice(Job<String> job) {
            parcels.add(new Parcel(job.attempt() == 1 ? "taken" : "free", "doubled"));
        }

        /** Somebody else changes the parcel of the first attempt before the commit does. */
        @Transactional
        @PgWorker("contended")
        public void give(Job<String> job) {
            parcels.get(job.payload()).give("contended " + job.attempt());
            databases.effect("contended", job.attempt());
            if (job.attempt() == 1) {
                databases.apart(
                        Environment.LOCAL,
                        "UPDATE parcel SET version = version + 1 WHERE label = '" + job.payload() + "'");
            }
        }
    }

    private String labels(String source) {
        return databases.text(
                Environment.LOCAL,
                "SELECT string_agg(label, ' ' ORDER BY label) FROM parcel WHERE source = '" + source + "'");
    }

    /** Rows and jobs of a label, such as "1 1". */
    private String found(String label) {
        return databases.text(
                Environment.LOCAL,
                "SELECT concat_ws(' ', (SELECT count(*) FROM parcel WHERE label = '" + label
                        + "'), (SELECT count(*) FROM queue_sent WHERE payload = to_jsonb('" + label + "'::text)))");
    }

    @Test
    void push_entityIsPersisted_isThereWithIt() {
        post.send("kept");

        assertThat(found("kept")).isEqualTo("1 1");
    }

    @Test
    void push_entityIsRolledBack_isGoneWithIt() {
        assertThatThrownBy(() -> post.sendAndThrow("undone")).hasStackTraceContaining("on purpose");

        assertThat(found("undone")).isEqualTo("0 0");
    }

    @Test
    void push_besideAnEntity_usesTheSameSession() {
        String[] sessions = post.sessions().split(" ", -1);

        assertThat(sessions[0]).isEqualTo(sessions[1]);
    }

    @Test
    void work_attemptThrows_undoesTheEntity() {
        manager.queue("delivered", String.class).push("x");
        databases.awaitDone("delivered");

        assertThat(labels("delivered")).isEqualTo("delivered 2");
    }

    @Test
    void work_entityIsRefusedAtTheCommit_comesAgain() {
        databases.execute(Environment.LOCAL, "INSERT INTO parcel (label, source) VALUES ('taken', 'before')");

        manager.queue("doubled", String.class).push("x");
        databases.awaitDone("doubled");

        assertThat(labels("doubled")).isEqualTo("free");
    }

    @Test
    void work_entityWasChangedMeanwhile_comesAgain() {
        databases.execute(Environment.LOCAL, "INSERT INTO parcel (label, source) VALUES ('lent', 'before')");

        manager.queue("contended", String.class).push("lent");
        databases.awaitDone("contended");

        assertThat(labels("contended 2")).isEqualTo("lent");
        assertThat(databases.text(Environment.LOCAL, "SELECT what FROM effect WHERE source = 'contended'"))
                .isEqualTo("2");
        assertThat(databases.effects("contended")).isEqualTo(1);
    }
}
