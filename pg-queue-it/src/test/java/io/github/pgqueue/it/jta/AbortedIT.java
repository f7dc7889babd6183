package io.github.pgqueue.it.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.internal.jdbc.Aborted;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction in which a statement has failed is told from one that can be committed, by the driver and by the server. */
@PgQueueTest
class AbortedIT {

    private final TestDatabase database;

    AbortedIT(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refuse_afterAFailedStatement_throws(boolean driverInReach) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT 1");
            Connection seen = driverInReach ? connection : outOfReach(connection);
            assertThatCode(() -> Aborted.refuse(seen)).doesNotThrowAnyException();

            assertThatThrownBy(() -> statement.execute("SELECT 1 / 0")).hasMessageContaining("zero");

            assertThatThrownBy(() -> Aborted.refuse(seen))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"))
                    .cause()
                    .hasMessageContaining("division by zero");
            connection.rollback();
            assertThatCode(() -> Aborted.refuse(seen)).doesNotThrowAnyException();
        }
    }

    /** As in a server whose driver is not that of the application. */
    private static Connection outOfReach(Connection connection) {
        return Intercepted.proxy(
                Connection.class, connection, call -> call.method().equals("isWrapperFor") ? false : call.proceed());
    }
}
