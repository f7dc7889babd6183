package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import jakarta.enterprise.inject.InjectionException;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.List;
import java.util.Optional;

/** Checks that what worker methods take beside their job can be injected. */
record WorkerParameters(BeanManager beans) {

    List<ConfigurationException> problems(List<WorkerMethod> workers) {
        return workers.stream()
                .flatMap(worker -> worker.parameters().stream())
                .filter(WorkerParameter.Injected.class::isInstance)
                .map(WorkerParameter.Injected.class::cast)
                .flatMap(parameter -> problem(parameter).stream())
                .toList();
    }

    private Optional<ConfigurationException> problem(WorkerParameter.Injected parameter) {
        try {
            beans.validate(beans.createInjectionPoint(parameter.parameter()));
            return Optional.empty();
        } catch (InjectionException | IllegalArgumentException e) {
            return Optional.of(DeploymentErrors.notInjectable(parameter.where(), e));
        }
    }
}
