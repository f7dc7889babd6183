package io.github.pgqueue.shop.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.shop.desk.CardTerminal;
import io.github.pgqueue.shop.desk.OrderDesk;
import io.github.pgqueue.shop.jdbc.Statements;
import io.github.pgqueue.shop.orders.Order;
import io.github.pgqueue.shop.orders.OrderLine;
import io.github.pgqueue.shop.runtime.ShopException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A placing that fails for a passing reason is tried again, and nothing is counted or written twice. */
class ClerksIT {

    private static final CardTerminal CARDS = new CardTerminal();

    /** An order whose card is charged, and one whose card is declined. */
    private static final OrderLine.Accepted CHARGED = order(id -> !CARDS.declines(id));

    private static final OrderLine.Accepted DECLINED = order(CARDS::declines);

    @TempDir
    Path directory;

    private final Tally tally = new Tally();
    private TestDatabase database;
    private WeldNode node;
    private OrderDesk desk;
    private Rejections rejections;
    private Clerks clerks;

    @BeforeEach
    void open() throws IOException {
        database = TestDatabase.create();
        database.execute(tables());
        node = WeldNode.builder(database)
                .beans(CardTerminal.class, OrderDesk.class, Statements.class)
                .config("pg-queue.schema-management", "migrate")
                .start();
        desk = node.get(OrderDesk.class);
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        rejections = new Rejections(new Narrator(nowhere), directory.resolve("rejected.txt"));
        clerks = new Clerks(desk, tally, rejections);
    }

    @AfterEach
    void close() {
        clerks.close();
        rejections.close();
        node.close();
        database.close();
    }

    private static OrderLine.Accepted order(Predicate<String> id) {
        String found = IntStream.range(0, 10_000)
                .mapToObj(i -> "order-" + i)
                .filter(id)
                .findFirst()
                .orElseThrow();
        OffsetDateTime placedAt = OffsetDateTime.parse("2026-01-05T09:08:16Z");
        return new OrderLine.Accepted(
                7, new Order(found, "Ada", "ada@example.org", "TEA", 1, BigDecimal.TEN, "EUR", placedAt));
    }

    private static String tables() throws IOException {
        try (InputStream tables =
                Objects.requireNonNull(Clerks.class.getResourceAsStream("/io/github/pgqueue/shop/shop.sql"))) {
            return new String(tables.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The first inserts into a table fail. A rollback does not take the numbers of a sequence back. */
    private void failFirst(String table, int times) {
        database.execute(
                "CREATE SEQUENCE tries",
                """
                CREATE FUNCTION fail_first() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('tries') <= TG_ARGV[0]::bigint THEN
                        RAISE 'on purpose' USING ERRCODE = 'serialization_failure';
                    END IF;
                    RETURN NEW;
                END $$
                """,
                "CREATE TRIGGER fail_first BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION fail_first('"
                        + times + "')");
    }

    /** Orders, jobs and declined orders that are there, and what was counted as placed, rejected and rolled back. */
    private String found() {
        return database.text("""
                SELECT concat_ws(' ', (SELECT count(*) FROM shop_order),
                    (SELECT count(*) FROM queue_receipts) + (SELECT count(*) FROM queue_invoices)
                        + (SELECT count(*) FROM queue_shipments),
                    (SELECT count(*) FROM shop_declined))
                """) + ": " + tally.placed + " " + tally.rejected + " " + tally.rolledBack;
    }

    @Test
    void place_failsForAPassingReason_isTriedAgain() {
        failFirst("shop_order", 2);

        clerks.place(CHARGED);
        clerks.finish();

        assertThat(found()).isEqualTo("1 3 0: 1 0 0");
    }

    @Test
    void place_wasCommittedThoughItWasReportedAsFailed_countsAsPlaced() {
        desk.place(CHARGED.line(), CHARGED.order());

        clerks.place(CHARGED);
        clerks.finish();

        assertThat(found()).isEqualTo("1 3 0: 1 0 0");
    }

    @Test
    void place_orderOfAnotherLineHasTheId_isRejected() {
        desk.place(CHARGED.line() - 1, CHARGED.order());

        clerks.place(CHARGED);
        clerks.finish();

        assertThat(found()).isEqualTo("1 3 0: 0 1 0");
    }

    @Test
    void place_declinedAndTheNoteFails_isTriedAgain() {
        failFirst("shop_declined", 1);

        clerks.place(DECLINED);
        clerks.finish();

        assertThat(found()).isEqualTo("0 0 1: 0 0 1");
    }

    @Test
    void place_declinedAndTheNoteWasCommittedThoughItWasReportedAsFailed_isNotedOnce() {
        desk.noteDeclined(DECLINED.line(), DECLINED.order());

        clerks.place(DECLINED);
        clerks.finish();

        assertThat(found()).isEqualTo("0 0 1: 0 0 1");
    }

    @Test
    void place_failsAgainAndAgain_endsTheDayInOneSentence() {
        failFirst("shop_order", 1_000);

        clerks.place(CHARGED);

        assertThatThrownBy(clerks::finish)
                .isInstanceOf(ShopException.class)
                .hasMessageStartingWith("An order could not be placed: ");
        assertThat(found()).isEqualTo("0 0 0: 0 0 0");
    }
}
