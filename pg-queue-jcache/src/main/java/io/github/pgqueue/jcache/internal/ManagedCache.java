package io.github.pgqueue.jcache.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.URI;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.management.CacheMXBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** The two MBeans of a cache, while they are registered. Thread-safe. */
final class ManagedCache {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final URI manager;
    private final String cache;
    private final CacheMXBean configuration;
    private final Statistics statistics;
    private @Nullable ObjectName managed;
    private @Nullable ObjectName counted;

    ManagedCache(URI manager, String cache, CompleteConfiguration<?, ?> configuration, Statistics statistics) {
        this.manager = manager;
        this.cache = cache;
        this.configuration = new ConfigurationBean(configuration);
        this.statistics = statistics;
    }

    synchronized void manage(boolean enabled) {
        managed = enabled ? register("CacheConfiguration", configuration, managed) : unregister(managed);
    }

    synchronized void count(boolean enabled) {
        counted = enabled ? register("CacheStatistics", statistics, counted) : unregister(counted);
    }

    private @Nullable ObjectName register(String type, Object bean, @Nullable ObjectName registered) {
        if (registered != null) {
            return registered;
        }
        try {
            ObjectName objectName = new ObjectName("javax.cache:type=" + type + ",CacheManager="
                    + nameable(manager.toString()) + ",Cache=" + nameable(cache));
            server.registerMBean(bean, objectName);
            return objectName;
        } catch (InstanceAlreadyExistsException e) {
            LOG.log(Level.INFO, "another application of this JVM has MBeans of a cache of the same name and manager");
            return null;
        } catch (JMException e) {
            LOG.log(Level.WARNING, "the MBeans of a cache could not be registered", e);
            return null;
        }
    }

    private @Nullable ObjectName unregister(@Nullable ObjectName registered) {
        if (registered != null) {
            try {
                server.unregisterMBean(registered);
            } catch (JMException e) {
                LOG.log(Level.DEBUG, "the MBeans of a cache had gone already", e);
            }
        }
        return null;
    }

    /** Without what an object name gives a meaning to. */
    private static String nameable(String text) {
        return text.replaceAll("[,:=\n*?\"]", ".");
    }

    private record ConfigurationBean(CompleteConfiguration<?, ?> configuration) implements CacheMXBean {

        @Override
        public String getKeyType() {
            return configuration.getKeyType().getName();
        }

        @Override
        public String getValueType() {
            return configuration.getValueType().getName();
        }

        @Override
        public boolean isReadThrough() {
            return configuration.isReadThrough();
        }

        @Override
        public boolean isWriteThrough() {
            return configuration.isWriteThrough();
        }

        @Override
        public boolean isStoreByValue() {
            return configuration.isStoreByValue();
        }

        @Override
        public boolean isStatisticsEnabled() {
            return configuration.isStatisticsEnabled();
        }

        @Override
        public boolean isManagementEnabled() {
            return configuration.isManagementEnabled();
        }
    }
}
