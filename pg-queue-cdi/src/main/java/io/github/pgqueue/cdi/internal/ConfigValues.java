package io.github.pgqueue.cdi.internal;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where configuration comes from. */
interface ConfigValues {

    /** The names of all properties. */
    Set<String> names();

    /** The value of one property. */
    Optional<String> value(String name);

    /** MicroProfile Config where there is one, else the system properties. */
    static ConfigValues find() {
        try {
            return MicroProfile.current();
        } catch (NoClassDefFoundError | IllegalStateException e) {
            System.getLogger("io.github.pgqueue.cdi")
                    .log(Level.INFO, "no MicroProfile Config here: configuration is read from system properties");
            return new SystemProperties();
        }
    }

    /** The configuration of the application. The API may be absent: only this class touches it. */
    record MicroProfile(Config config) implements ConfigValues {

        static ConfigValues current() {
            return new MicroProfile(ConfigProvider.getConfig());
        }

        @Override
        public Set<String> names() {
            return StreamSupport.stream(config.getPropertyNames().spliterator(), /* parallel= */ false)
                    .collect(Collectors.toSet());
        }

        @Override
        public Optional<String> value(String name) {
            return config.getOptionalValue(name, String.class);
        }
    }

    /** The fall-back. */
    record SystemProperties() implements ConfigValues {

        @Override
        public Set<String> names() {
            return System.getProperties().stringPropertyNames();
        }

        @Override
        public Optional<String> value(String name) {
            return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank());
        }
    }
}
