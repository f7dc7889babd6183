package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.queue.Job;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is published on a channel reaches observers, typed by the payload, when the transaction has committed. */
@ExtendWith(ArquillianExtension.class)
class EventsIT {

    @Inject
    private Publisher publisher;

    @Inject
    private Observers observers;

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    @Deployment
    static WebArchive archive() {
        return Deployments.war("events", EventsIT.class, Moved.class, Publisher.class, Workers.class, Observers.class);
    }

    /** A payload of the application. */
    public record Moved(String what, List<Integer> steps) {}

    /** Publishes. */
    @ApplicationScoped
    public static class Publisher {

        @Inject
        @PgChannel("moves")
        private EventChannel<Moved> channel;

        @Transactional
        public void publish(Moved moved) {
            channel.publish(moved);
        }

        @Transactional
        public void publishAndThrow(Moved moved) {
            channel.publish(moved);
            throw new IllegalStateException("on purpose");
        }
    }

    /** Works. */
    @ApplicationScoped
    public static class Workers {

        @PgWorker("worked")
        public void work(Job<String> job) {
            assertThat(job.payload()).isEqualTo("x");
        }
    }

    /** Hears. */
    @ApplicationScoped
    public static class Observers {

        private final List<Moved> heard = new CopyOnWriteArrayList<>();
        private final List<Moved> heardAsync = new CopyOnWriteArrayList<>();
        private final List<String> raw = new CopyOnWriteArrayList<>();

        void on(@Observes @PgChannel("moves") Moved moved) {
            heard.add(moved);
        }

        void onAsync(@ObservesAsync @PgChannel("moves") Moved moved) {
            heardAsync.add(moved);
        }

        void onRaw(@Observes @PgChannel("moves") Notification notification) {
            raw.add(notification.payload());
        }

        public List<Moved> heard() {
            return heard;
        }

        public List<Moved> heardAsync() {
            return heardAsync;
        }

        public List<String> raw() {
            return raw;
        }
    }

    @Test
    @Proves({Feature.CHANNEL, Feature.CHANNEL_ASYNC})
    void publish_transactionCommits_reachesEveryObserverOnce() {
        Moved moved = new Moved("committed", List.of(1, 2));

        publisher.publish(moved);

        await().until(() ->
                observers.heard().contains(moved) && observers.heardAsync().contains(moved));
        assertThat(observers.raw()).anyMatch(payload -> payload.contains("committed"));
        assertThat(observers.heard()).containsOnlyOnce(moved);
        assertThat(observers.heardAsync()).containsOnlyOnce(moved);
    }

    @Test
    @Proves(Feature.CHANNEL)
    void publish_transactionRollsBack_reachesNobody() {
        Moved undone = new Moved("undone", List.of());
        Moved later = new Moved("later", List.of());

        try {
            publisher.publishAndThrow(undone);
        } catch (RuntimeException e) {
            assertThat(e).hasStackTraceContaining("on purpose");
        }
        publisher.publish(later);

        await().until(() -> observers.heard().contains(later));
        assertThat(observers.heard()).doesNotContain(undone);
    }

    @Test
    @Proves(Feature.LISTENER_LOSS)
    void listen_sessionEnds_comesBackWhileJobsRun() {
        Moved after = new Moved("after the loss", List.of());

        long ended;
        try (Subscription another = manager.subscribe("another", String.class, event -> {})) {
            assertThat(another).isNotNull();
            // What the session has done last is to listen to that, and nobody else's was it.
            ended = databases.number(Environment.LOCAL, """
                    SELECT count(pg_terminate_backend(pid))
                    FROM pg_stat_activity
                    WHERE datname = current_database()
                    AND query LIKE 'LISTEN %'
                    """);
        }
        manager.queue("worked", String.class).push("x");
        databases.awaitDone("worked");

        assertThat(ended).isEqualTo(1);
        await().until(() -> {
            publisher.publish(after);
            return observers.heard().contains(after);
        });
    }
}
