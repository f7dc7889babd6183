package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.internal.cache.CacheHost;
import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.CacheTable;
import io.github.pgqueue.spi.PayloadCodec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The PgQueueManager below a cache manager: given, or made of properties and then closed with it. Thread-safe. */
final class Backend implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");
    private static final String DEFAULT_DATA_SOURCE = "java:comp/DefaultDataSource";
    private static final int RETRY_SECONDS = 5;

    private final PgQueueManager manager;
    private final PgQueueConfig config;
    private final @Nullable AgroalPool pool;
    private final boolean own;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread starter;

    private Backend(PgQueueManager manager, PgQueueConfig config, @Nullable AgroalPool pool, boolean own) {
        this.manager = manager;
        this.config = config;
        this.pool = pool;
        this.own = own;
    }

    /** Over a manager that somebody else closes, which knows nothing of the properties. */
    static Backend over(PgQueueManager manager, Properties properties) {
        PgQueueConfig config = CacheProperties.added(properties, manager.config());
        return new Backend(manager, config, null, /* own= */ false);
    }

    /** Needs no database yet. */
    static Backend of(Properties properties) {
        PgQueueConfig config = CacheProperties.added(properties, PgQueueConfig.defaults());
        String schema = properties.getProperty("schema");
        if (schema != null) {
            config = config.withSchema(schema);
        }
        String url = properties.getProperty("url");
        AgroalPool pool = url == null ? null : pool(url, properties);
        DataSource dataSource =
                pool == null ? lookUp(properties.getProperty("datasource", DEFAULT_DATA_SOURCE)) : pool.dataSource();
        PgQueueManager manager =
                PgQueueManager.builder(dataSource).config(config).build();
        return new Backend(manager, config, pool, /* own= */ true);
    }

    private static AgroalPool pool(String url, Properties properties) {
        int size = poolSize(properties);
        try {
            return AgroalPool.open(url, properties.getProperty("user"), properties.getProperty("password"), size);
        } catch (NoClassDefFoundError | SQLException e) {
            throw Problems.noPool(e);
        }
    }

    private static int poolSize(Properties properties) {
        String size = properties.getProperty("pool-size", "10");
        try {
            return Math.max(1, Integer.parseInt(size.trim()));
        } catch (NumberFormatException e) {
            throw Problems.badSetting("pool-size", size, "a whole number is expected", e);
        }
    }

    @SuppressWarnings("BanJNDI") // the name comes from the configuration
    private static DataSource lookUp(String name) {
        try {
            Object found = new InitialContext().lookup(name);
            if (found instanceof DataSource dataSource) {
                return dataSource;
            }
            throw Problems.noDataSource(name, null);
        } catch (NamingException e) {
            throw Problems.noDataSource(name, e);
        }
    }

    PgQueueManager manager() {
        return manager;
    }

    /** What is said of caches, among other things. */
    PgQueueConfig config() {
        return config;
    }

    CacheStore store(boolean durable) {
        return host().cacheStore(durable ? CacheTable.DURABLE : CacheTable.UNLOGGED);
    }

    PayloadCodec json() {
        return host().payloadCodec();
    }

    ThreadFactory threads() {
        return host().threads();
    }

    private CacheHost host() {
        return manager.unwrap(CacheHost.class);
    }

    /** Starts the housekeeping of a manager of our own, as soon as there is a database. */
    synchronized void start() {
        if (own && starter == null) {
            starter = threads().newThread(this::startWhenPossible);
            starter.setName("pg-queue cache start");
            starter.start();
        }
    }

    private void startWhenPossible() {
        try {
            do {
                try {
                    manager.start();
                    return;
                } catch (PgQueueException e) {
                    LOG.log(Level.DEBUG, "housekeeping waits for the database: {0}", e.getMessage());
                }
            } while (!closed.await(RETRY_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (own) {
            manager.close();
        }
        if (pool != null) {
            pool.close();
        }
    }
}
