package io.github.pgqueue.it.schema;

import io.github.pgqueue.PgQueueManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The migrations as they are packed into the library. */
final class PackedSql {

    private static final String FOLDER = "/io/github/pgqueue/migrations";

    private PackedSql() {}

    /** All files, by name. */
    static SortedMap<String, byte[]> files() {
        URL setup = Objects.requireNonNull(PgQueueManager.class.getResource(FOLDER + "/setup.sql"));
        try {
            URI uri = setup.toURI();
            if (!uri.getScheme().equals("jar")) {
                return files(Path.of(uri).resolveSibling("."));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return files(jar.getPath(FOLDER));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All files of a folder, by name. */
    static SortedMap<String, byte[]> files(Path folder) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** The text of one file. */
    static String text(String file) {
        return new String(Objects.requireNonNull(files().get(file)), StandardCharsets.UTF_8);
    }

    /** Unpacks all files into a folder. */
    static void unpack(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }
}
