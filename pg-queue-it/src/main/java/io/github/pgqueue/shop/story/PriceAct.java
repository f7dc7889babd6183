package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.prices.PriceList;
import io.github.pgqueue.shop.prices.Wholesaler;
import io.github.pgqueue.shop.runtime.ShopException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fifty customers ask for the same price at the same moment, then one more. */
final class PriceAct {

    private static final int CALLERS = 50;

    private final PriceList prices;
    private final Wholesaler wholesaler;

    PriceAct(PriceList prices, Wholesaler wholesaler) {
        this.prices = prices;
        this.wholesaler = wholesaler;
    }

    Promise play(String sku) {
        long callsBefore = wholesaler.calls();
        Timer together = Timer.start();
        Set<BigDecimal> answers = askTogether(sku);
        double togetherMillis = together.millis();
        Timer hit = Timer.start();
        answers.add(prices.price(sku));
        double hitMillis = hit.millis();
        long calls = wholesaler.calls() - callsBefore;
        return new Promise(
                "cache: single load, hit",
                calls == 1 && answers.size() == 1,
                Text.of(
                        "%d callers at once caused %d load and had %d answer in %.0f ms; a hit then took %.1f ms",
                        CALLERS, calls, answers.size(), togetherMillis, hitMillis));
    }

    private Set<BigDecimal> askTogether(String sku) {
        CyclicBarrier allThere = new CyclicBarrier(CALLERS);
        Callable<BigDecimal> caller = () -> {
            allThere.await();
            return prices.price(sku);
        };
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<BigDecimal>> futures = callers.invokeAll(Collections.nCopies(CALLERS, caller));
            Set<BigDecimal> answers = new HashSet<>();
            for (Future<BigDecimal> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw new ShopException("A price could not be looked up: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShopException("The order shop was interrupted.", e);
        } finally {
            callers.shutdownNow();
        }
    }
}
