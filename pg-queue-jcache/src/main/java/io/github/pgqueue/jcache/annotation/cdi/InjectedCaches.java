package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.cdi.PgCacheName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AnnotatedMember;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ProcessBeanAttributes;
import jakarta.inject.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.CacheManager;

/**
 * What an application wants injected of JCache: a bean for its {@code CacheManager}, and one for each {@code Cache} of
 * declared types and a name. Where the application has such a bean itself, ours is left out. All are application scoped:
 * what is injected is a proxy, and the manager is made when it is first used.
 */
final class InjectedCaches {

    private final Set<InjectedCache> wanted = new LinkedHashSet<>();
    private final List<Bean<?>> others = new ArrayList<>();

    /** Takes an injection point of any bean. */
    void point(InjectionPoint point) {
        point(point.getType(), point.getQualifiers());
    }

    private void point(Type type, Set<Annotation> qualifiers) {
        if (!(type instanceof ParameterizedType parameterized)) {
            return;
        }
        Type[] arguments = parameterized.getActualTypeArguments();
        if (parameterized.getRawType() == Instance.class || parameterized.getRawType() == Provider.class) {
            point(arguments[0], qualifiers);
        } else if (parameterized.getRawType() == Cache.class && InjectedCache.isConcrete(parameterized)) {
            // Other qualifiers mean beans that the application makes itself.
            qualifiers.stream()
                    .filter(qualifier -> qualifiers.size() == 1)
                    .filter(qualifier -> qualifier instanceof PgCacheName || qualifier instanceof Default)
                    .forEach(qualifier -> wanted.add(new InjectedCache(parameterized, qualifier)));
        }
    }

    /** Takes a bean of the application or server. */
    void other(Bean<?> bean) {
        if (bean.getTypes().stream().anyMatch(InjectedCaches::isWanted)) {
            others.add(bean);
        }
    }

    /** Whether a bean is one of those that Payara makes with its own provider, for the same injection points. */
    static boolean isOfServer(ProcessBeanAttributes<?> event, String packageOfServer) {
        return event.getAnnotated() instanceof AnnotatedMember<?> member
                && member.getJavaMember().getDeclaringClass().getName().startsWith(packageOfServer)
                && isWanted(member.getBaseType());
    }

    void addBeans(AfterBeanDiscovery event) {
        if (isFree(CacheManager.class, Default.Literal.INSTANCE)) {
            add(event, CacheManager.class, Default.Literal.INSTANCE, CachingCalls::own);
        }
        for (InjectedCache cache : wanted) {
            if (isFree(cache.type(), cache.qualifier())) {
                add(event, cache.type(), cache.qualifier(), calls -> calls.cache(cache));
            }
        }
    }

    private static void add(
            AfterBeanDiscovery event, Type type, Annotation qualifier, Function<CachingCalls, Object> made) {
        event.addBean()
                .id("pg-queue " + type.getTypeName() + " " + qualifier)
                .beanClass(CachingCalls.class)
                .types(type, Object.class)
                .qualifiers(qualifier, Any.Literal.INSTANCE)
                .scope(ApplicationScoped.class)
                .produceWith(instances ->
                        made.apply(instances.select(CachingCalls.class).get()));
    }

    /** A producer of caches of any type, such as that of Payara, makes this one too. */
    private boolean isFree(Type type, Annotation qualifier) {
        return others.stream()
                .filter(bean -> bean.getQualifiers().contains(qualifier))
                .flatMap(bean -> bean.getTypes().stream())
                .noneMatch(made -> made.equals(type) || (isRaw(type, Cache.class) && InjectedCache.isOpen(made)));
    }

    private static boolean isWanted(Type type) {
        return isRaw(type, CacheManager.class) || isRaw(type, Cache.class);
    }

    private static boolean isRaw(Type type, Class<?> raw) {
        return type == raw || (type instanceof ParameterizedType generic && generic.getRawType() == raw);
    }

    /** A cache has one type of keys and one of values, whatever asks for it. */
    List<ConfigurationException> problems() {
        return wanted.stream()
                .collect(Collectors.groupingBy(InjectedCache::name, TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .filter(ofOneName -> ofOneName.size() > 1)
                .map(ofOneName -> CdiErrors.severalTypes(
                        ofOneName.get(0).name(),
                        ofOneName.stream()
                                .map(cache -> cache.type().getTypeName())
                                .sorted()
                                .toList()))
                .toList();
    }
}
