package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.jcache.DefaultCaches;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.MethodCacheKey;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What annotated methods change inside of a caller's transaction takes effect when that commits, or never. */
@ExtendWith(DefaultCaches.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnnotatedTransactionIT {

    private final WeldNode node = WeldNode.builder().beans(Stock.class).start();
    private final Stock stock = node.get(Stock.class);

    private static final class RollbackPlease extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void fillCache() {
        TestCaches.destroyAll();
        cache().put(MethodCacheKey.of("tea"), "old");
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void everyChange_isSeenByOthersWhenTheTransactionHasCommitted() throws Exception {
        cache().put(MethodCacheKey.of("milk"), "old");

        String loaded = node.inTransaction(() -> {
            stock.set("tea", "new");
            stock.setBefore("salt", "new");
            stock.remove("milk");
            String found = stock.find("bread");
            assertThat(cached("tea")).isEqualTo("old");
            assertThat(cached("salt")).isNull();
            assertThat(cached("milk")).isEqualTo("old");
            assertThat(cached("bread")).isNull();
            return found;
        });

        assertThat(cached("tea")).isEqualTo("new");
        assertThat(cached("salt")).isEqualTo("new");
        assertThat(cached("milk")).isNull();
        assertThat(cached("bread")).isEqualTo(loaded);
    }

    @Test
    void everyChange_ofATransactionThatRollsBack_leavesTheCacheAsItWas() {
        rolledBack(() -> {
            stock.set("tea", "new");
            stock.setBefore("salt", "new");
            stock.find("bread");
            stock.remove("tea");
            stock.removeAll();
        });

        assertThat(cached("tea")).isEqualTo("old");
        assertThat(cached("salt")).isNull();
        assertThat(cached("bread")).isNull();
    }

    @Test
    void removeAll_takesEffectBeforeTheChangesAfterIt() throws Exception {
        cache().put(MethodCacheKey.of("milk"), "old");

        node.inTransaction(() -> {
            stock.set("tea", "forgotten");
            stock.removeAll();
            stock.set("salt", "new");
            assertThat(cached("milk")).isEqualTo("old");
            return null;
        });

        assertThat(cached("tea")).isNull();
        assertThat(cached("milk")).isNull();
        assertThat(cached("salt")).isEqualTo("new");
    }

    @Test
    void calls_ofTheSameTransaction_seeWhatItHasChanged() {
        int before = stock.runs();

        rolledBack(() -> {
            stock.set("tea", "new");
            assertThat(stock.find("tea")).isEqualTo("new");
            stock.remove("tea");
            String found = stock.find("tea");
            assertThat(found).isNotIn("old", "new");
            assertThat(stock.find("tea")).isEqualTo(found);
            stock.removeAll();
            assertThat(stock.find("tea")).isNotEqualTo(found);
        });

        assertThat(stock.find("tea")).isEqualTo("old");
        assertThat(stock.runs() - before)
                .as("set, remove, find, removeAll, find")
                .isEqualTo(5);
    }

    @Test
    void calls_ofAnotherTransactionMeanwhile_seeNothingOfIt() throws Exception {
        node.inTransaction(() -> {
            stock.set("tea", "new");
            assertThat(InBackground.call(() -> node.inTransaction(() -> stock.find("tea")))
                            .result())
                    .isEqualTo("old");
            return null;
        });

        assertThat(stock.find("tea")).isEqualTo("new");
    }

    @Test
    void changes_inATransactionThatCanOnlyRollBack_areLeftOut() {
        rolledBack(() -> {
            node.transactionManager().setRollbackOnly();
            stock.set("tea", "new");
            assertThat(stock.find("tea")).isEqualTo("old");
        });

        assertThat(cached("tea")).isEqualTo("old");
    }

    @Test
    void transactionOfTheMethodItself_hasCommittedBeforeTheCacheChanges() {
        List<String> seen = new CopyOnWriteArrayList<>();

        stock.setInItsTransaction("tea", "new", () -> {
            assertThat(NarayanaServices.registry().getTransactionStatus()).isEqualTo(Status.STATUS_ACTIVE);
            NarayanaServices.registry().registerInterposedSynchronization(new Synchronization() {
                @Override
                public void beforeCompletion() {}

                @Override
                public void afterCompletion(int status) {
                    seen.add(status + " " + cached("tea"));
                }
            });
        });

        assertThat(seen).containsExactly(Status.STATUS_COMMITTED + " old");
        assertThat(cached("tea")).isEqualTo("new");
    }

    @Test
    void transactionOfTheMethodItself_thatRollsBack_preventsTheChange() {
        assertThatThrownBy(() -> stock.setInItsTransaction("tea", "new", () -> {
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(cached("tea")).isEqualTo("old");
    }

    @Test
    void hit_beginsNoTransaction() throws Exception {
        assertThat(stock.loadInItsTransaction("tea", () -> {
                    throw new AssertionError("the method runs");
                }))
                .isEqualTo("old");
    }

    /** What is loaded there is not for others yet, and it may hold locks that the others wait for. */
    @Test
    void callers_inTransactions_neitherWaitForOthersNorAreWaitedFor() throws Exception {
        Gate gate = new Gate();
        InBackground<String> outside = InBackground.call(() -> stock.load("milk", () -> {
            gate.pass();
            return "loaded outside";
        }));
        gate.awaitReached();

        String inside = node.inTransaction(() -> stock.load("milk", () -> "loaded inside"));
        gate.open();

        assertThat(inside).isEqualTo("loaded inside");
        assertThat(outside.result()).isEqualTo("loaded outside");
        assertThat(cached("milk"))
                .as("the one that was committed while the other ran")
                .isEqualTo("loaded inside");
    }

    @Test
    void withoutJta_changesTakeEffectAtOnce() {
        try (WeldNode without =
                WeldNode.builder().beans(Prices.class).withoutTransactions().start()) {
            without.get(Prices.class).set("tea", "5");

            assertThat(TestCaches.cache("prices").get(MethodCacheKey.of("tea"))).isEqualTo("5");
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    /** Runs the action in a transaction that is then rolled back; an assertion that fails in it fails the test. */
    private void rolledBack(Action action) {
        RollbackPlease please = new RollbackPlease();
        assertThatThrownBy(() -> node.inTransaction(() -> {
                    action.run();
                    throw please;
                }))
                .isSameAs(please);
    }

    private static Cache<Object, Object> cache() {
        return TestCaches.cache("stock");
    }

    private static @Nullable Object cached(String item) {
        return cache().get(MethodCacheKey.of(item));
    }
}
