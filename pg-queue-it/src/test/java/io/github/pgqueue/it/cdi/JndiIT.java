package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jta.JtaTransactions;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.concurrent.ManagedTask;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where there is JNDI, data sources and transactions are found there, as on a server. */
@PgQueueTest
class JndiIT {

    private static final Map<String, Object> NAMES = new ConcurrentHashMap<>();

    @Dependent
    static class Pusher {

        @Inject
        @PgQueue("pushed")
        JobQueue<String> queue;
    }

    @ApplicationScoped
    static class Worker {

        @PgWorker("worked")
        void work(String payload) {}
    }

    /** A JNDI that knows the names above. */
    public static final class Naming implements InitialContextFactory {

        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new InitialContext(/* lazy= */ true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    Object found = NAMES.get(name);
                    if (found == null) {
                        throw new NameNotFoundException(name);
                    }
                    return found;
                }
            };
        }
    }

    @BeforeEach
    void begin() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Naming.class.getName());
    }

    @AfterEach
    void end() {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        NAMES.clear();
    }

    @Test
    void start_jndiName_isTheDataSource(TestDatabase database) {
        NAMES.put("java:app/jdbc/shop", database.dataSource());

        try (WeldNode node = application()
                .config("pg-queue.datasource", "java:app/jdbc/shop")
                .start()) {
            node.get(Pusher.class).queue.push("a");

            assertThat(node.get(Pusher.class).queue.pop()).isPresent();
        }
    }

    @Test
    void start_defaultDataSourceThatIsAPostgres_isUsed(TestDatabase database) {
        NAMES.put("java:comp/DefaultDataSource", database.dataSource());

        try (WeldNode node = application().start()) {
            node.get(Pusher.class).queue.push("a");

            assertThat(node.get(Pusher.class).queue.pop()).isPresent();
        }
    }

    @Test
    void start_defaultDataSourceOfAnotherProduct_isRefused() {
        NAMES.put("java:comp/DefaultDataSource", databaseOf("H2"));

        Throwable refused = catchThrowable(() -> application().start());

        assertThat(refused).hasStackTraceContaining("PGQ7115").hasStackTraceContaining("is a database of H2");
    }

    @Test
    void start_nameThatIsNotBound_isRefused() {
        WeldNode.Builder application = application().config("pg-queue.datasource", "jdbc/missing");

        Throwable refused = catchThrowable(application::start);

        assertThat(refused).hasStackTraceContaining("PGQ7117").hasStackTraceContaining("jdbc/missing");
    }

    /** As Payara does, which binds what belongs to an application only after its start. */
    @Test
    void start_nameOfTheApplicationThatIsBoundLater_goesOnInTheBackground(TestDatabase database) {
        try (Logged logged = Logged.by("io.github.pgqueue.cdi");
                WeldNode node = application()
                        .beans(Worker.class)
                        .config("pg-queue.datasource", "java:app/jdbc/late")
                        .start()) {
            Throwable tooEarly =
                    catchThrowable(() -> node.get(Pusher.class).queue.push("too early"));
            assertThat(tooEarly).hasStackTraceContaining("PGQ7124").hasStackTraceContaining("java:app/jdbc/late");
            assertThat(logged.messages()).anyMatch(message -> message.contains("goes on in the background"));

            NAMES.put("java:app/jdbc/late", database.dataSource());

            node.probe().await("asleep worked");
            node.get(Pusher.class).queue.push("in time");
            node.get(PgQueueManager.class).queue("worked", String.class).push("x");
            node.probe().await("completed worked");
            assertThat(logged.warnings("PGQ7124")).isEmpty();
        }
    }

    @Test
    void start_nameOfTheApplicationThatIsNeverBound_warnsAndEndsWithTheApplication() {
        try (Logged logged = Logged.by("io.github.pgqueue.cdi");
                WeldNode node = application()
                        .beans(Worker.class)
                        .config("pg-queue.datasource", "java:app/jdbc/never")
                        .start()) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !logged.warnings("PGQ7124").isEmpty());

            assertThat(logged.warnings("PGQ7124"))
                    .singleElement()
                    .satisfies(warning -> assertThat(warning).contains("java:app/jdbc/never", "pg-queue.datasource"));
            assertThat(node.probe().events()).isEmpty();
            assertThat(threadsOfTheLibrary()).containsExactly("pg-queue start");
        }

        assertThat(threadsOfTheLibrary()).isEmpty();
    }

    @Test
    void start_otherProblemOnceTheNameIsBound_isSaidAndTriedAgain(TestDatabase database) {
        database.execute("SELECT pg_queue_drop_queue('worked')");
        try (Logged logged = Logged.by("io.github.pgqueue.cdi");
                WeldNode node = WeldNode.builder()
                        .withoutTransactions()
                        .beans(Worker.class)
                        .config("pg-queue.datasource", "java:module/jdbc/late")
                        .start()) {
            assertThat(node.probe().events()).isEmpty();
            NAMES.put("java:module/jdbc/late", database.dataSource());
            Awaitility.await().until(() -> !logged.warnings("PGQ7118").isEmpty());

            database.execute("SELECT pg_queue_create_queue('worked')");

            node.probe().await("asleep worked");
        }
    }

    private static List<String> threadsOfTheLibrary() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("pg-queue"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"java:comp/DefaultManagedThreadFactory", "java:jboss/ee/concurrency/factory/default"})
    void threadFactory_ofTheServer_makesEveryThread(String name, TestDatabase database) {
        List<Thread> made = new CopyOnWriteArrayList<>();
        NAMES.put(name, recorded(made));
        NAMES.put("java:app/jdbc/shop", database.dataSource());

        try (WeldNode node = application()
                .beans(Worker.class)
                .config("pg-queue.datasource", "java:app/jdbc/shop")
                .start()) {
            node.get(PgQueueManager.class).queue("worked", String.class).push("x");
            node.probe().await("completed worked");

            assertThat(made).extracting(Thread::getName).containsAll(threadsOfTheLibrary());
        }
        assertThat(made).noneMatch(Thread::isAlive);
    }

    @Test
    void threadFactory_thatIsConfigured_goesFirst(TestDatabase database) {
        List<Thread> made = new CopyOnWriteArrayList<>();
        NAMES.put("java:comp/DefaultManagedThreadFactory", recorded(new CopyOnWriteArrayList<>()));
        NAMES.put("concurrent/own", recorded(made));
        NAMES.put("jdbc/shop", database.dataSource());

        try (WeldNode node = application()
                .beans(Worker.class)
                .config("pg-queue.datasource", "jdbc/shop")
                .config("pg-queue.thread-factory", "concurrent/own")
                .start()) {
            node.probe().await("asleep worked");

            assertThat(made).extracting(Thread::getName).containsAll(threadsOfTheLibrary());
        }
    }

    @Test
    void threadFactoryOrExecutor_thatIsMissing_isRefused(TestDatabase database) {
        NAMES.put("jdbc/shop", database.dataSource());
        WeldNode.Builder withFactory = application()
                .config("pg-queue.datasource", "jdbc/shop")
                .config("pg-queue.thread-factory", "java:app/concurrent/missing");
        WeldNode.Builder withExecutor =
                application().config("pg-queue.datasource", "jdbc/shop").config("pg-queue.executor", "jdbc/shop");

        assertThat(catchThrowable(withFactory::start))
                .hasStackTraceContaining("PGQ7122")
                .hasStackTraceContaining("java:app/concurrent/missing");
        assertThat(catchThrowable(withExecutor::start))
                .hasStackTraceContaining("PGQ7123")
                .hasStackTraceContaining("jdbc/shop");
    }

    @Test
    void executor_thatIsConfigured_runsJobsAsLongRunningTasksWithAName(TestDatabase database) {
        ExecutorService own = Executors.newCachedThreadPool();
        List<Runnable> tasks = new CopyOnWriteArrayList<>();
        NAMES.put("concurrent/jobs", (Executor) task -> {
            tasks.add(task);
            own.execute(task);
        });
        NAMES.put("jdbc/shop", database.dataSource());

        try (WeldNode node = application()
                .beans(Worker.class)
                .config("pg-queue.datasource", "jdbc/shop")
                .config("pg-queue.executor", "concurrent/jobs")
                .start()) {
            node.get(PgQueueManager.class).queue("worked", String.class).push("x");
            node.probe().await("completed worked");
        }
        own.shutdown();

        assertThat(tasks)
                .singleElement()
                .isInstanceOfSatisfying(
                        ManagedTask.class,
                        task -> assertThat(task.getExecutionProperties())
                                .containsEntry(ManagedTask.LONGRUNNING_HINT, "true")
                                .containsEntry(ManagedTask.IDENTITY_NAME, "pg-queue worked"));
    }

    private static ThreadFactory recorded(List<Thread> made) {
        return task -> {
            Thread thread = new Thread(task);
            made.add(thread);
            return thread;
        };
    }

    @Test
    void start_transactionsOfTheServer_areJoined(TestDatabase database) throws Exception {
        NAMES.put("java:comp/TransactionSynchronizationRegistry", NarayanaServices.registry());
        NAMES.put("java:jboss/TransactionManager", NarayanaServices.manager());

        try (WeldNode node =
                application().dataSource(database, NarayanaPool.LOCAL).start()) {
            assertThat(node.get(PgQueueManager.class).transactions()).isInstanceOf(JtaTransactions.class);
            node.transactionManager().begin();
            node.get(Pusher.class).queue.push("a");
            assertThat(node.get(Pusher.class).queue.pop()).isEmpty();
            node.transactionManager().rollback();

            assertThat(node.get(Pusher.class).queue.pendingCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java:jboss/TransactionManager", "java:comp/UserTransaction"})
    void start_transactionsThatCannotBeJoined_isRefused(String name, TestDatabase database) {
        NAMES.put(
                name,
                name.endsWith("Manager") ? NarayanaServices.manager() : new NarayanaServices().getUserTransaction());

        WeldNode.Builder application = application().dataSource(database, NarayanaPool.LOCAL);

        assertThatThrownBy(application::start)
                .hasStackTraceContaining("PGQ7125")
                .hasStackTraceContaining("java:comp/TransactionSynchronizationRegistry");
    }

    private static WeldNode.Builder application() {
        return WeldNode.builder()
                .withoutTransactions()
                .beans(Pusher.class)
                .config("pg-queue.schema-management", "migrate");
    }

    private static DataSource databaseOf(String product) {
        DatabaseMetaData metaData = proxy(DatabaseMetaData.class, "getDatabaseProductName", product);
        Connection connection = proxy(Connection.class, "getMetaData", metaData);
        return proxy(DataSource.class, "getConnection", connection);
    }

    private static <T> T proxy(Class<T> type, String method, Object result) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        return result;
                    }
                    return called.getReturnType() == boolean.class ? true : null;
                }));
    }
}
