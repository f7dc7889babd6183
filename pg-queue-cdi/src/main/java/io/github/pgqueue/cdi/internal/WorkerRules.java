package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedType;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a worker method must be, apart from its parameters. */
final class WorkerRules {

    /** By name, since neither API need be there. */
    private static final Set<String> TRANSACTION_ANNOTATIONS =
            Set.of("jakarta.transaction.Transactional", "jakarta.ejb.TransactionAttribute");

    private WorkerRules() {}

    static Stream<ConfigurationException> problems(AnnotatedMethod<?> method, AnnotatedType<?> beanType) {
        String where = Members.name(method.getJavaMember());
        return Stream.of(
                        modifiers(method.getJavaMember(), where),
                        transaction(method, beanType, where),
                        returnType(method.getJavaMember(), where))
                .flatMap(problems -> problems);
    }

    private static Stream<ConfigurationException> modifiers(Method method, String where) {
        return Stream.of(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .filter(modifier -> (method.getModifiers() & modifier) != 0)
                .map(modifier -> DeploymentErrors.notCallable(where, Modifier.toString(modifier)));
    }

    /** The method's own annotation wins over that of its class. */
    private static Stream<ConfigurationException> transaction(
            AnnotatedMethod<?> method, AnnotatedType<?> beanType, String where) {
        return transactionType(method.getAnnotations())
                .or(() -> transactionType(beanType.getAnnotations()))
                .filter("MANDATORY"::equals)
                .map(mandatory -> DeploymentErrors.mandatory(where))
                .stream();
    }

    private static Stream<ConfigurationException> returnType(Method method, String where) {
        return Results.isUnusable(method.getReturnType())
                ? Stream.of(DeploymentErrors.badReturnType(where, method.getGenericReturnType()))
                : Stream.empty();
    }

    private static Optional<String> transactionType(Collection<Annotation> annotations) {
        return annotations.stream()
                .filter(annotation -> TRANSACTION_ANNOTATIONS.contains(
                        annotation.annotationType().getName()))
                .map(WorkerRules::value)
                .findFirst();
    }

    private static String value(Annotation annotation) {
        try {
            return annotation
                    .annotationType()
                    .getMethod("value")
                    .invoke(annotation)
                    .toString();
        } catch (ReflectiveOperationException e) {
            return "unknown";
        }
    }
}
