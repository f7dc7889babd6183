package io.github.pgqueue.shop.runtime;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.FileHandler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;

/**
 * The directories of one run: one for reports and logs, which stays, and one for what the transaction manager needs,
 * which goes. The reports are in the build's {@code target} directory if there is one, else in a temporary directory.
 */
public final class Workspace implements AutoCloseable {

    private final Path reports;
    private final Path scratch;
    private final Thread atExit = new Thread(this::removeScratch, "order-shop-scratch");

    private Workspace(Path reports, Path scratch) {
        this.reports = reports;
        this.scratch = scratch;
    }

    /** Makes the directories. */
    public static Workspace open() {
        try {
            Workspace workspace = new Workspace(reportDirectory(), Files.createTempDirectory("order-shop-"));
            Runtime.getRuntime().addShutdownHook(workspace.atExit);
            return workspace;
        } catch (IOException e) {
            throw new ShopException("The order shop cannot make the directories it needs: " + e.getMessage(), e);
        }
    }

    /** A file that stays. */
    public Path report(String name) {
        return reports.resolve(name);
    }

    /** A directory that is removed when the workspace is closed. */
    public Path scratch(String name) {
        return scratch.resolve(name);
    }

    /** Has what the libraries log written to a file, not to the console. */
    public Path logToFile() {
        Path log = report("order-shop.log");
        try {
            FileHandler file = new FileHandler(log.toString().replace("%", "%%"));
            file.setFormatter(new SimpleFormatter());
            LogManager.getLogManager().reset();
            Logger.getLogger("").addHandler(file);
            return log;
        } catch (IOException e) {
            throw new ShopException("The order shop cannot write its log: " + e.getMessage(), e);
        }
    }

    /** A path as the user would write it. */
    public static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
        removeScratch();
    }

    private void removeScratch() {
        try (Stream<Path> files = Files.walk(scratch)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(Workspace.class.getName())
                    .log(System.Logger.Level.WARNING, scratch + " could not be removed", e);
        }
    }

    private static Path reportDirectory() throws IOException {
        Path target = classPathEntry().getParent();
        return target != null && target.endsWith("target") && Files.isWritable(target)
                ? Files.createDirectories(target.resolve("order-shop"))
                : Files.createTempDirectory("order-shop-reports-");
    }

    private static Path classPathEntry() throws IOException {
        try {
            return new File(Workspace.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toPath()
                    .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
