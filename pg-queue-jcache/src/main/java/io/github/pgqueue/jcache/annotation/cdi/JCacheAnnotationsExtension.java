package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.jcache.annotation.AnnotatedMethods;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.ProcessBean;
import jakarta.enterprise.inject.spi.ProcessBeanAttributes;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;

/**
 * Brings the caching annotations, and caches to be injected, into a CDI container. Found by it through {@code META-INF/services}; there is nothing to
 * call.
 *
 * <p>Reports at deployment every annotation that cannot be obeyed. The interceptors that Payara has for the same
 * annotations would cache every call a second time, in its data grid, and its caches would be injected as well as ours:
 * both are switched off, which is logged, unless {@code pg-queue.cache-annotations.interceptors=server} keeps them and leaves ours out.
 */
public final class JCacheAnnotationsExtension implements Extension {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache.annotation");

    private static final String OF_PAYARA = "fish.payara.cdi.jsr107.";
    private static final Set<String> OF_SERVERS = Set.of(
            OF_PAYARA + "CacheResultInterceptor",
            OF_PAYARA + "CachePutInterceptor",
            OF_PAYARA + "CacheRemoveInterceptor",
            OF_PAYARA + "CacheRemoveAllInterceptor");

    private final List<ConfigurationException> problems = new ArrayList<>();
    private final InjectedCaches caches = new InjectedCaches();
    private boolean leftToServer;
    private boolean vetoed;

    void own(@Observes BeforeBeanDiscovery event) {
        leftToServer = AnnotationSettings.read().serverInterceptors();
        event.addAnnotatedType(CachingCalls.class, CachingCalls.class.getName());
        if (leftToServer) {
            LOG.log(Level.INFO, "the caching annotations are left to the interceptors of the server");
            return;
        }
        event.addAnnotatedType(CachingInterceptor.class, CachingInterceptor.class.getName());
    }

    void foreign(@Observes @WithAnnotations(Interceptor.class) ProcessAnnotatedType<?> event) {
        if (leftToServer
                || !OF_SERVERS.contains(event.getAnnotatedType().getJavaClass().getName())) {
            return;
        }
        event.veto();
        logVeto();
    }

    void foreign(@Observes ProcessBeanAttributes<?> event) {
        if (!leftToServer && InjectedCaches.isOfServer(event, OF_PAYARA)) {
            event.veto();
            logVeto();
        }
    }

    private void logVeto() {
        if (!vetoed) {
            vetoed = true;
            LOG.log(
                    Level.INFO,
                    "the server's own caches and interceptors of the caching annotations are switched off;"
                            + " pg-queue.cache-annotations.interceptors=server keeps them instead of those of pg-queue");
        }
    }

    void points(@Observes ProcessInjectionPoint<?, ?> event) {
        caches.point(event.getInjectionPoint());
    }

    void others(@Observes ProcessBean<?> event) {
        caches.other(event.getBean());
    }

    void beans(@Observes AfterBeanDiscovery event) {
        caches.addBeans(event);
    }

    void bind(
            @Observes @WithAnnotations({CacheResult.class, CachePut.class, CacheRemove.class, CacheRemoveAll.class})
                    ProcessAnnotatedType<?> event) {
        if (leftToServer) {
            return;
        }
        event.configureAnnotatedType()
                .filterMethods(method -> AnnotatedMethods.areIntercepted(method.getJavaMember()))
                .forEach(method -> method.add(CachingBinding.Literal.INSTANCE));
    }

    void check(@Observes ProcessManagedBean<?> event) {
        if (leftToServer) {
            return;
        }
        Class<?> beanClass = event.getAnnotatedBeanClass().getJavaClass();
        event.getAnnotatedBeanClass().getMethods().stream()
                .map(AnnotatedMethod::getJavaMember)
                .map((Method method) -> AnnotatedMethods.problem(method, beanClass))
                .flatMap(Optional::stream)
                .forEach(problems::add);
    }

    void report(@Observes AfterDeploymentValidation event) {
        problems.addAll(caches.problems());
        problems.sort(Comparator.comparing(problem -> String.valueOf(problem.getMessage())));
        problems.forEach(event::addDeploymentProblem);
    }
}
