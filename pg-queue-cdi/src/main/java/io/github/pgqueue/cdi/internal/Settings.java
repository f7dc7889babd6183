package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What configuration says.
 *
 * @param config the settings of the manager
 * @param dataSource the name of the data source, of a bean or in JNDI
 * @param nonTransactionalDataSource the name of the one whose connections never join
 * @param threadFactory the name in JNDI of what makes the threads
 * @param executor the name in JNDI of what runs the jobs
 * @param observing health checks and telemetry
 * @param warnings one sentence for each key under the prefix that means nothing
 * @param problems values that cannot be used, and unknown keys where those are errors
 */
record Settings(
        PgQueueConfig config,
        @Nullable String dataSource,
        @Nullable String nonTransactionalDataSource,
        @Nullable String threadFactory,
        @Nullable String executor,
        Observing observing,
        List<String> warnings,
        List<ConfigurationException> problems) {

    Settings {
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }
}
