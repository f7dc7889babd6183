package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.next;
import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any name that NOTIFY takes names a channel; every other is refused before it reaches the database. */
@PgQueueTest
class ChannelNameIT {

    static Stream<Named<String>> bad() {
        return Stream.of(
                Named.of("empty", ""),
                Named.of("64 bytes", "x".repeat(64)),
                Named.of("64 bytes of 32 characters", "é".repeat(32)),
                Named.of("NUL", "a\0b"),
                Named.of("lone surrogate", "a\uD83D"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "UPPER lower",
                "we\"ird",
                "it's",
                "a; DROP TABLE pg_queue_signal --",
                "Ñandú-😀",
                "line\nbreak\ttab",
                "back\\slash",
                "?",
                "$1",
                "{fn now()}",
                "${schema}${channel}",
                "*",
                "events.user_signup",
                "012345678901234567890123456789012345678901234567890123456789012",
                "ééééééééééééééééééééééééééééééé1"
            })
    void channel_anyNameThatNotifyTakes_carriesSignals(String name, TestNode node) throws SQLException {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen(name);

            node.manager().channel(name, String.class).publishRaw("from java");
            publishInSql(node.database(), name, "from sql");

            assertThat(List.of(next(listener), next(listener)))
                    .extracting(Notification::channel, Notification::payload)
                    .containsExactly(tuple(name, "from java"), tuple(name, "from sql"));
            listener.unlisten(name);
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void channel_badName_isRefusedEverywhere(String name, TestNode node) {
        PgQueueManager manager = node.manager();
        try (PgListener listener = manager.createListener()) {
            List<ThrowingCallable> uses = List.of(
                    () -> manager.channel(name, String.class),
                    () -> listener.listen(name),
                    () -> manager.subscribe(name, notification -> {}),
                    () -> manager.subscribe(name, String.class, text -> {}));

            assertThat(uses)
                    .allSatisfy(use -> assertThatThrownBy(use).isInstanceOfSatisfying(InvalidNameException.class, e -> {
                        assertThat(e.code()).isEqualTo("PGQ2001");
                        assertThat(e.name()).isEqualTo(name);
                        assertThat(e.getMessage()).doesNotContain("\0");
                    }));
        }
    }

    @Test
    void listen_badName_doesNotDisturbTheOtherChannels(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("undisturbed");

            assertThatThrownBy(() -> listener.listen("x".repeat(64))).isInstanceOf(InvalidNameException.class);
            node.manager().channel("undisturbed", String.class).publishRaw("still here");

            assertThat(text(listener)).isEqualTo("still here");
            assertThat(node.probe().countOf("listeningLost")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789012345678901234567890123456789012345678901234567890123"})
    void pgQueuePublish_badName_isRefused(String name, TestDatabase database) {
        assertThatThrownBy(() -> publishInSql(database, name, "x"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("PGQ2001");
    }

    @Test
    void channel_namesThatDifferInCase_areTwo(TestNode node) {
        try (PgListener upper = node.manager().createListener();
                PgListener lower = node.manager().createListener()) {
            upper.listen("Orders");
            lower.listen("orders");

            node.manager().channel("Orders", String.class).publishRaw("upper");
            node.manager().channel("orders", String.class).publishRaw("lower");

            assertThat(text(upper)).isEqualTo("upper");
            assertThat(text(lower)).isEqualTo("lower");
            assertThat(upper.tryReceive()).isEmpty();
        }
    }

    private static void publishInSql(TestDatabase database, String channel, String payload) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement("SELECT pg_queue_publish(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        }
    }
}
