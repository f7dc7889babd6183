package io.github.pgqueue.cdi.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.QueueName;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is optional at run time may be absent. */
class OptionalApisTest {

    @Test
    void configuration_withoutMicroProfileConfig_comesFromSystemProperties() throws Exception {
        try (URLClassLoader without = classPathWithout("microprofile-config")) {
            Object values = call(without, "ConfigValues", "find");

            assertThat(values).isNotNull();
            assertThat(values.getClass().getSimpleName()).isEqualTo("SystemProperties");
        }
    }

    @Test
    void configuration_withoutAnImplementation_comesFromSystemProperties() {
        assertThat(ConfigValues.find()).isInstanceOf(ConfigValues.SystemProperties.class);
    }

    @Test
    void systemProperties_areRead() {
        System.setProperty("pg-queue.queues.emails.concurrency", "9");
        try {
            Settings settings = MicroProfileConfig.read(Set.of(), Set.of());

            assertThat(settings.config().queue(new QueueName("emails")).concurrency())
                    .isEqualTo(9);
        } finally {
            System.clearProperty("pg-queue.queues.emails.concurrency");
        }
    }

    @Test
    void transactions_withoutJta_areNone() throws Exception {
        try (URLClassLoader without = classPathWithout("jakarta.transaction")) {
            Object transactions = call(without, "ContainerTransactions", "find");

            assertThat(transactions).isNotNull();
            assertThat(transactions.getClass().getSimpleName()).isEqualTo("None");
        }
    }

    @Test
    void health_withoutMicroProfileHealth_addsNothing() throws Exception {
        try (URLClassLoader without = classPathWithout("microprofile-health")) {
            call(without, "OptionalApis", "addHealthChecks");
        }
    }

    @Test
    void telemetry_withoutOpenTelemetry_isNone() throws Exception {
        try (URLClassLoader without = classPathWithout("opentelemetry")) {
            assertThat(call(without, "OptionalApis", "telemetry")).isEqualTo(Optional.empty());
        }
    }

    @Test
    void optionalApis_thatAreThere_areUsed() {
        // Nulls get as far as the first call on them.
        assertThatThrownBy(() -> call(getClass().getClassLoader(), "OptionalApis", "addHealthChecks"))
                .hasCauseInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> call(getClass().getClassLoader(), "OptionalApis", "telemetry"))
                .hasCauseInstanceOf(NullPointerException.class);
    }

    /** What is given comes back as it is, which is nothing here; with the API it comes back described. */
    @Test
    void executor_withoutConcurrency_isUsedWithoutADescription() throws Exception {
        try (URLClassLoader without = classPathWithout("jakarta.enterprise.concurrent");
                URLClassLoader with = classPathWithout("nothing")) {
            assertThat(call(without, "ContainerThreads", "described")).isNull();
            assertThat(call(with, "ContainerThreads", "described")).isNotNull();
        }
    }

    /** Calls a static method with nothing but nulls. */
    private static @Nullable Object call(ClassLoader loader, String type, String name) throws Exception {
        Method method = Arrays.stream(Class.forName("io.github.pgqueue.cdi.internal." + type, true, loader)
                        .getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        return method.invoke(null, new Object[method.getParameterCount()]);
    }

    private static URLClassLoader classPathWithout(String jar) throws IOException {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(jar))
                .map(OptionalApisTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
