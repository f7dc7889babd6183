package io.github.pgqueue.it.soak;

import io.github.pgqueue.shop.database.EmbeddedServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Does harm, one fault after the other, in rounds: each fault comes in each round, in random order. */
final class Faults implements AutoCloseable {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** One fault. */
    @FunctionalInterface
    private interface Fault {
        void happen() throws InterruptedException;
    }

    private final Nodes nodes;
    private final EmbeddedServer server;
    private final DataSource dataSource;
    private final Tally tally;
    private final Random random;
    private final Span never = new Span();
    private final List<CompletableFuture<Void>> thaws = new ArrayList<>();

    Faults(Nodes nodes, EmbeddedServer server, DataSource dataSource, Tally tally, long seed) {
        this.nodes = nodes;
        this.server = server;
        this.dataSource = dataSource;
        this.tally = tally;
        this.random = new Random(seed);
    }

    /** Goes on so long, and at least for one round. */
    void happen(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        List<Fault> round = new ArrayList<>(List.of(
                () -> nodes.kill(random),
                () -> nodes.kill(random),
                this::freeze,
                this::freeze,
                nodes::closeOwn,
                () -> nodes.closeOther(random),
                this::crash,
                this::terminate,
                this::terminate,
                this::terminate,
                this::terminate));
        for (int happened = 0; happened < round.size() || System.nanoTime() - end < 0; happened++) {
            if (happened % round.size() == 0) {
                Collections.shuffle(round, random);
            }
            round.get(happened % round.size()).happen();
            never.rest(upTo(LONGEST_PAUSE));
        }
    }

    private Duration upTo(Duration longest) {
        return Duration.ofMillis((long) (longest.toMillis() * random.nextDouble()));
    }

    /** Other faults happen while the process is frozen, for up to four leases. */
    private void freeze() {
        Duration frozen = Node.LEASE.plus(upTo(Node.LEASE.multipliedBy(3))).plusMillis(100);
        Runnable thaw = nodes.freeze(random);
        thaws.add(CompletableFuture.runAsync(
                thaw, CompletableFuture.delayedExecutor(frozen.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** Stops the server without a care, with all its sessions, and starts it again. */
    private void crash() {
        server.restart();
        tally.count(Event.SERVER_CRASHED);
    }

    private void terminate() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SoakSql.TERMINATE)) {
            while (row.next()) {
                if (row.getBoolean(1)) {
                    tally.count(Event.SESSION_TERMINATED);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Once everything that is frozen goes on. */
    @Override
    public void close() {
        thaws.forEach(CompletableFuture::join);
    }
}
