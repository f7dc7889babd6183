package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.Login;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.Roles;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pg-queue.schema-management=migrate}, with Flyway and without. */
@ParameterizedClass
@MethodSource("everywhere")
class MigrateIT {

    private static final int MANAGERS = 10;

    private final Installer installer;
    private final TestDatabase database;
    private final Roles roles;

    MigrateIT(Postgres postgres, Installer installer) {
        this.installer = installer;
        this.database = postgres.empty();
        this.roles = new Roles(database);
    }

    static Stream<Arguments> everywhere() {
        return Arrays.stream(Postgres.values())
                .flatMap(
                        postgres -> Arrays.stream(Installer.values()).map(installer -> arguments(postgres, installer)));
    }

    @AfterEach
    void close() {
        roles.close();
        database.close();
    }

    @Test
    void migrate_emptyDatabase_installsTheNewestVersion() {
        Optional<String> error = installer.migrate(database.dataSource());

        assertThat(error).isEmpty();
        assertThat(version("public")).isEqualTo(newest());
        assertThat(Catalog.names(database, "public").contains("pg_queue_history"))
                .isEqualTo(installer.keepsHistory());
        assertThat(worksIn("public")).isTrue();
    }

    @Test
    void migrate_anyWay_installsWhatPsqlInstalls() {
        database.execute("CREATE SCHEMA jobs");
        try (Psql psql = Psql.on(database)) {
            psql.in("jobs").setup().succeeds();
        }
        String byPsql = Catalog.describe(database, "jobs");
        database.execute("DROP SCHEMA jobs CASCADE");

        Optional<String> error = installer.migrate(database.dataSource(), Map.of("schema", "jobs"));

        assertThat(error).isEmpty();
        assertThat(Catalog.describe(database, "jobs")).isEqualTo(byPsql);
    }

    @Test
    void migrate_installedByPsql_changesNothing() {
        try (Psql psql = Psql.on(database)) {
            psql.setup("channel_prefix=shop_").succeeds();
        }
        database.execute("SELECT pg_queue_create_queue('emails')");
        List<String> before = Catalog.names(database, "public");

        Optional<String> error = installer.migrate(database.dataSource());

        assertThat(error).isEmpty();
        assertThat(Catalog.names(database, "public")).isEqualTo(before);
        assertThat(database.text("SELECT channel_prefix FROM pg_queue_schema")).isEqualTo("shop_");
    }

    @Test
    void migrate_olderVersion_goesOnFromThere() throws SQLException {
        runInOneTransaction(PackedSql.text("V1__queues.sql"), PackedSql.text("V2__channels.sql"));
        database.execute("INSERT INTO pg_queue_signal (payload) VALUES ('kept')");

        Optional<String> error = installer.migrate(database.dataSource());

        assertThat(error).isEmpty();
        assertThat(version("public")).isEqualTo(newest());
        assertThat(worksIn("public")).isTrue();
        assertThat(database.text("SELECT payload FROM pg_queue_signal")).isEqualTo("kept");
    }

    @Test
    void migrate_schemaThatDoesNotExist_makesIt() {
        Optional<String> error =
                installer.migrate(database.dataSource(), Map.of("schema", "Jobs_2", "prefix", "jobs."));

        assertThat(error).isEmpty();
        assertThat(version("\"Jobs_2\"")).isEqualTo(newest());
        assertThat(Catalog.names(database, "public")).isEmpty();
        assertThat(database.text("SELECT \"Jobs_2\".pg_queue_channel('orders')"))
                .isEqualTo("jobs.orders");
        assertThat(worksIn("Jobs_2")).isTrue();
    }

    @Test
    void migrate_besideTablesOfTheApplication_leavesThemAlone() {
        database.execute("CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (1)");

        Optional<String> error = installer.migrate(database.dataSource());

        assertThat(error).isEmpty();
        assertThat(database.number("SELECT count(*) FROM orders")).isEqualTo(1);
    }

    @Test
    void migrate_tenManagersAtOnce_doNotCollide() {
        List<Optional<String>> errors = atOnce(Map.of("schema", "jobs", "prefix", "jobs."));

        assertThat(errors).hasSize(MANAGERS).containsOnly(Optional.empty());
        assertThat(version("jobs")).isEqualTo(newest());
        assertThat(database.text("SELECT channel_prefix FROM jobs.pg_queue_schema"))
                .isEqualTo("jobs.");
        assertThat(worksIn("jobs")).isTrue();
    }

    @Test
    void migrate_tenManagersAtOnceInPublic_doNotCollide() {
        List<Optional<String>> errors = atOnce(Map.of());

        assertThat(errors).hasSize(MANAGERS).containsOnly(Optional.empty());
        assertThat(version("public")).isEqualTo(newest());
    }

    @Test
    void migrate_somethingInTheWay_installsNothingAndSaysWhat() {
        // The third file is the first to stumble over it.
        database.execute("CREATE VIEW pg_queue_request AS SELECT 1 AS request_id");

        Optional<String> error = installer.migrate(database.dataSource());

        assertThat(error)
                .get()
                .asString()
                .startsWith("PGQ7009: pg-queue could not be installed in schema 'public': ")
                .contains("pg_queue_request")
                .contains("nothing was installed")
                .doesNotContain("\n");
        assertThat(Catalog.names(database, "public"))
                .filteredOn(name -> !name.startsWith("pg_queue_history"))
                .containsExactly("pg_queue_request");

        database.execute("DROP VIEW pg_queue_request");
        assertThat(installer.migrate(database.dataSource())).isEmpty();
        assertThat(version("public")).isEqualTo(newest());
    }

    @Test
    void migrate_withoutTheRightToCreate_saysSoInOneSentence() {
        Login stranger = roles.login();
        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");

        Optional<String> inPublic = installer.migrate(stranger.on(database));
        Optional<String> inNew = installer.migrate(stranger.on(database), Map.of("schema", "jobs"));

        assertThat(inPublic)
                .get()
                .asString()
                .startsWith("PGQ7009: ")
                .contains("permission denied for schema public")
                .contains("psql -f migrations/setup.sql")
                .doesNotContain("\n");
        assertThat(inNew)
                .get()
                .asString()
                .startsWith("PGQ7009: ")
                .contains("permission denied for database")
                .doesNotContain("\n");
        assertThat(Catalog.names(database, "public")).isEmpty();
    }

    @Test
    void migrate_withNoRightButToCreateInTheSchema_works() {
        Login owner = roles.login();
        database.execute("CREATE SCHEMA jobs", "GRANT USAGE, CREATE ON SCHEMA jobs TO " + owner.name());

        Optional<String> error = installer.migrate(owner.on(database), Map.of("schema", "jobs", "prefix", "jobs."));

        assertThat(error).isEmpty();
        assertThat(version("jobs")).isEqualTo(newest());
    }

    @Test
    void migrate_upToDateByOneWhoOwnsNothing_hasNothingToDo() {
        installer.migrate(database.dataSource(), Map.of("prefix", "shop_"));
        database.execute("SELECT pg_queue_create_roles('" + roles.prefix() + "')");
        Login worker = roles.login("worker");

        Optional<String> error = installer.migrate(worker.on(database), Map.of("prefix", "shop_"));

        assertThat(error).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void migrate_firstUseInsideAJtaTransaction_leavesThatAlone(boolean withTransactionManager) {
        database.execute("CREATE TABLE orders (text text)");
        Map<String, String> settings = withTransactionManager ? Map.of("manager", "yes") : Map.of();
        BiFunction<DataSource, Map<String, String>, Optional<String>> use =
                installer.create(MigrationInTransaction.class);

        Optional<String> error;
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database())) {
            error = use.apply(pool, settings);
        }

        assertThat(error).isEmpty();
        assertThat(version("public")).isEqualTo(newest());
        assertThat(database.text("SELECT string_agg(text, ' ') FROM orders")).isEqualTo("before after");
    }

    private List<Optional<String>> atOnce(Map<String, String> settings) {
        ExecutorService threads = Executors.newFixedThreadPool(MANAGERS);
        try {
            List<CompletableFuture<Optional<String>>> running = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> installer.migrate(database.dataSource(), settings), threads))
                    .limit(MANAGERS)
                    .toList();
            return running.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }

    private long version(String schema) {
        return database.number("SELECT version FROM " + schema + ".pg_queue_schema");
    }

    private static long newest() {
        return PackedSql.files().keySet().stream()
                .filter(name -> name.startsWith("V"))
                .count();
    }

    private boolean worksIn(String schema) {
        PgQueueConfig config = TestNode.quick().withSchema(schema);
        try (PgQueueManager manager =
                PgQueueManager.builder(database.dataSource()).config(config).build()) {
            manager.createQueue("probe");
            JobQueue<String> queue = manager.queue("probe", String.class);
            queue.push("x");
            return queue.pop().map(Job::payload).equals(Optional.of("x"));
        }
    }

    private void runInOneTransaction(String... scripts) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String script : scripts) {
                statement.execute(script);
            }
            connection.commit();
        }
    }
}
