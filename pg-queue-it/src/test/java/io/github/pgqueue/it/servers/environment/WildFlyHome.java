package io.github.pgqueue.it.servers.environment;

import java.nio.file.Path;

/** A module for the driver, data sources in a YAML file, and MicroProfile Health beside what {@code standalone.xml} has. */
final class WildFlyHome implements ServerHome {

    private static final String EXTENSION = "<extension module=\"org.wildfly.extension.health\"/>";
    private static final String SUBSYSTEM = "<subsystem xmlns=\"urn:wildfly:health:1.0\" security-enabled=\"false\"/>";

    @Override
    public Path prepare(Path unpacked, String name, Template template) {
        Path home = Template.onlyDirectory(unpacked);
        Path module = home.resolve("modules/org/postgresql/main");
        Template.copyDriver(module);
        template.write("wildfly/module.xml", module.resolve("module.xml"));
        configure(home.resolve("standalone/configuration"));
        // Arquillian copies the first one for its server.
        Path base = home.resolve(name.equals(ARQUILLIAN) ? "standalone" : name);
        if (!name.equals(ARQUILLIAN)) {
            Template.delete(base);
            Template.copy(home.resolve("standalone/configuration"), base.resolve("configuration"));
        }
        template.write("wildfly/pgq.yml", base.resolve("configuration/pgq.yml"));
        return home;
    }

    private static void configure(Path configuration) {
        String text = Template.read(configuration.resolve("standalone.xml"))
                .replace(
                        EXTENSION,
                        EXTENSION + "<extension module=\"org.wildfly.extension.microprofile.health-smallrye\"/>")
                .replace(
                        SUBSYSTEM,
                        SUBSYSTEM + "<subsystem xmlns=\"urn:wildfly:microprofile-health-smallrye:3.0\""
                                + " security-enabled=\"false\"/>");
        Template.write(configuration.resolve("standalone-it.xml"), text);
    }
}
