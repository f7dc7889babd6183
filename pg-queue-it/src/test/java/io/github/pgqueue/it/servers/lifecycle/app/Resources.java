package io.github.pgqueue.it.servers.lifecycle.app;

import io.github.pgqueue.it.servers.Databases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Where effects are written: into the database of the jobs, and into a second resource, which is the same database where
 * there is only one. All join the transaction of the caller.
 */
@ApplicationScoped
public class Resources {

    /** Which deployment this is. */
    public static final String VERSION = "crash.version";
    /** The short name of the data source that pg-queue has. */
    public static final String FIRST = "crash.first";
    /** The short name of the other data source. */
    public static final String SECOND = "crash.second";

    @Inject
    private Databases databases;

    /** Writes into the database of the jobs. */
    public void first(String source, String what) {
        databases.effect(config(FIRST), source, what);
    }

    /** Writes into the second resource. */
    public void second(String source, String what) {
        databases.effect(config(SECOND), source, what);
    }

    /** A value of the application's configuration. */
    public String config(String key) {
        return ConfigProvider.getConfig().getValue(key, String.class);
    }
}
