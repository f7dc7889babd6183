package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A jar that meets a schema it was not made for says so in one sentence, and names the fix. */
class SchemaValidationIT {

    private final TestDatabase database = Postgres.OF_THE_RUN.installed();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void validate_missingSchema_namesTheSetup() {
        database.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");

        assertStartFails(SchemaManagement.VALIDATE)
                .hasMessage("PGQ7005: pg-queue is not installed in schema 'public'; run psql -f migrations/setup.sql on"
                        + " the database, or set pg-queue.schema-management=migrate");
    }

    @Test
    void validate_schemaOfAnotherTenant_isMissing() {
        try (TestNode node = TestNode.on(database, config -> config.withSchema("elsewhere"))) {
            assertThatThrownBy(() -> node.manager().start())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("PGQ7005: pg-queue is not installed in schema 'elsewhere'; ");
        }
    }

    @Test
    void validate_olderSchema_namesTheSetup() {
        database.execute("UPDATE pg_queue_schema SET version = 4");

        assertStartFails(SchemaManagement.VALIDATE)
                .hasMessage("PGQ7006: schema 'public' has version 4 of pg-queue, but this jar needs 6; run psql -f"
                        + " migrations/setup.sql on the database, or set pg-queue.schema-management=migrate");
    }

    @Test
    void validate_newerSchemaThatSupportsThisJar_works() {
        database.execute("UPDATE pg_queue_schema SET version = 9, oldest_supported = 6");

        try (TestNode node = TestNode.on(database)) {
            node.manager().start();
            JobQueue<String> queue = node.queue();
            queue.push("during a rolling upgrade");
            assertThat(queue.pop()).map(Job::payload).hasValue("during a rolling upgrade");
        }
    }

    @Test
    void validate_newerSchemaThatDoesNot_asksForANewerJar() {
        database.execute("UPDATE pg_queue_schema SET version = 9, oldest_supported = 7");

        assertStartFails(SchemaManagement.VALIDATE)
                .hasMessage(
                        "PGQ7007: schema 'public' has version 9 of pg-queue, which needs a jar made for version 7 or"
                                + " later, but this jar was made for version 6; upgrade the jar");
    }

    @Test
    void migrate_newerSchema_neverGoesBack() {
        database.execute("UPDATE pg_queue_schema SET version = 9, oldest_supported = 7");

        assertStartFails(SchemaManagement.MIGRATE).hasMessageStartingWith("PGQ7007: ");
        assertThat(database.number("SELECT version FROM pg_queue_schema")).isEqualTo(9);
    }

    @Test
    void validate_firstOperation_checksAsStartDoes() {
        database.execute("UPDATE pg_queue_schema SET version = 4");

        try (TestNode node = TestNode.on(database)) {
            assertThatThrownBy(() -> node.manager().cache().get("key", String.class))
                    .hasMessageStartingWith("PGQ7006: ");
            assertThatThrownBy(
                            () -> node.manager().queue("emails", String.class).pop())
                    .hasMessageStartingWith("PGQ7006: ");
            assertThatThrownBy(
                            () -> node.manager().channel("events", String.class).publish("x"))
                    .hasMessageStartingWith("PGQ7006: ");
        }
    }

    @Test
    void validate_noCurrentSchema_asksForOne() {
        database.execute("DROP SCHEMA public CASCADE");

        assertStartFails(SchemaManagement.VALIDATE).hasMessageStartingWith("PGQ7001: ");
        assertStartFails(SchemaManagement.MIGRATE).hasMessageStartingWith("PGQ7001: ");
    }

    @Test
    void none_whateverVersion_goesOn() {
        for (String change : new String[] {
            "UPDATE pg_queue_schema SET version = 4, oldest_supported = 1",
            "UPDATE pg_queue_schema SET version = 9, oldest_supported = 7"
        }) {
            database.execute(change);

            withNone(node -> {
                assertThatCode(() -> node.manager().start()).doesNotThrowAnyException();
                JobQueue<String> queue = node.queue();
                queue.push("x");
                assertThat(queue.pop()).isPresent();
            });
        }
    }

    @Test
    void none_missingSchema_isAnErrorOfTheFirstStatement() {
        database.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");

        withNone(node -> {
            assertThatCode(() -> node.manager().start()).doesNotThrowAnyException();
            assertThatThrownBy(
                            () -> node.manager().queue("emails", String.class).push("x"))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.sqlState()).isEqualTo("42P01"))
                    .hasMessageContaining("pg_queue_queue");
        });
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertStartFails(SchemaManagement management) {
        try (TestNode node = TestNode.on(database, config -> config.withSchemaManagement(management))) {
            return assertThatThrownBy(() -> node.manager().start())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageNotContaining("\n");
        }
    }

    private void withNone(Consumer<TestNode> test) {
        try (TestNode node = TestNode.on(database, config -> config.withSchemaManagement(SchemaManagement.NONE))) {
            test.accept(node);
        }
    }
}
