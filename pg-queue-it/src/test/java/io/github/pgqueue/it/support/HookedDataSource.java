package io.github.pgqueue.it.support;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Lets a test do something, or fail, before each connection is handed out: a pool that blocks, a database that is away. */
public final class HookedDataSource implements TestDataSource {

    /** Runs before a connection is handed out, on the thread that asks for it. */
    @FunctionalInterface
    public interface Hook {
        void run() throws SQLException;
    }

    private final DataSource behind;
    private volatile Hook hook = () -> {};

    public HookedDataSource(DataSource behind) {
        this.behind = behind;
    }

    @Override
    public Connection getConnection() throws SQLException {
        hook.run();
        return behind.getConnection();
    }

    /** From now on this runs first. */
    public void before(Hook first) {
        this.hook = first;
    }

    /** From now on there is no connection to be had. */
    public void refuse() {
        before(() -> {
            throw new SQLException("Connection refused, as the test wants it", "08001");
        });
    }

    /** From now on connections are handed out as they should be. */
    public void allow() {
        before(() -> {});
    }
}
