package io.github.pgqueue.it.support;

import com.arjuna.ats.jta.cdi.TransactionExtension;
import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.shop.database.Database;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.transaction.TransactionManager;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.bootstrap.spi.BeanDiscoveryMode;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/**
 * An application in a container of its own: Weld SE with the transactions of Narayana, pools of Agroal and MicroProfile
 * Config of SmallRye. It has exactly the beans it is given, and the beans of extensions. Close it: that stops it in good
 * order.
 *
 * <p>Data sources are beans of the types {@code DataSource} and {@code AgroalDataSource}. Several nodes may run at once.
 */
public final class WeldNode implements AutoCloseable {

    private final WeldContainer container;
    private final Probe probe;
    private final List<AgroalDataSource> pools;

    private WeldNode(WeldContainer container, Probe probe, List<AgroalDataSource> pools) {
        this.container = container;
        this.probe = probe;
        this.pools = pools;
    }

    /** An application without a data source. */
    public static Builder builder() {
        return new Builder();
    }

    /** An application whose only data source is a local pool over the database. */
    public static Builder builder(TestDatabase database) {
        return builder().dataSource(database, NarayanaPool.LOCAL);
    }

    /** A bean. */
    public <T> T get(Class<T> type, Annotation... qualifiers) {
        return container.select(type, qualifiers).get();
    }

    /** A bean of a generic type. */
    public <T> T get(TypeLiteral<T> type, Annotation... qualifiers) {
        return container.select(type, qualifiers).get();
    }

    public WeldContainer container() {
        return container;
    }

    /** What has happened in the manager of this application. */
    public Probe probe() {
        return probe;
    }

    public TransactionManager transactionManager() {
        return NarayanaServices.manager();
    }

    /** Calls something in a transaction that is committed, or rolled back if it throws. */
    public <R> R inTransaction(Callable<R> action) throws Exception {
        transactionManager().begin();
        R result;
        try {
            result = action.call();
        } catch (Exception | Error e) {
            transactionManager().rollback();
            throw e;
        }
        transactionManager().commit();
        return result;
    }

    /** Harmless if repeated. */
    @Override
    public void close() {
        try {
            if (container.isRunning()) {
                container.shutdown();
            }
        } finally {
            pools.forEach(AgroalDataSource::close);
        }
    }

    /** Collects what an application is made of. */
    public static final class Builder {

        private final Weld weld = new Weld().disableDiscovery();
        private final Map<String, String> config = new LinkedHashMap<>();
        private final WeldNodeBeans nodeBeans = new WeldNodeBeans();
        private final List<AgroalDataSource> pools = new ArrayList<>();
        private final Set<Class<? extends Extension>> left = new HashSet<>();
        private boolean transactions = true;

        private Builder() {
            config.put("pg-queue.drain-timeout", "PT5S");
            config.put("pg-queue.defaults.retry-delay", "PT0.01S");
            config.put("pg-queue.defaults.retry-max-delay", "PT0.1S");
            weld.addBeanClass(Object.class);
        }

        /** Classes of beans, interceptors and the like. */
        public Builder beans(Class<?>... classes) {
            weld.addBeanClasses(classes);
            return this;
        }

        /** A property of MicroProfile Config. */
        public Builder config(String key, String value) {
            config.put(key, value);
            return this;
        }

        /** Of the classes, only those that say so are beans, as in an archive with {@code annotated} discovery. */
        public Builder annotatedBeansOnly() {
            weld.setBeanDiscoveryMode(BeanDiscoveryMode.ANNOTATED);
            return this;
        }

        /** A data source without a name. */
        public Builder dataSource(TestDatabase database, NarayanaPool kind) {
            return dataSource("", database, kind);
        }

        /** A data source with a name, by which it is injected too. */
        public Builder dataSource(String name, TestDatabase database, NarayanaPool kind) {
            return dataSource(name, database.database(), kind);
        }

        /** The same over a database that is not that of one test class. */
        public Builder dataSource(String name, Database database, NarayanaPool kind) {
            AgroalDataSource pool = kind.open(database);
            pools.add(pool);
            nodeBeans.dataSource(name, pool);
            return this;
        }

        /** Any data source, without a name. */
        public Builder dataSource(DataSource dataSource) {
            return dataSource("", dataSource);
        }

        /** Any data source, with a name. */
        public Builder dataSource(String name, DataSource dataSource) {
            nodeBeans.dataSource(name, dataSource);
            return this;
        }

        /** No transaction manager, and no {@code @Transactional}. */
        public Builder withoutTransactions() {
            transactions = false;
            return without(TransactionExtension.class);
        }

        /** An extension that is on the class path is left out. */
        public Builder without(Class<? extends Extension> extension) {
            left.add(extension);
            return this;
        }

        /** An extension that is not found by itself. */
        public Builder with(Extension extension) {
            weld.addExtension(extension);
            return this;
        }

        /** No bean that listens to what happens, which costs time for each job. */
        public Builder withoutProbe() {
            nodeBeans.withoutProbe();
            return this;
        }

        /** Boots the container; throws what is wrong with the application. */
        public WeldNode start() {
            ServiceLoader.load(Extension.class).stream()
                    .filter(extension -> !left.contains(extension.type()))
                    .map(ServiceLoader.Provider::get)
                    .forEach(weld::addExtension);
            weld.addExtension(nodeBeans);
            if (transactions) {
                weld.addServices(new NarayanaServices());
            }
            try {
                return new WeldNode(boot(), nodeBeans.probe(), pools);
            } catch (RuntimeException | Error e) {
                pools.forEach(AgroalDataSource::close);
                throw e;
            }
        }

        /** Configuration belongs to a class loader: one of its own keeps it from other nodes. */
        private WeldContainer boot() {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            ClassLoader own = new ClassLoader(before) {};
            Config ownConfig = new SmallRyeConfigBuilder()
                    .withSources(new PropertiesConfigSource(config, "test", 500))
                    .build();
            ConfigProviderResolver.instance().registerConfig(ownConfig, own);
            thread.setContextClassLoader(own);
            try {
                return weld.initialize();
            } finally {
                thread.setContextClassLoader(before);
                ConfigProviderResolver.instance().releaseConfig(ownConfig);
            }
        }
    }
}
