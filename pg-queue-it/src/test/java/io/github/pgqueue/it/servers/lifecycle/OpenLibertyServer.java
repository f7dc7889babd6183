package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.environment.ServerHome;
import io.github.pgqueue.it.servers.environment.Template;
import java.nio.file.Path;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Open Liberty, by its watched configuration: an archive is a file in {@code apps} that a file in {@code configDropins}
 * names; a new file is a new deployment. The JVM is started as {@code server run} does it, without the script.
 */
final class OpenLibertyServer implements ServerKind {

    private static final String APPLICATION = """
            <server>
              <webApplication id="${name}" location="${name}.war" contextRoot="/${name}">
                <classloader commonLibraryRef="pgjdbc"/>
              </webApplication>
            </server>
            """;

    private final Path home;
    private final Path server;
    private final Path log;

    OpenLibertyServer(Template template, Path log) {
        this.log = log;
        this.home = ServerHome.current().prepare(ServerHome.unpacked(), NAME, template);
        this.server = home.resolve("usr/servers").resolve(NAME);
        Path file = server.resolve("server.xml");
        Template.write(
                file,
                Commands.read(file)
                        .replace("updateTrigger=\"mbean\"", "updateTrigger=\"polled\" pollingRate=\"200ms\"")
                        .replace(
                                "<server>",
                                "<server>\n  <config updateTrigger=\"polled\" monitorInterval=\"200ms\"/>"));
    }

    @Override
    public ProcessHandle start() {
        return Commands.start(Commands.openLiberty(home, ServerProcess.JVM_OPTIONS, NAME), Map.of(), log)
                .toHandle();
    }

    @Override
    public void deploy(WebArchive archive) {
        String name = archive.getName().replace(".war", "");
        Commands.export(archive, server.resolve("apps"));
        Template.write(configuration(name), APPLICATION.replace("${name}", name));
    }

    @Override
    public void undeploy(String name) {
        Commands.delete(configuration(name));
    }

    @Override
    public boolean keepsPools() {
        return true;
    }

    private Path configuration(String name) {
        return server.resolve("configDropins/overrides").resolve(name + ".xml");
    }
}
