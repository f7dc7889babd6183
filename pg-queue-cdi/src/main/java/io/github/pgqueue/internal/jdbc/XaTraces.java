package io.github.pgqueue.internal.jdbc;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.postgresql.PGConnection;

/**
 * What two-phase commit leaves to be seen. There is no portable way to ask a pool whether its connections are XA
 * resources, so an answer of no means nothing.
 */
public final class XaTraces {

    private static final String DRIVER = "org.postgresql.xa.";
    private static final String NARAYANA_FORMAT = "131077";
    private static final int NARAYANA_UID_BYTES = 28;

    private XaTraces() {}

    /**
     * Whether a data source is known to hand out XA connections: it is, or wraps, an {@link XADataSource}; or what its
     * pool shows as the driver's connection is the handle that the driver makes of an XA connection.
     */
    public static boolean isXa(DataSource dataSource, Connection connection) {
        try {
            return dataSource instanceof XADataSource
                    || wraps(dataSource, XADataSource.class)
                    || isHandle(connection)
                    || (wraps(connection, PGConnection.class) && isHandle(connection.unwrap(PGConnection.class)));
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean wraps(Wrapper wrapper, Class<?> type) throws SQLException {
        return wrapper.isWrapperFor(type);
    }

    private static boolean isHandle(Object connection) {
        return Proxy.isProxyClass(connection.getClass())
                && Proxy.getInvocationHandler(connection).getClass().getName().startsWith(DRIVER);
    }

    /**
     * The node identifier in a prepared transaction of Narayana, which WildFly uses too. The driver's name of a prepared
     * transaction is its format, its global id and its branch, the last two in Base64; Narayana's global id is a unique
     * number and then the node.
     */
    public static Optional<String> narayanaNode(String gid) {
        String[] parts = gid.split("_", -1);
        if (parts.length != 3 || !parts[0].equals(NARAYANA_FORMAT)) {
            return Optional.empty();
        }
        try {
            byte[] global = Base64.getDecoder().decode(parts[1]);
            return global.length > NARAYANA_UID_BYTES
                    ? Optional.of(new String(
                            global, NARAYANA_UID_BYTES, global.length - NARAYANA_UID_BYTES, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
