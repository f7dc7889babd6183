package io.github.pgqueue.it.servers.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * With two resources by XA, a server that is killed, also between prepare and commit, and started again with the recovery
 * that the README configures: what was pushed and worked, and what was written in the other resource, agree.
 */
@OperatesServer
@Proves(Feature.XA_CRASH)
class XaCrashIT {

    private static final int KILLS = Integer.getInteger("crash.kills", 2);
    private static final int PUSHES = 200;

    @Test
    void kill_betweenPrepareAndCommit_leavesBothResourcesInAgreement(ServerProcess server, Books books) {
        books.clear();
        Application.deployXa(server, "xa");
        int inDoubt = 0;
        Set<String> acknowledged;
        try (Pushers pushers = new Pushers(server::push, "xa")) {
            acknowledged = pushers.acknowledged();
            for (int i = 0; i < KILLS; i++) {
                pushers.awaitMore(PUSHES / KILLS);
                kill(server, books, pushers, /* prepared= */ i % 2 == 0);
                inDoubt += books.prepared() > 0 ? 1 : 0;
                server.start();
                server.awaitVersion(ServerKind.NAME, "xa");
            }
        }

        books.awaitNothingPrepared();
        books.awaitDone();
        server.collect();
        server.undeploy(ServerKind.NAME);
        Findings findings = books.findings(/* two= */ true);
        assertThat(findings.complaints(acknowledged)).isEmpty();
        assertThat(findings.pushed()).hasSizeGreaterThanOrEqualTo(PUSHES);
        assertThat(inDoubt).as("kills between prepare and commit").isGreaterThanOrEqualTo(KILLS / 2);
    }

    /** At a moment when something is prepared, or at any. */
    private static void kill(ServerProcess server, Books books, Pushers pushers, boolean prepared) {
        server.killWhen(
                () -> {
                    books.awaitIdle();
                    return !prepared || books.prepared() > 0;
                },
                () -> pushers.awaitMore(1));
        books.awaitNoSessions();
    }
}
