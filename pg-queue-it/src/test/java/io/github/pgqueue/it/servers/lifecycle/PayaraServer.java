package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.environment.ServerHome;
import io.github.pgqueue.it.servers.environment.Template;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Payara Server, by {@code asadmin}. Its process is the one that the domain's own file names. */
final class PayaraServer implements ServerKind {

    /** In what it says when its services, which start side by side, have changed a list that one of them walks (HK2). */
    private static final String BOOT_RACE = "SystemDescriptor.invokeInstanceListeners";

    private final Path home;
    private final Path domain;
    private final Template template;

    PayaraServer(Template template) {
        this.template = template;
        this.home = ServerHome.current().prepare(ServerHome.unpacked(), NAME, template);
        this.domain = home.resolve("glassfish/domains").resolve(NAME);
        Path file = domain.resolve("config/domain.xml");
        StringBuilder options = new StringBuilder();
        ServerProcess.JVM_OPTIONS.forEach(
                option -> options.append("<jvm-options>").append(option).append("</jvm-options>"));
        Template.write(
                file, Commands.read(file).replaceFirst("<jvm-options>-Xmx512m</jvm-options>", options.toString()));
    }

    /** Where the server itself writes. */
    Path log() {
        return domain.resolve("logs/server.log");
    }

    @Override
    public ProcessHandle start() {
        try {
            boot();
        } catch (IllegalStateException e) {
            if (!String.valueOf(e.getMessage()).contains(BOOT_RACE)) {
                throw e;
            }
            boot();
        }
        long pid = Long.parseLong(Commands.read(domain.resolve("config/pid")).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private void boot() {
        // That of a server that was killed would be taken for one that runs.
        Commands.delete(domain.resolve("config/pid"));
        asadmin("start-domain", NAME);
    }

    @Override
    public void deploy(WebArchive archive) {
        String name = archive.getName().replace(".war", "");
        Path file = Commands.export(archive, domain.resolve("archives"));
        asadmin("deploy", "--force=true", "--name", name, "--contextroot", name, file.toString());
    }

    @Override
    public void undeploy(String name) {
        asadmin("undeploy", name);
    }

    @Override
    public boolean keepsPools() {
        return true;
    }

    /**
     * Its transaction manager has a table of the resources of each pair of component and thread
     * ({@code JavaEETransactionManagerSimplified.resourceTable}), out of which nothing takes a managed thread that has
     * ended; and a managed thread holds the class loader of its application.
     */
    @Override
    public boolean keepsClassLoaders() {
        return true;
    }

    private void asadmin(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Commands.jdk("java"),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                home.resolve("glassfish/lib/client/appserver-cli.jar").toString(),
                "--interactive=false",
                "--host",
                "127.0.0.1",
                "--port",
                template.adminPort()));
        command.addAll(List.of(arguments));
        Commands.run(command.toArray(String[]::new));
    }
}
