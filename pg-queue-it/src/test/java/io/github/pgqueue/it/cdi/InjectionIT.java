package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.rpc.RequestResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Provider;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything of the manager can be injected, with the type that is asked for. */
@PgQueueTest
class InjectionIT {

    record Order(String id, int quantity) {}

    @Dependent
    static class Shop {

        @Inject
        @PgQueue("orders")
        JobQueue<List<Order>> orders;

        @Inject
        @PgQueue("later")
        Instance<JobQueue<Order>> instance;

        @Inject
        @PgQueue("provided")
        Provider<JobQueue<Order>> provider;

        @Inject
        @PgChannel("placed")
        EventChannel<Order> placed;

        @Inject
        PgCache cache;

        @Inject
        @PgCacheName("prices")
        PgCache prices;

        @Inject
        PgQueueManager manager;

        @Inject
        RequestResponse requests;
    }

    /** Injects everywhere but into fields. */
    @ApplicationScoped
    static class Elsewhere {

        private final JobQueue<Order> byConstructor;
        private boolean startedWithOne;

        @Inject
        Elsewhere(@PgQueue("byConstructor") JobQueue<Order> byConstructor) {
            this.byConstructor = byConstructor;
        }

        Elsewhere() {
            throw new UnsupportedOperationException("for proxies only");
        }

        void start(@Observes Startup event, @PgQueue("byObserver") JobQueue<Order> queue) {
            startedWithOne = queue.pendingCount() == 0;
        }

        @Produces
        @Dependent
        @Named("produced")
        String produce(@PgQueue("byProducer") JobQueue<Order> queue) {
            return queue.name() + " " + byConstructor.name() + " " + startedWithOne;
        }
    }

    @Test
    void inject_intoConstructorsObserversAndProducers_givesTheQueue(TestDatabase database) {
        try (WeldNode node = start(database)) {
            assertThat(node.get(String.class, NamedLiteral.of("produced"))).isEqualTo("byProducer byConstructor true");
        }
    }

    @Test
    void inject_queueOfAGenericType_readsWhatWasPushed(TestDatabase database) {
        try (WeldNode node = start(database)) {
            Shop shop = node.get(Shop.class);

            shop.orders.push(List.of(new Order("a", 1), new Order("b", 2)));

            assertThat(shop.orders.pop()).map(Job::payload).contains(List.of(new Order("a", 1), new Order("b", 2)));
        }
    }

    @Test
    void inject_instanceAndProvider_giveTheQueue(TestDatabase database) {
        try (WeldNode node = start(database)) {
            Shop shop = node.get(Shop.class);

            assertThat(shop.instance.get().name().value()).isEqualTo("later");
            assertThat(shop.provider.get().name().value()).isEqualTo("provided");
        }
    }

    @Test
    void select_byLiteral_givesTheQueueThatIsInjectedElsewhere(TestDatabase database) {
        try (WeldNode node = start(database)) {
            JobQueue<List<Order>> orders = node.get(new TypeLiteral<>() {}, PgQueue.Literal.of("orders"));

            orders.push(List.of());

            assertThat(node.get(Shop.class).orders.pop()).map(Job::payload).contains(List.of());
        }
    }

    @Test
    void inject_caches_areTheDefaultOneAndTheNamedOne(TestDatabase database) {
        try (WeldNode node = start(database)) {
            Shop shop = node.get(Shop.class);

            shop.prices.set("a", 1, Duration.ofMinutes(1));

            assertThat(shop.cache.name()).isEqualTo("default");
            assertThat(shop.prices.name()).isEqualTo("prices");
            assertThat(shop.cache.get("a", Integer.class)).isEmpty();
            assertThat(shop.prices.get("a", Integer.class)).contains(1);
        }
    }

    @Test
    void inject_managerChannelAndRequests_areOfTheSameManager(TestDatabase database) {
        try (WeldNode node = start(database)) {
            Shop shop = node.get(Shop.class);

            assertThat(shop.placed.name()).isEqualTo("placed");
            assertThat(shop.manager.config().drainTimeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(shop.requests.cleanupOldResponses(Duration.ZERO)).isZero();
        }
    }

    private static WeldNode start(TestDatabase database) {
        return WeldNode.builder(database)
                .beans(Shop.class, Elsewhere.class)
                .config("pg-queue.schema-management", "migrate")
                .start();
    }
}
