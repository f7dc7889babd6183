package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of queues that are meant to do harm are refused in the same way in Java and in SQL; all others are kept apart. */
@PgQueueTest
class HostileNameIT {

    /** Every object that could have come from a name. */
    private static final String OBJECTS =
            "SELECT (SELECT count(*) FROM pg_class) || ' ' || (SELECT count(*) FROM pg_proc) || ' ' || (SELECT count(*) FROM pg_queue_queue)";

    static Stream<Arguments> refused() {
        return Stream.of(
                        "",
                        " ",
                        " emails",
                        "emails ",
                        "emails\n",
                        "\nemails",
                        "emails\r\n",
                        "emails\tx",
                        "emails\0",
                        "\0",
                        "a".repeat(41),
                        "a".repeat(63),
                        "a".repeat(64),
                        "a".repeat(10_000),
                        "a\"b",
                        "a\" (id int); DROP TABLE pg_queue_queue; --",
                        "x'; DROP TABLE pg_queue_queue; --",
                        "x'; SELECT pg_sleep(1000); --",
                        "a;b",
                        "--",
                        "/*",
                        "$$",
                        "$body$",
                        "a.b",
                        "public.queue_emails",
                        "pg_temp.x",
                        "a-b",
                        "a/../b",
                        "a\\b",
                        "%s",
                        "%I",
                        "${queue}",
                        "${jndi:ldap://localhost/x}",
                        "{0}",
                        "?",
                        "\u0435mails", // a Cyrillic letter that looks like e
                        "\uff45mails", // a full-width one
                        "émails",
                        "e\u0301mails",
                        "emails\u200b",
                        "\u202esliame",
                        "\uD83D\uDE00",
                        "\u0661", // a digit, but none of ours
                        "emails\u2028x",
                        "\u001b[31mred")
                .map(Arguments::of);
    }

    private static void assertRefused(String name, Runnable operation) {
        assertThatThrownBy(operation::run).isInstanceOfSatisfying(InvalidNameException.class, refused -> {
            assertThat(refused.code()).isEqualTo("PGQ1001");
            assertThat(refused.name()).isEqualTo(name);
            assertThat(refused.getMessage())
                    .hasSizeLessThan(1_000)
                    .matches("[^\\p{Cntrl}\\u2028\\u2029\\u202e\\u200b]*");
        });
    }

    @ParameterizedTest
    @MethodSource("refused")
    void java_everyOperation_refusesTheName(String name, TestNode node) throws SQLException {
        PgQueueManager manager = node.manager();
        String before = node.database().text(OBJECTS);

        assertRefused(name, () -> new QueueName(name));
        assertRefused(name, () -> manager.queue(name, String.class));
        assertRefused(name, () -> manager.createQueue(name));
        assertRefused(name, () -> manager.dropQueue(name));
        assertRefused(name, () -> manager.work(name, String.class, (job, context) -> Outcome.complete()));
        assertRefused(name, () -> manager.config().withQueue(name, queue -> queue));
        try (Connection connection = node.database().connect()) {
            assertRefused(name, () -> manager.using(connection).queue(name, String.class));
        }

        assertThat(node.database().text(OBJECTS)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void sql_everyFunction_refusesTheName(String name, TestDatabase database) throws SQLException {
        String before = database.text(OBJECTS);

        try (Connection connection = database.connect()) {
            for (String function : List.of(
                    "SELECT pg_queue_create_queue(?)",
                    "SELECT pg_queue_drop_queue(?)",
                    "SELECT pg_queue_push(?, '1')",
                    "SELECT pg_queue_requeue(?)")) {
                try (PreparedStatement call = connection.prepareStatement(function)) {
                    call.setString(1, name);

                    assertThatThrownBy(call::execute).isInstanceOfSatisfying(SQLException.class, refused -> {
                        if (name.indexOf(0) >= 0) {
                            assertThat(refused.getSQLState()).startsWith("22");
                        } else {
                            assertThat(refused.getSQLState()).isEqualTo("22023");
                            assertThat(refused.getMessage()).contains("PGQ1001", "Hint: A queue name has");
                        }
                    });
                }
            }
        }

        assertThat(database.text(OBJECTS)).isEqualTo(before);
    }

    @Test
    void sql_nullName_isRefused(TestDatabase database) {
        for (String call :
                List.of("pg_queue_create_queue(NULL)", "pg_queue_drop_queue(NULL)", "pg_queue_push(NULL, '1')")) {
            assertThatThrownBy(() -> database.text("SELECT " + call)).hasMessageContaining("PGQ1001");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "Z",
                "0",
                "_",
                "____",
                "1st",
                "select",
                "TABLE",
                "user",
                "null",
                "queue",
                "queue_",
                "pg_queue_queue",
                "id_a",
                "pending_a",
                "pk_a",
                "constructor",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void name_thatIsAllowed_worksFromBothSides(String name, TestNode node) {
        node.manager().createQueue(name);
        node.database().execute("SELECT pg_queue_create_queue('" + name + "')");
        JobQueue<String> queue = node.manager().queue(name, String.class);

        queue.push("java");
        node.database()
                .execute(
                        "SELECT pg_queue_push('" + name + "', '\"sql\"')",
                        "INSERT INTO \"queue_" + name + "\" (payload) VALUES ('\"raw\"')");

        assertThat(queue.pop(10)).extracting(Job::payload).containsExactly("java", "sql", "raw");
        node.manager().dropQueue(name);
        node.manager().dropQueue(name);
        assertThat(node.database().text("SELECT to_regclass('\"queue_" + name + "\"')"))
                .isEqualTo("null");
    }

    @Test
    void names_thatDifferInCase_areDifferentQueues(TestNode node) {
        List<String> names = List.of("emails", "Emails", "EMAILS");
        names.forEach(node.manager()::createQueue);

        names.forEach(name -> node.manager().queue(name, String.class).push(name));

        names.forEach(
                name -> assertThat(node.manager().queue(name, String.class).pop(10))
                        .extracting(Job::payload)
                        .containsExactly(name));
        assertThat(new QueueName("emails")).isNotEqualTo(new QueueName("Emails"));
    }

    @Test
    void names_ofFullLength_areNotCutToTheSame(TestNode node) {
        List<String> names = List.of("x".repeat(39) + "1", "x".repeat(39) + "2", "x".repeat(39));
        names.forEach(node.manager()::createQueue);

        names.forEach(name -> node.manager().queue(name, String.class).push(name));

        names.forEach(
                name -> assertThat(node.manager().queue(name, String.class).pop(10))
                        .extracting(Job::payload)
                        .containsExactly(name));
        // A table of jobs and one of leases for each.
        assertThat(node.database()
                        .number("SELECT count(DISTINCT relname) FROM pg_class WHERE relname LIKE '%" + "x".repeat(39)
                                + "%' AND relkind = 'r'"))
                .isEqualTo(6);
    }

    @Test
    void drop_thenCreate_startsAnew(TestNode node) {
        node.manager().createQueue("again");
        JobQueue<String> queue = node.manager().queue("again", String.class);
        queue.push("x");
        node.manager().dropQueue("again");
        node.manager().createQueue("again");

        assertThat(queue.pop()).isEmpty();
        queue.push("y");
        assertThat(queue.pop()).map(Job::payload).contains("y");
    }
}
