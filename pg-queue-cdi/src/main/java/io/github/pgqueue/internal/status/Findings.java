package io.github.pgqueue.internal.status;

import io.github.pgqueue.PgQueueStatus.XminHolder;
import io.github.pgqueue.SelfTestFinding;
import io.github.pgqueue.SelfTestFinding.Severity;
import io.github.pgqueue.internal.status.Look.Facts;
import io.github.pgqueue.internal.status.Look.MissingGrant;
import io.github.pgqueue.internal.status.Look.Prepared;
import io.github.pgqueue.internal.status.Look.QueueTable;
import java.time.Duration;

/** Number, sentence and fix of everything the self-test can find. */
final class Findings {

    private Findings() {}

    private static SelfTestFinding warning(String code, String sentence, String fix) {
        return new SelfTestFinding(code, Severity.WARNING, sentence, fix);
    }

    /** What the schema check says is a finding with the number that it has anyway: number, sentence, remedy. */
    static SelfTestFinding schema(String problem) {
        int remedy = problem.indexOf("; ");
        int sentence = problem.indexOf(": ");
        return warning(
                problem.substring(0, sentence),
                problem.substring(sentence + 2, remedy < 0 ? problem.length() : remedy),
                remedy < 0 ? "see the README" : problem.substring(remedy + 2));
    }

    static SelfTestFinding oldServer(int version) {
        return warning(
                "PGQ7130",
                "the server is PostgreSQL " + version + ", for which the library is not made",
                "upgrade it to PostgreSQL 14 or later");
    }

    static SelfTestFinding oldDriver(String version) {
        return warning(
                "PGQ7131",
                "the PostgreSQL driver is " + version
                        + ", which answers a failed two-phase commit wrongly and has known" + " security holes",
                "use org.postgresql:postgresql 42.7.13 or later");
    }

    static SelfTestFinding notDurable(Facts facts) {
        return warning(
                "PGQ7132",
                "synchronous_commit is " + facts.synchronousCommit() + " for role " + facts.role()
                        + ", so that a crash of the server loses pushes whose commit has returned",
                "set synchronous_commit=on for the server, the database or the role");
    }

    /** A database for tests is meant to be so; it is on the same machine. */
    static SelfTestFinding notCrashSafe(Facts facts) {
        return new SelfTestFinding(
                "PGQ7133",
                facts.local() ? Severity.NOTICE : Severity.WARNING,
                "fsync or full_page_writes is off, so that a crash of the machine can lose or corrupt everything",
                "set both to on, unless this is a database for tests");
    }

    static SelfTestFinding isolation(Facts facts) {
        return warning(
                "PGQ7134",
                "transactions are " + facts.isolation() + " by default, so that claims which meet fail with"
                        + " serialization errors",
                "leave default_transaction_isolation and the pool at read committed, and ask for more in the"
                        + " transactions that need it");
    }

    static SelfTestFinding missingGrant(MissingGrant missing, String role) {
        return warning(
                "PGQ7135",
                "role " + role + " may not " + missing.verbs() + " on " + missing.object()
                        + ", which working a queue needs",
                "GRANT " + missing.verbs() + " ON " + missing.object() + " TO " + quoted(role)
                        + ", or make it a member of the worker role of psql -v roles=on -f migrations/setup.sql");
    }

    static SelfTestFinding hidden(QueueTable table, String role) {
        return warning(
                "PGQ7136",
                "row level security of " + table.queue().table() + " has no policy by which role " + role + " may "
                        + table.hiddenFrom() + ", so that claims find no job and say nothing",
                "CREATE POLICY for these verbs, or exempt the role with BYPASSRLS");
    }

    static SelfTestFinding noWakeUp(QueueTable table) {
        return warning(
                "PGQ7137",
                "the default of column pushed_at of " + table.queue().table()
                        + " was changed, so that pushes from SQL wake nobody and wait for the next poll",
                "set it as pg_queue_create_queue in migrations/V1__queues.sql does");
    }

    static SelfTestFinding noPreparedTransactions(boolean certain) {
        return certain
                ? warning(
                        "PGQ7138",
                        "max_prepared_transactions is 0, but the data source is XA: a commit with a second resource fails",
                        "set max_prepared_transactions of the server to at least its max_connections, and restart it")
                : new SelfTestFinding(
                        "PGQ7138",
                        Severity.NOTICE,
                        "max_prepared_transactions is 0: if the data source is XA, a commit with a second resource fails",
                        "set it to at least max_connections and restart the server, or use a data source that is not XA");
    }

    static SelfTestFinding oldPrepared(Prepared oldest, int count) {
        return warning(
                "PGQ7139",
                count + " prepared transactions wait for their end, the oldest, " + oldest.gid() + ", for "
                        + rounded(oldest.age())
                        + ": their locks stay, their jobs are not worked, and dead rows cannot be removed",
                "start the transaction manager that prepared them, with recovery on; if it is gone for good, look them up"
                        + " in pg_prepared_xacts and COMMIT PREPARED or ROLLBACK PREPARED");
    }

    static SelfTestFinding oldXmin(XminHolder holder, Duration age) {
        return warning(
                "PGQ7140",
                holder.who() + " has kept a transaction open for " + rounded(age)
                        + ", so that dead rows cannot be removed and claims become slow",
                "end it: SELECT pg_terminate_backend(pid) for a session; then keep reports and idle sessions short with"
                        + " idle_in_transaction_session_timeout");
    }

    static SelfTestFinding fullOfNotifications(Facts facts) {
        return warning(
                "PGQ7141",
                "the server's queue of notifications is " + Math.round(facts.notifications() * 100)
                        + " % full; when it is full, every transaction that notifies fails",
                "find the session that listens but does not read, or has listened and is inside of a long transaction, in"
                        + " pg_stat_activity, and end it");
    }

    static SelfTestFinding defaultNode(String gid) {
        return warning(
                "PGQ7142",
                "prepared transaction " + gid + " comes from a transaction manager with the default node identifier 1;"
                        + " two of them on one database roll back each other's transactions",
                "give each process a node identifier of its own: node-identifier of WildFly's transactions subsystem,"
                        + " CoreEnvironmentBean.nodeIdentifier of Narayana");
    }

    static SelfTestFinding couldNotLook(String reason) {
        return warning("PGQ7149", "the self-test could not look: " + reason, "remove the cause, and start again");
    }

    /** As it has to be written in SQL. */
    private static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String rounded(Duration age) {
        return age.compareTo(Duration.ofMinutes(2)) < 0 ? age.toSeconds() + " s" : age.toMinutes() + " min";
    }
}
