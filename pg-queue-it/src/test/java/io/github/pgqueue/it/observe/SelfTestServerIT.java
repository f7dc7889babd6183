package io.github.pgqueue.it.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SelfTestFinding;
import io.github.pgqueue.SelfTestFinding.Severity;
import io.github.pgqueue.internal.jdbc.JdbcTransactions;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.XAConnection;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;

/** The misconfigurations of a whole server, made for real on servers of these tests. */
class SelfTestServerIT {

    @Test
    void selfTest_noPreparedTransactionsAllowed_isAWarningWhereXaIsSeenAndANoticeWhereItMayBe() {
        try (EmbeddedServer server = start(Map.of("max_prepared_transactions", "0"));
                TestDatabase database = TestDatabase.installedIn(server.database())) {
            List<SelfTestFinding> plain = findings(PgQueueManager.builder(database.dataSource()));
            List<SelfTestFinding> xa = findings(PgQueueManager.builder(handles(database)));
            List<SelfTestFinding> managed = findings(PgQueueManager.builder(database.dataSource())
                    .transactions(new JdbcTransactions(database.dataSource())));

            assertThat(plain).noneMatch(SelfTestServerIT::isPrepared);
            assertThat(xa)
                    .filteredOn(SelfTestServerIT::isPrepared)
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                        assertThat(finding.fix()).contains("max_connections", "restart");
                    });
            assertThat(managed)
                    .filteredOn(SelfTestServerIT::isPrepared)
                    .singleElement()
                    .extracting(SelfTestFinding::severity)
                    .isEqualTo(Severity.NOTICE);
        }
    }

    @Test
    void selfTest_queueOfNotificationsFills_isFound() throws SQLException {
        assumeTrue(
                !System.getProperty("pg.version", "18").matches("1[4-6]\\..*"),
                "before PostgreSQL 17 the queue is too large to be filled");
        try (EmbeddedServer server = start(Map.of("max_notify_queue_pages", "64"));
                TestDatabase database = TestDatabase.installedIn(server.database());
                Connection deaf = database.connect();
                Statement listening = deaf.createStatement()) {
            listening.execute("LISTEN nobody_reads");
            listening.execute("BEGIN");
            database.execute(
                    "SELECT pg_notify('nobody_reads', repeat('x', 7000) || n) FROM generate_series(1, 30) AS n");

            List<SelfTestFinding> findings = findings(PgQueueManager.builder(database.dataSource()));

            assertThat(findings)
                    .filteredOn(finding -> finding.code().equals("PGQ7141"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.sentence()).matches(".* is \\d\\d % full; .*"));
        }
    }

    @Test
    void selfTest_standby_isFoundAndRefusedAtStart() throws IOException {
        try (EmbeddedServer server = start(Map.of());
                TestDatabase database = TestDatabase.installedIn(server.database())) {
            Path data = Path.of(database.text("SHOW data_directory"));
            server.kill();
            Files.createFile(data.resolve("standby.signal"));
            server.restart();

            try (PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                    .config(TestNode.quick())
                    .build()) {
                assertThat(manager.selfTest())
                        .filteredOn(finding -> finding.severity() == Severity.WARNING)
                        .singleElement()
                        .satisfies(finding -> assertThat(finding.toString())
                                .startsWith("PGQ7008")
                                .contains("primary"));
                assertThat(manager.status().schemaProblem()).startsWith("PGQ7008");
                assertThatThrownBy(manager::start)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("PGQ7008");
            }
        }
    }

    private static EmbeddedServer start(Map<String, String> config) {
        String choice = System.getProperty("pg", "embedded");
        assumeTrue(
                choice.isEmpty() || choice.equals("embedded"),
                "only an embedded PostgreSQL can be configured; this run has -Dpg=" + choice);
        return EmbeddedServer.start(null, config);
    }

    /** As pools hand them out that do not hide the driver's own object. */
    private static TestDataSource handles(TestDatabase database) {
        PGXADataSource source = new PGXADataSource();
        source.setUrl(database.database().dataSource().getURL());
        source.setUser(database.database().user());
        source.setPassword(database.database().password());
        return () -> {
            XAConnection connection = source.getXAConnection();
            return connection.getConnection();
        };
    }

    private static List<SelfTestFinding> findings(PgQueueManager.Builder builder) {
        try (PgQueueManager manager = builder.config(TestNode.quick()).build()) {
            return manager.selfTest();
        }
    }

    private static boolean isPrepared(SelfTestFinding finding) {
        return finding.code().equals("PGQ7138");
    }
}
