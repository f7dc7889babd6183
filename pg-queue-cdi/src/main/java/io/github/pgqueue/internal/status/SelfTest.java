package io.github.pgqueue.internal.status;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueStatus.XminHolder;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.SelfTestFinding;
import io.github.pgqueue.SelfTestFinding.Severity;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.internal.jdbc.XaTraces;
import io.github.pgqueue.internal.schema.SchemaCheck;
import io.github.pgqueue.internal.schema.SchemaCheck.Found;
import io.github.pgqueue.internal.status.Look.Facts;
import io.github.pgqueue.internal.status.Look.Prepared;
import io.github.pgqueue.internal.status.Look.QueueTable;
import io.github.pgqueue.spi.Transactions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Looks for what is wrong, and says each thing in one line. Never throws: nothing that it finds or cannot find keeps an
 * application from starting. Thread-safe.
 */
public final class SelfTest {

    /**
     * From when on something is old.
     *
     * @param prepared a prepared transaction; recovery of WildFly takes over four minutes
     * @param xmin an open transaction
     * @param notifications how full the queue of notifications may be, from 0 to 1
     */
    public record Limits(Duration prepared, Duration xmin, double notifications) {

        public static final Limits DEFAULT = new Limits(Duration.ofMinutes(5), Duration.ofMinutes(10), 0.25);
    }

    private static final Logger LOG = System.getLogger("io.github.pgqueue.selftest");
    private static final int OLDEST_SERVER = 14;
    private static final int[] OLDEST_DRIVER = {42, 7, 13};
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final String DEFAULT_NODE = "1";

    private final Transactions transactions;
    private final DataSource dataSource;
    private final SchemaCheck schemaCheck;
    private final boolean managed;
    private final Limits limits;

    /** Of a manager over the data source; managed if a transaction manager stands behind its transactions. */
    public SelfTest(
            Transactions transactions, DataSource dataSource, SchemaCheck schemaCheck, boolean managed, Limits limits) {
        this.transactions = transactions;
        this.dataSource = dataSource;
        this.schemaCheck = schemaCheck;
        this.managed = managed;
        this.limits = limits;
    }

    /** Everything that is wrong, with these queues too. */
    public List<SelfTestFinding> findings(Set<QueueName> used, Set<QueueName> worked) {
        return outside(connection -> {
            List<SelfTestFinding> findings = new ArrayList<>();
            Look look = new Look(connection);
            Found schema = schemaCheck.look(connection);
            if (schema.problem() != null) {
                findings.add(Findings.schema(schema.problem()));
            }
            Facts facts = look.facts();
            addVersions(findings, connection.getMetaData());
            if (!facts.standby()) {
                addSettings(findings, facts, connection);
                addOldTransactions(findings, look);
            }
            if (schema.problem() == null && schema.schema() != null) {
                addQueues(findings, look, schema.schema(), used, worked);
            }
            return findings;
        });
    }

    /** What is wrong with one more queue that is worked. */
    public List<SelfTestFinding> findings(SchemaName schema, QueueName queue) {
        return outside(connection -> {
            List<SelfTestFinding> findings = new ArrayList<>();
            addQueues(findings, new Look(connection), schema, Set.of(queue), Set.of(queue));
            return findings;
        });
    }

    /** Each finding in its line. */
    public void log(List<SelfTestFinding> findings) {
        for (SelfTestFinding finding : findings) {
            LOG.log(finding.severity() == Severity.WARNING ? Level.WARNING : Level.DEBUG, "{0}", finding);
        }
    }

    private List<SelfTestFinding> outside(Transactions.Work<List<SelfTestFinding>> work) {
        try {
            return transactions.outside(work);
        } catch (PgQueueException e) {
            return List.of(Findings.couldNotLook(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            return List.of(Findings.couldNotLook(Text.printable(e.toString())));
        }
    }

    private static void addVersions(List<SelfTestFinding> findings, DatabaseMetaData metaData) throws SQLException {
        if (metaData.getDatabaseMajorVersion() < OLDEST_SERVER) {
            findings.add(Findings.oldServer(metaData.getDatabaseMajorVersion()));
        }
        String driver = String.valueOf(metaData.getDriverVersion());
        Matcher version = VERSION.matcher(driver);
        if (version.find() && isOld(version)) {
            findings.add(Findings.oldDriver(Text.printable(version.group())));
        }
    }

    private static boolean isOld(Matcher version) {
        for (int part = 0; part < OLDEST_DRIVER.length; part++) {
            int difference = Integer.parseInt(version.group(part + 1)) - OLDEST_DRIVER[part];
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private void addSettings(List<SelfTestFinding> findings, Facts facts, Connection connection) {
        if (facts.synchronousCommit().equals("off")) {
            findings.add(Findings.notDurable(facts));
        }
        if (!facts.crashSafe()) {
            findings.add(Findings.notCrashSafe(facts));
        }
        if (!facts.isolation().equals("read committed")) {
            findings.add(Findings.isolation(facts));
        }
        if (facts.notifications() >= limits.notifications()) {
            findings.add(Findings.fullOfNotifications(facts));
        }
        if (facts.maxPrepared() == 0) {
            boolean xa = XaTraces.isXa(dataSource, connection);
            if (xa || managed) {
                findings.add(Findings.noPreparedTransactions(/* certain= */ xa));
            }
        }
    }

    private void addOldTransactions(List<SelfTestFinding> findings, Look look) throws SQLException {
        List<Prepared> prepared = look.prepared();
        if (!prepared.isEmpty() && prepared.get(0).age().compareTo(limits.prepared()) >= 0) {
            findings.add(Findings.oldPrepared(prepared.get(0), prepared.size()));
        }
        prepared.stream()
                .map(Prepared::gid)
                .filter(gid ->
                        XaTraces.narayanaNode(gid).filter(DEFAULT_NODE::equals).isPresent())
                .findFirst()
                .map(Findings::defaultNode)
                .ifPresent(findings::add);
        XminHolder holder = look.oldestXmin().orElse(null);
        Duration age = holder == null ? null : holder.age();
        // A prepared transaction that is old has been found above.
        if (holder != null
                && age != null
                && age.compareTo(limits.xmin()) >= 0
                && !holder.who().startsWith("prepared")) {
            findings.add(Findings.oldXmin(holder, age));
        }
    }

    private static void addQueues(
            List<SelfTestFinding> findings, Look look, SchemaName schema, Set<QueueName> used, Set<QueueName> worked)
            throws SQLException {
        String role = look.facts().role();
        if (!worked.isEmpty()) {
            look.missingGrants(schema, worked).forEach(missing -> findings.add(Findings.missingGrant(missing, role)));
        }
        Set<QueueName> all = new HashSet<>(used);
        all.addAll(worked);
        for (Look.QueueTable table : look.queues(schema, all)) {
            addTable(findings, table, worked, role);
        }
    }

    private static void addTable(List<SelfTestFinding> findings, QueueTable table, Set<QueueName> worked, String role) {
        if (!table.there()) {
            return;
        }
        if (!table.wakes()) {
            findings.add(Findings.noWakeUp(table));
        }
        if (table.hiddenFrom() != null && worked.contains(table.queue())) {
            findings.add(Findings.hidden(table, role));
        }
    }
}
