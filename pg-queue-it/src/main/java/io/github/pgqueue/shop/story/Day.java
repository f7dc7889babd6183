package io.github.pgqueue.shop.story;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.shop.board.LiveBoard;
import io.github.pgqueue.shop.board.Report;
import io.github.pgqueue.shop.desk.OrderDesk;
import io.github.pgqueue.shop.jdbc.Statements;
import io.github.pgqueue.shop.orders.OrderFile;
import io.github.pgqueue.shop.orders.OrderLine;
import io.github.pgqueue.shop.prices.PriceList;
import io.github.pgqueue.shop.prices.Wholesaler;
import io.github.pgqueue.shop.runtime.Node;
import io.github.pgqueue.shop.runtime.SecondProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One day of the open shop: the orders of a file are placed and worked, then each promise is looked at. */
final class Day {

    /** Placing waits while more jobs than this are to be done: the memory of the database is not ours to fill. */
    private static final int BUSY = 2_000;

    private static final int ORDERS_PER_LOOK = 200;
    private static final String ANY_SKU = "TEA-001";

    private final Narrator narrator;
    private final SecondProcess second;
    private final OrderDesk desk;
    private final LiveBoard board;
    private final PgQueueManager manager;
    private final PriceList prices;
    private final Wholesaler wholesaler;
    private final Statements statements;
    private final Backlog backlog;
    private final Snapshots snapshots;
    private final Tally tally = new Tally();
    private final List<Promise> promises = new ArrayList<>();

    Day(Narrator narrator, Node node, SecondProcess second) {
        this.narrator = narrator;
        this.second = second;
        this.desk = node.get(OrderDesk.class);
        this.board = node.get(LiveBoard.class);
        this.manager = node.get(PgQueueManager.class);
        this.prices = node.get(PriceList.class);
        this.wholesaler = node.get(Wholesaler.class);
        this.statements = node.get(Statements.class);
        this.backlog = new Backlog(manager, "receipts", "invoices", "shipments");
        this.snapshots = new Snapshots(statements);
    }

    /** What became of the promises. */
    List<Promise> promises() {
        return promises;
    }

    /** Does the day's work; afterwards {@link #promises()} has been filled. */
    Sums live(OrderFile file, Path rejectedLines) {
        Timer timer = Timer.start();
        try (Progress progress = new Progress(narrator, tally, backlog, snapshots)) {
            progress.start();
            takeOrders(file, rejectedLines);
            snapshots.take();
            backlog.awaitDrained();
        }
        snapshots.take();
        narrator.say(
                "work",
                "done in %.1f s: %,d lines read, %,d orders placed (%,.0f/s)",
                timer.seconds(),
                tally.read.sum(),
                tally.placed.sum(),
                tally.placed.sum() / timer.seconds());
        Books books = Books.read(statements);
        List<Report> reports = new RollCalls(board, /* nodes= */ 2).reports(books.orders());
        playActs(books, reports);
        return new Sums(tally.read.sum(), tally.placed.sum(), tally.rejected.sum(), tally.rolledBack.sum(), books);
    }

    private void takeOrders(OrderFile file, Path rejectedLines) {
        try (Rejections rejections = new Rejections(narrator, rejectedLines);
                Clerks clerks = new Clerks(desk, tally, rejections)) {
            for (OrderLine line : file) {
                tally.read.increment();
                if (line instanceof OrderLine.Accepted order) {
                    clerks.place(order);
                } else if (line instanceof OrderLine.Rejected rejected) {
                    tally.rejected.increment();
                    rejections.add(rejected.line(), rejected.reason());
                }
                if (tally.read.sum() % ORDERS_PER_LOOK == 0) {
                    backlog.awaitBelow(BUSY);
                }
            }
            clerks.finish();
        }
    }

    private void playActs(Books books, List<Report> reports) {
        String sku = statements.rows(StorySql.FIRST_SKU, row -> row.getString("sku")).stream()
                .findFirst()
                .orElse(ANY_SKU);
        keep(committedTogether(books, reports));
        keep(rolledBackTogether(reports));
        keep(retried(books, reports));
        keep(observersReached(books, reports));
        keep(new PriceAct(prices, wholesaler).play(sku));
        keep(new QuoteAct(manager.requestResponse(), prices).play(sku));
        keep(new CrashAct(manager, statements, second).play(books.shipments()));
    }

    private void keep(Promise promise) {
        promises.add(promise);
        narrator.say(promise);
    }

    private Promise committedTogether(Books books, List<Report> reports) {
        long mails = reports.stream().mapToLong(Report::mailsSent).sum();
        long events = reports.stream().mapToLong(Report::ordersSeen).max().orElse(0);
        return new Promise(
                "committed together",
                snapshots.torn() == 0 && books.eachExactlyOnce(),
                Text.of(
                        "%,d rows, %,d jobs, %,d events; of %d snapshots meanwhile, %d saw one without the other",
                        books.orders(),
                        books.receipts() + books.shipments() + mails,
                        events,
                        snapshots.taken(),
                        snapshots.torn()));
    }

    private Promise rolledBackTogether(List<Report> reports) {
        long strays = reports.stream().mapToLong(Report::straysSeen).sum();
        return statements
                .rows(StorySql.ROLLED_BACK, row -> {
                    long declined = row.getLong("declined");
                    long rows = row.getLong("orders");
                    long jobs = row.getLong("jobs");
                    return new Promise(
                            "rolled back together",
                            rows == 0 && jobs == 0 && strays == 0 && declined == tally.rolledBack.sum(),
                            Text.of(
                                    "declined after push and publish: %,d; of these %d rows, %d jobs, %d events are left",
                                    declined, rows, jobs, strays));
                })
                .get(0);
    }

    private Promise retried(Books books, List<Report> reports) {
        long sent = reports.stream().mapToLong(Report::mailsSent).sum();
        long refused = reports.stream().mapToLong(Report::mailsRefused).sum();
        long most = reports.stream().mapToLong(Report::mostAttempts).max().orElse(0);
        long dead = backlog.dead();
        return new Promise(
                "retried",
                sent >= books.orders() && dead == 0,
                Text.of(
                        "%,d invoices mailed in %,d attempts: %,d refused at random, at most %d for one invoice, %d given up",
                        sent, sent + refused, refused, most, dead));
    }

    private Promise observersReached(Books books, List<Report> reports) {
        boolean all = reports.size() == 2
                && reports.stream().allMatch(report -> books.orders() == 0 || report.ordersSeen() > 0);
        String seen = reports.stream()
                .map(report -> Text.of("%,d by process %d", report.ordersSeen(), report.node()))
                .collect(Collectors.joining(", "));
        return new Promise("observers in two JVMs", all, Text.of("%,d events: %s", books.orders(), seen));
    }
}
