package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Queues by SQL: created, pushed to and dropped with psql, and worked by Java. */
@ParameterizedClass
@EnumSource
class QueueFunctionsIT {

    private final TestDatabase database;
    private final Psql psql;

    QueueFunctionsIT(Postgres postgres) {
        this.database = postgres.installed();
        this.psql = Psql.on(database);
    }

    @AfterEach
    void close() {
        psql.close();
        database.close();
    }

    @Test
    void createQueue_again_keepsItsJobs() {
        create("emails");
        push("emails", "1");

        create("emails");

        assertThat(database.number("SELECT count(*) FROM queue_emails")).isEqualTo(1);
    }

    @Test
    void createQueue_namesEverythingOfItsOwn() {
        List<String> before = Catalog.names(database, "public");

        create("emails");

        assertThat(Catalog.names(database, "public"))
                .filteredOn(name -> !before.contains(name))
                .containsExactlyInAnyOrder(
                        "queue_emails",
                        "pg_queue_id_emails",
                        "pg_queue_asleep_emails",
                        "pg_queue_pk_emails",
                        "pg_queue_pending_emails",
                        "pg_queue_leased_emails",
                        "pg_queue_deadline_emails",
                        "pg_queue_lease_emails",
                        "pg_queue_leases_emails",
                        "pg_queue_claim_emails",
                        "pg_queue_complete_emails",
                        "pg_queue_release_emails",
                        "pg_queue_close_emails",
                        "pg_queue_renew_emails",
                        "pg_queue_take_over_emails",
                        "pg_queue_holders_emails",
                        "pg_queue_sweep_emails");
        assertThat(database.text("SELECT coalesce(string_agg(conname, ' '), '') FROM pg_constraint"
                        + " WHERE conrelid = 'queue_emails'::regclass AND conname NOT LIKE 'pg\\_queue\\_%'"))
                .isEmpty();
        assertThat(database.text("SELECT pg_get_indexdef('pg_queue_pending_emails'::regclass)"))
                .endsWith("(run_at, id) WHERE ((run_at IS NOT NULL) AND (leased_until IS NULL))");
    }

    @Test
    void push_payloadOnly_returnsTheIdAndIsReadyAtOnce() {
        create("emails");

        Psql.Result first = push("emails", "{\"to\": \"ada@example.org\"}");
        Psql.Result second = push("emails", "2");

        assertThat(first.out()).isEqualTo("1\n");
        assertThat(second.out()).isEqualTo("2\n");
        try (TestNode node = TestNode.on(database)) {
            Job<?> job = node.manager().queue("emails", Map.class).pop().orElseThrow();
            assertThat(job.payload()).isEqualTo(Map.of("to", "ada@example.org"));
            assertThat(job.attempt()).isEqualTo(1);
            assertThat(job.headers()).isEmpty();
        }
    }

    @Test
    void push_namedArguments_areTheOptionsOfAPush() {
        create("emails");

        psql.command("SELECT pg_queue_push('emails', '\"x\"', max_attempts => 3, headers => '{\"trace\": \"7\"}')")
                .succeeds();
        psql.command("SELECT pg_queue_push(payload => '\"later\"', queue => 'emails', delay => '1 hour')")
                .succeeds();
        psql.command("SELECT pg_queue_push('emails', '\"then\"', run_at => '2100-01-01T00:00:00Z')")
                .succeeds();

        try (TestNode node = TestNode.on(database)) {
            JobQueue<String> emails = node.manager().queue("emails", String.class);
            Job<String> job = emails.pop().orElseThrow();
            assertThat(job.payload()).isEqualTo("x");
            assertThat(job.maxAttempts()).isEqualTo(3);
            assertThat(job.headers()).containsExactly(Map.entry("trace", "7"));
            assertThat(emails.pop()).isEmpty();
            assertThat(emails.pendingCount()).isEqualTo(2);
        }
        assertThat(database.text("SELECT run_at BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes'"
                        + " FROM queue_emails WHERE payload = '\"later\"'"))
                .isEqualTo("t");
        assertThat(database.text("SELECT run_at = '2100-01-01T00:00:00Z' FROM queue_emails WHERE payload = '\"then\"'"))
                .isEqualTo("t");
    }

    @Test
    void push_wrongArguments_areRefusedEachWithItsCode() {
        create("emails");

        psql.command("SELECT pg_queue_push('nowhere', '1')").failsWith("PGQ1003");
        psql.command("SELECT pg_queue_push('emails', NULL)").failsWith("PGQ5001");
        psql.command("SELECT pg_queue_push('emails', '1', run_at => now(), delay => '1 s')")
                .failsWith("PGQ1006");

        assertThat(psql.command("SELECT pg_queue_push('emails', '1', max_attempts => 0)")
                        .err())
                .contains("pg_queue_max_attempts_positive");
        assertThat(psql.command("SELECT pg_queue_push('emails', '1', headers => '[]')")
                        .err())
                .contains("pg_queue_headers_object");
        assertThat(psql.command("SELECT pg_queue_push('emails', 'no json')").err())
                .contains("type json");
        assertThat(database.number("SELECT count(*) FROM queue_emails")).isZero();
    }

    @Test
    void push_fromATrigger_belongsToItsTransaction() throws SQLException {
        create("emails");
        database.execute(
                "CREATE TABLE customer (email text)",
                """
                CREATE FUNCTION welcome() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_queue_push('emails', to_jsonb(NEW.email));
                    RETURN NULL;
                END $$
                """,
                "CREATE TRIGGER welcome AFTER INSERT ON customer FOR EACH ROW EXECUTE FUNCTION welcome()");

        psql.command("BEGIN; INSERT INTO customer VALUES ('bob@example.org'); ROLLBACK")
                .succeeds();
        psql.command("INSERT INTO customer VALUES ('ada@example.org')").succeeds();

        assertThat(database.text("SELECT string_agg(payload::text, ' ') FROM queue_emails"))
                .isEqualTo("\"ada@example.org\"");
    }

    @Test
    void insert_bare_isAJobAndWakesASleepingWorker() {
        create("emails");
        try (TestNode node = sleeper("emails")) {
            psql.command("INSERT INTO queue_emails (payload) VALUES ('\"by hand\"')")
                    .succeeds();

            node.probe().await("completed emails#1");
        }
    }

    @Test
    void push_bySql_wakesASleepingWorkerOnThePrefixedChannel() {
        database.execute("SELECT pg_queue_set_channel_prefix('shop.')");
        create("emails");
        try (TestNode node = sleeper("emails")) {
            push("emails", "\"by psql\"");

            node.probe().await("completed emails#1");
        }
    }

    @Test
    void names_thatDifferInCaseOrOnlyAtTheirEnd_areDifferentQueues() {
        String common = "n".repeat(39);
        List<String> names = List.of("emails", "Emails", "EMAILS", common, common + "a", common + "b", "1", "_");

        names.forEach(this::create);
        names.forEach(name -> push(name, "\"" + name + "\""));

        try (TestNode node = TestNode.on(database)) {
            for (String name : names) {
                JobQueue<String> queue = node.manager().queue(name, String.class);
                assertThat(queue.pop(10).stream().map(Job::payload)).containsExactly(name);
            }
        }
    }

    @Test
    void names_likeThoseOfOtherObjects_coexist() {
        List<String> names = Stream.of(
                        "x x_id x_pkey x_pk x_id_seq x_id_not_null id_x pk_x pending_x leased_x lease_x counts_x"
                                + " deadline_x headers_x queue queue_x schema cache request signal sleeper history"
                                + " dead_letter pg_queue pg_queue_cache pg_queue_queue pg_queue_schema"
                                + " pg_queue_dead_letter pg_queue_history pg_queue_pending_x leases_x s_x d_x claim_x over_x queue_x1 wake push table select"
                                + " user public pg_catalog")
                .flatMap(line -> Stream.of(line.split(" ")))
                .toList();

        database.execute(names.stream()
                .map(name -> "SELECT pg_queue_create_queue('" + name + "')")
                .toArray(String[]::new));
        database.execute(names.stream()
                .map(name -> "SELECT pg_queue_push('" + name + "', '\"" + name + "\"')")
                .toArray(String[]::new));

        try (TestNode node = TestNode.on(database)) {
            Map<String, List<String>> popped = names.stream()
                    .collect(Collectors.toMap(
                            name -> name,
                            name -> node.manager().queue(name, String.class).pop(10).stream()
                                    .map(Job::payload)
                                    .toList()));
            popped.forEach((name, payloads) -> assertThat(payloads).containsExactly(name));
            assertThat(node.manager().cache().getOrSet("key", String.class, Duration.ofHours(1), () -> "value"))
                    .isEqualTo("value");
        }
        psql.teardown().succeeds();
        assertThat(Catalog.names(database, "public")).isEmpty();
    }

    @Test
    void names_thatAreNone_areRefusedBySqlAsByJava() throws SQLException {
        List<String> bad = List.of(
                "",
                " ",
                "a b",
                "a-b",
                "a.b",
                "a\"b",
                "a'b",
                "a;b",
                "a\nb",
                "a\n",
                "\na",
                "a\t",
                "é",
                "ß",
                "ı",
                "\u212A",
                "\uFF41",
                "日本",
                "🙂",
                "a".repeat(41),
                "x; DROP TABLE pg_queue_queue; --",
                "$$",
                "%I",
                "a\\b");

        for (String name : bad) {
            assertRefused("SELECT pg_queue_create_queue(?)", name);
            assertRefused("SELECT pg_queue_drop_queue(?)", name);
            assertRefused("SELECT pg_queue_push(?, '1')", name);
            assertRefused("SELECT pg_queue_requeue(?)", name);
            try (TestNode node = TestNode.on(database)) {
                assertThatThrownBy(() -> node.manager().createQueue(name)).hasMessageStartingWith("PGQ1001: ");
            }
        }
        assertRefused("SELECT pg_queue_create_queue(?)", null);
        assertRefused("SELECT pg_queue_push(?, '1')", null);
        psql.command("SELECT pg_queue_create_queue('a b')").failsWith("PGQ1001");
        assertThat(database.number("SELECT count(*) FROM pg_queue_queue")).isZero();
    }

    @Test
    void createQueue_tableOfTheUserInTheWay_isRefusedAndLeftAlone() {
        database.execute("CREATE TABLE queue_notes (note text)", "INSERT INTO queue_notes VALUES ('mine')");

        psql.command("SELECT pg_queue_create_queue('notes')").failsWith("PGQ1005");
        psql.command("SELECT pg_queue_drop_queue('notes')").succeeds();
        psql.command("SELECT pg_queue_push('notes', '1')").failsWith("PGQ1003");

        assertThat(database.text("SELECT string_agg(note, ' ') FROM queue_notes"))
                .isEqualTo("mine");
        assertThat(database.number("SELECT count(*) FROM pg_queue_queue")).isZero();
    }

    @Test
    void dropQueue_anyNumberOfTimes_isStillThere() {
        for (int round = 1; round <= 3; round++) {
            create("emails");
            push("emails", "1");

            psql.command("SELECT pg_queue_drop_queue('emails')").succeeds();
            psql.command("SELECT pg_queue_drop_queue('emails')").succeeds();
            psql.command("SELECT pg_queue_push('emails', '1')").failsWith("PGQ1003");
        }
        create("emails");

        assertThat(push("emails", "1").out()).isEqualTo("1\n");
    }

    @Test
    void dropQueue_takesItsDeadLettersAndNoOthers() {
        create("emails");
        create("Emails");
        database.execute(
                "INSERT INTO pg_queue_dead_letter (queue, id, payload, pushed_at, attempt, failures)"
                        + " VALUES ('emails', 1, '1', now(), 1, 1), ('Emails', 1, '1', now(), 1, 1)",
                "INSERT INTO pg_queue_sleeper VALUES ('emails', 'n', now()), ('Emails', 'n', now())");

        psql.command("SELECT pg_queue_drop_queue('emails')").succeeds();

        assertThat(database.text("SELECT string_agg(queue, ' ') FROM pg_queue_dead_letter"))
                .isEqualTo("Emails");
        assertThat(database.text("SELECT string_agg(queue, ' ') FROM pg_queue_sleeper"))
                .isEqualTo("Emails");
        assertThat(Catalog.names(database, "public"))
                .contains("queue_Emails", "pg_queue_id_Emails")
                .contains("pg_queue_lease_Emails", "pg_queue_claim_Emails")
                .doesNotContain("queue_emails", "pg_queue_id_emails", "pg_queue_lease_emails", "pg_queue_claim_emails");
    }

    @Test
    void queueWhoseTableIsGone_canBeDroppedOrCreatedAgain() {
        create("emails");
        create("receipts");
        database.execute("DROP TABLE queue_emails", "DROP TABLE queue_receipts");

        create("emails");
        psql.command("SELECT pg_queue_drop_queue('receipts')").succeeds();

        assertThat(push("emails", "1").out()).isEqualTo("1\n");
        assertThat(database.text("SELECT string_agg(name, ' ') FROM pg_queue_queue"))
                .isEqualTo("emails");
    }

    private void create(String queue) {
        psql.command("SELECT pg_queue_create_queue('" + queue + "')").succeeds();
    }

    private Psql.Result push(String queue, String payload) {
        return psql.command("SELECT pg_queue_push('" + queue + "', '" + payload + "')")
                .succeeds();
    }

    /** A node whose worker sleeps, and would for much longer than the test if nobody woke it. */
    private TestNode sleeper(String queue) {
        TestNode node = TestNode.on(
                database, config -> config.withQueueDefaults(each -> each.withPollInterval(Duration.ofMinutes(10))));
        node.manager().work(queue, String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        node.probe().await("asleep " + queue);
        return node;
    }

    private void assertRefused(String sql, @Nullable String name) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);

            assertThatThrownBy(statement::execute)
                    .as("%s with %s", sql, name)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"))
                    .hasMessageContaining("PGQ1001: ");
        }
    }
}
