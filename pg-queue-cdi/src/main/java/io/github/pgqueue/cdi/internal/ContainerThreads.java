package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.cdi.concurrency.LongRunningTask;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the container: on those JNDI, security and class loader are the application's. A managed thread factory
 * and a managed executor are what their JDK interfaces say, so that the API of Jakarta Concurrency need not be there.
 *
 * @param factory makes the threads of loops, and of jobs where there is no executor; none where the library's own do
 * @param executor runs the jobs, if one is configured
 */
record ContainerThreads(
        @Nullable ThreadFactory factory, @Nullable Executor executor) {

    /** In an EAR, WildFly has no {@code java:comp} when the application starts. */
    private static final List<String> FACTORIES =
            List.of("java:comp/DefaultManagedThreadFactory", "java:jboss/ee/concurrency/factory/default");

    static ContainerThreads find(Settings settings) {
        return new ContainerThreads(factory(settings), executor(settings));
    }

    private static @Nullable ThreadFactory factory(Settings settings) {
        String name = settings.threadFactory();
        if (name == null) {
            return FACTORIES.stream()
                    .flatMap(known -> Jndi.lookup(known, ThreadFactory.class).stream())
                    .findFirst()
                    .orElse(null);
        }
        return Jndi.lookup(name, ThreadFactory.class).orElseThrow(() -> DeploymentErrors.threadFactoryNotFound(name));
    }

    private static @Nullable Executor executor(Settings settings) {
        return Optional.ofNullable(settings.executor())
                .map(name ->
                        Jndi.lookup(name, Executor.class).orElseThrow(() -> DeploymentErrors.executorNotFound(name)))
                .map(ContainerThreads::described)
                .orElse(null);
    }

    private static Executor described(Executor executor) {
        try {
            return LongRunningTask.on(executor);
        } catch (NoClassDefFoundError e) {
            return executor;
        }
    }
}
