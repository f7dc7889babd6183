package io.github.pgqueue.it.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SelfTestFinding;
import io.github.pgqueue.SelfTestFinding.Severity;
import io.github.pgqueue.internal.jdbc.JdbcTransactions;
import io.github.pgqueue.internal.schema.SchemaCheck;
import io.github.pgqueue.internal.status.SelfTest;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Outcome;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.xa.PGXADataSource;

/** Each misconfiguration of a database, made for real, is found, and named in one line with its fix. */
class SelfTestIT {

    private static final String LOGGER = "io.github.pgqueue.selftest";
    private static final SelfTest.Limits NOTHING_IS_YOUNG = new SelfTest.Limits(Duration.ZERO, Duration.ZERO, 0.25);

    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void start_nothingWrong_warnsOfNothing() {
        try (Logged log = Logged.by(LOGGER);
                TestNode node = TestNode.on(database)) {
            node.manager().work(node.queueName(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            node.manager().work(node.queueName(), String.class, (job, context) -> Outcome.complete());

            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void selfTest_synchronousCommitOff_isFoundAndStartsAllTheSame() {
        database.execute("ALTER DATABASE %s SET synchronous_commit = off".formatted(name()));

        try (Logged log = Logged.by(LOGGER);
                TestNode node = TestNode.on(database)) {
            node.manager().start();

            SelfTestFinding finding = only(node.manager().selfTest(), "PGQ7132");
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.fix()).contains("synchronous_commit=on");
            assertThat(log.messages()).containsExactly(finding.toString());
            assertThat(node.queue().push("x").id()).isPositive();
        }
    }

    @Test
    void selfTest_fsyncOffOnThisMachine_isANoticeThatIsNotLoggedAsAWarning() {
        Assumptions.assumeTrue(database.text("SHOW fsync").equals("off"), "the server has fsync on");

        try (Logged log = Logged.by(LOGGER);
                TestNode node = TestNode.on(database)) {
            node.manager().start();

            assertThat(only(node.manager().selfTest(), "PGQ7133").severity()).isEqualTo(Severity.NOTICE);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void selfTest_isolationOfTheDatabase_isFound() {
        database.execute("ALTER DATABASE %s SET default_transaction_isolation = 'repeatable read'".formatted(name()));

        assertThat(only(selfTest(), "PGQ7134").sentence()).contains("repeatable read");
    }

    @Test
    void selfTest_isolationOfThePool_isFound() {
        TestDataSource pool = () -> {
            Connection connection = database.connect();
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            return connection;
        };

        assertThat(only(selfTest(pool), "PGQ7134").sentence()).contains("serializable");
    }

    /** The statement that a finding about missing rights shows. */
    private static String grant(SelfTestFinding finding) {
        return finding.fix().substring(0, finding.fix().indexOf(", or make it"));
    }

    @Test
    void selfTest_missingGrants_nameEachVerbAndObject() {
        database.execute("SELECT pg_queue_create_queue('Poor')");
        String role = "it_" + UUID.randomUUID().toString().substring(0, 8);
        database.execute(
                "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role),
                "GRANT SELECT ON pg_queue_schema, pg_queue_queue TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON pg_queue_node, pg_queue_held, pg_queue_sleeper TO " + role,
                "GRANT SELECT, UPDATE (outcome) ON pg_queue_request TO " + role,
                "GRANT SELECT ON \"queue_Poor\" TO " + role);
        PGSimpleDataSource poor = database.database().dataSource();
        poor.setUser(role);
        poor.setPassword("secret");

        try (PgQueueManager manager =
                PgQueueManager.builder(poor).config(TestNode.quick()).build()) {
            manager.work("Poor", String.class, (job, context) -> Outcome.complete());
            List<SelfTestFinding> findings = manager.selfTest();

            assertThat(manager.status().claimProblem()).contains("lacks");
            assertThat(findings)
                    .filteredOn(finding -> finding.code().equals("PGQ7135"))
                    .extracting(SelfTestFinding::fix)
                    .hasSize(5)
                    .anyMatch(fix -> fix.startsWith("GRANT INSERT ON pg_queue_dead_letter TO " + role))
                    .anyMatch(fix -> fix.startsWith("GRANT DELETE, UPDATE ON \"queue_Poor\" TO " + role))
                    .anyMatch(fix -> fix.startsWith(
                            "GRANT DELETE, INSERT, SELECT, UPDATE ON \"pg_queue_lease_Poor\" TO " + role))
                    .anyMatch(fix -> fix.startsWith("GRANT SELECT ON \"pg_queue_id_Poor\" TO " + role))
                    .anyMatch(fix ->
                            fix.startsWith("GRANT EXECUTE ON FUNCTION pg_queue_awake, \"pg_queue_claim_Poor\", "));
            findings.stream()
                    .filter(finding -> finding.code().equals("PGQ7135"))
                    .forEach(finding -> database.execute(grant(finding)));
            assertThat(manager.selfTest()).noneMatch(finding -> finding.code().equals("PGQ7135"));
        } finally {
            database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    @Test
    void selfTest_rowLevelSecurityWithoutPolicies_isFound() {
        String role = "it_" + UUID.randomUUID().toString().substring(0, 8);
        database.execute(
                "SELECT pg_queue_create_queue('hidden')",
                "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role),
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role,
                "ALTER TABLE queue_hidden ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY look ON queue_hidden FOR SELECT USING (true)");
        PGSimpleDataSource limited = database.database().dataSource();
        limited.setUser(role);
        limited.setPassword("secret");

        try (PgQueueManager manager =
                PgQueueManager.builder(limited).config(TestNode.quick()).build()) {
            manager.work("hidden", String.class, (job, context) -> Outcome.complete());
            SelfTestFinding before = only(manager.selfTest(), "PGQ7136");
            database.execute("CREATE POLICY all_of_it ON queue_hidden TO %s USING (true)".formatted(role));

            assertThat(before.sentence()).contains("queue_hidden", role, "DELETE, UPDATE");
            assertThat(codes(manager.selfTest())).doesNotContain("PGQ7136");
        } finally {
            database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    @Test
    void selfTest_defaultThatWakesIsGone_isFound() {
        try (TestNode node = TestNode.on(database)) {
            String changed = node.queueName();
            String dropped = node.queueName();
            String untouched = node.queueName();
            List.of(changed, dropped, untouched)
                    .forEach(queue -> node.manager().queue(queue, String.class).push("x"));
            database.execute(
                    "ALTER TABLE queue_%s ALTER COLUMN pushed_at SET DEFAULT now()".formatted(changed),
                    "ALTER TABLE queue_%s ALTER COLUMN pushed_at DROP DEFAULT".formatted(dropped));

            assertThat(node.manager().selfTest())
                    .filteredOn(finding -> finding.code().equals("PGQ7137"))
                    .extracting(SelfTestFinding::sentence)
                    .hasSize(2)
                    .anyMatch(sentence -> sentence.contains("queue_" + changed))
                    .anyMatch(sentence -> sentence.contains("queue_" + dropped));
        }
    }

    @Test
    void work_afterTheStart_testsItsQueueToo() {
        try (Logged log = Logged.by(LOGGER);
                TestNode node = TestNode.on(database)) {
            node.manager().start();
            String queue = node.queueName();
            database.execute("ALTER TABLE queue_%s ALTER COLUMN pushed_at SET DEFAULT now()".formatted(queue));

            node.manager().work(queue, String.class, (job, context) -> Outcome.complete());

            assertThat(log.warnings("PGQ7137")).hasSize(1);
        }
    }

    @Test
    void selfTest_preparedTransactionLeftBehind_isFoundWhenItIsOld() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("CREATE TABLE effect (n int)");
            statement.execute("PREPARE TRANSACTION 'forgotten'");

            List<SelfTestFinding> strict = strictly();
            List<SelfTestFinding> usual = selfTest();

            statement.execute("ROLLBACK PREPARED 'forgotten'");
            assertThat(only(strict, "PGQ7139").sentence()).contains("forgotten");
            assertThat(codes(usual)).doesNotContain("PGQ7139", "PGQ7140");
        }
    }

    @Test
    void selfTest_openTransaction_isFoundWhenItIsOld() throws SQLException {
        try (Connection report = database.connect();
                Statement statement = report.createStatement()) {
            report.setAutoCommit(false);
            statement.execute("SET application_name = 'report'");
            statement.execute("SELECT pg_current_xact_id()");
            database.execute("CREATE TABLE meanwhile (n int)");

            List<SelfTestFinding> strict = strictly();
            List<SelfTestFinding> usual = selfTest();

            report.rollback();
            assertThat(only(strict, "PGQ7140").sentence()).contains("of report has kept a transaction open");
            assertThat(codes(usual)).doesNotContain("PGQ7140");
        }
    }

    @Test
    void selfTest_defaultNodeIdentifierOfNarayana_isFound() throws Exception {
        Xid real = branchOfNarayana();
        byte[] global = real.getGlobalTransactionId();
        byte[] number = Arrays.copyOf(global, 28);
        byte[] defaultNode = Arrays.copyOf(number, 29);
        defaultNode[28] = '1';

        List<SelfTestFinding> ofTheseTests = whilePrepared(real.getFormatId(), global, real.getBranchQualifier());
        List<SelfTestFinding> ofADefault = whilePrepared(real.getFormatId(), defaultNode, real.getBranchQualifier());

        assertThat(new String(global, 28, global.length - 28, StandardCharsets.UTF_8))
                .isEqualTo(System.getProperty("CoreEnvironmentBean.nodeIdentifier"));
        assertThat(codes(ofTheseTests)).doesNotContain("PGQ7142");
        assertThat(only(ofADefault, "PGQ7142").fix()).contains("node-identifier");
    }

    /** Versions cannot be had for real here without another server and driver: their metadata says so instead. */
    @Test
    void selfTest_oldServerAndDriver_areFound() {
        TestDataSource old = () -> Intercepted.proxy(
                Connection.class,
                database.connect(),
                call -> call.method().equals("getMetaData")
                        ? Intercepted.proxy(
                                DatabaseMetaData.class,
                                (DatabaseMetaData) Objects.requireNonNull(call.proceed()),
                                asked -> switch (asked.method()) {
                                    case "getDatabaseMajorVersion" -> 13;
                                    case "getDriverVersion" -> "42.7.4";
                                    default -> asked.proceed();
                                })
                        : call.proceed());

        List<SelfTestFinding> findings = selfTest(old);

        assertThat(only(findings, "PGQ7130").sentence()).contains("PostgreSQL 13");
        assertThat(only(findings, "PGQ7131").sentence()).contains("42.7.4");
    }

    @Test
    void selfTest_schemaMissing_isFound() {
        try (TestDatabase empty = TestDatabase.empty()) {
            assertThat(only(selfTest(empty.dataSource()), "PGQ7005").fix()).contains("setup.sql");
        }
    }

    @Test
    void selfTest_databaseAway_isAFindingAndNoException() {
        HookedDataSource away = new HookedDataSource(database.dataSource());
        away.refuse();

        assertThat(only(selfTest(away), "PGQ7149").sentence()).contains("PGQ6002");
    }

    @Test
    void findings_areOneLineWithoutSecrets() {
        database.execute(
                "ALTER DATABASE %s SET synchronous_commit = off".formatted(name()),
                "ALTER DATABASE %s SET default_transaction_isolation = 'serializable'".formatted(name()));

        assertThat(selfTest())
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        finding -> assertThat(finding.toString()).matches("PGQ\\d{4}: [^\\p{Cntrl}]+; [^\\p{Cntrl}]+"));
    }

    /** What is found while a branch of two-phase commit is prepared, as the driver prepares it. */
    private List<SelfTestFinding> whilePrepared(int format, byte[] global, byte[] branch) throws Exception {
        Xid xid = branch(format, global, branch);
        PGXADataSource source = new PGXADataSource();
        PGSimpleDataSource direct = database.database().dataSource();
        source.setUrl(direct.getURL());
        source.setUser(database.database().user());
        source.setPassword(database.database().password());
        var connection = source.getXAConnection();
        try (Connection handle = connection.getConnection();
                Statement statement = handle.createStatement()) {
            connection.getXAResource().start(xid, XAResource.TMNOFLAGS);
            statement.execute("SELECT pg_current_xact_id()");
            connection.getXAResource().end(xid, XAResource.TMSUCCESS);
            connection.getXAResource().prepare(xid);
            List<SelfTestFinding> findings = selfTest();
            connection.getXAResource().rollback(xid);
            return findings;
        } finally {
            connection.close();
        }
    }

    /** The name that Narayana gives to a branch of a transaction. */
    private static Xid branchOfNarayana() throws Exception {
        List<Xid> started = new ArrayList<>();
        XAResource resource = (XAResource) Proxy.newProxyInstance(
                SelfTestIT.class.getClassLoader(), new Class<?>[] {XAResource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start")) {
                        started.add((Xid) arguments[0]);
                    }
                    Class<?> result = method.getReturnType();
                    return result == boolean.class ? false : result == int.class ? 0 : null;
                });
        TransactionManager manager = NarayanaServices.manager();
        manager.begin();
        manager.getTransaction().enlistResource(resource);
        manager.rollback();
        return started.get(0);
    }

    private static Xid branch(int format, byte[] global, byte[] qualifier) {
        return new Xid() {
            @Override
            public int getFormatId() {
                return format;
            }

            @Override
            public byte[] getGlobalTransactionId() {
                return global;
            }

            @Override
            public byte[] getBranchQualifier() {
                return qualifier;
            }
        };
    }

    private List<SelfTestFinding> selfTest() {
        return selfTest(database.dataSource());
    }

    private static List<SelfTestFinding> selfTest(DataSource dataSource) {
        try (PgQueueManager manager =
                PgQueueManager.builder(dataSource).config(TestNode.quick()).build()) {
            return manager.selfTest();
        }
    }

    /** What is found if nothing is too young to be found. */
    private List<SelfTestFinding> strictly() {
        JdbcTransactions transactions = new JdbcTransactions(database.dataSource());
        SchemaCheck schema = new SchemaCheck(transactions, database.dataSource(), PgQueueConfig.defaults());
        return new SelfTest(transactions, database.dataSource(), schema, /* managed= */ false, NOTHING_IS_YOUNG)
                .findings(Set.of(), Set.of());
    }

    private String name() {
        return database.text("SELECT quote_ident(current_database())");
    }

    private static List<String> codes(List<SelfTestFinding> findings) {
        return findings.stream().map(SelfTestFinding::code).toList();
    }

    private static SelfTestFinding only(List<SelfTestFinding> findings, String code) {
        List<SelfTestFinding> found =
                findings.stream().filter(finding -> finding.code().equals(code)).toList();
        assertThat(found).as("%s among %s", code, findings).hasSize(1);
        return found.get(0);
    }
}
