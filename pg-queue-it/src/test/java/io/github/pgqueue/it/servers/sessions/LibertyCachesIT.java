package io.github.pgqueue.it.servers.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the README says of HTTP sessions and the authentication cache of Open Liberty. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LibertyCachesIT {

    private static final String KEPT = "/kept" + SessionDoor.OPEN;
    private static final String BRIEF = "/brief" + SessionDoor.OPEN;
    private static final String GUARDED = "/kept" + SessionDoor.GUARDED;
    private static final int OK = 200;
    private static final int FAILED = 500;
    private static final int UNAUTHORIZED = 401;

    private final EmbeddedServer postgres = EmbeddedServer.start(null, Map.of());
    private final TestDatabase database = TestDatabase.installedIn(postgres.database());
    private LibertyProcess one;
    private LibertyProcess two;

    @BeforeAll
    void start(@TempDir Path directory) {
        one = new LibertyProcess(directory, "one", database.database());
        two = new LibertyProcess(directory, "two", database.database());
        one.start();
        two.start();
        one.awaitStarted();
        two.awaitStarted();
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        postgres.close();
    }

    @Test
    void session_serverWasKilled_isReadAndChangedOnAnother() {
        Browser browser = new Browser();
        hold(browser, one, BRIEF, "first");

        restart(one, () -> {
            assertThat(browser.get(two.at(BRIEF)).body()).isEqualTo("first");
            hold(browser, two, BRIEF, "second");
        });

        assertThat(browser.get(one.at(BRIEF)).body()).isEqualTo("second");
    }

    @Test
    void session_databaseCrashed_isThereIfDurableAndElseAMiss() {
        Browser kept = new Browser();
        Browser brief = new Browser();
        hold(kept, one, KEPT, "kept");
        hold(brief, one, BRIEF, "brief");

        postgres.crash();
        database.await("SELECT 1", 1);

        awaitAnswer(kept, two.at(KEPT), "kept");
        awaitAnswer(brief, two.at(BRIEF), SessionDoor.NOTHING);
    }

    @Test
    void session_databaseIsStoppedAndStarted_worksAgainWithoutARestart() {
        Browser browser = new Browser();
        hold(browser, two, KEPT, "held");

        postgres.kill();
        restart(one, () -> {});
        assertThat(browser.get(one.at(KEPT)).statusCode()).isEqualTo(FAILED);
        assertThat(new Browser().get(two.at(KEPT) + "?hold=new").statusCode()).isEqualTo(FAILED);
        postgres.restart();
        database.await("SELECT 1", 1);

        awaitAnswer(browser, one.at(KEPT), "held");
        awaitAnswer(browser, two.at(KEPT), "held");
        hold(new Browser(), one, KEPT, "anew-one");
        hold(new Browser(), two, KEPT, "anew-two");
    }

    @Test
    void authentication_entryExpiresByOurTimeToLive() {
        database.execute("DELETE FROM pg_queue_cache WHERE cache = 'AuthCache'");
        assertThat(Browser.getAs("ada", "wrong", two.at(GUARDED)).statusCode()).isEqualTo(UNAUTHORIZED);
        assertThat(authenticated()).isZero();

        assertThat(Browser.getAs("ada", "secret", two.at(GUARDED)).statusCode()).isEqualTo(OK);
        assertThat(authenticated()).isPositive();
        String written = versions();
        assertThat(Browser.getAs("ada", "secret", two.at(GUARDED)).statusCode()).isEqualTo(OK);
        assertThat(versions()).isEqualTo(written);

        database.execute("UPDATE pg_queue_cache SET expires_at = now() WHERE cache = 'AuthCache'");
        assertThat(authenticated()).isZero();
        assertThat(Browser.getAs("ada", "secret", two.at(GUARDED)).statusCode()).isEqualTo(OK);
        assertThat(authenticated()).isPositive();
    }

    /** How many users are cached for what is left of ten minutes. */
    private long authenticated() {
        return database.number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'AuthCache'"
                + " AND position('ada' in encode(key, 'escape')) > 0"
                + " AND expires_at > now() AND expires_at <= now() + interval '10 minutes'");
    }

    private String versions() {
        return database.text("SELECT string_agg(xmin::text, ' ' ORDER BY hash) FROM pg_queue_cache"
                + " WHERE cache = 'AuthCache' AND position('ada' in encode(key, 'escape')) > 0");
    }

    private static void restart(LibertyProcess server, Runnable whileAway) {
        server.kill();
        whileAway.run();
        server.start();
        server.awaitStarted();
    }

    /** Has the session hold a text, and waits until the database has it: Liberty writes after it has answered. */
    private void hold(Browser browser, LibertyProcess server, String path, String text) {
        assertThat(browser.get(server.at(path) + "?hold=" + text).body()).isEqualTo(text);
        String table = path.equals(KEPT) ? "pg_queue_cache_durable" : "pg_queue_cache";
        database.await(
                "SELECT count(*) FROM " + table + " WHERE cache LIKE 'com.ibm.ws.session.attr.%' AND key = '"
                        + browser.session() + ".held'::bytea AND position('" + text + "'::bytea in value) > 0",
                1);
    }

    private static void awaitAnswer(Browser browser, String address, String expected) {
        Awaitility.await(expected)
                .atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(browser.get(address).body()).isEqualTo(expected));
    }
}
