package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import domain.Blog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.cache.annotation.BeanProvider;
import manager.CacheNameOnEachMethodBlogManagerImpl;
import org.junit.jupiter.api.Test;

/**
 * The annotation tests of the kit have really run: it reports as passed what it leaves out, and leaves out all of them
 * where it gets no beans. Runs in an execution of its own, after theirs.
 */
class AnnotationTckGateIT {

    private static final Path REPORTS = Path.of(System.getProperty("tck.annotations.reports", "unknown"));
    private static final Pattern SUITE = Pattern.compile(
            "<testsuite [^>]*name=\"org\\.jsr107\\.tck\\.annotation\\.(\\w+)\"[^>]*tests=\"(\\d+)\"[^>]*errors=\"(\\d+)\""
                    + "[^>]*skipped=\"(\\d+)\"[^>]*failures=\"(\\d+)\"");

    @Test
    void annotationTests_ofTheKit_are12AndAllPassed() throws IOException {
        List<MatchResult> suites = reports(".xml")
                .flatMap(report -> SUITE.matcher(report).results())
                .toList();

        assertThat(suites).hasSize(3);
        assertThat(suites.stream().mapToInt(suite -> number(suite, 2)).sum()).isEqualTo(12);
        assertThat(suites).allSatisfy(suite -> {
            assertThat(number(suite, 3)).as("errors").isZero();
            assertThat(number(suite, 4)).as("skipped").isZero();
            assertThat(number(suite, 5)).as("failures").isZero();
        });
    }

    @Test
    void annotationTests_ofTheKit_wereNotExcluded() throws IOException {
        assertThat(reports(""))
                .isNotEmpty()
                .noneSatisfy(output -> assertThat(output).contains("EXCLUDING TEST"))
                .noneSatisfy(output -> assertThat(output).contains("annotation tests will be ignored"));
    }

    /** The kit asks for its beans in the same way. */
    @Test
    void beanOfTheKit_isIntercepted() {
        BeanProvider provider =
                ServiceLoader.load(BeanProvider.class).iterator().next();
        CacheNameOnEachMethodBlogManagerImpl blogs = provider.getBeanByType(CacheNameOnEachMethodBlogManagerImpl.class);
        Blog blog = new Blog("guard", "cached");
        blogs.createEntry(blog);

        Blog first = blogs.getEntryCached("guard");
        blogs.clearEntry("guard");
        Blog second = blogs.getEntryCached("guard");

        assertThat(first.getBody()).isEqualTo("cached");
        assertThat(second.getBody())
                .as("the body, which would find nothing, does not run")
                .isEqualTo("cached");
    }

    private static Stream<String> reports(String ending) throws IOException {
        try (Stream<Path> files = Files.list(REPORTS)) {
            return files
                    .filter(file -> file.getFileName().toString().contains("org.jsr107.tck.annotation"))
                    .filter(file -> file.getFileName().toString().endsWith(ending))
                    .map(AnnotationTckGateIT::read)
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int number(MatchResult suite, int group) {
        return Integer.parseInt(suite.group(group));
    }
}
