package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.jcache.DefaultCaches;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.MethodCacheKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CacheResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callers of one node that miss the same key at the same time share one call of the method. */
@ExtendWith(DefaultCaches.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedCallIT {

    private static final int CALLERS = 20;

    private final WeldNode node =
            WeldNode.builder().beans(Stock.class, Lists.class).start();
    private final Stock stock = node.get(Stock.class);

    /** Its results can be changed by who gets them. */
    @ApplicationScoped
    static class Lists {

        @CacheResult(cacheName = "lists")
        List<String> list(@CacheKey String item, Callable<List<String>> body) throws Exception {
            return body.call();
        }
    }

    @BeforeEach
    void forgetCaches() {
        TestCaches.destroyAll();
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void callers_ofOneColdKey_shareOneCall() {
        Gate gate = new Gate();
        int before = stock.runs();

        List<InBackground<String>> callers = callers("tea", () -> {
            gate.pass();
            return "loaded";
        });
        gate.awaitReached();
        awaitAllWaiting(callers);
        gate.open();

        assertThat(callers).extracting(InBackground::result).containsOnly("loaded");
        assertThat(stock.runs() - before).isEqualTo(1);
    }

    @Test
    void callers_ofACallThatFails_getItsException() {
        Gate gate = new Gate();
        int before = stock.runs();

        List<InBackground<String>> callers = callers("tea", () -> {
            gate.pass();
            throw new IOException("on purpose");
        });
        gate.awaitReached();
        awaitAllWaiting(callers);
        gate.open();

        assertThat(callers)
                .extracting(InBackground::failure)
                .allSatisfy(thrown ->
                        assertThat(thrown).isInstanceOf(IOException.class).hasMessage("on purpose"));
        assertThat(stock.runs() - before).isEqualTo(1);
    }

    @Test
    void callers_getCopies_whereTheCacheKeepsValues() {
        Gate gate = new Gate();
        Lists lists = node.get(Lists.class);
        Callable<List<String>> body = () -> {
            gate.pass();
            return new ArrayList<>(List.of("loaded"));
        };

        InBackground<List<String>> first = InBackground.call(() -> lists.list("tea", body));
        gate.awaitReached();
        InBackground<List<String>> second = InBackground.call(() -> lists.list("tea", body));
        second.awaitWaiting();
        gate.open();
        first.result().clear();

        assertThat(second.result()).containsExactly("loaded");
    }

    @Test
    void callerWhoMissedJustBeforeTheResultWasStored_looksAgain() {
        try (WeldNode hooked =
                WeldNode.builder().beans(Stock.class, HookedCaches.class).start()) {
            Stock hookedStock = hooked.get(Stock.class);
            Gate gate = new Gate();
            hooked.get(HookedCaches.class).holdAfterGet(gate);

            InBackground<String> late = InBackground.call(() -> hookedStock.find("tea"));
            gate.awaitReached();
            String stored = hookedStock.find("tea");
            gate.open();

            assertThat(late.result()).isEqualTo(stored);
            assertThat(hookedStock.runs()).isEqualTo(1);
        }
    }

    @Test
    void switchedOff_everyCallerCalls() {
        try (WeldNode off = WeldNode.builder()
                .beans(Stock.class)
                .config("pg-queue.cache-annotations.single-flight", "false")
                .start()) {
            Gate gate = new Gate();
            InBackground<String> first =
                    InBackground.call(() -> off.get(Stock.class).load("tea", () -> {
                        gate.pass();
                        return "first";
                    }));
            gate.awaitReached();

            String second = off.get(Stock.class).load("tea", () -> "second");
            gate.open();

            assertThat(second).isEqualTo("second");
            assertThat(first.result()).isEqualTo("first");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callsThatNeedEachOther_doNotWaitForEachOther() {
        Gate tea = new Gate();
        Gate milk = new Gate();

        InBackground<String> one = InBackground.call(() -> stock.load("tea", () -> {
            tea.pass();
            return "tea with " + stock.load("milk", () -> "inner milk");
        }));
        InBackground<String> other = InBackground.call(() -> stock.load("milk", () -> {
            milk.pass();
            return "milk with " + stock.load("tea", () -> "inner tea");
        }));
        tea.awaitReached();
        milk.awaitReached();
        tea.open();
        milk.open();

        assertThat(one.result()).startsWith("tea with ");
        assertThat(other.result()).startsWith("milk with ");
    }

    @Test
    void methodThatCallsItselfWithTheSameKey_returns() throws Exception {
        assertThat(stock.load("tea", () -> "outer " + stock.load("tea", () -> "inner")))
                .isEqualTo("outer inner");
    }

    @Test
    void keyRemovedWhileItsMethodRuns_isNotCachedByItAndNobodyElseJoinsIt() throws Exception {
        Gate gate = new Gate();
        InBackground<String> early = InBackground.call(() -> stock.load("tea", () -> {
            gate.pass();
            return "of before the removal";
        }));
        gate.awaitReached();

        stock.remove("tea");
        String late = stock.load("tea", () -> "of after the removal");
        gate.open();

        assertThat(late).isEqualTo("of after the removal");
        assertThat(early.result()).isEqualTo("of before the removal");
        assertThat(TestCaches.cache("stock").get(MethodCacheKey.of("tea"))).isEqualTo("of after the removal");
    }

    @Test
    void cacheEmptiedWhileAMethodRuns_isNotFilledByIt() {
        Gate gate = new Gate();
        InBackground<String> early = InBackground.call(() -> stock.load("tea", () -> {
            gate.pass();
            return "of before the removal";
        }));
        gate.awaitReached();

        stock.removeAll();
        gate.open();

        assertThat(early.result()).isEqualTo("of before the removal");
        assertThat(TestCaches.cache("stock").iterator()).isExhausted();
    }

    @Test
    void callerInterruptedWhileItWaits_callsByItself() {
        Gate gate = new Gate();
        InBackground<String> first = InBackground.call(() -> stock.load("tea", () -> {
            gate.pass();
            return "first";
        }));
        gate.awaitReached();

        InBackground<String> second = InBackground.call(() -> stock.load(
                "tea", () -> "by itself, interrupted: " + Thread.currentThread().isInterrupted()));
        second.awaitWaiting();
        second.interrupt();
        assertThat(second.result()).isEqualTo("by itself, interrupted: true");
        gate.open();

        assertThat(first.result()).isEqualTo("first");
    }

    private List<InBackground<String>> callers(String item, Callable<String> body) {
        return Stream.generate(() -> InBackground.call(() -> stock.load(item, body)))
                .limit(CALLERS)
                .toList();
    }

    /** The one that loads waits too, at the gate of the test. */
    private static void awaitAllWaiting(List<InBackground<String>> callers) {
        callers.forEach(InBackground::awaitWaiting);
    }
}
