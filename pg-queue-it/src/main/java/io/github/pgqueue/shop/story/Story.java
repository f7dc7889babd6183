package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.shop.database.DatabaseUnavailableException;
import io.github.pgqueue.shop.orders.OrderFile;
import io.github.pgqueue.shop.orders.OrderFileException;
import io.github.pgqueue.shop.runtime.Node;
import io.github.pgqueue.shop.runtime.NodeSettings;
import io.github.pgqueue.shop.runtime.SecondProcess;
import io.github.pgqueue.shop.runtime.ShopException;
import io.github.pgqueue.shop.runtime.ShopSchema;
import io.github.pgqueue.shop.runtime.Workspace;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Opens the shop in two processes, has it work a file of orders, and says whether every promise was kept. Prints what
 * happens while it happens.
 */
public final class Story {

    private static final long THIS_PROCESS = ProcessHandle.current().pid();

    private final Narrator narrator;

    /** A story that is printed there. */
    public Story(PrintStream out) {
        this.narrator = new Narrator(out);
    }

    /**
     * Tells the story of a file. Its last line says what became of the orders, or what was not kept.
     *
     * @param name what to call the file
     * @return whether every promise was kept and the sums add up
     * @throws ShopException if the shop has to stop
     */
    public boolean tell(OrderFile file, String name) {
        narrator.say("shop", "the orders are those of %s; opening PostgreSQL", name.replaceAll("\\p{Cntrl}", "?"));
        try (Workspace workspace = Workspace.open()) {
            Path log = workspace.logToFile();
            try {
                return ended(openShop(file, workspace));
            } catch (OrderFileException | DatabaseUnavailableException | ShopException e) {
                logged(e);
                throw e;
            } catch (RuntimeException e) {
                logged(e);
                String reason =
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                throw new ShopException(
                        Text.of("The order shop had to stop: %s (more in %s)", reason, Workspace.shown(log)), e);
            }
        }
    }

    private static void logged(RuntimeException e) {
        System.getLogger(Story.class.getName()).log(Level.ERROR, "the order shop had to stop", e);
    }

    /** How the day ended. */
    private record Ending(List<Promise> promises, Sums sums) {}

    private Ending openShop(OrderFile file, Workspace workspace) {
        Timer timer = Timer.start();
        try (Database database = Database.open();
                ShopSchema schema = ShopSchema.create(database)) {
            narrator.say(
                    "shop",
                    "PostgreSQL %s is ready after %.1f s: %s",
                    database.version(),
                    timer.seconds(),
                    database.jdbcUrl());
            NodeSettings here = new NodeSettings(database, schema, workspace.scratch("log-1"), "shop-1");
            NodeSettings there = new NodeSettings(database, schema, workspace.scratch("log-2"), "shop-2");
            try (SecondProcess second = SecondProcess.start(there, workspace.report("second-process.log"));
                    Node node = Node.start(here)) {
                second.awaitReady();
                narrator.say(
                        "shop",
                        "open after %.1f s in two processes, %d (this one) and %d",
                        timer.seconds(),
                        THIS_PROCESS,
                        second.pid());
                Day day = new Day(narrator, node, second);
                Sums sums = day.live(file, workspace.report("rejected.txt"));
                return new Ending(day.promises(), sums);
            }
        }
    }

    /** Printed when everything is closed, so that nothing comes after the last line. */
    private boolean ended(Ending ending) {
        Sums sums = ending.sums();
        narrator.say(
                "sum",
                "%,d read = %,d placed + %,d rejected + %,d rolled back",
                sums.read(),
                sums.placed(),
                sums.rejected(),
                sums.rolledBack());
        narrator.say(
                "sum",
                "%,d orders placed = %,d receipts for %,d orders = %,d parcels for %,d orders",
                sums.books().orders(),
                sums.books().receipts(),
                sums.books().rightReceipts(),
                sums.books().shipments(),
                sums.books().rightShipments());
        String broken = ending.promises().stream()
                .filter(promise -> !promise.kept())
                .map(Promise::name)
                .collect(Collectors.joining(", "));
        if (!broken.isEmpty()) {
            narrator.plain("Not every promise was kept: %s.", broken);
            return false;
        }
        if (!sums.addUp()) {
            narrator.plain("The sums do not add up.");
            return false;
        }
        narrator.plain("%s", sums.lastLine());
        return true;
    }
}
