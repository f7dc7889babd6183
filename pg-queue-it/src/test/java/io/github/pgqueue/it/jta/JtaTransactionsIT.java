package io.github.pgqueue.it.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.NotifyMode;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.jta.JtaTransactions;
import io.github.pgqueue.spi.Transactions.Completion;
import io.github.pgqueue.spi.Transactions.Work;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The one type that knows how to join, without CDI. */
@PgQueueTest
class JtaTransactionsIT {

    private final TransactionManager manager = NarayanaServices.manager();

    @BeforeEach
    void createTable(TestDatabase database) {
        database.execute(
                "CREATE TABLE IF NOT EXISTS note (id int PRIMARY KEY,"
                        + " parent int REFERENCES note DEFERRABLE INITIALLY DEFERRED)",
                "TRUNCATE note");
    }

    @AfterEach
    void leaveNoTransaction() throws Exception {
        if (manager.getStatus() != Status.STATUS_NO_TRANSACTION) {
            manager.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void joined_inATransaction_takesEffectWithItsCommit(NarayanaPool kind, TestDatabase database) throws Exception {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();
            transactions.joined(insert(1));
            assertThat(notes(database)).isZero();
            manager.commit();
            assertThat(notes(database)).isEqualTo(1);

            manager.begin();
            transactions.joined(insert(2));
            manager.rollback();
            assertThat(notes(database)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void joined_withoutATransaction_takesEffectAtOnce(NarayanaPool kind, TestDatabase database) {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            assertThat(transactions.active()).isFalse();

            transactions.joined(insert(1));

            assertThat(notes(database)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void joined_markedForRollback_isRefusedAndNothingRuns(NarayanaPool kind, TestDatabase database) throws Exception {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();
            manager.setRollbackOnly();

            assertThatThrownBy(() -> transactions.joined(insert(1)))
                    .isInstanceOf(TransactionStateException.class)
                    .hasMessageContainingAll("PGQ6003", "marked for rollback");
            assertThatThrownBy(transactions::active).isInstanceOf(TransactionStateException.class);
            manager.rollback();
            assertThat(notes(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void joined_afterATimeout_isRefusedAndNothingIsCommittedAlone(NarayanaPool kind, TestDatabase database)
            throws Exception {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.setTransactionTimeout(1);
            manager.begin();
            manager.setTransactionTimeout(0);
            transactions.joined(insert(1));
            await().pollInSameThread().until(() -> manager.getStatus() != Status.STATUS_ACTIVE);

            Throwable refused = catchThrowable(() -> transactions.joined(insert(2)));

            assertThat(refused).isInstanceOf(TransactionStateException.class).hasMessageContaining("rolled back");
            assertThat(transactions.outside(count())).isZero();
            manager.rollback();
            assertThat(notes(database)).isZero();
        }
    }

    @Test
    void joined_statementThatTheDatabaseRefuses_isAStorageError(TestDatabase database) throws Exception {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();

            assertThatThrownBy(() -> transactions.joined(execute("SELECT * FROM missing")))
                    .isInstanceOf(StorageException.class);
            manager.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void outside_belowAnOpenHandle_takesEffectAtOnceAndTheOuterOneGoes(NarayanaPool kind, TestDatabase database)
            throws Exception {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();
            transactions.joined(connection -> {
                insert(1).on(connection);
                return transactions.outside(insert(2));
            });
            assertThat(notes(database)).isEqualTo(1);
            assertThat(manager.getStatus()).isEqualTo(Status.STATUS_ACTIVE);

            manager.rollback();

            assertThat(database.text("SELECT string_agg(id::text, ',') FROM note"))
                    .isEqualTo("2");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void outside_withoutATransactionManager_runsOnAThreadOfTheLibrary(NarayanaPool kind, TestDatabase database)
            throws Exception {
        Thread thread;
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = JtaTransactions.builder(pool, NarayanaServices.registry())
                        .build()) {
            manager.begin();
            transactions.joined(insert(1));

            thread = transactions.outside(connection -> {
                insert(2).on(connection);
                return Thread.currentThread();
            });

            assertThat(thread).isNotSameAs(Thread.currentThread());
            assertThat(notes(database)).isEqualTo(1);
            assertThatThrownBy(() -> transactions.outside(insert(2))).isInstanceOf(StorageException.class);
            manager.commit();
            assertThat(notes(database)).isEqualTo(2);
        }
        await().until(() -> !thread.isAlive());
    }

    @Test
    void outside_withADataSourceSetApart_usesThat(TestDatabase database) throws Exception {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                AgroalDataSource apart = NarayanaPool.APART.open(database.database());
                JtaTransactions transactions = JtaTransactions.builder(pool, NarayanaServices.registry())
                        .nonTransactional(apart)
                        .build()) {
            manager.begin();
            manager.setRollbackOnly();

            Thread thread = transactions.outside(connection -> Thread.currentThread());

            assertThat(thread).isSameAs(Thread.currentThread());
            assertThat(manager.getStatus()).isEqualTo(Status.STATUS_MARKED_ROLLBACK);
        }
    }

    @Test
    void outside_inATransactionThatIsMarkedForRollback_runsAllTheSame(TestDatabase database) throws Exception {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();
            manager.setRollbackOnly();

            transactions.outside(insert(1));

            assertThat(notes(database)).isEqualTo(1);
            assertThat(manager.getStatus()).isEqualTo(Status.STATUS_MARKED_ROLLBACK);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void begin_work_isCommittedOrRolledBackWithWhatJoinedIt(NarayanaPool kind, TestDatabase database) throws Exception {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            transactions.begin(connection -> {
                assertThat(transactions.active()).isTrue();
                insert(1).on(connection);
                return transactions.joined(insert(2));
            });
            assertThat(notes(database)).isEqualTo(2);

            assertThatThrownBy(() -> transactions.begin(connection -> {
                        insert(3).on(connection);
                        throw new IllegalArgumentException("no");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(notes(database)).isEqualTo(2);
            assertThat(manager.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void begin_commitThatFails_isAnError(NarayanaPool kind, TestDatabase database) throws Exception {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            Throwable failure = catchThrowable(() -> transactions.begin(execute("INSERT INTO note VALUES (1, 99)")));

            assertThat(failure).isInstanceOfAny(StorageException.class, TransactionStateException.class);
            assertThat(notes(database)).isZero();
            assertThat(manager.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        }
    }

    @Test
    void begin_markedForRollbackInside_isRolledBackAndSaidSo(TestDatabase database) throws Exception {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            Throwable failure = catchThrowable(() -> transactions.begin(connection -> {
                insert(1).on(connection);
                NarayanaServices.registry().setRollbackOnly();
                return true;
            }));

            assertThat(failure).isInstanceOf(TransactionStateException.class);
            assertThat(notes(database)).isZero();
            assertThat(manager.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        }
    }

    @Test
    void begin_belowAnActiveTransaction_isRefused(TestDatabase database) throws Exception {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();

            assertThatThrownBy(() -> transactions.begin(insert(1))).isInstanceOf(IllegalStateException.class);

            assertThat(manager.getStatus()).isEqualTo(Status.STATUS_ACTIVE);
        }
    }

    @Test
    void begin_withoutATransactionManager_namesTheRemedy(TestDatabase database) {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = JtaTransactions.builder(pool, NarayanaServices.registry())
                        .build()) {
            assertThatThrownBy(() -> transactions.begin(insert(1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("PGQ7120");
        }
    }

    @Test
    void outside_withoutATransactionManager_runsOnThreadsOfTheFactory(TestDatabase database) throws Exception {
        List<Thread> made = new CopyOnWriteArrayList<>();
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = JtaTransactions.builder(pool, NarayanaServices.registry())
                        .threads(task -> {
                            Thread thread = new Thread(task);
                            made.add(thread);
                            return thread;
                        })
                        .build()) {
            manager.begin();
            transactions.outside(insert(1));
            manager.rollback();

            assertThat(notes(database)).isEqualTo(1);
            assertThat(made).isNotEmpty();
        }
        await().until(() -> made.stream().noneMatch(Thread::isAlive));
    }

    @Test
    @SuppressWarnings("NullAway") // as a managed thread factory may
    void outside_factoryThatMakesNoThread_isRefusedInsteadOfWaiting(TestDatabase database) throws Exception {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = JtaTransactions.builder(pool, NarayanaServices.registry())
                        .threads(task -> null)
                        .build()) {
            manager.begin();

            assertThatThrownBy(() -> transactions.outside(insert(1))).isInstanceOf(ManagerClosedException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "APART")
    void rollbackUnless_itMayNotCommit_rollsBack(NarayanaPool kind, TestDatabase database) throws Exception {
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();
            transactions.rollbackUnless(() -> true);
            transactions.rollbackUnless(() -> false);
            transactions.joined(insert(1));
            assertThatThrownBy(manager::commit).isInstanceOf(RollbackException.class);

            manager.begin();
            transactions.rollbackUnless(() -> true);
            transactions.joined(insert(2));
            manager.commit();

            assertThat(database.text("SELECT string_agg(id::text, ',') FROM note"))
                    .isEqualTo("2");
        }
    }

    @Test
    void afterCompletion_tellsHowItEndedAndNeverDisturbs(TestDatabase database) throws Exception {
        List<Completion> told = new ArrayList<>();
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();
            transactions.afterCompletion(completion -> {
                throw new IllegalStateException("an action that fails");
            });
            transactions.afterCompletion(told::add);
            transactions.joined(insert(1));
            manager.commit();

            manager.begin();
            transactions.afterCompletion(told::add);
            manager.rollback();

            assertThat(told).containsExactly(Completion.COMMITTED, Completion.ROLLED_BACK);
            assertThat(notes(database)).isEqualTo(1);
        }
    }

    @Test
    void afterCompletion_manyActions_keepTheirOrder(TestDatabase database) throws Exception {
        List<Integer> told = new ArrayList<>();
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions transactions = transactions(pool)) {
            manager.begin();
            for (int i = 0; i < 5; i++) {
                int number = i;
                transactions.afterCompletion(completion -> told.add(number));
            }
            manager.commit();

            assertThat(told).containsExactly(0, 1, 2, 3, 4);
            assertThatThrownBy(() -> transactions.afterCompletion(completion -> told.add(5)))
                    .isInstanceOf(TransactionStateException.class);
        }
    }

    @Test
    void deferSignals_dependsOnTheMode_withATransactionAndWithout(TestDatabase database) throws Exception {
        try (AgroalDataSource pool = NarayanaPool.LOCAL.open(database.database());
                JtaTransactions afterCommit = transactions(pool);
                JtaTransactions inside = JtaTransactions.builder(pool, NarayanaServices.registry())
                        .notifyMode(NotifyMode.IN_TRANSACTION)
                        .build()) {
            assertThat(afterCommit.deferSignals()).isTrue();
            assertThat(inside.deferSignals()).isFalse();
            manager.begin();

            assertThat(afterCommit.deferSignals()).isTrue();
            assertThat(inside.deferSignals()).isFalse();
        }
    }

    private JtaTransactions transactions(AgroalDataSource pool) {
        return JtaTransactions.builder(pool, NarayanaServices.registry())
                .transactionManager(manager)
                .build();
    }

    private static Work<Boolean> insert(int id) {
        return execute("INSERT INTO note VALUES (" + id + ")");
    }

    private static Work<Boolean> execute(String sql) {
        return connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        };
    }

    private static Work<Long> count() {
        return connection -> {
            try (Statement statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM note")) {
                rows.next();
                return rows.getLong(1);
            }
        };
    }

    private static long notes(TestDatabase database) {
        return database.number("SELECT count(*) FROM note");
    }
}
