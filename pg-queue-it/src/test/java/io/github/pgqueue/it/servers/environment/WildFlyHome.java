package io.github.pgqueue.it.servers.environment;

import java.nio.file.Path;

/** A module for the driver, and data sources in a YAML file over {@code standalone.xml}. */
final class WildFlyHome implements ServerHome {

    @Override
    public void prepare(Path unpacked, Template template) {
        Path home = Template.onlyDirectory(unpacked);
        Path module = home.resolve("modules/org/postgresql/main");
        Template.copyDriver(module);
        template.write("wildfly/module.xml", module.resolve("module.xml"));
        template.write("wildfly/pgq.yml", home.resolve("standalone/configuration/pgq.yml"));
        System.setProperty("server.home", home.toString());
    }
}
