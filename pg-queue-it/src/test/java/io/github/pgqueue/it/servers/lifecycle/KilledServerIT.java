package io.github.pgqueue.it.servers.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server that is killed while jobs are pushed and worked, and started again, has lost nothing and doubled nothing. */
@OperatesServer
@Proves(Feature.KILL)
class KilledServerIT {

    private static final int KILLS = Integer.getInteger("crash.kills", 2);
    private static final int PUSHES = 20;

    @Test
    void kill_whileJobsArePushedAndWorked_losesNoJobAndDoublesNoEffect(ServerProcess server, Books books) {
        books.clear();
        Application.deployLocal(server, "killed");
        Set<String> acknowledged;
        try (Pushers pushers = new Pushers(server::push, "kill")) {
            acknowledged = pushers.acknowledged();
            for (int i = 0; i < KILLS; i++) {
                pushers.awaitMore(PUSHES);
                server.killWhen(() -> books.held() > 0, () -> pushers.awaitMore(1));
                server.start();
                server.awaitVersion(ServerKind.NAME, "killed");
            }
            pushers.awaitMore(PUSHES);
        }

        books.awaitDone();
        server.undeploy(ServerKind.NAME);
        Findings findings = books.findings(/* two= */ false);
        assertThat(findings.complaints(acknowledged)).isEmpty();
        assertThat(findings.worked()).hasSizeGreaterThanOrEqualTo(acknowledged.size());
    }
}
