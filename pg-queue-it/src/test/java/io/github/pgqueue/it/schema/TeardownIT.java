package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.Roles;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code psql -f migrations/teardown.sql your_database}. */
@ParameterizedClass
@EnumSource
class TeardownIT {

    private final TestDatabase database;
    private final Psql psql;
    private final Roles roles;

    TeardownIT(Postgres postgres) {
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
    void teardown_everythingInUse_leavesOnlyWhatIsTheUsersOwn() {
        psql.setup("roles=on", "role_prefix=" + roles.prefix()).succeeds();
        try (TestNode node = TestNode.on(database)) {
            node.manager().createQueue("emails");
            node.manager().createQueue("Emails");
            node.manager().createQueue("x".repeat(40));
            node.manager().queue("emails", String.class).push("in the queue");
            node.manager().cache().set("key", "value", Duration.ofHours(1));
        }
        database.execute(
                "CREATE TABLE queue_notes (note text)",
                "CREATE TABLE orders (id int)",
                "CREATE FUNCTION queue_length() RETURNS int LANGUAGE sql AS 'SELECT 0'");

        Psql.Result result = psql.teardown().succeeds();

        assertThat(result.out()).isEmpty();
        assertThat(Catalog.names(database, "public"))
                .containsExactlyInAnyOrder("queue_notes", "orders", "queue_length");
    }

    @Test
    void teardown_thenSetup_worksAgain() {
        psql.setup("channel_prefix=old_").succeeds();
        psql.command("SELECT pg_queue_create_queue('emails')").succeeds();
        String before = Catalog.describe(database, "public");

        psql.teardown().succeeds();
        psql.setup().succeeds();
        psql.command("SELECT pg_queue_create_queue('emails')").succeeds();

        assertThat(Catalog.describe(database, "public")).isEqualTo(before);
        assertThat(psql.command("SELECT pg_queue_push('emails', '{}')").out()).isEqualTo("1\n");
        assertThat(database.text("SELECT pg_queue_channel('x')")).isEqualTo("x");
    }

    @Test
    void teardown_withoutPgQueue_isHarmlessAndSilent() {
        database.execute("CREATE TABLE queue_notes (note text)");

        Psql.Result first = psql.teardown().succeeds();
        Psql.Result second = psql.teardown().succeeds();
        Psql.Result nowhere = psql.in("nowhere").teardown().succeeds();

        assertThat(first.out() + second.out() + nowhere.out()).isEmpty();
        assertThat(Catalog.names(database, "public")).containsExactly("queue_notes");
    }

    @Test
    void teardown_afterMigrationByFlyway_removesItsHistoryToo() {
        assertThat(Installer.FLYWAY.migrate(database.dataSource())).isEmpty();

        psql.teardown().succeeds();

        assertThat(Catalog.names(database, "public")).isEmpty();
        assertThat(Installer.FLYWAY.migrate(database.dataSource())).isEmpty();
    }

    @Test
    void teardown_withGroupRoles_leavesThemWithoutRights() {
        database.execute("CREATE SCHEMA jobs");
        psql.in("jobs").setup("roles=on", "role_prefix=" + roles.prefix()).succeeds();
        psql.in("jobs").command("SELECT pg_queue_create_queue('emails')").succeeds();

        psql.in("jobs").teardown().succeeds();

        for (String group : new String[] {"producer", "worker", "cache", "rpc", "admin", "monitor"}) {
            database.execute("DROP ROLE " + roles.prefix() + group);
        }
        assertThat(database.number("SELECT count(*) FROM pg_roles WHERE rolname LIKE '" + roles.prefix() + "%'"))
                .isZero();
    }

    @Test
    void teardown_viewOfTheUserOnAQueue_removesNothing() {
        psql.setup().succeeds();
        psql.command("SELECT pg_queue_create_queue('emails')").succeeds();
        database.execute("CREATE VIEW waiting AS SELECT count(*) FROM queue_emails");
        String before = Catalog.describe(database, "public");

        Psql.Result result = psql.teardown();

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err()).contains("view waiting depends on table queue_emails");
        assertThat(Catalog.describe(database, "public")).isEqualTo(before);
    }
}
