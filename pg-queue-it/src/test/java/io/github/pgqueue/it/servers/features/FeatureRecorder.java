package io.github.pgqueue.it.servers.features;

import io.github.pgqueue.it.servers.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Writes down what a run in one environment has proved: a feature for each line. Found by JUnit as a service. */
public final class FeatureRecorder implements TestExecutionListener {

    private final boolean whole = System.getProperty("arquillian.launch") != null
            && System.getProperty("it.test", "").isEmpty();
    private final Set<Feature> proved = EnumSet.noneOf(Feature.class);
    private final Set<Feature> failed = EnumSet.noneOf(Feature.class);

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (whole && test.isTest()) {
            // A test whose assumption does not hold proves nothing, and refutes nothing.
            switch (result.getStatus()) {
                case SUCCESSFUL -> features(test).forEach(proved::add);
                case FAILED -> features(test).forEach(failed::add);
                case ABORTED -> {}
            }
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        if (whole) {
            proved.removeAll(failed);
            try {
                Files.createDirectories(FeatureTable.DIRECTORY);
                Files.write(
                        FeatureTable.file(Environment.current()),
                        proved.stream().map(Enum::name).toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Stream<Feature> features(TestIdentifier test) {
        return test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast).stream()
                .flatMap(method -> Stream.of(method.getJavaMethod(), method.getJavaClass()))
                .flatMap(FeatureRecorder::features);
    }

    private static Stream<Feature> features(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(Proves.class)).stream().flatMap(one -> Stream.of(one.value()));
    }
}
