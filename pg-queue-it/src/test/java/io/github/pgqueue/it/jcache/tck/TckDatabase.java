package io.github.pgqueue.it.jcache.tck;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.shop.database.Database;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * A database for the TCK, which asks for a cache manager without saying anything about one. Its own classes, and no
 * others, may be serialized.
 */
public final class TckDatabase implements LauncherSessionListener {

    private @Nullable TestDatabase opened;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (Boolean.getBoolean("tck")) {
            opened = TestDatabase.create();
            Database database = opened.database();
            System.setProperty("pg-queue.jcache.url", database.jdbcUrl());
            System.setProperty("pg-queue.jcache.user", database.user());
            System.setProperty("pg-queue.jcache.password", database.password());
            System.setProperty("pg-queue.jcache.caches.*.serializable", "domain.*, java.util.Date, java.util.HashMap");
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
