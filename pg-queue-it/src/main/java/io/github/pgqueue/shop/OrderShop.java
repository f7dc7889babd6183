package io.github.pgqueue.shop;

import io.github.pgqueue.shop.database.DatabaseUnavailableException;
import io.github.pgqueue.shop.orders.OrderFile;
import io.github.pgqueue.shop.orders.OrderFileException;
import io.github.pgqueue.shop.runtime.ShopException;
import io.github.pgqueue.shop.story.Story;

/**
 * Runs the order shop over a file of orders: {@code -Dorders=FILE}, or the sample it comes with. {@code -Dpg} says which
 * PostgreSQL, see {@link io.github.pgqueue.shop.database.Database#open()}.
 *
 * <p>The exit code is 0 if everything that was promised was kept; 1 if it was not, or if the shop had to stop; 2 if the
 * file or the database cannot be used.
 */
public final class OrderShop {

    private static final int KEPT = 0;
    private static final int BROKEN = 1;
    private static final int UNUSABLE = 2;

    private OrderShop() {}

    /** Runs the shop once. */
    public static void main(String[] arguments) {
        System.exit(run(System.getProperty("orders", "")));
    }

    private static int run(String path) {
        boolean sample = path.isBlank();
        try (OrderFile file = sample ? OrderFile.sample() : OrderFile.open(path)) {
            return new Story(System.out).tell(file, sample ? "the sample" : path) ? KEPT : BROKEN;
        } catch (OrderFileException | DatabaseUnavailableException e) {
            System.err.println(e.getMessage());
            return UNUSABLE;
        } catch (ShopException e) {
            System.err.println(e.getMessage());
            return BROKEN;
        }
    }
}
