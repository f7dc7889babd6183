package io.github.pgqueue.it.servers.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.servers.lifecycle.app.Clerk;
import io.github.pgqueue.it.support.ProcessNode;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker's own control: an effect outside of the transaction, and a kill, are found. */
class CarelessIT {

    @Test
    void kill_ofAProcessWithAnEffectOutsideItsTransaction_isFoundByTheChecker() {
        try (TestDatabase database = TestDatabase.create();
                TestNode node = TestNode.on(database, config -> config)) {
            node.manager().createQueue(Clerk.QUEUE);
            node.manager().createQueue(Clerk.LENT);
            database.execute("CREATE TABLE effect (source text NOT NULL, what text NOT NULL)");

            try (ProcessNode process = ProcessNode.start(CarelessProcess.class, database, "x")) {
                process.awaitLine("pushed");
                process.kill();
            }

            var dataSource = database.database().dataSource();
            assertThat(new Books(dataSource, dataSource)
                            .findings(/* two= */ false)
                            .complaints(List.of()))
                    .containsExactly("lost: x", "lost by a worker without a transaction: x");
        }
    }
}
