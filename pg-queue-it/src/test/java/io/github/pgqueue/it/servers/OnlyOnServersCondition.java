package io.github.pgqueue.it.servers;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Disables in Weld SE what is for servers only. */
final class OnlyOnServersCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, OnlyOnServers.class))
                .filter(annotation -> Environment.current() == Environment.WELD_SE)
                .map(annotation -> ConditionEvaluationResult.disabled(annotation.value()))
                .orElseGet(() -> ConditionEvaluationResult.enabled("is there"));
    }
}
