package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What a near cache promises: copies that are gone as soon as a change is heard of, and none where nothing is heard. */
@PgQueueTest
class NearCacheIT {

    private static final Duration SHORT = Duration.ofMillis(200);

    private final TestDatabase database;
    private final NearNode here;
    private final NearNode there;

    NearCacheIT(TestDatabase database) {
        this.database = database;
        this.here = NearNode.on(database);
        this.there = NearNode.on(database);
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    /** The same cache on both nodes, and a second one that tells when a node has heard of everything before. */
    private record Shared(Cache<String, String> here, Cache<String, String> there) {}

    private Shared shared(String name) {
        Shared shared = new Shared(here.cache(name), there.cache(name));
        shared.here().put("canary", "0");
        here.awaitCopy(shared.here(), "canary");
        there.awaitCopy(shared.there(), "canary");
        return shared;
    }

    /** Waits until a node has heard of all that was committed: notifications come in the order of commits. */
    private static void awaitHeard(Cache<String, String> from, Cache<String, String> by) {
        String next = "" + System.nanoTime();
        from.put("canary", next);
        NearNode.await(by, "canary", next);
    }

    @Test
    void get_again_asksNoDatabase() {
        Shared shared = shared("again");
        shared.here().put("k", "v");
        there.awaitCopy(shared.there(), "k");

        assertThat(there.asked(() -> assertThat(shared.there().get("k")).isEqualTo("v")))
                .isZero();
        assertThat(there.asked(() -> assertThat(shared.there().containsKey("k")).isTrue()))
                .isEqualTo(1);
    }

    @Test
    void put_isSeenByTheOtherNode() {
        Shared shared = shared("put");
        shared.here().put("k", "old");
        there.awaitCopy(shared.there(), "k");

        shared.here().put("k", "new");

        NearNode.await(shared.there(), "k", "new");
    }

    @Test
    void everyWrite_isSeenByTheOtherNode() {
        Shared shared = shared("writes");
        Map<String, Runnable> writes = Map.of(
                "getAndPut", () -> shared.here().getAndPut("getAndPut", "new"),
                "putAll", () -> shared.here().putAll(Map.of("putAll", "new", "other", "new")),
                "replace", () -> shared.here().replace("replace", "new"),
                "replaceEqual", () -> shared.here().replace("replaceEqual", "old", "new"),
                "getAndReplace", () -> shared.here().getAndReplace("getAndReplace", "new"),
                "invoke",
                        () -> shared.here().invoke("invoke", (entry, arguments) -> {
                            entry.setValue("new");
                            return null;
                        }));
        writes.keySet().forEach(key -> {
            shared.here().put(key, "old");
            there.awaitCopy(shared.there(), key);
        });

        writes.values().forEach(Runnable::run);

        writes.keySet().forEach(key -> NearNode.await(shared.there(), key, "new"));
    }

    @Test
    void everyRemoval_isSeenByTheOtherNode() {
        Shared shared = shared("removals");
        Map<String, Runnable> removals = Map.of(
                "remove", () -> shared.here().remove("remove"),
                "removeEqual", () -> shared.here().remove("removeEqual", "old"),
                "getAndRemove", () -> shared.here().getAndRemove("getAndRemove"),
                "removeAll", () -> shared.here().removeAll(Set.of("removeAll", "other")),
                "invoke",
                        () -> shared.here().invoke("invoke", (entry, arguments) -> {
                            entry.remove();
                            return null;
                        }));
        removals.keySet().forEach(key -> {
            shared.here().put(key, "old");
            there.awaitCopy(shared.there(), key);
        });

        removals.values().forEach(Runnable::run);

        removals.keySet().forEach(key -> NearNode.await(shared.there(), key, null));
    }

    @Test
    void clear_isSeenByTheOtherNode() {
        Shared shared = shared("clear");
        shared.here().put("k", "old");
        there.awaitCopy(shared.there(), "k");

        shared.here().clear();

        NearNode.await(shared.there(), "k", null);
    }

    @Test
    void destroy_byANodeThatDoesNotHaveItOpen_isSeen() {
        Shared shared = shared("destroyed");
        shared.here().put("k", "old");
        there.awaitCopy(shared.there(), "k");
        shared.here().close();

        here.caches().destroyCache("destroyed");

        NearNode.await(shared.there(), "k", null);
    }

    @Test
    void putAll_ofMoreKeysThanANotificationTakes_isSeen() {
        Shared shared = shared("many");
        Map<String, String> old = IntStream.range(0, 1_000).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "old"));
        shared.here().putAll(old);
        there.awaitCopy(shared.there(), "k999");

        shared.here().putAll(old.keySet().stream().collect(Collectors.toMap(key -> key, key -> "new")));

        NearNode.await(shared.there(), "k999", "new");
    }

    @Test
    void getAll_asksForWhatItDoesNotHoldOnly() {
        Shared shared = shared("all");
        shared.here().putAll(Map.of("a", "1", "b", "2", "c", "3"));
        awaitHeard(shared.here(), shared.there());
        there.awaitCopy(shared.there(), "a");

        assertThat(shared.there().getAll(Set.of("a", "b", "none"))).isEqualTo(Map.of("a", "1", "b", "2"));

        assertThat(there.asked(() -> assertThat(shared.there().getAll(Set.of("a", "b", "none")))
                        .hasSize(2)))
                .isZero();
    }

    @Test
    void miss_isRememberedUntilAPut() {
        Shared shared = shared("miss");
        there.awaitCopy(shared.there(), "k");
        assertThat(there.asked(() -> assertThat(shared.there().get("k")).isNull()))
                .isZero();

        shared.here().putIfAbsent("k", "v");

        NearNode.await(shared.there(), "k", "v");
    }

    @Test
    void write_isSeenByItsOwnNodeAtOnce() {
        Shared shared = shared("own");
        for (int i = 0; i < 100; i++) {
            shared.here().put("k", "v" + i);

            assertThat(shared.here().get("k")).isEqualTo("v" + i);
        }
    }

    @Test
    void value_ofACopy_isTheCallersOwn() {
        MutableConfiguration<String, byte[]> bytes =
                new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class);
        Cache<String, byte[]> cache = here.cache("bytes", bytes);
        cache.put("k", new byte[] {1});
        here.awaitCopy(cache, "k");

        cache.get("k")[0] = 2;

        assertThat(cache.get("k")).containsExactly(1);
    }

    @Test
    void textOfACopy_isMadeOnce() {
        Shared shared = shared("texts");
        shared.here().put("k", "v");
        there.awaitCopy(shared.there(), "k");

        assertThat(shared.there().get("k")).isSameAs(shared.there().get("k"));
    }

    @Test
    void changeThatIsNotCommitted_isNotHeardOf() {
        CommitGate commits = new CommitGate(database);
        try (NearNode writer = NearNode.on(commits, ListenConfig.defaults())) {
            Shared shared = shared("commit");
            Cache<String, String> writing = writer.cache("commit");
            shared.here().put("k", "old");
            there.awaitCopy(shared.there(), "k");
            Gate beforeCommit = commits.hold();

            InBackground<String> write = InBackground.call(() -> writing.invoke("k", (entry, arguments) -> {
                entry.setValue("new");
                return "written";
            }));
            beforeCommit.awaitReached();
            awaitHeard(shared.here(), shared.there());
            boolean heldBeforeCommit = there.holds(shared.there(), "k");
            String beforehand = shared.there().get("k");
            beforeCommit.open();

            assertThat(write.result()).isEqualTo("written");
            assertThat(heldBeforeCommit).isTrue();
            assertThat(beforehand).isEqualTo("old");
            NearNode.await(shared.there(), "k", "new");
        }
    }

    @Test
    void changeThatIsRolledBack_leavesTheCopies() {
        CommitGate commits = new CommitGate(database);
        try (NearNode writer = NearNode.on(commits, ListenConfig.defaults())) {
            Shared shared = shared("rollback");
            Cache<String, String> writing = writer.cache("rollback");
            shared.here().put("k", "old");
            there.awaitCopy(shared.there(), "k");
            commits.fail();

            assertThatThrownBy(() -> writing.invoke("k", (entry, arguments) -> {
                        entry.setValue("new");
                        return "written";
                    }))
                    .isInstanceOf(CacheException.class);

            awaitHeard(shared.here(), shared.there());
            assertThat(there.holds(shared.there(), "k")).isTrue();
            assertThat(shared.there().get("k")).isEqualTo("old");
            assertThat(writing.get("k")).isEqualTo("old");
        }
    }

    @Test
    void readThatBeganBeforeAChange_makesNoCopy() {
        Shared shared = shared("overtaken");
        shared.here().put("k", "old");
        awaitHeard(shared.here(), shared.there());
        Gate answered = new Gate();
        there.holdAnswers(answered);

        InBackground<String> read = InBackground.call(() -> shared.there().get("k"));
        answered.awaitReached();
        shared.here().put("k", "new");
        awaitHeard(shared.here(), shared.there());
        answered.open();

        assertThat(read.result()).isEqualTo("old");
        assertThat(shared.there().get("k")).isEqualTo("new");
    }

    @Test
    void readThatBeganBeforeAClear_makesNoCopy() {
        Shared shared = shared("cleared");
        shared.here().put("k", "old");
        awaitHeard(shared.here(), shared.there());
        Gate answered = new Gate();
        there.holdAnswers(answered);

        InBackground<String> read = InBackground.call(() -> shared.there().get("k"));
        answered.awaitReached();
        shared.here().clear();
        awaitHeard(shared.here(), shared.there());
        answered.open();

        assertThat(read.result()).isEqualTo("old");
        assertThat(shared.there().get("k")).isNull();
    }

    @Test
    void readThatBeganBeforeAWriteOfItsOwnNode_makesNoCopy() {
        Shared shared = shared("own write");
        shared.here().put("k", "old");
        awaitHeard(shared.here(), shared.here());
        Gate answered = new Gate();
        here.holdAnswers(answered);

        InBackground<String> read = InBackground.call(() -> shared.here().get("k"));
        answered.awaitReached();
        shared.here().put("k", "new");
        answered.open();

        assertThat(read.result()).isEqualTo("old");
        assertThat(shared.here().get("k")).isEqualTo("new");
    }

    @Test
    void listenerLost_copiesGoAndNoneAreMadeUntilItIsBack() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            PGSimpleDataSource through = proxy.dataSource(database);
            ListenConfig listen = new ListenConfig(true, through.getURL(), through.getUser(), through.getPassword());
            try (NearNode cut = NearNode.on(database.dataSource(), listen)) {
                Shared shared = shared("lost");
                Cache<String, String> deaf = cut.cache("lost");
                shared.here().put("k", "old");
                cut.awaitCopy(deaf, "k");

                proxy.cut();
                cut.probe().await("listeningLost");
                shared.here().put("k", "missed");

                assertThat(deaf.get("k")).isEqualTo("missed");
                assertThat(cut.holds(deaf, "k")).isFalse();
                shared.here().put("k", "missed again");
                assertThat(deaf.get("k")).isEqualTo("missed again");
                proxy.mend();
                cut.awaitCopy(deaf, "k");
                shared.here().put("k", "heard");
                NearNode.await(deaf, "k", "heard");
            }
        }
    }

    @Test
    void crashOfTheServer_emptiesTheCopiesToo() {
        assumeTrue(
                System.getProperty("pg", "embedded").equals("embedded"),
                "only an embedded server can be made to crash");
        try (EmbeddedServer server = EmbeddedServer.start()) {
            install(server);
            try (NearNode node = NearNode.on(server.database().dataSource(), ListenConfig.defaults())) {
                Cache<String, String> cache = node.cache("doomed");
                cache.put("k", "before");
                node.awaitCopy(cache, "k");

                server.kill();
                node.probe().await("listeningLost");
                server.restart();

                assertThat(cache.get("k")).isNull();
                cache.put("k", "after");
                node.awaitCopy(cache, "k");
                assertThat(cache.get("k")).isEqualTo("after");
            }
        }
    }

    private static void install(EmbeddedServer server) {
        try (PgQueueManager manager = PgQueueManager.builder(server.database().dataSource())
                .config(TestNode.quick().withSchemaManagement(SchemaManagement.MIGRATE))
                .build()) {
            manager.start();
        }
    }

    @Test
    void expiry_endsTheCopyWithItsEntry() {
        Cache<String, String> cache = here.cache(
                "brief",
                new MutableConfiguration<String, String>()
                        .setTypes(String.class, String.class)
                        .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(
                                new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, SHORT.toMillis()))));
        cache.put("warm", "v");
        cache.get("warm");
        here.probe().await("listening");

        cache.put("k", "v");
        cache.get("k");
        NearNode.await(cache, "k", null);

        assertThat(database.text("SELECT coalesce(max(expires_at) <= clock_timestamp(), true)"
                        + " FROM pg_queue_cache WHERE cache = 'brief'"))
                .isEqualTo("t");
    }

    @Test
    void reads_thatExtendTheLife_areNeverNear() {
        Cache<String, String> cache = here.cache(
                "touched",
                new MutableConfiguration<String, String>()
                        .setTypes(String.class, String.class)
                        .setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ONE_HOUR)));
        Shared shared = shared("listens");
        cache.put("k", "v");

        assertThat(here.asked(() -> {
                    cache.get("k");
                    cache.get("k");
                }))
                .isEqualTo(2);
        assertThat(here.holds(shared.here(), "canary")).isTrue();
    }

    @Test
    void nodeThatDoesNotListen_holdsNothing() {
        try (NearNode deaf = NearNode.on(database.dataSource(), ListenConfig.disabled())) {
            Cache<String, String> cache = deaf.cache("unheard");
            cache.put("k", "v");

            assertThat(deaf.asked(() -> {
                        cache.get("k");
                        cache.get("k");
                    }))
                    .isEqualTo(2);
        }
    }

    @Test
    void putAll_tellsOnce_andWithoutANearCacheNothing() throws InterruptedException {
        Cache<String, String> near = here.cache("told");
        try (JCacheNode far = JCacheNode.on(database);
                PgListener listener = there.manager().createListener()) {
            Cache<String, String> silent = far.cache(
                    "silent", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
            listener.listen("pg_queue_cache");
            Map<String, String> hundred =
                    IntStream.range(0, 100).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));

            silent.putAll(hundred);
            silent.put("k", "v");
            silent.remove("k");
            silent.clear();
            near.putAll(hundred);
            near.remove("none");
            near.put("last", "v");

            assertThat(told(listener)).hasSize(101);
            assertThat(told(listener)).hasSize(2);
        }
    }

    /** The hashes of the cache and of the keys. */
    private static List<String> told(PgListener listener) throws InterruptedException {
        return List.of(
                listener.receive(Duration.ofSeconds(20)).orElseThrow().payload().split(" ", -1));
    }

    @Test
    void pgCacheOfTheSameName_sharesTheCopies() {
        MutableConfiguration<String, Object> any =
                new MutableConfiguration<String, Object>().setTypes(String.class, Object.class);
        here.cache("both", any);
        there.cache("both", any);
        PgCache one = here.manager().cache("both");
        PgCache other = there.manager().cache("both");
        one.set("k", "old", Duration.ofHours(1));
        there.awaitCopy(() -> other.get("k", String.class));

        one.set("k", "new", Duration.ofHours(1));

        Awaitility.await()
                .untilAsserted(() -> assertThat(other.get("k", String.class)).hasValue("new"));
    }

    @Test
    void manager_restarted_holdsCopiesAgain() {
        Shared shared = shared("reopened");
        shared.there().close();
        shared.here().put("k", "v");

        Cache<String, String> reopened = there.cache("reopened");

        there.awaitCopy(reopened, "k");
        assertThat(reopened.get("k")).isEqualTo("v");
    }

    /** Connections whose commits can be held, or fail. */
    private static final class CommitGate implements TestDataSource {

        private final TestDatabase database;
        private volatile Intercepted onCommit = Intercepted.Call::proceed;

        CommitGate(TestDatabase database) {
            this.database = database;
        }

        Gate hold() {
            Gate gate = new Gate();
            onCommit = call -> {
                gate.pass();
                return call.proceed();
            };
            return gate;
        }

        void fail() {
            onCommit = call -> {
                throw new SQLException("the commit fails, as the test wants it", "08006");
            };
        }

        @Override
        public Connection getConnection() throws SQLException {
            return Intercepted.proxy(
                    Connection.class,
                    database.connect(),
                    call -> call.method().equals("commit") ? onCommit.answer(call) : call.proceed());
        }
    }
}
