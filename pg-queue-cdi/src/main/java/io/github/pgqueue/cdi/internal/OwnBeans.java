package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.cdi.PgWorker;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;

/** Registers the library's own classes: its jar has no {@code beans.xml}, so that nothing is found in it twice. */
public final class OwnBeans {

    private OwnBeans() {}

    /** Adds the interceptor of worker methods and what it needs. */
    public static void register(BeforeBeanDiscovery event) {
        event.addAnnotatedType(WorkerInterceptor.class, WorkerInterceptor.class.getName());
        event.addAnnotatedType(WorkerRuns.class, WorkerRuns.class.getName());
    }

    /** Binds the interceptor to the worker methods of a class. */
    public static void bind(ProcessAnnotatedType<?> event) {
        event.configureAnnotatedType()
                .filterMethods(method -> method.isAnnotationPresent(PgWorker.class))
                .forEach(method -> method.add(WorkerBinding.Literal.INSTANCE));
    }
}
