package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.environment.Template;
import io.github.pgqueue.shop.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * A JVM with Weld SE, Narayana, Agroal, an Artemis and a door by HTTP. "Deploying" starts the container in it with the configuration
 * of the archive; its classes are those of the tests.
 */
final class WeldSeServer implements ServerKind {

    private final Path directory;
    private final Template template;
    private final Path log;
    private final List<String> databases;

    WeldSeServer(Template template, Database main, Database other, Path log) {
        this.template = template;
        this.log = log;
        this.directory = log.resolveSibling("weld-se").toAbsolutePath();
        this.databases = List.of(url(main), url(other));
        Commands.delete(configuration());
    }

    private static String url(Database database) {
        String user = database.jdbcUrl() + "?user=" + database.user();
        return database.password().isEmpty() ? user : user + "&password=" + database.password();
    }

    @Override
    public ProcessHandle start() {
        String store = directory.resolve("object-store-" + template.httpPort()).toString();
        List<String> command = new ArrayList<>(List.of(
                Commands.jdk("java"),
                "-Darquillian.launch=weld-se",
                "-Dcom.arjuna.ats.arjuna.objectstore.objectStoreDir=" + store,
                "-DObjectStoreEnvironmentBean.objectStoreDir=" + store,
                "-DCoreEnvironmentBean.nodeIdentifier=" + NAME,
                "-DJTAEnvironmentBean.xaRecoveryNodes=" + NAME));
        command.addAll(ServerProcess.JVM_OPTIONS);
        command.addAll(List.of(
                "-classpath",
                // Surefire hides the real one behind a jar with nothing but a manifest.
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WeldSeProcess.class.getName(),
                template.httpPort(),
                configuration().toString()));
        command.addAll(databases);
        return Commands.start(command, Map.of(), log).toHandle();
    }

    @Override
    public void deploy(WebArchive archive) {
        try {
            Files.createDirectories(directory);
            try (Writer file = Files.newBufferedWriter(configuration())) {
                Deployments.config(archive).store(file, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Http.get(address("deploy"));
    }

    @Override
    public void undeploy(String name) {
        Http.get(address("undeploy"));
        Commands.delete(configuration());
    }

    @Override
    public void collect() {
        Http.get(address("collect"));
    }

    @Override
    public boolean keepsPools() {
        return false;
    }

    private String address(String verb) {
        return "http://127.0.0.1:" + template.httpPort() + "/" + verb;
    }

    private Path configuration() {
        return directory.resolve("application.properties");
    }
}
