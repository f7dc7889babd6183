package io.github.pgqueue.it.consumers.hibernate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.ProcessNode;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDatabase;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two JVMs with Hibernate and the settings of the README share a second-level cache. */
@PgQueueTest
class HibernateCacheIT {

    private static final Pattern BLOCK =
            Pattern.compile("### Hibernate\n.*?```properties\n(.*?)```.*?```properties\n(.*?)```", Pattern.DOTALL);

    private static TcpProxy proxy;
    private static Jvm a;
    private static Jvm b;

    /** A JVM of the application, which is asked one thing after the other. */
    private static final class Jvm implements AutoCloseable {

        private final ProcessNode process;
        private int asked;

        Jvm(Path settings) {
            process = ProcessNode.startSource(
                    Path.of("src/test/hibernate/HibernateNode.java"),
                    Path.of(requireNonNull(System.getProperty("hibernate.cache.directory"))),
                    settings.toString());
        }

        String ask(String question) {
            begin(question);
            return answer();
        }

        void begin(String question) {
            asked++;
            process.tell(question);
        }

        String answer() {
            return process.awaitRest(asked + " ");
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @BeforeAll
    static void start(TestDatabase database, @TempDir Path directory) throws IOException {
        database.execute(
                "CREATE TABLE tea (id bigint PRIMARY KEY, code text UNIQUE, name text)",
                "CREATE TABLE paint (color smallint, depth int, name text, PRIMARY KEY (color, depth))",
                "CREATE TABLE line (order_no bigint, line int, name text, PRIMARY KEY (order_no, line))",
                "CREATE TABLE badge (id bigint PRIMARY KEY, color smallint UNIQUE, name text)",
                "CREATE TABLE stock (id bigint PRIMARY KEY, color smallint, name text)",
                "CREATE TABLE loose (id bigint PRIMARY KEY, name text)",
                "INSERT INTO tea SELECT n, 'code' || n, 'tea' || n FROM generate_series(1, 9) AS n",
                "INSERT INTO paint VALUES (1, 3, 'green3')",
                "INSERT INTO line VALUES (7, 7, 'line7')",
                "INSERT INTO badge VALUES (1, 1, 'green')",
                "INSERT INTO stock SELECT n, n % 2, 'old' FROM generate_series(1, 4) AS n",
                "INSERT INTO loose VALUES (1, 'old')");
        proxy = TcpProxy.before(database);
        a = new Jvm(settings(database, directory, "a", "build42"));
        b = new Jvm(settings(database, directory, "b", "build42"));
        a.process.awaitLine("ready");
        b.process.awaitLine("ready");
    }

    @AfterAll
    static void stop() {
        a.close();
        b.close();
        proxy.close();
    }

    @AfterEach
    void mend() {
        proxy.mend();
    }

    /** The settings of the README, but for the application's names and where its database is. */
    private static Path settings(TestDatabase database, Path directory, String name, String build) throws IOException {
        var readme = BLOCK.matcher(Files.readString(Path.of("../README.md")));
        assertThat(readme.find()).isTrue();

        Properties cache = properties(readme.group(2));
        cache.remove("caches.\"*Country\".ttl");
        cache.setProperty("url", proxy.dataSource(database).getUrl());
        cache.setProperty("user", database.database().user());
        cache.setProperty("password", database.database().password());
        cache.setProperty("caches.*.serializable", "hibernate, HibernateNode$*");
        // The machine of the tests may stand still for longer than the README lets entries live.
        for (String region : List.of("Tea*", "Paint", "Line", "Badge*", "Loose", "default-query-results-region")) {
            cache.setProperty("caches.\"*" + region + "\".ttl", "P1D");
        }
        cache.setProperty("caches.\"*Stock\".ttl", "PT10S");
        Path cacheFile = store(cache, directory.resolve(name + "-cache.properties"));

        Properties hibernate = properties(readme.group(1));
        hibernate.setProperty("hibernate.cache.region_prefix", build);
        hibernate.setProperty("hibernate.javax.cache.uri", cacheFile.toUri().toString());
        hibernate.setProperty("hibernate.generate_statistics", "true");
        hibernate.setProperty("hibernate.connection.url", database.database().jdbcUrl());
        hibernate.setProperty(
                "hibernate.connection.username", database.database().user());
        hibernate.setProperty(
                "hibernate.connection.password", database.database().password());
        return store(hibernate, directory.resolve(name + ".properties"));
    }

    private static Properties properties(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        return properties;
    }

    private static Path store(Properties properties, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tea 1", "paint GREEN 3", "line 7 7"})
    void readOnlyEntity_loadedInOneJvm_isAHitInTheOther(String question) {
        assertThat(a.ask(question)).endsWith(" hits=0 naturalIdHits=0 queryHits=0 selects=1");

        assertThat(b.ask(question)).endsWith(" hits=1 naturalIdHits=0 queryHits=0 selects=0");
        assertThat(a.ask(question)).endsWith(" hits=1 naturalIdHits=0 queryHits=0 selects=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"code code2", "badge GREEN"})
    void naturalId_resolvedInOneJvm_isAHitInTheOther(String question) {
        assertThat(a.ask(question)).contains(" hits=0 naturalIdHits=0 ");

        assertThat(b.ask(question)).endsWith(" hits=1 naturalIdHits=1 queryHits=0 selects=0");
        assertThat(a.ask(question)).endsWith(" hits=1 naturalIdHits=1 queryHits=0 selects=0");
    }

    @Test
    void queryResult_isSharedUntilAChangeInEitherJvm() {
        assertThat(a.ask("query GREEN")).isEqualTo("[old,old] hits=0 naturalIdHits=0 queryHits=0 selects=1");
        assertThat(b.ask("query GREEN")).isEqualTo("[old,old] hits=0 naturalIdHits=0 queryHits=1 selects=0");

        assertThat(a.ask("change-stock 3 NEW")).startsWith("changed");

        assertThat(b.ask("query GREEN")).startsWith("[old,NEW] ");
        assertThat(a.ask("query GREEN")).startsWith("[old,NEW] ");
    }

    /** Hibernate's locks are those of one JVM: what a time to live is for. */
    @Test
    void loadDuringAChangeInTheOtherJvm_putsTheOldStateBack_forNoLongerThanTheTimeToLive() {
        changeDuringLoad("loose");
        changeDuringLoad("stock");

        assertThat(b.ask("stock 1")).startsWith("old hits=1 ");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(b.ask("stock 1")).startsWith("NEW "));
        assertThat(b.ask("loose 1")).as("what has no time to live stays old").startsWith("old hits=1 ");
    }

    /** The load begins before the change and ends after it. */
    private static void changeDuringLoad(String entity) {
        long pauses = pauses();
        b.begin("pause " + entity + " 1");
        await().until(() -> pauses() > pauses);
        assertThat(a.ask("change-" + entity + " 1 NEW")).startsWith("changed");
        b.process.tell("go on");
        assertThat(b.answer()).startsWith("old ");
    }

    private static long pauses() {
        return b.process.lines().stream().filter("paused"::equals).count();
    }

    @Test
    void anotherBuild_seesNothingOfThisOne(TestDatabase database, @TempDir Path directory) throws IOException {
        a.ask("tea 4");
        assertThat(b.ask("tea 4")).contains(" hits=1 ");

        try (Jvm next = new Jvm(settings(database, directory, "c", "build43"))) {
            assertThat(next.ask("tea 4")).endsWith(" hits=0 naturalIdHits=0 queryHits=0 selects=1");
        }
    }

    @Test
    void whileTheCacheIsDown_cachedEntitiesAndQueriesFail_andGoOnWhenItIsBack() {
        a.ask("tea 5");
        a.ask("query RED");
        proxy.cut();

        assertThat(a.ask("tea 5")).startsWith("failed ");
        assertThat(a.ask("change-stock 4 NEW")).startsWith("failed ");
        assertThat(a.ask("query RED")).startsWith("failed ");

        proxy.mend();
        await().untilAsserted(() -> assertThat(a.ask("tea 5")).contains(" hits=1 "));
    }
}
