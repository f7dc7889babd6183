package io.github.pgqueue.shop.story;

import io.github.pgqueue.rpc.RequestResponse;
import io.github.pgqueue.shop.prices.PriceList;
import io.github.pgqueue.shop.prices.Quote;
import io.github.pgqueue.shop.prices.QuoteRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;

/** A customer asks for quotes, one after the other; a worker of either process answers. */
final class QuoteAct {

    private static final int REQUESTS = 25;
    private static final int QUANTITY = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final RequestResponse requests;
    private final PriceList prices;

    QuoteAct(RequestResponse requests, PriceList prices) {
        this.requests = requests;
        this.prices = prices;
    }

    Promise play(String sku) {
        long here = ProcessHandle.current().pid();
        BigDecimal expected = prices.price(sku).multiply(BigDecimal.valueOf(QUANTITY));
        double[] millis = new double[REQUESTS];
        int right = 0;
        int answeredHere = 0;
        for (int i = 0; i < REQUESTS; i++) {
            Timer timer = Timer.start();
            Quote quote =
                    requests.pushAndWait(QuoteRequest.QUEUE, new QuoteRequest(sku, QUANTITY), Quote.class, DEADLINE);
            millis[i] = timer.millis();
            right += quote.total().compareTo(expected) == 0 ? 1 : 0;
            answeredHere += quote.node() == here ? 1 : 0;
        }
        Arrays.sort(millis);
        return new Promise(
                "RPC answer",
                right == REQUESTS,
                Text.of(
                        "%d of %d quotes right, %.1f ms by the median, %.1f ms at most; %d answered here, %d by the other JVM",
                        right,
                        REQUESTS,
                        millis[REQUESTS / 2],
                        millis[REQUESTS - 1],
                        answeredHere,
                        REQUESTS - answeredHere));
    }
}
