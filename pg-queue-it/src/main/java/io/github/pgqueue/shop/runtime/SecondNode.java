package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.shipments.TruckLoading;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;

/**
 * The second process of the shop, which runs the same beans as the first. It tells the first on its standard output when
 * it is ready and when it loads a truck, and ends when its standard input does, so that it never outlives the first.
 */
public final class SecondNode {

    static final String READY = "ready";
    static final String LOADING = "loading ";

    private static final Duration TIME_TO_KILL = Duration.ofSeconds(20);

    private SecondNode() {}

    /** Runs until the first process closes the standard input. */
    public static void main(String[] arguments) throws IOException {
        Node node = Node.start(LoadingReport.class);
        say(READY);
        while (System.in.read() >= 0) {
            // nothing is said there; only its end matters
        }
        node.close();
        System.exit(0);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /**
     * Tells the first process that a truck is being loaded here: written, not committed. Then takes its time, so that
     * the first process can kill this one right there.
     */
    @ApplicationScoped
    static class LoadingReport {

        void loading(@Observes TruckLoading event) throws InterruptedException {
            say(LOADING + event.truck() + " " + event.attempt());
            Thread.sleep(TIME_TO_KILL.toMillis());
        }
    }
}
