package io.github.pgqueue.it.support;

import io.github.pgqueue.shop.database.Database;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The one PostgreSQL of a test run: started by the first test that asks for it, closed when the run ends. Which one is
 * decided by {@code -Dpg}, as for the order shop.
 */
public final class TestServer implements LauncherSessionListener {

    private static @Nullable Database server;

    /** The server; tests make databases of their own in it. */
    public static synchronized Database get() {
        Database running = server;
        if (running == null) {
            running = Database.open();
            server = running;
        }
        return running;
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        synchronized (TestServer.class) {
            TestDatabase.closeTemplates();
            if (server != null) {
                server.close();
                server = null;
            }
        }
    }
}
