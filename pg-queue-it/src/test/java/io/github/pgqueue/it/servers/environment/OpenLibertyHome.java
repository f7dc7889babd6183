package io.github.pgqueue.it.servers.environment;

import java.nio.file.Path;

/** The driver as a shared library, and data sources in {@code server.xml}. */
final class OpenLibertyHome implements ServerHome {

    @Override
    public Path prepare(Path unpacked, String name, Template template) {
        Path home = Template.onlyDirectory(unpacked);
        Template.copyDriver(home.resolve("usr/shared/resources/pgjdbc"));
        Path server = home.resolve("usr/servers").resolve(name);
        Template.delete(server);
        template.write("openliberty/server.xml", server.resolve("server.xml"));
        return home;
    }
}
