package io.github.pgqueue.it.jcache.tck;

import io.github.pgqueue.it.jcache.DefaultCaches;
import java.util.Map;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * A database for the TCK, which asks for a cache manager without saying anything about one. Its own classes, and no
 * others, may be serialized. The near caches of {@code tck.near} are there to hold everything as long as they may.
 */
public final class TckDatabase implements LauncherSessionListener {

    private final DefaultCaches caches = new DefaultCaches();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (Boolean.getBoolean("tck")) {
            caches.open(Map.of(
                    "caches.*.serializable", "domain.*, java.util.Date, java.util.HashMap",
                    "caches.*.near", String.valueOf(Boolean.getBoolean("tck.near")),
                    "caches.*.near-miss-ttl", "PT30S"));
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        caches.close();
    }
}
