package io.github.pgqueue.cdi;

import io.github.pgqueue.cdi.internal.DeploymentPlan;
import io.github.pgqueue.cdi.internal.Discovery;
import io.github.pgqueue.cdi.internal.OwnBeans;
import io.github.pgqueue.cdi.internal.PgQueueRuntime;
import io.github.pgqueue.cdi.internal.SyntheticBeans;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import jakarta.enterprise.inject.spi.ProcessObserverMethod;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.interceptor.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * Brings the library into a CDI container. Found by it through {@code META-INF/services}; there is nothing to call.
 *
 * <p>Discovers what the application declares, reports every problem of it at once, and has one manager do it from
 * {@code Startup} on, after the application's own observers of that event, until the application context is about to be
 * destroyed. Containers make more instances of an extension than they use: all state is in the instance that is used.
 */
public final class PgQueueExtension implements Extension {

    private final Discovery found = new Discovery();
    private @Nullable PgQueueRuntime runtime;

    void own(@Observes BeforeBeanDiscovery event) {
        OwnBeans.register(event);
    }

    void bind(@Observes @WithAnnotations(PgWorker.class) ProcessAnnotatedType<?> event) {
        OwnBeans.bind(event);
    }

    // Wildcards: OpenWebBeans never calls observers of these events that have type variables.
    void points(@Observes ProcessInjectionPoint<?, ?> event) {
        found.point(event);
    }

    void observers(@Observes ProcessObserverMethod<?, ?> event) {
        found.observer(event);
    }

    void workers(@Observes ProcessManagedBean<?> event) {
        found.workers(event);
    }

    void beans(@Observes AfterBeanDiscovery event, BeanManager beans) {
        DeploymentPlan plan = found.plan();
        runtime = new PgQueueRuntime(plan, beans);
        SyntheticBeans.add(event, plan, runtime);
    }

    void check(@Observes AfterDeploymentValidation event) {
        runtime().problems().forEach(event::addDeploymentProblem);
    }

    void prepare(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) Startup event) {
        runtime().prepare();
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) Startup event) {
        runtime().start();
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        runtime().close();
    }

    private PgQueueRuntime runtime() {
        if (runtime == null) {
            throw new IllegalStateException("the container skipped AfterBeanDiscovery");
        }
        return runtime;
    }
}
