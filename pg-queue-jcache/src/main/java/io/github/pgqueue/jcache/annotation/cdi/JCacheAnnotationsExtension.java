package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.jcache.annotation.AnnotatedMethods;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
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
 * Brings the caching annotations into a CDI container. Found by it through {@code META-INF/services}; there is nothing to
 * call.
 *
 * <p>Reports at deployment every annotation that cannot be obeyed. The interceptors that Payara has for the same
 * annotations would cache every call a second time, in its data grid: they are switched off, which is logged, unless
 * {@code pg-queue.cache-annotations.interceptors=server} keeps them and leaves ours out.
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
    private boolean leftToServer;
    private boolean vetoed;

    void own(@Observes BeforeBeanDiscovery event) {
        leftToServer = AnnotationSettings.read().serverInterceptors();
        if (leftToServer) {
            LOG.log(Level.INFO, "the caching annotations are left to the interceptors of the server");
            return;
        }
        event.addAnnotatedType(CachingInterceptor.class, CachingInterceptor.class.getName());
        event.addAnnotatedType(CachingCalls.class, CachingCalls.class.getName());
    }

    void foreign(@Observes @WithAnnotations(Interceptor.class) ProcessAnnotatedType<?> event) {
        if (leftToServer
                || !OF_SERVERS.contains(event.getAnnotatedType().getJavaClass().getName())) {
            return;
        }
        event.veto();
        if (!vetoed) {
            vetoed = true;
            LOG.log(
                    Level.INFO,
                    "the server's own interceptors of the caching annotations are switched off;"
                            + " pg-queue.cache-annotations.interceptors=server keeps them instead of those of pg-queue");
        }
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
        problems.sort(Comparator.comparing(problem -> String.valueOf(problem.getMessage())));
        problems.forEach(event::addDeploymentProblem);
    }
}
