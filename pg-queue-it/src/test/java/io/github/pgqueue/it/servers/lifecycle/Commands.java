package io.github.pgqueue.it.servers.lifecycle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Processes and files. */
public final class Commands {

    private static final Path JDK = Path.of(System.getProperty("java.home"));

    private Commands() {}

    /** A command of the JDK of the build, which is the one of the server too. */
    public static String jdk(String command) {
        return JDK.resolve("bin").resolve(command).toString();
    }

    /** What runs a server of Open Liberty of this name, from where it is unpacked. */
    public static List<String> openLiberty(Path home, List<String> options, String server) {
        List<String> command = new ArrayList<>(List.of(
                jdk("java"),
                "-javaagent:" + home.resolve("bin/tools/ws-javaagent.jar"),
                "@" + home.resolve("lib/platform/java/java9.options"),
                "-Djava.awt.headless=true"));
        command.addAll(options);
        command.addAll(List.of("-jar", home.resolve("bin/tools/ws-server.jar").toString(), server));
        return command;
    }

    /** Starts a process whose output is added to a file. */
    public static Process start(List<String> command, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("JAVA_HOME", JDK.toString());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end, which must be a good one, and returns what it said. */
    static String run(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", JDK.toString());
        builder.environment().put("AS_JAVA", JDK.toString());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said;
            try (InputStream output = process.getInputStream()) {
                said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(List.of(command) + " ended with " + code + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes an archive into a directory where a server looks for it, at one stroke. */
    public static Path export(WebArchive archive, Path directory) {
        Path target = directory.resolve(archive.getName());
        try {
            Files.createDirectories(directory);
            Path whole = directory.resolveSibling(archive.getName() + ".new");
            archive.as(ZipExporter.class).exportTo(whole.toFile(), /* overwrite= */ true);
            return Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
