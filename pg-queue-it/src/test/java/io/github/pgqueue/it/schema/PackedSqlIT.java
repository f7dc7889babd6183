package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The library carries the migrations that lie in the repository, and they are numbered without gaps. */
class PackedSqlIT {

    @Test
    void packedSql_isTheFolderMigrationsByteForByte() throws IOException {
        SortedMap<String, byte[]> source = PackedSql.files(Path.of("..", "migrations"));

        SortedMap<String, byte[]> packed = PackedSql.files();

        assertThat(packed.keySet()).isEqualTo(source.keySet());
        packed.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(source.get(name)));
    }

    @Test
    void versionedFiles_areNumberedWithoutGapsAndRecordTheirNumber() {
        List<String> files = PackedSql.files().keySet().stream()
                .filter(name -> name.startsWith("V"))
                .toList();

        List<Integer> numbers = files.stream()
                .map(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                .sorted()
                .toList();

        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, files.size()).boxed().toList());
        assertThat(files).allSatisfy(name -> {
            String number = name.substring(1, name.indexOf("__"));
            assertThat(PackedSql.text(name)).containsAnyOf("greatest(version, " + number + ")", "VALUES (1, 1)");
        });
    }

    @Test
    void setup_includesEveryVersionedFileInOrder() {
        String setup = PackedSql.text("setup.sql");

        List<String> included = setup.lines()
                .filter(line -> line.startsWith("\\ir "))
                .map(line -> line.substring(4))
                .toList();

        assertThat(included)
                .isEqualTo(PackedSql.files().keySet().stream()
                        .filter(name -> name.startsWith("V"))
                        .toList());
    }

    @Test
    void packedSql_isPlainUnicodeWithUnixLineEnds() {
        PackedSql.files().forEach((name, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertThat(text).as(name).doesNotContain("\r", "\t", "\uFFFD").endsWith("\n");
        });
    }
}
