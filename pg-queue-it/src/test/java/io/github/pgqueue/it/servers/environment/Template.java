package io.github.pgqueue.it.servers.environment;

import io.github.pgqueue.shop.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Fills in files of {@code src/test/servers}: {@code @DB_HOST@} and the like.
 *
 * @param values what stands for each name
 */
public record Template(Map<String, String> values) {

    private static final Path SOURCES = Path.of("src", "test", "servers");

    /** For one database. */
    static Template of(Database main) {
        PGSimpleDataSource address = main.dataSource();
        return new Template(Map.of(
                "DB_HOST", String.valueOf(address.getServerNames()[0]),
                "DB_PORT", String.valueOf(address.getPortNumbers()[0]),
                "DB_NAME", String.valueOf(address.getDatabaseName()),
                "DB_USER", main.user(),
                "DB_PASSWORD", main.password().isEmpty() ? "none" : main.password()));
    }

    /**
     * For two databases, with ports that are free now.
     *
     * @param node which no other server on these databases has
     */
    public static Template of(Database main, Database other, String node) {
        Map<String, String> values = new LinkedHashMap<>(of(main).values());
        values.put("OTHER_DB_NAME", String.valueOf(other.dataSource().getDatabaseName()));
        values.put("NODE", node);
        values.put("HTTP_PORT", freePort());
        values.put("ADMIN_PORT", freePort());
        return new Template(values);
    }

    /** Where applications are found. */
    public String httpPort() {
        return values.getOrDefault("HTTP_PORT", "");
    }

    /** Where the server is administered. */
    public String adminPort() {
        return values.getOrDefault("ADMIN_PORT", "");
    }

    public static String freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file, filled in. */
    String text(String source) {
        return filled(read(SOURCES.resolve(source)));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text on the class path of the tests. */
    static String resource(String name) {
        try (InputStream stream = Template.class.getResourceAsStream("/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace('@' + value.getKey() + '@', value.getValue());
        }
        return filled;
    }

    /** Writes a file, filled in. */
    public void write(String source, Path target) {
        write(target, text(source));
    }

    /** Leaves a file alone that is as it should be: a server beside may be reading it. */
    public static void write(Path target, String text) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            if (!Files.exists(target) || !Files.readString(target).equals(text)) {
                Files.writeString(target, text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the driver of the tests into a directory, unless it is there. */
    static void copyDriver(Path directory) {
        try {
            Files.createDirectories(directory);
            Path jar = Path.of(Driver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path copy = directory.resolve("postgresql.jar");
            if (!Files.exists(copy) || Files.mismatch(jar, copy) >= 0) {
                Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The only directory in the one into which a distribution was unpacked. */
    public static Path onlyDirectory(Path unpacked) {
        try (Stream<Path> children = Files.list(unpacked)) {
            return children.filter(Files::isDirectory).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void copy(Path from, Path to) {
        copy(from, to, Set.of());
    }

    /** Copies a directory, but not the children of it that are named. */
    static void copy(Path from, Path to, Set<String> leftOut) {
        try (Stream<Path> all = Files.walk(from)) {
            List<Path> files = all.filter(file -> from.equals(file)
                            || !leftOut.contains(
                                    from.relativize(file).getName(0).toString()))
                    .toList();
            Files.createDirectories(to.toAbsolutePath().getParent());
            for (Path file : files) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
