package io.github.pgqueue.it.servers.environment;

import io.github.pgqueue.it.servers.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/** A domain of its own with free ports on the loopback interface, the driver in its {@code lib}, and pools. */
final class PayaraHome implements ServerHome {

    private static final Set<String> LEFT_OUT = Set.of("generated", "applications", "logs", "osgi-cache");

    /** It does not repay the second compiler. */
    private static final String SHORT_RUN =
            "<jvm-options>-XX:TieredStopAtLevel=1</jvm-options><jvm-options>-XX:+UseSerialGC</jvm-options>";

    @Override
    public Path prepare(Path unpacked, String name, Template template) {
        Path home = Template.onlyDirectory(unpacked);
        Path domains = home.resolve("glassfish/domains");
        Path domain = domains.resolve(name);
        Template.delete(domain);
        Template.copy(domains.resolve("domain1"), domain, LEFT_OUT);
        Template.copyDriver(domain.resolve("lib"));
        configure(domain.resolve("config/domain.xml"), template);
        return home;
    }

    private static void configure(Path file, Template template) {
        try {
            String text = Files.readString(file);
            // The part after it is a template for further instances.
            int end = text.indexOf("</config>");
            String own = text.substring(0, end)
                    .replace("port=\"4848\"", "address=\"127.0.0.1\" port=\"@ADMIN_PORT@\"")
                    .replace("port=\"8080\"", "address=\"127.0.0.1\" port=\"@HTTP_PORT@\"")
                    .replace(
                            "port=\"8181\"",
                            "enabled=\"false\" address=\"127.0.0.1\" port=\"" + Template.freePort() + '"')
                    .replace("port=\"3700\"", "port=\"" + Template.freePort() + '"')
                    .replace("port=\"3820\"", "enabled=\"false\" port=\"" + Template.freePort() + '"')
                    .replace("port=\"3920\"", "enabled=\"false\" port=\"" + Template.freePort() + '"')
                    .replace("PORT\" value=\"7676\"", "PORT\" value=\"" + Template.freePort() + '"')
                    .replace("<jvm-options>-Xmx512m</jvm-options>", "<jvm-options>-Xmx512m</jvm-options>" + SHORT_RUN)
                    .replace("<jmx-connector ", "<jmx-connector enabled=\"false\" ")
                    .replace("address=\"0.0.0.0\"", "address=\"127.0.0.1\"")
                    .replace(
                            "<hazelcast-config-specific-configuration>",
                            "<hazelcast-config-specific-configuration enabled=\"false\">")
                    .replace("<transaction-service ", "<transaction-service automatic-recovery=\"true\" ")
                    .replace("    </resources>", template.text("payara/resources.xml") + "    </resources>")
                    .replace(
                            "<resource-ref ref=\"jdbc/__default\" />",
                            "<resource-ref ref=\"jdbc/__default\" />" + references());
            Template.write(file, template.filled(own) + text.substring(end));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String references() {
        return Stream.of(Environment.LOCAL, Environment.XA, Environment.OTHER)
                .map(name -> "<resource-ref ref=\"" + Environment.PAYARA.dataSource(name) + "\" />")
                .reduce("", String::concat);
    }
}
