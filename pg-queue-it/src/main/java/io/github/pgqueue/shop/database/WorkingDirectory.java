package io.github.pgqueue.shop.database;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where the embedded servers of one user live: the unpacked binaries, and a directory for each server. Two users of a
 * machine must not meet there, since neither can write, nor should run, what the other has unpacked.
 */
final class WorkingDirectory {

    /** Read by the library that unpacks the binaries; may be set by the user. */
    private static final String PROPERTY = "ot.epg.working-dir";

    private static final Set<String> ATTRIBUTES = FileSystems.getDefault().supportedFileAttributeViews();

    private WorkingDirectory() {}

    /** The directory of the servers, made if need be. */
    static Path ofServers() throws IOException {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, ofThisUser().toString());
        }
        return Files.createDirectories(
                Path.of(System.getProperty(PROPERTY)).toAbsolutePath().resolve("servers"));
    }

    /** Whether what this process makes in the directory belongs to root. */
    static boolean isOfRoot(Path servers) throws IOException {
        return ATTRIBUTES.contains("unix") && Integer.valueOf(0).equals(Files.getAttribute(servers, "unix:uid"));
    }

    private static Path ofThisUser() throws IOException {
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
        Path directory = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg-" + user);
        try {
            Files.createDirectory(directory, ownerOnly());
        } catch (FileAlreadyExistsException e) {
            if (!isOurs(directory)) {
                return Files.createTempDirectory("embedded-pg-");
            }
        }
        return directory;
    }

    private static boolean isOurs(Path directory) throws IOException {
        Path probe = Files.createTempFile("embedded-pg-", ".owner");
        try {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(directory).equals(Files.getOwner(probe));
        } finally {
            Files.delete(probe);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return ATTRIBUTES.contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
