package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The server is killed before a claim reached the disk. On a server of its own, whose log is written late. */
class ClaimCrashIT {

    private static EmbeddedServer ownServer() {
        assumeTrue(
                Set.of("", "embedded").contains(System.getProperty("pg", "embedded")),
                "only an embedded PostgreSQL can be killed");
        return EmbeddedServer.start(null, Map.of("wal_writer_delay", "10s", "wal_writer_flush_after", "1GB"));
    }

    @Test
    void crash_claimIsLost_itsJobsAreClaimedAgainAndTheOldHolderIsRefused() {
        try (EmbeddedServer server = ownServer();
                TestDatabase database = TestDatabase.installedIn(server.database());
                Lanes before = new Lanes(database);
                Session worker = before.session()) {
            worker.push(2);
            worker.execute("CHECKPOINT");
            List<Held> lost = worker.claim(2);
            assertThat(lost).hasSize(2);

            server.crash();
            database.await("SELECT 1", 1);

            try (Session again = before.session()) {
                assertThat(before.cursor("last_id")).as("the claim was lost").isEqualTo("0");
                List<Held> held = again.claim(2);
                assertThat(Lanes.ids(held)).isEqualTo(Lanes.ids(lost));
                assertThat(held.get(0).lease()).isEqualTo(lost.get(0).lease());
                assertThat(held.get(0).attempt()).isEqualTo(lost.get(0).attempt());
                assertThat(again.complete(lost.get(0))).isFalse();
                assertThat(again.completeAll(lost)).isEmpty();
                assertThat(again.renew(lost)).hasSize(2);
                assertThat(again.closeLease(lost.get(0))).isFalse();
                assertThat(again.completeAll(held)).hasSize(2);
            }
        }
    }
}
