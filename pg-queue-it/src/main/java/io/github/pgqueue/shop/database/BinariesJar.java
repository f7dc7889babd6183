package io.github.pgqueue.shop.database;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** The server's binaries from a jar on disk instead of the class path; a record, since the unpacked copy is cached by it. */
record BinariesJar(Path jar) implements PgBinaryResolver {

    @Override
    public InputStream getPgBinary(String system, String architecture) throws IOException {
        String name = ("postgres-" + system + "-" + architecture + ".txz").toLowerCase(Locale.ROOT);
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry entry = file.getEntry(name);
            if (entry == null) {
                throw new IOException(jar + " has no " + name);
            }
            try (InputStream content = file.getInputStream(entry)) {
                return new ByteArrayInputStream(content.readAllBytes());
            }
        }
    }
}
