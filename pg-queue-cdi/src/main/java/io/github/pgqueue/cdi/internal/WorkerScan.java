package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedParameter;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.enterprise.inject.spi.Bean;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the worker methods of one bean; a method with a problem is not among those found. */
final class WorkerScan {

    private final Bean<?> bean;
    private final AnnotatedType<?> type;
    private final List<WorkerMethod> found = new ArrayList<>();
    private final List<ConfigurationException> refused = new ArrayList<>();

    WorkerScan(Bean<?> bean, AnnotatedType<?> type) {
        this.bean = bean;
        this.type = type;
        type.getMethods().stream()
                .filter(method -> method.isAnnotationPresent(PgWorker.class))
                .filter(method -> !method.getJavaMember().isBridge())
                .forEach(this::read);
    }

    List<WorkerMethod> found() {
        return found;
    }

    List<ConfigurationException> refused() {
        return refused;
    }

    private void read(AnnotatedMethod<?> method) {
        String where = Members.name(method.getJavaMember());
        List<ConfigurationException> problems = new ArrayList<>();
        WorkerRules.problems(method, type).forEach(problems::add);
        @Nullable AnnotatedParameter<?> payload = payload(method, where, problems);
        @Nullable Class<?> view = view(method.getJavaMember()).orElse(null);
        if (view == null) {
            problems.add(DeploymentErrors.notInView(where));
        }
        if (problems.isEmpty() && payload != null && view != null) {
            found.add(worker(method, payload, view));
        }
        refused.addAll(problems);
    }

    /** The parameter that carries the job: the only {@link Job}, else the first one of which nothing else is said. */
    private @Nullable AnnotatedParameter<?> payload(
            AnnotatedMethod<?> method, String where, List<ConfigurationException> problems) {
        List<? extends AnnotatedParameter<?>> parameters = ordered(method);
        List<? extends AnnotatedParameter<?>> jobs =
                parameters.stream().filter(WorkerScan::isJob).toList();
        Optional<? extends AnnotatedParameter<?>> payload = (jobs.isEmpty() ? parameters : jobs)
                .stream().filter(WorkerScan::mayBePayload).findFirst();
        if (jobs.size() > 1) {
            problems.add(DeploymentErrors.twoPayloads(where));
        } else if (payload.isEmpty()) {
            problems.add(DeploymentErrors.noPayload(where));
        } else if (carried(payload.get()) == Job.class) {
            problems.add(DeploymentErrors.rawType(Members.name(payload.get()), Job.class));
        } else if (!PayloadTypes.isConcrete(carried(payload.get()))) {
            problems.add(DeploymentErrors.openType(Members.name(payload.get()), carried(payload.get())));
        }
        return payload.orElse(null);
    }

    private WorkerMethod worker(AnnotatedMethod<?> method, AnnotatedParameter<?> payload, Class<?> view) {
        List<WorkerParameter> parameters = ordered(method).stream()
                .map(parameter -> parameter.equals(payload) ? carrier(payload) : extra(parameter))
                .toList();
        Method declared = method.getJavaMember();
        return new WorkerMethod(
                method.getAnnotation(PgWorker.class).value(),
                carried(payload),
                bean,
                view,
                declared,
                in(view, declared).orElse(declared),
                parameters);
    }

    /** The payload of a {@code Job<T>}, else the type itself. */
    private Type carried(AnnotatedParameter<?> payload) {
        Type declared = PayloadTypes.resolve(payload.getBaseType(), type.getJavaClass());
        @Nullable Type argument = isJob(payload) ? PayloadTypes.argument(declared) : null;
        return argument == null ? declared : argument;
    }

    private static List<? extends AnnotatedParameter<?>> ordered(AnnotatedMethod<?> method) {
        return method.getParameters().stream()
                .sorted(Comparator.comparing(AnnotatedParameter::getPosition))
                .toList();
    }

    private static WorkerParameter carrier(AnnotatedParameter<?> payload) {
        return isJob(payload) ? new WorkerParameter.WholeJob() : new WorkerParameter.Payload();
    }

    private static WorkerParameter extra(AnnotatedParameter<?> parameter) {
        return isContext(parameter)
                ? new WorkerParameter.Context()
                : new WorkerParameter.Injected(parameter, Members.name(parameter));
    }

    private static boolean isJob(AnnotatedParameter<?> parameter) {
        return PayloadTypes.raw(parameter.getBaseType()) == Job.class;
    }

    private static boolean isContext(AnnotatedParameter<?> parameter) {
        return parameter.getBaseType() == JobContext.class;
    }

    private static boolean mayBePayload(AnnotatedParameter<?> parameter) {
        return !isContext(parameter)
                && Qualifiers.of(parameter.getAnnotations()).isEmpty();
    }

    /** The bean class itself, or else a type of the bean that has the method, as EJBs with a local view have. */
    private Optional<Class<?>> view(Method method) {
        List<Class<?>> types =
                bean.getTypes().stream().<Class<?>>map(PayloadTypes::raw).toList();
        if (types.contains(type.getJavaClass())) {
            return Optional.of(type.getJavaClass());
        }
        return types.stream()
                .filter(candidate -> method.getDeclaringClass().isAssignableFrom(candidate)
                        || in(candidate, method).isPresent())
                .findFirst();
    }

    private static Optional<Method> in(Class<?> view, Method method) {
        return Arrays.stream(view.getMethods())
                .filter(candidate -> candidate.getName().equals(method.getName()))
                .filter(candidate -> Arrays.equals(candidate.getParameterTypes(), method.getParameterTypes()))
                .findFirst();
    }
}
