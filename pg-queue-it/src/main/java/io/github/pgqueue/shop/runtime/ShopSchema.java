package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.UUID;

/**
 * A schema for one run of the shop, with the tables of the shop in it. It is dropped when it is closed, or else when the
 * JVM shuts down in an orderly way, so that the database is left as it was.
 */
public final class ShopSchema implements AutoCloseable {

    private static final String TABLES = "/io/github/pgqueue/shop/shop.sql";

    private final Database database;
    private final String suffix;
    private final Thread atExit = new Thread(this::drop, "order-shop-schema");

    private ShopSchema(Database database, String suffix) {
        this.database = database;
        this.suffix = suffix;
    }

    /** Creates it under a name that no other run has. */
    public static ShopSchema create(Database database) {
        ShopSchema schema =
                new ShopSchema(database, UUID.randomUUID().toString().substring(0, 8));
        try {
            schema.execute(SchemaSql.create(schema.name()) + tables());
        } catch (SQLException e) {
            throw new ShopException(
                    "The PostgreSQL at " + database.jdbcUrl() + " does not let user " + database.user()
                            + " create the schema of this run: " + firstLine(e),
                    e);
        }
        Runtime.getRuntime().addShutdownHook(schema.atExit);
        return schema;
    }

    /** The name of the schema. */
    public String name() {
        return "order_shop_" + suffix;
    }

    /** What the names of this run's channels begin with. */
    String channelPrefix() {
        return "shop_" + suffix + ".";
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
        drop();
    }

    private void drop() {
        try {
            execute(SchemaSql.drop(name()));
        } catch (SQLException e) {
            System.getLogger(ShopSchema.class.getName())
                    .log(System.Logger.Level.WARNING, "schema " + name() + " could not be dropped", e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String tables() {
        try (InputStream in = Objects.requireNonNull(ShopSchema.class.getResourceAsStream(TABLES), TABLES)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
