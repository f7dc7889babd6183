package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jta.JtaTransactions;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        WeldNode.Builder application = application().config("pg-queue.datasource", "java:app/jdbc/missing");

        Throwable refused = catchThrowable(application::start);

        assertThat(refused).hasStackTraceContaining("PGQ7117").hasStackTraceContaining("java:app/jdbc/missing");
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
