package io.github.pgqueue.shop;

import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.shop.database.DatabaseUnavailableException;
import io.github.pgqueue.shop.runtime.LocalShop;
import io.github.pgqueue.shop.runtime.ShopException;
import io.github.pgqueue.shop.runtime.ShopSchema;
import io.github.pgqueue.shop.runtime.Workspace;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Opens the order shop in the browser, without an application server, until the process is stopped.
 *
 * <p>{@code -Dshop.port} is the port, or else the next one that is free; {@code -Dshop.page} the folder of the page;
 * {@code -Dpg} says which PostgreSQL, see {@link io.github.pgqueue.shop.database.Database#open()}.
 */
public final class OrderShopPage {

    private static final int UNUSABLE = 2;
    private static final int LAST_PORT = 65_535;

    private OrderShopPage() {}

    /** Serves until the process is stopped; returns only if it cannot. */
    public static void main(String[] arguments) {
        try {
            serve(port(System.getProperty("shop.port", "8080")));
        } catch (DatabaseUnavailableException | ShopException e) {
            System.err.println(e.getMessage());
            System.exit(UNUSABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void serve(int port) throws InterruptedException {
        Path page = Path.of(System.getProperty("shop.page", "pg-queue-it/src/main/webapp"));
        System.out.println("The order shop is opening ...");
        try (Workspace workspace = Workspace.open()) {
            Path log = workspace.logToFile();
            try (Database database = Database.open();
                    ShopSchema schema = ShopSchema.create(database);
                    LocalShop shop = LocalShop.open(database, schema, workspace.scratch("log"), port, page)) {
                System.out.println("The order shop is open: " + shop.page());
                System.out.println("PostgreSQL " + database.version() + " at " + database.jdbcUrl() + ", schema "
                        + schema.name() + "; log in " + Workspace.shown(log) + "; Ctrl-C closes the shop.");
                new CountDownLatch(1).await();
            }
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= LAST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // refused below, as a number out of range is
        }
        throw new ShopException("shop.port is not a port: give a number from 0 (any that is free) to 65535.", null);
    }
}
