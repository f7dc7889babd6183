package io.github.pgqueue.it.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.cdi.internal.MicroProfileConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows compiles, and its tables say what the code says. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..");
    private static final Path HERE = Path.of("src/test/java/io/github/pgqueue/it/readme");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ERROR_ROW = Pattern.compile("(?m)^\\| (PGQ\\d{4}) \\|");
    private static final Pattern ERROR_CODE = Pattern.compile("PGQ\\d{4}(?=[\":])");
    private static final Pattern KEY_ROW = Pattern.compile("(?m)^\\| `(pg-queue\\.[^`]+)` \\|");
    private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:IT|Test))\\.(\\w+)`");

    @Test
    void javaBlocks_areCompiledHere() throws IOException {
        String compiled = flat(Files.readString(HERE.resolve("Hello.java")))
                + flat(Files.readString(HERE.resolve("Examples.java")));

        assertThat(JAVA_BLOCK.matcher(readme()).results().map(block -> flat(block.group(1))))
                .hasSizeGreaterThan(5)
                .allSatisfy(block -> assertThat(compiled).contains(block));
    }

    @Test
    void errorTable_listsEveryNumberOfTheCode() throws IOException {
        Set<String> documented = groups(ERROR_ROW, readme());

        assertThat(documented).containsExactlyElementsOf(codesOfTheCode());
    }

    @Test
    void configurationTable_listsEveryKeyOfTheReader() throws IOException {
        Set<String> documented = groups(KEY_ROW, readme());

        assertThat(documented).containsExactlyInAnyOrderElementsOf(MicroProfileConfig.keys());
    }

    @Test
    void parityTable_namesTestsThatExist() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (MatchResult named : TEST_NAME.matcher(readme()).results().collect(Collectors.toList())) {
            if (sources(Path.of("src/test/java"))
                    .noneMatch(source -> source.contains(" " + named.group(1) + " ")
                            && source.contains(" " + named.group(2) + "("))) {
                missing.add(named.group());
            }
        }

        assertThat(missing).isEmpty();
    }

    private static Set<String> codesOfTheCode() throws IOException {
        Stream<String> java = Stream.concat(
                sources(ROOT.resolve("pg-queue-cdi/src/main/java")),
                sources(ROOT.resolve("pg-queue-jcache/src/main/java")));
        Stream<String> texts = Stream.concat(java, sources(ROOT.resolve("migrations")));
        return texts.flatMap(text -> ERROR_CODE.matcher(text).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(ReadmeTest::read).toList().stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static Set<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Without white space and without the word that nesting in another class needs. */
    private static String flat(String code) {
        return code.replace("static class", "class").replaceAll("\\s+", "");
    }
}
