package io.github.pgqueue.it.servers.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Redeploying, and at last undeploying, while jobs are pushed and worked loses nothing and leaves nothing behind.
 *
 * <p>The pushes come from SQL and from workers, not from requests, and the server is new: a thread of WildFly keeps the
 * first request that it served for as long as it lives, and with that the class loader of the application, whatever that
 * is.
 */
@OperatesServer
@Proves(Feature.REDEPLOY)
class RedeployIT {

    private static final int REDEPLOYS = Integer.getInteger("crash.redeploys", 3);
    private static final int PUSHES = 20;

    private static void awaitNoMore(String what, Callable<Long> count, long most) {
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> count.call() <= most);
    }

    @Test
    void redeploy_whileJobsArePushedAndWorked_losesNothingAndLeavesNothingBehind(ServerProcess server, Books books) {
        server.restart();
        books.clear();
        Application.deployLocal(server, "first");
        Set<String> acknowledged;
        try (Pushers pushers = new Pushers(books::push, "redeploy")) {
            acknowledged = pushers.acknowledged();
            for (int i = 1; i <= REDEPLOYS; i++) {
                pushers.awaitMore(PUSHES);
                Application.deployLocal(server, "redeployed" + i);
            }
            pushers.awaitMore(PUSHES);
            server.undeploy(ServerKind.NAME);
        }

        awaitNoMore("threads of the library", server::threads, 0);
        awaitNoMore("sessions at work", books::busySessions, 0);
        Findings findings = books.findings(/* two= */ false);
        assertThat(findings.complaints(acknowledged)).isEmpty();
        assertThat(findings.worked()).isNotEmpty();
        assertThat(books.notGivenBack()).as("jobs that are held or have failed").isZero();
        assertThat(books.advisoryLocks()).isZero();
        if (server.keepsPools()) {
            assertNothingIsLeftInTheServer(server);
        } else {
            assertThat(books.sessions()).isZero();
        }
    }

    private static void assertNothingIsLeftInTheServer(ServerProcess server) {
        Application.deployPool(server);
        if (!server.keepsClassLoaders()) {
            awaitClassLoaders(server);
        }
        String answer = Application.askPool(server);
        Application.undeployPool(server);
        assertThat(answer).isEqualTo("20 connections, 0 channels");
    }

    private static void awaitClassLoaders(ServerProcess server) {
        try {
            awaitNoMore(
                    "class loaders of the application",
                    () -> {
                        Application.occupyThreads(server);
                        return server.classLoaders();
                    },
                    1);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("who holds them is to be found in " + server.dumpHeap(), e);
        }
    }
}
