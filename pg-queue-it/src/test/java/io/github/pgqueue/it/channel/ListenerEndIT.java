package io.github.pgqueue.it.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A listener that is closed, or whose manager is, tells everybody and leaves nothing. */
@PgQueueTest
class ListenerEndIT {

    @Test
    void close_whileReceiveWaits_tellsTheReceiver(TestNode node) {
        PgListener listener = node.manager().createListener();
        listener.listen("closing");
        InBackground<Notification> receiving = InBackground.call(listener::receive);
        InBackground<Optional<Notification>> alsoReceiving =
                InBackground.call(() -> listener.receive(Duration.ofHours(1)));
        receiving.awaitWaiting();
        alsoReceiving.awaitWaiting();

        listener.close();

        assertThat(receiving.failure()).isInstanceOf(ManagerClosedException.class);
        assertThat(alsoReceiving.failure()).isInstanceOf(ManagerClosedException.class);
    }

    @Test
    void close_ofTheManager_whileReceiveWaits_tellsTheReceiver(TestNode node) {
        PgListener listener = node.manager().createListener();
        listener.listen("closing manager");
        InBackground<Notification> receiving = InBackground.call(listener::receive);
        receiving.awaitWaiting();

        node.manager().close();

        assertThat(receiving.failure()).isInstanceOf(ManagerClosedException.class);
    }

    @Test
    void close_thenUse_isRefused(TestNode node) {
        PgListener listener = node.manager().createListener();
        listener.listen("closed");

        listener.close();
        listener.close();

        List<ThrowingCallable> uses = List.of(
                () -> listener.listen("closed"),
                () -> listener.unlisten("closed"),
                listener::receive,
                () -> listener.receive(Duration.ofHours(1)),
                listener::tryReceive);
        assertThat(uses)
                .allSatisfy(use -> assertThatThrownBy(use)
                        .isInstanceOfSatisfying(
                                ManagerClosedException.class,
                                e -> assertThat(e.code()).isEqualTo("PGQ7004")));
    }

    @Test
    void close_ofTheManager_thenListenOrSubscribe_isRefused(TestNode node) {
        PgQueueManager manager = node.manager();
        manager.channel("x", String.class).publishRaw("the schema is known");

        manager.close();

        assertThat(InBackground.call(() -> manager.createListener().receive()).failure())
                .isInstanceOf(ManagerClosedException.class);
        assertThatThrownBy(manager::createListener).isInstanceOf(ManagerClosedException.class);
        assertThatThrownBy(() -> manager.subscribe("x", notification -> {})).isInstanceOf(ManagerClosedException.class);
    }

    @Test
    void close_ofTheManager_leavesNoThreadAndNoSession(TestDatabase database) {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                .config(TestNode.quick())
                .threads(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    threads.add(thread);
                    return thread;
                })
                .build();
        manager.start();
        manager.createListener().listen("a");
        manager.subscribe("b", notification -> {});
        assertThat(threads).isNotEmpty().allMatch(Thread::isAlive);

        manager.close();

        assertThat(threads).noneMatch(Thread::isAlive);
        // A session ends a moment after its client has said goodbye.
        Awaitility.await()
                .until(() -> database.number("SELECT count(*) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid()")
                        == 0);
    }
}
