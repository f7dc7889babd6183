package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.environment.Template;
import io.github.pgqueue.it.servers.lifecycle.app.Door;
import io.github.pgqueue.shop.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;

/**
 * The server of the environment as a process of its own, on ports and databases of its own, to be redeployed to, frozen
 * and killed. One for all tests of a run; {@link ServerProcessExtension} makes it, hands it out and ends it.
 *
 * <p>Used by one thread, but for {@link #push}, which any may call.
 */
final class ServerProcess implements AutoCloseable {

    /** Of every server: small, quick to recover prepared transactions, and without softly reachable class loaders. */
    static final List<String> JVM_OPTIONS = List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:SoftRefLRUPolicyMSPerMB=0",
            "-DRecoveryEnvironmentBean.periodicRecoveryPeriod=2",
            "-DRecoveryEnvironmentBean.recoveryBackoffPeriod=1",
            "-DJTAEnvironmentBean.orphanSafetyInterval=2000");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);
    private static final Path LOGS = Path.of("target", "crash").toAbsolutePath();
    private static final Pattern OWN_FRAME = Pattern.compile("at io\\.github\\.pgqueue\\.(?!it\\.|shop\\.)");
    private static final int LINES_SHOWN = 200;

    private final ServerKind kind;
    private final String address;
    private final List<Path> logs = new ArrayList<>();
    private final Thread atExit = new Thread(this::end);
    private @Nullable ProcessHandle process;

    private ServerProcess(Database main, Database other) {
        Template template = Template.of(main, other, ServerKind.NAME);
        Path log = newLog();
        logs.add(log);
        this.address = "http://127.0.0.1:" + template.httpPort() + "/";
        this.kind = switch (Environment.current()) {
            case WELD_SE -> new WeldSeServer(template, main, other, log);
            case WILDFLY -> new WildFlyServer(template, log);
            case OPEN_LIBERTY -> new OpenLibertyServer(template, log);
            case PAYARA -> {
                PayaraServer payara = new PayaraServer(template);
                logs.add(payara.log());
                yield payara;
            }
        };
    }

    /** Starts one. */
    static ServerProcess start(Database main, Database other) {
        ServerProcess server = new ServerProcess(main, other);
        Runtime.getRuntime().addShutdownHook(server.atExit);
        server.start();
        return server;
    }

    private static Path newLog() {
        Path log = LOGS.resolve(Environment.current().profile() + ".log");
        try {
            Files.createDirectories(LOGS);
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return log;
    }

    /** Starts it again, with what was deployed. */
    void start() {
        process = kind.start();
        await("start of the server", () -> Http.isServed(address));
    }

    /** Deploys an archive, or deploys it anew, and waits until that very one serves. */
    void deploy(WebArchive archive, String version) {
        kind.deploy(archive);
        awaitVersion(archive.getName().replace(".war", ""), version);
    }

    /** Waits until a deployment serves. */
    void awaitVersion(String name, String version) {
        await("version " + version + " of " + name, () -> {
            kind.failure(name).ifPresent(failure -> {
                throw new AssertionError(failure);
            });
            return Http.answer(door(name)).filter(version::equals).isPresent();
        });
    }

    /** Undeploys an application. */
    void undeploy(String name) {
        kind.undeploy(name);
        await("undeployment of " + name, () -> Http.answer(door(name)).isEmpty());
    }

    /** Has the application push; whether it said that it had. */
    boolean push(String what) {
        return Http.answer(door(ServerKind.NAME) + "?" + Door.PUSH + "=" + what)
                .filter(what::equals)
                .isPresent();
    }

    /** The address at which an application answers. */
    String door(String name) {
        return address + name + "/door";
    }

    /** Has what the application wrote into the second resource where {@link Books} finds it; nothing is under way. */
    void collect() {
        kind.collect();
    }

    /** Whether connections go back to a pool of the server when an application ends. */
    boolean keepsPools() {
        return kind.keepsPools();
    }

    /** Whether class loaders of applications stay in the server, whatever these do. */
    boolean keepsClassLoaders() {
        return kind.keepsClassLoaders();
    }

    /** How many threads of the library there are: by their names, and by what they do. */
    long threads() {
        return Arrays.stream(jcmd("Thread.print").split("\n\n"))
                .filter(thread -> thread.startsWith("\"pg-queue")
                        || OWN_FRAME.matcher(thread).find())
                .count();
    }

    /** How many class loaders have the library's classes, after a garbage collection. */
    long classLoaders() {
        jcmd("GC.run");
        return jcmd("VM.class_hierarchy", "io.github.pgqueue.QueueName")
                .lines()
                .filter(line -> line.contains("io.github.pgqueue.QueueName/"))
                .count();
    }

    /** Writes what is in its memory into a file, for somebody who looks for what is left there; the file is told. */
    Path dumpHeap() {
        Path dump = LOGS.resolve(Environment.current().profile() + ".hprof");
        Commands.delete(dump);
        jcmd("GC.heap_dump", dump.toString());
        return dump;
    }

    private String jcmd(String... command) {
        List<String> whole = new ArrayList<>(List.of(Commands.jdk("jcmd"), pid()));
        whole.addAll(List.of(command));
        return Commands.run(whole.toArray(String[]::new));
    }

    /** Stops all its threads where they are. */
    void freeze() {
        Commands.run("kill", "-STOP", pid());
    }

    /** Lets it go on. */
    void resume() {
        Commands.run("kill", "-CONT", pid());
    }

    /** Kills it without a chance to tidy up. */
    void kill() {
        running().destroyForcibly();
        await("end of the process", () -> !running().isAlive());
    }

    /**
     * Kills it at a moment of a certain kind: freezes it, looks, and kills it or lets it go on.
     *
     * @param wanted looks at what the frozen server has left in the databases
     * @param between lets something happen between two attempts
     */
    void killWhen(BooleanSupplier wanted, Runnable between) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            freeze();
            if (wanted.getAsBoolean()) {
                kill();
                return;
            }
            resume();
            between.run();
        }
        throw new AssertionError("the moment to kill the server did not come");
    }

    private ProcessHandle running() {
        return Optional.ofNullable(process).orElseThrow(() -> new IllegalStateException("not started"));
    }

    private String pid() {
        return Long.toString(running().pid());
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(condition::getAsBoolean);
    }

    /** The last lines of what it has written. */
    String lastLines() {
        StringBuilder text = new StringBuilder();
        for (Path log : logs) {
            List<String> lines = Commands.read(log).lines().toList();
            text.append("--- ").append(log).append('\n');
            lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size())
                    .forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    /** Stops it in good order, and starts it again: nothing of earlier deployments is in its memory. */
    void restart() {
        stop();
        start();
    }

    /** Stops it in good order. */
    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void stop() {
        if (process != null && process.isAlive()) {
            process.destroy();
            try {
                process.onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // It is killed instead.
            }
        }
        end();
    }

    private void end() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
