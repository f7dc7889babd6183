package fish.payara.cdi.jsr107;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.lang.reflect.Proxy;
import javax.cache.Cache;
import javax.cache.CacheManager;

/** Makes what is injected, of a provider that does nothing. */
public class JSR107Producer {

    /** Added as the server does it: before any application's extension sees it. */
    public static final class Binding implements Extension {

        void bind(@Observes BeforeBeanDiscovery event, BeanManager beans) {
            event.addAnnotatedType(beans.createAnnotatedType(JSR107Producer.class), "of the server");
        }
    }

    @Produces
    @Dependent
    CacheManager getCacheManager(InjectionPoint point) {
        return refusing(CacheManager.class);
    }

    @Produces
    @Dependent
    @SuppressWarnings("unchecked")
    <K, V> Cache<K, V> createCache(InjectionPoint point) {
        return refusing(Cache.class);
    }

    private static <T> T refusing(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException("the server's own");
                }));
    }
}
