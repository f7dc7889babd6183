package io.github.pgqueue.it.servers.environment;

import io.github.pgqueue.it.servers.Environment;
import java.nio.file.Path;

/** Configures an unpacked server from the files in {@code src/test/servers}, afresh for each run. */
public interface ServerHome {

    /** The server that Arquillian drives; one more is started by tests that kill it. */
    String ARQUILLIAN = "it";

    /** Of the environment of this run, which must be a server. */
    static ServerHome current() {
        return switch (Environment.current()) {
            case WELD_SE -> throw new IllegalStateException("Weld SE is no server");
            case WILDFLY -> new WildFlyHome();
            case PAYARA -> new PayaraHome();
            case OPEN_LIBERTY -> new OpenLibertyHome();
        };
    }

    /** The directory into which the distribution of the environment was unpacked. */
    static Path unpacked() {
        return unpacked(Environment.current().profile());
    }

    /** As {@link #unpacked()}, of the environment of a profile. */
    static Path unpacked(String profile) {
        return Path.of(System.getProperty("servers.directory"), profile);
    }

    /**
     * Writes the configuration of one server of the distribution, and says where the distribution is.
     *
     * @param unpacked the directory into which the distribution was unpacked
     * @param name of the server: several may run side by side
     * @param template fills in addresses and ports
     */
    Path prepare(Path unpacked, String name, Template template);
}
