package io.github.pgqueue.shop.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseIT {

    private static Database database;

    @BeforeAll
    static void open() {
        database = Database.open();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void open_asConfigured_takesConnectionsWithTheGivenUserAndPassword() throws SQLException {
        String answer = text(database, "SELECT 'user ' || current_user");

        assertThat(answer).isEqualTo("user " + database.user());
        assertThat(database.jdbcUrl()).startsWith("jdbc:postgresql://").doesNotContain("password");
        assertThat(database.version()).matches("1[4-9].*");
    }

    @Test
    void open_serverOfOurs_hasRoomForPreparedTransactions() throws SQLException {
        assumeTrue(ours());

        assertThat(text(database, "SHOW max_prepared_transactions")).isEqualTo("64");
        assertThat(text(database, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(text(database, "SHOW deadlock_timeout")).isEqualTo("200ms");
    }

    @Test
    void createDatabase_ofAnyName_isEmptyAndGoneAfterClose() throws SQLException {
        String name;
        try (Database fresh = database.createDatabase("fresh");
                Database sibling = database.createDatabase("fresh")) {
            name = text(fresh, "SELECT current_database()");
            run(fresh, "CREATE TABLE t (id int)");

            assertThat(name).startsWith("fresh_");
            assertThat(text(sibling, "SELECT current_database()"))
                    .startsWith("fresh_")
                    .isNotEqualTo(name);
            assertThat(text(sibling, "SELECT to_regclass('t') IS NULL")).isEqualTo("t");
        }

        assertThat(text(database, "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"))
                .isEqualTo("0");
    }

    @Test
    void createDatabase_fromTemplate_holdsWhatTheTemplateHolds() throws SQLException {
        try (Database template = database.createDatabase("migrated")) {
            run(template, "CREATE TABLE t (v text)");
            run(template, "INSERT INTO t VALUES ('kept')");

            try (Database copy = template.createDatabase("copy", template)) {
                assertThat(text(copy, "SELECT v FROM t")).isEqualTo("kept");
            }
        }
    }

    @Test
    void createDatabase_nameToBeQuoted_isRefused() {
        assertThatThrownBy(() -> database.createDatabase("a\"; DROP DATABASE postgres"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void close_withAConnectionStillOpen_dropsTheDatabaseAllTheSame() throws SQLException {
        Database fresh = database.createDatabase("busy");

        try (Connection open = fresh.dataSource().getConnection()) {
            String name = open.getCatalog();
            fresh.close();
            fresh.close();

            assertThat(text(database, "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void crash_ofTheEmbeddedServer_keepsCommittedRowsAndLosesOpenTransactions() throws SQLException {
        EmbeddedServer server = embedded();
        try (Database fresh = database.createDatabase("crashed");
                Connection open = fresh.dataSource().getConnection();
                Statement statement = open.createStatement()) {
            run(fresh, "CREATE TABLE t (v text)");
            for (int i = 0; i < 100; i++) {
                run(fresh, "INSERT INTO t VALUES ('committed')");
            }
            open.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES ('open')");
            long before = server.postmasterPid();

            server.crash();

            assertThat(server.postmasterPid()).isNotEqualTo(before);
            assertThat(text(fresh, "SELECT count(*) || ' ' || min(v) FROM t")).isEqualTo("100 committed");
            assertThatThrownBy(open::commit).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void restart_whileItsPortIsTaken_waitsForIt() throws Exception {
        embedded();
        try (EmbeddedServer server = EmbeddedServer.start()) {
            int port = Integer.parseInt(text(server.database(), "SHOW port"));
            Path log = Path.of(text(server.database(), "SHOW data_directory")).resolveSibling("server.log");
            server.kill();
            Thread restarting = new Thread(server::restart);
            try (ServerSocket taken = new ServerSocket(port)) {
                assertThat(taken.isBound()).isTrue();
                restarting.start();
                await().until(() -> Files.readString(log).contains("could not bind"));
            }
            restarting.join();

            assertThat(text(server.database(), "SELECT 'back'")).isEqualTo("back");
        }
    }

    @Test
    void crash_inTheMiddleOfALongStatement_returns() throws Exception {
        EmbeddedServer server = embedded();
        try (Database fresh = database.createDatabase("slow");
                Connection open = fresh.dataSource().getConnection();
                Statement statement = open.createStatement()) {
            Thread slow = new Thread(() -> {
                try {
                    statement.execute("SELECT count(*) FROM generate_series(1, 100000000000)");
                } catch (SQLException expected) {
                    // the server is gone
                }
            });
            slow.start();

            server.crash();

            slow.join();
            assertThat(text(fresh, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void kill_ofTheEmbeddedServer_refusesConnectionsUntilRestart() throws SQLException {
        EmbeddedServer server = embedded();

        server.kill();

        assertThat(server.isRunning()).isFalse();
        assertThatThrownBy(server::postmasterPid).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> database.createDatabase("late"))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageStartingWith("The PostgreSQL at localhost:");
        server.restart();
        assertThat(text(database, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void close_ofAnEmbeddedServer_endsTheProcessAndRemovesItsData() throws SQLException {
        embedded();
        Path data;
        ProcessHandle process;
        try (EmbeddedServer second = EmbeddedServer.start()) {
            data = Path.of(text(second.database(), "SHOW data_directory"));
            process = ProcessHandle.of(second.postmasterPid()).orElseThrow();
            assertThat(text(second.database(), "SHOW listen_addresses")).isEqualTo("localhost");
            assertThat(data).exists();
        }

        // until its parent has collected it
        await().until(() -> !process.isAlive());
        assertThat(data.getParent()).doesNotExist();
        assertThat(text(database, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void close_ofAKilledEmbeddedServer_removesItsData() throws SQLException {
        embedded();
        EmbeddedServer second = EmbeddedServer.start();
        Path data = Path.of(text(second.database(), "SHOW data_directory"));
        second.kill();

        second.close();
        second.close();

        assertThat(data.getParent()).doesNotExist();
    }

    @Test
    void start_afterAJvmWithAServerWasKilled_removesThatServer() throws Exception {
        embedded();
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerOfAnotherJvm.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] pidAndData = jvm.inputReader().readLine().split(" ", 2);
        ProcessHandle orphan = ProcessHandle.of(Long.parseLong(pidAndData[0])).orElseThrow();
        jvm.destroyForcibly().onExit().join();
        assertThat(orphan.isAlive()).isTrue();

        try (EmbeddedServer next = EmbeddedServer.start()) {
            assertThat(next.isRunning()).isTrue();
        }

        await().until(() -> !orphan.isAlive());
        assertThat(Path.of(pidAndData[1]).getParent()).doesNotExist();
        assertThat(text(database, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void start_withABinariesJarAndSettings_runsThatVersionWithThem() throws SQLException {
        Optional<Path> oldest = Optional.ofNullable(System.getProperty("pg.oldest.jar"))
                .map(Path::of)
                .filter(Files::exists);
        assumeTrue(oldest.isPresent(), "no jar with the binaries of another version");

        try (EmbeddedServer old = EmbeddedServer.start(oldest.orElseThrow(), Map.of("work_mem", "5MB"))) {
            assertThat(old.database().version()).startsWith("14.");
            assertThat(text(old.database(), "SHOW work_mem")).isEqualTo("5MB");
            old.crash();
            assertThat(text(old.database(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void start_withAJarWithoutBinaries_saysSo() {
        Path jar = Path.of(org.assertj.core.api.Assertions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());

        assertThatThrownBy(() -> EmbeddedServer.start(jar, Map.of()))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageContaining("has no postgres-")
                .hasMessageContaining("-Dpg=jdbc:postgresql://");
    }

    @Test
    void start_withASettingThatTheShellWouldRead_isRefused() {
        assertThatThrownBy(() -> EmbeddedServer.start(null, Map.of("search_path", "a; b")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void open_unknownChoice_namesTheThreeThatAreKnown() {
        assertThatThrownBy(() -> Database.open("mysql"))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageContaining("\"mysql\"")
                .hasMessageContaining("-Dpg=testcontainers");
    }

    @Test
    void open_serverThatIsNotThere_saysWhereItLooked() {
        assertThatThrownBy(() -> Database.open("jdbc:postgresql://localhost:1/shop?user=ada&password=secret"))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageStartingWith("The PostgreSQL at localhost:1, database shop, ")
                .hasMessageNotContainingAny("secret", "\n");
    }

    @Test
    void open_serverOfOnesOwn_isNotStoppedByCloseAndLosesOnlyWhatWasCreated() throws SQLException {
        String url = database.jdbcUrl()
                + (database.jdbcUrl().contains("?") ? "&" : "?")
                + "ssl=false&user=" + database.user()
                + "&password=" + database.password();
        String name;
        try (Database own = Database.open(url);
                Database fresh = own.createDatabase("own")) {
            name = text(fresh, "SELECT current_database()");
            assertThat(own.embedded()).isEmpty();
            assertThat(own.jdbcUrl()).endsWith("ssl=false");
        }

        assertThat(text(database, "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"))
                .isEqualTo("0");
    }

    /** Starts a server, prints its process and data directory, and waits to be killed. */
    static final class ServerOfAnotherJvm {

        private ServerOfAnotherJvm() {}

        public static void main(String[] args) throws Exception {
            EmbeddedServer server = EmbeddedServer.start();
            System.out.println(server.postmasterPid() + " " + text(server.database(), "SHOW data_directory"));
            Thread.currentThread().join();
        }
    }

    private static boolean ours() {
        return !System.getProperty("pg", "embedded").startsWith("jdbc:");
    }

    private static EmbeddedServer embedded() {
        assumeTrue(database.embedded().isPresent(), "needs the embedded PostgreSQL");
        return database.embedded().orElseThrow();
    }

    private static void run(Database database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Database database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
