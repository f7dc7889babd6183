package io.github.pgqueue.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules about text in the sources, which class files do not show. */
class SourceRulesTest {

    private static final Path SOURCES = Path.of("..", "pg-queue-cdi", "src", "main", "java");
    private static final Path JCACHE = Path.of("..", "pg-queue-jcache", "src", "main", "java");
    private static final Pattern SQL =
            Pattern.compile("\"\\s*(SELECT |INSERT INTO|UPDATE \\w|DELETE FROM|LISTEN |UNLISTEN |WITH \\w+ AS)");
    private static final Pattern KEY = Pattern.compile("\"pg-queue\\.[a-z]");

    @Test
    void sql_standsOnlyInClassesNamedSql() {
        assertThat(filesThatMatch(SOURCES, SQL, file -> !file.endsWith("Sql.java")))
                .isEmpty();
        assertThat(filesThatMatch(JCACHE, SQL, file -> true)).isEmpty();
    }

    @Test
    void configurationKeys_standOnlyInTheReaderAndInMessages() {
        assertThat(filesThatMatch(SOURCES, KEY, file -> file.contains("/internal/") && !file.contains("/cdi/")))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void everyPackage_saysWhatItIsFor(Path module) throws IOException {
        try (Stream<Path> files = Files.walk(module)) {
            List<Path> silent = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                    .toList();

            assertThat(silent).isEmpty();
        }
    }

    static Stream<Path> modules() {
        return Stream.of(SOURCES, JCACHE);
    }

    private static List<String> filesThatMatch(
            Path module, Pattern pattern, java.util.function.Predicate<String> where) {
        try (Stream<Path> files = Files.walk(module)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".java"))
                    .filter(where)
                    .filter(file -> pattern.matcher(read(file)).find())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
