package io.github.pgqueue.it.servers.environment;

import java.nio.file.Path;

/** Configures an unpacked server from the files in {@code src/test/servers}, afresh for each run. */
interface ServerHome {

    /**
     * Writes the configuration, and sets {@code server.home} for {@code arquillian.xml}.
     *
     * @param unpacked the directory into which the distribution was unpacked
     * @param template fills in addresses and ports
     */
    void prepare(Path unpacked, Template template);
}
