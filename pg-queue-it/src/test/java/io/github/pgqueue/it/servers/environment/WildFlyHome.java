package io.github.pgqueue.it.servers.environment;

import java.nio.file.Path;

/** A module for the driver, data sources in a YAML file, and MicroProfile Health beside what {@code standalone.xml} has. */
final class WildFlyHome implements ServerHome {

    private static final String EXTENSION = "<extension module=\"org.wildfly.extension.health\"/>";
    private static final String SUBSYSTEM = "<subsystem xmlns=\"urn:wildfly:health:1.0\" security-enabled=\"false\"/>";

    @Override
    public void prepare(Path unpacked, Template template) {
        Path home = Template.onlyDirectory(unpacked);
        Path module = home.resolve("modules/org/postgresql/main");
        Template.copyDriver(module);
        template.write("wildfly/module.xml", module.resolve("module.xml"));
        template.write("wildfly/pgq.yml", home.resolve("standalone/configuration/pgq.yml"));
        configure(home.resolve("standalone/configuration"));
        System.setProperty("server.home", home.toString());
        System.setProperty("server.health", template.filled("http://127.0.0.1:@ADMIN_PORT@/health"));
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
