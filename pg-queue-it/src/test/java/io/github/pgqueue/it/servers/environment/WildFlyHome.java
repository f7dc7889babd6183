package io.github.pgqueue.it.servers.environment;

import java.nio.file.Path;

/** A module for the driver, and data sources in a YAML file over {@code standalone.xml}. */
final class WildFlyHome implements ServerHome {

    @Override
    public Path prepare(Path unpacked, String name, Template template) {
        Path home = Template.onlyDirectory(unpacked);
        Path module = home.resolve("modules/org/postgresql/main");
        Template.copyDriver(module);
        template.write("wildfly/module.xml", module.resolve("module.xml"));
        // Arquillian copies the first one for its server.
        Path base = home.resolve(name.equals(ARQUILLIAN) ? "standalone" : name);
        if (!name.equals(ARQUILLIAN)) {
            Template.delete(base);
            Template.copy(home.resolve("standalone/configuration"), base.resolve("configuration"));
        }
        template.write("wildfly/pgq.yml", base.resolve("configuration/pgq.yml"));
        return home;
    }
}
