package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.Login;
import io.github.pgqueue.it.support.Roles;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** {@code psql -f migrations/setup.sql your_database}. */
@ParameterizedClass
@EnumSource
class SetupIT {

    private final TestDatabase database;
    private final Psql psql;
    private final Roles roles;

    SetupIT(Postgres postgres) {
        this.database = postgres.empty();
        this.psql = Psql.on(database);
        this.roles = new Roles(database);
    }

    @AfterEach
    void close() {
        roles.close();
        psql.close();
        database.close();
    }

    @Test
    void setup_emptyDatabase_saysOneSentence() {
        Psql.Result result = psql.setup();

        result.succeeds();
        assertThat(result.out().lines().filter(line -> !line.isBlank()))
                .hasSizeLessThanOrEqualTo(4)
                .anyMatch(line -> line.strip().equals("pg-queue schema 6 is installed in schema public"));
        assertThat(database.text("SELECT current_setting('search_path')")).contains("public");
    }

    @Test
    void setup_again_changesNothing() {
        psql.setup("channel_prefix=shop_").succeeds();
        database.execute("SELECT pg_queue_create_queue('emails')", "SELECT pg_queue_push('emails', '1')");
        String before = Catalog.describe(database, "public");

        Psql.Result again = psql.setup().succeeds();

        assertThat(again.out()).contains("pg-queue schema 6 is installed in schema public");
        assertThat(Catalog.describe(database, "public")).isEqualTo(before);
        assertThat(database.number("SELECT count(*) FROM queue_emails")).isEqualTo(1);
        assertThat(database.text("SELECT channel_prefix FROM pg_queue_schema")).isEqualTo("shop_");
    }

    @Test
    void setup_severalAtOnce_takeTurns() {
        List<CompletableFuture<Psql.Result>> running = Stream.generate(() ->
                        CompletableFuture.supplyAsync(() -> psql.setup("roles=on", "role_prefix=" + roles.prefix())))
                .limit(4)
                .toList();

        running.forEach(result -> result.join().succeeds());
        assertThat(database.number("SELECT version FROM pg_queue_schema")).isEqualTo(6);
    }

    @Test
    void setup_inSchemaOfItsOwn_leavesTheOthersAlone() {
        database.execute("CREATE SCHEMA jobs");

        Psql.Result result = psql.in("jobs,public").setup().succeeds();

        assertThat(result.out()).contains("is installed in schema jobs");
        assertThat(Catalog.names(database, "public")).isEmpty();
        psql.in("public").command("SELECT jobs.pg_queue_create_queue('emails')").succeeds();
        assertThat(Catalog.names(database, "jobs")).contains("queue_emails", "pg_queue_push");
        assertThat(Catalog.names(database, "public")).isEmpty();
    }

    @Test
    void setup_schemaWithCapitalsBlanksAndQuotes_works() {
        String schema = "\"Ada's \"\"Jobs\"\", äöü\"";
        database.execute("CREATE SCHEMA " + schema);
        PGSimpleDataSource dataSource = database.database().dataSource();
        dataSource.setCurrentSchema(schema);

        psql.in(schema)
                .setup("channel_prefix=ada_", "roles=on", "role_prefix=" + roles.prefix())
                .succeeds();
        psql.command("SELECT " + schema + ".pg_queue_create_queue('Emails')").succeeds();
        psql.command("SELECT " + schema + ".pg_queue_push('Emails', '\"hello\"')")
                .succeeds();

        assertThat(popped(dataSource, "Emails")).containsExactly("hello");
        psql.in(schema).teardown().succeeds();
        assertThat(database.number("SELECT count(*) FROM pg_class WHERE relname LIKE '%queue%'"))
                .isZero();
    }

    @Test
    void setup_twoTenants_areStrangers() {
        database.execute("CREATE SCHEMA one", "CREATE SCHEMA two");
        psql.in("one").setup("channel_prefix=one.").succeeds();
        psql.in("two").setup("channel_prefix=two.").succeeds();
        psql.in("one").command("SELECT pg_queue_create_queue('emails')").succeeds();
        psql.in("two").command("SELECT pg_queue_create_queue('emails')").succeeds();

        psql.in("two")
                .command("SELECT one.pg_queue_push('emails', '\"for one\"')")
                .succeeds();
        psql.in("one")
                .command("SELECT two.pg_queue_push('emails', '\"for two\"')")
                .succeeds();

        assertThat(popped("one")).containsExactly("for one");
        assertThat(popped("two")).containsExactly("for two");
        assertThat(database.text("SELECT one.pg_queue_channel('x')")).isEqualTo("one.x");
        assertThat(database.text("SELECT two.pg_queue_channel('x')")).isEqualTo("two.x");
    }

    @Test
    void teardown_oneTenant_leavesTheOtherAlone() {
        database.execute("CREATE SCHEMA one", "CREATE SCHEMA two");
        psql.in("one").setup().succeeds();
        psql.in("two").setup().succeeds();
        psql.in("two").command("SELECT pg_queue_create_queue('emails')").succeeds();
        String other = Catalog.describe(database, "two");

        psql.in("one,two").teardown().succeeds();
        psql.in("one,two").teardown().succeeds();

        assertThat(Catalog.names(database, "one")).isEmpty();
        assertThat(Catalog.describe(database, "two")).isEqualTo(other);
    }

    @Test
    void setup_noSchemaToInstallInto_isRefused() {
        Psql.Result result = psql.in("nowhere").setup();

        result.failsWith("PGQ7001");
        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err()).contains("CREATE SCHEMA first");
    }

    @Test
    void setup_channelPrefix_isStoredAndChangedOnlyOnRequest() {
        psql.setup("channel_prefix=Shop_1.").succeeds();
        psql.setup().succeeds();
        String kept = database.text("SELECT pg_queue_channel('orders')");

        psql.setup("channel_prefix=").succeeds();

        assertThat(kept).isEqualTo("Shop_1.orders");
        assertThat(database.text("SELECT pg_queue_channel('orders')")).isEqualTo("orders");
    }

    @Test
    void setup_badChannelPrefix_isRefusedAndInstallsNothing() {
        for (String bad : List.of("a-b", "seventeen.letters", "ä", "a b", "'; DROP TABLE x; --")) {
            Psql.Result result = psql.setup("channel_prefix=" + bad);

            result.failsWith("PGQ7002");
            assertThat(result.exit()).isEqualTo(3);
            assertThat(Catalog.names(database, "public")).isEmpty();
        }
    }

    @Test
    void setup_withoutRoles_makesNone() {
        long before = database.number("SELECT count(*) FROM pg_roles");

        psql.setup().succeeds();
        psql.setup("roles=off", "role_prefix=" + roles.prefix()).succeeds();

        assertThat(database.number("SELECT count(*) FROM pg_roles")).isEqualTo(before);
    }

    @Test
    void setup_rolesOn_makesTheGroupsThatCannotLogIn() {
        psql.setup("roles=on", "role_prefix=" + roles.prefix()).succeeds();
        psql.setup("roles=on", "role_prefix=" + roles.prefix()).succeeds();

        assertThat(database.text("SELECT string_agg(replace(rolname, '" + roles.prefix()
                        + "', ''), ' ' ORDER BY rolname) FROM pg_roles WHERE NOT rolcanlogin AND rolname LIKE '"
                        + roles.prefix() + "%'"))
                .isEqualTo("admin cache monitor producer rpc worker");
    }

    @Test
    void setup_rolesOnWithoutPrefix_makesThoseOfPgqueue() {
        String groups = "FROM pg_roles WHERE rolname IN ('pgqueue_producer', 'pgqueue_worker', 'pgqueue_cache',"
                + " 'pgqueue_rpc', 'pgqueue_admin', 'pgqueue_monitor')";
        String before = database.text("SELECT coalesce(string_agg(rolname, ', '), '') " + groups);

        psql.setup("roles=on").succeeds();

        assertThat(database.number("SELECT count(*) " + groups)).isEqualTo(6);
        psql.teardown().succeeds();
        if (before.isEmpty()) {
            database.execute("DROP ROLE " + database.text("SELECT string_agg(rolname, ', ') " + groups));
        }
    }

    @Test
    void setup_badRolePrefix_isRefusedAndInstallsNothing() {
        for (String bad : List.of("", "Shop_", "1_", "pg_", "a-b_", "a".repeat(32))) {
            psql.setup("roles=on", "role_prefix=" + bad).failsWith("PGQ7003");

            assertThat(Catalog.names(database, "public")).isEmpty();
        }
    }

    @Test
    void setup_byOneWhoMayOnlyCreate_worksWithoutAWarning() {
        Login owner = roles.login();
        database.execute(
                "CREATE SCHEMA jobs",
                "GRANT USAGE, CREATE ON SCHEMA jobs TO " + owner.name(),
                "ALTER ROLE " + owner.name() + " CREATEROLE");
        Psql its = psql.as(owner).in("jobs");

        its.setup("roles=on", "role_prefix=" + roles.prefix()).succeeds();
        its.setup().succeeds();
        its.command("SELECT pg_queue_create_queue('emails')").succeeds();
        its.command("SELECT pg_queue_push('emails', '1')").succeeds();
        its.teardown().succeeds();

        assertThat(Catalog.names(database, "jobs")).isEmpty();
    }

    @Test
    void manager_beforeSetup_saysWhatIsMissingAndWorksAfterwards() {
        try (TestNode node = TestNode.on(database)) {
            PgQueueManager manager = node.manager();
            JobQueue<String> emails = manager.queue("emails", String.class);
            assertThatThrownBy(() -> emails.push("too early"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("PGQ7005: ")
                    .hasMessageContaining("psql -f migrations/setup.sql");
            assertThatThrownBy(manager::start).hasMessageStartingWith("PGQ7005: ");

            psql.setup().succeeds();
            psql.command("SELECT pg_queue_create_queue('emails')").succeeds();

            manager.start();
            emails.push("in time");
            assertThat(emails.pop()).map(Job::payload).hasValue("in time");
        }
    }

    private List<String> popped(String schema) {
        PgQueueConfig config = TestNode.quick().withSchema(schema);
        try (PgQueueManager manager =
                PgQueueManager.builder(database.dataSource()).config(config).build()) {
            return payloads(manager, "emails");
        }
    }

    private static List<String> popped(DataSource dataSource, String queue) {
        try (PgQueueManager manager =
                PgQueueManager.builder(dataSource).config(TestNode.quick()).build()) {
            return payloads(manager, queue);
        }
    }

    private static List<String> payloads(PgQueueManager manager, String queue) {
        return manager.queue(queue, String.class).pop(10).stream()
                .map(Job::payload)
                .toList();
    }
}
