package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.rpc.RequestResponse;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ObserverMethod;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import jakarta.enterprise.inject.spi.ProcessObserverMethod;
import jakarta.inject.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what the container shows of an application, and turns it into a {@link DeploymentPlan}. */
public final class Discovery {

    private final List<NamedPoint> queues = new ArrayList<>();
    private final List<NamedPoint> channels = new ArrayList<>();
    private final List<NamedPoint> caches = new ArrayList<>();
    private final List<ObservedChannel> observers = new ArrayList<>();
    private final List<WorkerMethod> workers = new ArrayList<>();
    private final List<ConfigurationException> refused = new ArrayList<>();
    private @Nullable Class<?> user;

    /** Takes an injection point of any bean, and puts out of the container's way what will be refused anyhow. */
    public void point(ProcessInjectionPoint<?, ?> event) {
        InjectionPoint point = event.getInjectionPoint();
        Class<?> beanClass =
                point.getBean() == null ? Object.class : point.getBean().getBeanClass();
        if (!injected(point.getType(), point.getQualifiers(), beanClass, Members.name(point))) {
            event.configureInjectionPoint().type(Refused.class).qualifiers(Default.Literal.INSTANCE);
        }
    }

    /** Takes an observer method, if it observes a channel. */
    public void observer(ProcessObserverMethod<?, ?> event) {
        ObserverMethod<?> observer = event.getObserverMethod();
        String channel = find(observer.getObservedQualifiers(), PgChannel.class)
                .map(PgChannel::value)
                .orElse(null);
        if (channel == null) {
            return;
        }
        usedBy(observer.getBeanClass());
        @Nullable AnnotatedMethod<?> method = event.getAnnotatedMethod();
        String where = method == null ? observer.toString() : Members.name(method.getJavaMember());
        if (observer.getObservedQualifiers().stream().anyMatch(one -> !Qualifiers.isOursOrNone(one))) {
            refused.add(DeploymentErrors.neverObserved(where, channel));
        }
        Type type = PayloadTypes.resolve(observer.getObservedType(), observer.getBeanClass());
        if (concrete(type, where)) {
            observers.add(new ObservedChannel(channel, type, observer.isAsync(), where));
        }
    }

    /** Takes the worker methods of a bean. */
    public void workers(ProcessManagedBean<?> event) {
        WorkerScan scan = new WorkerScan(event.getBean(), event.getAnnotatedBeanClass());
        refused.addAll(scan.refused());
        for (WorkerMethod worker : scan.found()) {
            usedBy(worker.bean().getBeanClass());
            boolean injectable = worker.parameters().stream()
                    .filter(parameter -> !injected(parameter, worker.bean().getBeanClass()))
                    .toList()
                    .isEmpty();
            if (injectable) {
                workers.add(worker);
            }
        }
    }

    /** What was found so far. */
    public DeploymentPlan plan() {
        return new DeploymentPlan(queues, channels, caches, observers, workers, refused, user);
    }

    private boolean injected(WorkerParameter parameter, Class<?> beanClass) {
        return !(parameter instanceof WorkerParameter.Injected given)
                || injected(
                        given.parameter().getBaseType(),
                        Qualifiers.of(given.parameter().getAnnotations()),
                        beanClass,
                        given.where());
    }

    /** Returns false if the point is refused. */
    private boolean injected(Type declared, Collection<Annotation> qualifiers, Class<?> beanClass, String where) {
        Type type = PayloadTypes.resolve(declared, beanClass);
        Class<?> raw = PayloadTypes.raw(type);
        @Nullable Type argument = PayloadTypes.argument(type);
        if (argument != null && (raw == Instance.class || raw == Provider.class)) {
            return injected(argument, qualifiers, beanClass, where);
        }
        if (raw == JobQueue.class) {
            Optional<String> name = find(qualifiers, PgQueue.class).map(PgQueue::value);
            usedBy(beanClass);
            return typed(queues, name, raw, PgQueue.class, argument, qualifiers, where);
        }
        Optional<String> channel = find(qualifiers, PgChannel.class).map(PgChannel::value);
        if (raw == EventChannel.class) {
            usedBy(beanClass);
            return typed(channels, channel, raw, PgChannel.class, argument, qualifiers, where);
        }
        if (raw == Event.class && channel.isPresent()) {
            refused.add(DeploymentErrors.localEvent(where, channel.get()));
        }
        if (raw == PgCache.class) {
            find(qualifiers, PgCacheName.class)
                    .ifPresent(name -> caches.add(new NamedPoint(name.value(), PgCache.class, where)));
        }
        if (raw == PgCache.class || raw == PgQueueManager.class || raw == RequestResponse.class) {
            usedBy(beanClass);
        }
        return true;
    }

    private boolean typed(
            List<NamedPoint> points,
            Optional<String> name,
            Class<?> raw,
            Class<? extends Annotation> qualifier,
            @Nullable Type payload,
            Collection<Annotation> qualifiers,
            String where) {
        if (payload == null) {
            refused.add(DeploymentErrors.rawType(where, raw));
            return false;
        }
        if (name.isEmpty()) {
            // Other qualifiers mean beans that the application makes itself.
            boolean own = qualifiers.stream().anyMatch(one -> !Qualifiers.isOursOrNone(one));
            if (!own) {
                refused.add(DeploymentErrors.notQualified(where, raw, qualifier));
            }
            return own;
        }
        if (!concrete(payload, where)) {
            return false;
        }
        points.add(new NamedPoint(name.get(), payload, where));
        return true;
    }

    /** The first, but one that is a bean rather than {@code Object}, which stands for what is none. */
    private void usedBy(Class<?> beanClass) {
        if (user == null || user == Object.class) {
            user = beanClass;
        }
    }

    private boolean concrete(Type payload, String where) {
        boolean concrete = PayloadTypes.isConcrete(payload);
        if (!concrete) {
            refused.add(DeploymentErrors.openType(where, payload));
        }
        return concrete;
    }

    private static <A extends Annotation> Optional<A> find(Collection<Annotation> qualifiers, Class<A> type) {
        return qualifiers.stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
