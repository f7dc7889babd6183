package io.github.pgqueue.it.jcache.annotation;

import io.github.pgqueue.jcache.annotation.cdi.JCacheAnnotationsExtension;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import javax.cache.annotation.BeanProvider;
import manager.CacheNameOnEachMethodBlogManagerImpl;
import manager.ClassLevelCacheConfigBlogManagerImpl;
import manager.UsingDefaultCacheNameBlogManagerImpl;

/**
 * Gives the annotation tests of the kit their beans, on Weld SE. Found through {@code META-INF/services}. Public, as the
 * kit demands; the container ends with the JVM.
 */
public final class KitBeans implements BeanProvider {

    private final SeContainer container = SeContainerInitializer.newInstance()
            .disableDiscovery()
            .addExtensions(new JCacheAnnotationsExtension())
            .addBeanClasses(
                    CacheNameOnEachMethodBlogManagerImpl.class,
                    ClassLevelCacheConfigBlogManagerImpl.class,
                    UsingDefaultCacheNameBlogManagerImpl.class)
            .initialize();

    @Override
    public <T> T getBeanByType(Class<T> type) {
        return container.select(type).get();
    }
}
