package io.github.pgqueue.it.schema;

import io.github.pgqueue.it.support.LoaderWithout;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/** The two ways in which a manager migrates. */
enum Installer {
    FLYWAY {
        @Override
        <T> T create(Class<? extends T> type) {
            try {
                return type.getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    },

    /** Where Flyway is not on the class path. */
    OWN_RUNNER {
        @Override
        <T> T create(Class<? extends T> type) {
            return LOADER.create(type);
        }
    };

    private static final LoaderWithout LOADER = new LoaderWithout("org.flywaydb.");

    /** An object of the world that has Flyway, or has not. */
    abstract <T> T create(Class<? extends T> type);

    /** Starts a manager that migrates; the error, if there is one. */
    Optional<String> migrate(DataSource dataSource) {
        return migrate(dataSource, Map.of());
    }

    /** The same with the settings {@code schema} and {@code prefix}. */
    Optional<String> migrate(DataSource dataSource, Map<String, String> settings) {
        BiFunction<DataSource, Map<String, String>, Optional<String>> migration = create(Migration.class);
        return migration.apply(dataSource, settings);
    }

    /** The table that Flyway leaves in a schema. */
    boolean keepsHistory() {
        return this == FLYWAY;
    }
}
