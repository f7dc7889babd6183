package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.rpc.RequestResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Request-response and cache never join the caller's transaction. */
@ExtendWith(ArquillianExtension.class)
class RequestsAndCacheIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Inject
    private RequestResponse requests;

    @Inject
    private Shelf shelf;

    @Inject
    private Databases databases;

    @Inject
    private UserTransaction transaction;

    @Deployment
    static WebArchive archive() {
        return Deployments.war(
                "requests", RequestsAndCacheIT.class, Ask.class, Answer.class, Answers.class, Shelf.class);
    }

    /** A question. */
    public record Ask(int number) {}

    /** Its answer. */
    public record Answer(int doubled) {}

    /** Answers. */
    @ApplicationScoped
    public static class Answers {

        @Inject
        private Databases databases;

        @Transactional
        @PgWorker("asked")
        public Answer answer(Ask ask) {
            databases.effect("asked", ask.number());
            if (ask.number() < 0) {
                throw new IllegalArgumentException("less than nothing");
            }
            return new Answer(2 * ask.number());
        }
    }

    /** Caches. */
    @ApplicationScoped
    public static class Shelf {

        @Inject
        @PgCacheName("shelf")
        private PgCache cache;

        private final AtomicInteger loads = new AtomicInteger();

        public void put(String key, String value) {
            cache.set(key, value, MINUTE);
        }

        public String get(String key) {
            return cache.get(key, String.class).orElse("nothing");
        }

        public String load(String key) {
            return cache.getOrSet(key, String.class, MINUTE, () -> "load " + loads.incrementAndGet());
        }

        @Transactional
        public void putAndThrow(String key, String value) {
            put(key, value);
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    @Proves(Feature.REQUEST)
    void pushAndWait_workerReturns_isAnsweredWithItsEffect() {
        Answer answer = requests.pushAndWait("asked", new Ask(21), Answer.class, MINUTE);

        assertThat(answer).isEqualTo(new Answer(42));
        assertThat(databases.number(
                        Environment.LOCAL, "SELECT count(*) FROM effect WHERE source = 'asked' AND what = '21'"))
                .isEqualTo(1);
    }

    @Test
    @Proves(Feature.REQUEST)
    void pushAndWait_workerThrows_throwsWhatItSaidWithoutItsEffect() {
        assertThatThrownBy(() -> requests.pushAndWait("asked", new Ask(-1), Answer.class, MINUTE))
                .isInstanceOf(RequestFailedException.class)
                .hasMessageContaining("less than nothing");

        assertThat(databases.number(
                        Environment.LOCAL, "SELECT count(*) FROM effect WHERE source = 'asked' AND what = '-1'"))
                .isZero();
    }

    @Test
    @Proves(Feature.REQUEST)
    void pushAndWait_inATransaction_isRefused() throws Exception {
        transaction.begin();
        try {
            assertThatThrownBy(() -> requests.pushAndWait("asked", new Ask(1), Answer.class, MINUTE))
                    .isInstanceOf(TransactionStateException.class);
        } finally {
            transaction.rollback();
        }
    }

    @Test
    @Proves(Feature.CACHE)
    void set_callerRollsBack_isThereAllTheSame() {
        assertThatThrownBy(() -> shelf.putAndThrow("kept", "value")).hasStackTraceContaining("on purpose");

        assertThat(shelf.get("kept")).isEqualTo("value");
    }

    @Test
    @Proves(Feature.CACHE)
    void getOrSet_askedTwice_loadsOnce() {
        String first = shelf.load("loaded");

        assertThat(shelf.load("loaded")).isEqualTo(first);
    }
}
