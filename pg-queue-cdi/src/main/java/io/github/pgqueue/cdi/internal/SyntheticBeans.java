package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.rpc.RequestResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One bean for each queue and channel that is injected, for each named cache, and for the manager itself. All are
 * application scoped: what is injected is a proxy, and the manager is made when it is first used.
 */
public final class SyntheticBeans {

    private final AfterBeanDiscovery event;
    private final Set<String> added = new HashSet<>();

    private SyntheticBeans(AfterBeanDiscovery event) {
        this.event = event;
    }

    /** Adds the beans of the plan. */
    public static void add(AfterBeanDiscovery event, DeploymentPlan plan, PgQueueRuntime runtime) {
        new SyntheticBeans(event).addAll(plan, runtime);
    }

    private void addAll(DeploymentPlan plan, PgQueueRuntime runtime) {
        add(PgQueueManager.class, Default.Literal.INSTANCE, runtime::manager);
        add(
                RequestResponse.class,
                Default.Literal.INSTANCE,
                () -> runtime.manager().requestResponse());
        add(PgCache.class, Default.Literal.INSTANCE, () -> runtime.manager().cache());
        for (NamedPoint point : plan.queues()) {
            add(
                    PayloadTypes.parameterized(JobQueue.class, point.payload()),
                    PgQueue.Literal.of(point.name()),
                    () -> runtime.manager().queue(point.name(), PayloadType.of(point.payload())));
        }
        for (NamedPoint point : plan.channels()) {
            add(
                    PayloadTypes.parameterized(EventChannel.class, point.payload()),
                    PgChannel.Literal.of(point.name()),
                    () -> runtime.manager().channel(point.name(), PayloadType.of(point.payload())));
        }
        for (NamedPoint point : plan.caches()) {
            add(
                    PgCache.class,
                    PgCacheName.Literal.of(point.name()),
                    () -> runtime.manager().cache(point.name()));
        }
        @Nullable Class<?> user = plan.user();
        if (user != null && runtime.checksHealth()) {
            OptionalApis.addHealthChecks(event, user, runtime::manager);
        }
        event.addBean()
                .beanClass(Refused.class)
                .types(Refused.class)
                .scope(Dependent.class)
                .createWith(context -> new Refused());
    }

    private void add(Type type, Annotation qualifier, Supplier<Object> made) {
        String id = "pg-queue " + type.getTypeName() + " " + qualifier;
        if (added.add(id)) {
            event.addBean()
                    .id(id)
                    .beanClass(SyntheticBeans.class)
                    .types(type, Object.class)
                    .qualifiers(qualifier, Any.Literal.INSTANCE)
                    .scope(ApplicationScoped.class)
                    .createWith(context -> made.get());
        }
    }
}
