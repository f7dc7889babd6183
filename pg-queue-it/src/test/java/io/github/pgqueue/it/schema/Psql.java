package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.it.support.Login;
import io.github.pgqueue.it.support.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** The real psql on one database, with the packed SQL in a folder of its own. */
final class Psql implements AutoCloseable {

    /**
     * What a run came to.
     *
     * @param exit 0 for success, 1 for a command that failed, 3 for a script that stopped at an error
     * @param out what it said
     * @param err what it complained of
     */
    record Result(int exit, String out, String err) {

        Result succeeds() {
            assertThat(err).isEmpty();
            assertThat(exit).isZero();
            return this;
        }

        /** A script that stopped where the database raised an error. */
        void failsWith(String code) {
            assertThat(err).contains("ERROR:  " + code + ": ");
            assertThat(exit).isNotZero();
        }
    }

    private static final long PATIENCE_SECONDS = 60;

    private final Path executable;
    private final Path folder;
    private final PGSimpleDataSource address;
    private final String searchPath;

    private Psql(Path executable, Path folder, PGSimpleDataSource address, String searchPath) {
        this.executable = executable;
        this.folder = folder;
        this.address = address;
        this.searchPath = searchPath;
    }

    /** Skips the test where there is no psql. */
    static Psql on(TestDatabase database) {
        Optional<Path> executable = find();
        assumeTrue(executable.isPresent(), "psql is neither on PATH nor where PostgreSQL is usually installed");
        try {
            Path folder = Files.createTempDirectory("packed sql");
            PackedSql.unpack(folder);
            return new Psql(
                    executable.orElseThrow(), folder, database.database().dataSource(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same as somebody else. */
    Psql as(Login login) {
        PGSimpleDataSource other = new PGSimpleDataSource();
        other.setUrl(address.getUrl());
        other.setUser(login.name());
        other.setPassword(login.password());
        return new Psql(executable, folder, other, searchPath);
    }

    /** The same with another search_path, in the words of SQL. */
    Psql in(String otherSearchPath) {
        return new Psql(executable, folder, address, otherSearchPath);
    }

    Result setup(String... options) {
        return file("setup.sql", options);
    }

    Result teardown() {
        return file("teardown.sql");
    }

    /** {@code psql -f migrations/file -v option... database}. */
    Result file(String file, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("-f", folder.resolve(file).toString()));
        for (String option : options) {
            arguments.addAll(List.of("-v", option));
        }
        return run(arguments);
    }

    /** One command; what it returns, without decoration. */
    Result command(String sql) {
        return run(List.of("-At", "-c", sql));
    }

    private Result run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(executable.toString(), "-X", "-w"));
        command.addAll(arguments);
        command.add(String.valueOf(address.getDatabaseName()));
        try {
            Path out = Files.createTempFile(folder, "out", "");
            Path err = Files.createTempFile(folder, "err", "");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            surround(builder.environment());
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("psql did not end: " + command);
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void surround(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("PG"));
        environment.put("LC_ALL", "C");
        environment.put("PGCLIENTENCODING", StandardCharsets.UTF_8.name());
        environment.put("PGHOST", address.getServerNames()[0]);
        environment.put("PGPORT", String.valueOf(address.getPortNumbers()[0]));
        environment.put("PGUSER", String.valueOf(address.getUser()));
        environment.put("PGPASSWORD", String.valueOf(address.getPassword()));
        if (!searchPath.isEmpty()) {
            String escaped = searchPath.replace("\\", "\\\\").replace(" ", "\\ ");
            environment.put("PGOPTIONS", "-c search_path=" + escaped);
        }
    }

    private static Optional<Path> find() {
        Stream<Path> onPath = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        Stream<Path> debian = children(Path.of("/usr/lib/postgresql")).map(version -> version.resolve("bin"));
        Stream<Path> homebrew = Stream.of(Path.of("/opt/homebrew/opt/libpq/bin"), Path.of("/usr/local/opt/libpq/bin"));
        return Stream.of(onPath, debian, homebrew)
                .flatMap(folders -> folders)
                .flatMap(folder -> Stream.of(folder.resolve("psql"), folder.resolve("psql.exe")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> children(Path parent) {
        try (Stream<Path> listed = Files.list(parent)) {
            return listed.sorted(Comparator.reverseOrder()).toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
