package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.environment.ServerHome;
import io.github.pgqueue.it.servers.environment.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * WildFly, by its deployment scanner: the archive is a file in {@code deployments}, markers beside it tell and ask. The
 * JVM is started as {@code standalone.sh} does it, without the script, so that its process is the server.
 */
final class WildFlyServer implements ServerKind {

    private static final Pattern MODULE_OPTIONS = Pattern.compile("--add-(?:exports|opens)=[^\\s\"$]+");

    private final Path home;
    private final Path base;
    private final Template template;
    private final Path log;

    WildFlyServer(Template template, Path log) {
        this.template = template;
        this.log = log;
        this.home = ServerHome.current().prepare(ServerHome.unpacked(), NAME, template);
        this.base = home.resolve(NAME);
        // The scanner leaves a directory that is not there alone for long.
        Commands.makeDirectory(base.resolve("deployments"));
        Path file = base.resolve("configuration/standalone.xml");
        Template.write(file, Commands.read(file).replace("scan-interval=\"5000\"", "scan-interval=\"200\""));
    }

    @Override
    public ProcessHandle start() {
        List<String> command = new ArrayList<>(List.of(Commands.jdk("java"), "-D[Standalone]"));
        MODULE_OPTIONS
                .matcher(Commands.read(home.resolve("bin/common.sh")))
                .results()
                .map(MatchResult::group)
                .distinct()
                .forEach(command::add);
        command.addAll(ServerProcess.JVM_OPTIONS);
        command.addAll(List.of(
                "-Djava.net.preferIPv4Stack=true",
                "-Djava.awt.headless=true",
                "-Djboss.modules.system.pkgs=org.jboss.byteman",
                "-Djboss.bind.address=127.0.0.1",
                "-Djboss.http.port=" + template.httpPort(),
                "-Djboss.https.port=0",
                "-Djboss.management.http.port=" + template.adminPort(),
                "-Dorg.jboss.boot.log.file=" + base.resolve("log/server.log"),
                "-Dlogging.configuration="
                        + base.resolve("configuration/logging.properties").toUri(),
                "-jar",
                home.resolve("jboss-modules.jar").toString(),
                "-mp",
                home.resolve("modules").toString(),
                "org.jboss.as.standalone",
                "-Djboss.home.dir=" + home,
                "-Djboss.server.base.dir=" + base,
                "--yaml=pgq.yml"));
        return Commands.start(command, Map.of(), log).toHandle();
    }

    @Override
    public void deploy(WebArchive archive) {
        Path file = deployment(archive.getName());
        Commands.delete(marker(file, "failed"));
        Commands.export(archive, base.resolve("deployments"));
        // A request, even one that asks for the version, must not meet an application that is on its way out.
        Awaitility.await("deployment of " + file.getFileName())
                .atMost(Duration.ofMinutes(3))
                .pollDelay(Duration.ZERO)
                .until(() -> isDeployed(file) || Files.exists(marker(file, "failed")));
    }

    @Override
    public void undeploy(String name) {
        Path file = deployment(name + ".war");
        // An application serves before its marker is there.
        Awaitility.await("undeployment of " + name)
                .atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ZERO)
                .until(() -> {
                    Commands.delete(marker(file, "deployed"));
                    return Files.exists(marker(file, "undeployed"));
                });
        Commands.delete(file);
        Commands.delete(marker(file, "undeployed"));
    }

    @Override
    public Optional<String> failure(String name) {
        return Optional.of(Commands.read(marker(deployment(name + ".war"), "failed")))
                .filter(text -> !text.isEmpty());
    }

    @Override
    public boolean keepsPools() {
        return true;
    }

    /** The marker of a deployment is as old as its archive. */
    private static boolean isDeployed(Path file) throws IOException {
        Path deployed = marker(file, "deployed");
        return !Files.exists(marker(file, "isdeploying"))
                && Files.exists(deployed)
                && Files.getLastModifiedTime(deployed).toMillis()
                        >= Files.getLastModifiedTime(file).toMillis();
    }

    private Path deployment(String fileName) {
        return base.resolve("deployments").resolve(fileName);
    }

    private static Path marker(Path file, String state) {
        return file.resolveSibling(file.getFileName() + "." + state);
    }
}
