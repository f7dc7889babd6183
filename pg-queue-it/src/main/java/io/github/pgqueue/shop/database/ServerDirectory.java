package io.github.pgqueue.shop.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files of one embedded server: data, log, and a lock that is held as long as the process that started the server
 * lives. Where the lock can be had, that process was killed and has left the server behind.
 */
final class ServerDirectory implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger("io.github.pgqueue.shop.database");

    private final Path root;
    private final FileChannel lock;

    private ServerDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    static ServerDirectory create(Path parent) throws IOException {
        String name = ownPrefix() + UUID.randomUUID();
        // a name that removeOrphans overlooks, until the lock is held
        Path unlocked = Files.createDirectory(parent.resolve("new-" + name));
        FileChannel lock = FileChannel.open(lockOf(unlocked), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IOException("cannot lock " + lockOf(unlocked));
        }
        return new ServerDirectory(Files.move(unlocked, parent.resolve(name)), lock);
    }

    /** Stops the servers that killed processes have left behind, and removes their files. */
    static void removeOrphans(Path parent) throws IOException {
        List<Path> others;
        try (Stream<Path> directories = Files.list(parent)) {
            // to open and close a lock file of this very process would release its lock
            others = directories.filter(ServerDirectory::isOfAnotherProcess).toList();
        }
        for (Path other : others) {
            try (FileChannel channel = FileChannel.open(lockOf(other), StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    remove(other);
                }
            } catch (IOException | RuntimeException e) {
                // somebody else may be removing it just now
                LOGGER.log(System.Logger.Level.DEBUG, "leftover server not removed: " + other, e);
            }
        }
    }

    Path data() {
        return dataOf(root);
    }

    Path log() {
        return logOf(root);
    }

    Postmaster postmaster() {
        return new Postmaster(data(), log());
    }

    /** What the server said went wrong, if it got as far as that. */
    Optional<String> complaint() {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains("FATAL:") || line.contains("error:"))
                    .findFirst()
                    .map(String::strip);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Stops the server and removes everything. */
    @Override
    public void close() {
        try (lock) {
            remove(root);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.WARNING, "the embedded server in " + root + " is not quite removed", e);
        }
    }

    private static boolean isOfAnotherProcess(Path directory) {
        String name = directory.getFileName().toString();
        return name.matches("[0-9]+-.*") && !name.startsWith(ownPrefix());
    }

    private static String ownPrefix() {
        return ProcessHandle.current().pid() + "-";
    }

    private static void remove(Path root) throws IOException {
        new Postmaster(dataOf(root), logOf(root)).stop();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static Path dataOf(Path root) {
        return root.resolve("data");
    }

    private static Path logOf(Path root) {
        return root.resolve("server.log");
    }

    private static Path lockOf(Path root) {
        return root.resolve("lock");
    }
}
