package io.github.pgqueue.shop.orders;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.pgqueue.shop.orders.OrderLine.Accepted;
import io.github.pgqueue.shop.orders.OrderLine.Rejected;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderFileTest {

    private static final String HEADER = "order_id,customer,email,sku,quantity,unit_price,currency,placed_at";
    private static final String GOOD = "A-1,Ada,ada@example.org,TEA-7,2,3.50,EUR,2026-02-03T10:15:30+01:00";
    private static final Order GOOD_ORDER = new Order(
            "A-1",
            "Ada",
            "ada@example.org",
            "TEA-7",
            2,
            new BigDecimal("3.50"),
            "EUR",
            OffsetDateTime.parse("2026-02-03T10:15:30+01:00"));

    @TempDir
    Path directory;

    @Test
    void read_wellFormedLine_yieldsTheOrder() throws IOException {
        List<OrderLine> lines = read(HEADER + "\n" + GOOD + "\n");

        assertThat(lines).containsExactly(new Accepted(2, GOOD_ORDER));
    }

    @Test
    void read_columnsInAnotherOrder_findsThemByName() throws IOException {
        List<OrderLine> lines = read("""
                placed_at,currency,unit_price,quantity,sku,email,customer,order_id
                2026-02-03T10:15:30+01:00,EUR,3.50,2,TEA-7,ada@example.org,Ada,A-1
                """);

        assertThat(lines).containsExactly(new Accepted(2, GOOD_ORDER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void read_anyKindOfLineBreak_countsLinesAlike(String lineBreak) throws IOException {
        List<OrderLine> lines = read(String.join(lineBreak, HEADER, GOOD, "", "bad", GOOD));

        assertThat(lines)
                .containsExactly(
                        new Accepted(2, GOOD_ORDER),
                        new Rejected(4, "the number of fields is 1 instead of 8"),
                        new Accepted(5, GOOD_ORDER));
    }

    @Test
    void read_byteOrderMark_isPassedOver() throws IOException {
        assertThat(read("\uFEFF" + HEADER + "\n" + GOOD)).containsExactly(new Accepted(2, GOOD_ORDER));
    }

    @Test
    void read_quotedHeader_isAHeader() throws IOException {
        String quoted = "\"" + HEADER.replace(",", "\",\"") + "\"";

        assertThat(read(quoted + "\r\n" + GOOD)).containsExactly(new Accepted(2, GOOD_ORDER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "O'Brien, \"Bob\"",
                "two\nlines",
                "three\r\nlines\rof all kinds",
                "\n",
                "\"",
                "\"\"",
                ",",
                "",
                " spaces kept ",
                "Zoë Ålund",
                "山田 太郎",
                "Доктор Живаго",
                "محمد",
                "நன்றி",
                "😀👩‍👩‍👧",
                "e\u0301 is not \u00e9",
                "\u0001 control",
                "\uFEFF",
                "'; DROP TABLE orders; --",
                "=1+1"
            })
    void read_anyTextAsCustomer_comesThroughUnchanged(String customer) throws IOException {
        List<OrderLine> lines =
                read(HEADER + "\n" + GOOD.replace("Ada", "\"" + customer.replace("\"", "\"\"") + "\"") + "\n" + GOOD);

        assertThat(lines).hasSize(2);
        assertThat(accepted(lines.get(0)).customer()).isEqualTo(customer);
        assertThat(accepted(lines.get(1))).isEqualTo(GOOD_ORDER);
    }

    @Test
    void read_lineAfterAMultiLineRecord_hasThePhysicalLineNumber() throws IOException {
        List<OrderLine> lines = read(HEADER + "\n" + GOOD.replace("Ada", "\"a\nd\r\na\"") + "\n" + GOOD + "\nbad\n");

        assertThat(lines).extracting(OrderLine::line).containsExactly(2L, 5L, 6L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.00", "0.0001", "99999999999999.99", "999999999999999.9999", "007.50"})
    void read_zeroAndHugeAmounts_areKeptExactly(String price) throws IOException {
        Order order = accepted(read(HEADER + "\n" + GOOD.replace("3.50", price)).get(0));

        assertThat(order.unitPrice()).isEqualTo(new BigDecimal(price));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
    void read_quantityOfZeroOrMore_isAccepted(int quantity) throws IOException {
        Order order = accepted(read(HEADER + "\n" + GOOD.replace("TEA-7,2", "TEA-7," + quantity))
                .get(0));

        assertThat(order.quantity()).isEqualTo(quantity);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-03T10:15:30Z",
                "2026-02-03T10:15+05:45",
                "2024-02-29T23:59:59.999999999-12:00",
                "0001-01-01T00:00:00+18:00",
                "9999-12-31T23:59:59-18:00"
            })
    void read_isoTimeWithOffset_isAccepted(String time) throws IOException {
        Order order = accepted(read(HEADER + "\n" + GOOD.replace("2026-02-03T10:15:30+01:00", time))
                .get(0));

        assertThat(order.placedAt()).isEqualTo(OffsetDateTime.parse(time));
    }

    static Stream<Arguments> badLines() {
        String x1001 = "x".repeat(1_001);
        return Stream.of(
                arguments(
                        "one field too few",
                        "A-1,Ada,ada@example.org,TEA-7,2,3.50,EUR",
                        "the number of fields is 7 instead of 8"),
                arguments("one field too many", GOOD + ",", "the number of fields is 9 instead of 8"),
                arguments("blank", " ", "the number of fields is 1 instead of 8"),
                arguments("other separator", GOOD.replace(',', ';'), "the number of fields is 1 instead of 8"),
                arguments("no order_id", with("A-1", ""), "order_id is blank"),
                arguments("blank order_id", with("A-1", "\"\t \""), "order_id is blank"),
                arguments("no sku", with("TEA-7", ""), "sku is blank"),
                arguments("long order_id", with("A-1", "x".repeat(101)), "order_id is longer than 100 characters"),
                arguments("long customer", with("Ada", x1001), "customer is longer than 1000 characters"),
                arguments("long quantity", with(",2,", "," + x1001 + ","), "quantity is longer than 1000 characters"),
                arguments("long email", with("ada@", "a".repeat(243) + "@"), "email is longer than 254 characters"),
                arguments("no @", with("ada@example.org", "ada"), "email is not an address with one @: \"ada\""),
                arguments("only an @", with("ada@example.org", "@"), "email is not an address with one @: \"@\""),
                arguments("no email", with("ada@example.org", ""), "email is not an address with one @: \"\""),
                arguments("no quantity", with(",2,", ",,"), "quantity is not an integer: \"\""),
                arguments("words", with(",2,", ",two,"), "quantity is not an integer: \"two\""),
                arguments("fraction", with(",2,", ",2.5,"), "quantity is not an integer: \"2.5\""),
                arguments("space", with(",2,", ", 2,"), "quantity is not an integer: \" 2\""),
                arguments("arabic", with(",2,", ",٢,"), "quantity is not an integer: \"٢\""),
                arguments("negative", with(",2,", ",-2,"), "quantity is negative: \"-2\""),
                arguments("very negative", with(",2,", ",-99999999999,"), "quantity is negative: \"-99999999999\""),
                arguments("too many", with(",2,", ",2147483648,"), "quantity is more than 2147483647: \"2147483648\""),
                arguments("no price", with("3.50", ""), price("")),
                arguments("price in words", with("3.50", "free"), price("free")),
                arguments("exponent", with("3.50", "1e999999"), price("1e999999")),
                arguments("small exponent", with("3.50", "1E2"), price("1E2")),
                arguments("comma as point", with("3.50", "\"3,50\""), price("3,50")),
                arguments("not a number", with("3.50", "NaN"), price("NaN")),
                arguments("scale of 5", with("3.50", "0.00001"), price("0.00001")),
                arguments("16 digits", with("3.50", "1234567890123456"), price("1234567890123456")),
                arguments("point alone", with("3.50", "3."), price("3.")),
                arguments("negative price", with("3.50", "-0.01"), "unit_price is negative: \"-0.01\""),
                arguments("unknown currency", with("EUR", "ZZZ"), "currency is not a code of ISO 4217: \"ZZZ\""),
                arguments("lower case", with("EUR", "eur"), "currency is not a code of ISO 4217: \"eur\""),
                arguments("sign", with("EUR", "€"), "currency is not a code of ISO 4217: \"€\""),
                arguments("no currency", with("EUR", ""), "currency is not a code of ISO 4217: \"\""),
                arguments("no offset", time("2026-02-03T10:15:30"), noTime("2026-02-03T10:15:30")),
                arguments("date alone", time("2026-02-03"), noTime("2026-02-03")),
                arguments("30 February", time("2026-02-30T10:15:30Z"), noTime("2026-02-30T10:15:30Z")),
                arguments("blank for T", time("2026-02-03 10:15:30Z"), noTime("2026-02-03 10:15:30Z")),
                arguments("no time", time(""), noTime("")),
                arguments(
                        "far future",
                        time("+10000-01-01T00:00:00Z"),
                        "placed_at is not in the years 1 to 9999: \"+10000-01-01T00:00:00Z\""),
                arguments("NUL", with("Ada", "A\0da"), "customer has a NUL character: \"A\\u{0}da\""),
                arguments("terminal", with(",2,", ",\u001b[2J,"), "quantity is not an integer: \"\\u{1b}[2J\""),
                arguments(
                        "long value in the reason",
                        with("EUR", "x".repeat(61)),
                        "currency is not a code of ISO 4217: \"" + "x".repeat(60) + "...\""),
                arguments(
                        "quote in a plain field",
                        with("Ada", "Ada \"the first\""),
                        "broken quoting: a quote in a field that does not begin with one"),
                arguments(
                        "text after a quote", with("Ada", "\"Ada\" L."), "broken quoting: text after a closing quote"),
                arguments(
                        "quote not doubled",
                        with("Ada", "\"Ada \"L\" B\""),
                        "broken quoting: text after a closing quote"),
                arguments("huge", "x".repeat(65_537), "the line is longer than 65536 bytes"),
                arguments(
                        "huge, quoted",
                        with("Ada", "\"" + "x".repeat(65_537) + "\""),
                        "the line is longer than 65536 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLines")
    void read_badLine_isRejectedByNumberAndReasonBetweenGoodOnes(String kind, String bad, String reason)
            throws IOException {
        List<OrderLine> lines = read(String.join("\r\n", HEADER, GOOD, bad, GOOD, ""));

        assertThat(lines)
                .containsExactly(new Accepted(2, GOOD_ORDER), new Rejected(3, reason), new Accepted(4, GOOD_ORDER));
    }

    @Test
    void read_quoteNeverClosed_costsItsOwnLineOnly() throws IOException {
        List<OrderLine> lines = read(String.join("\n", HEADER, GOOD, with("Ada", "\"Ada"), GOOD, GOOD));

        assertThat(lines)
                .containsExactly(
                        new Accepted(2, GOOD_ORDER),
                        new Rejected(3, "broken quoting: a quote is opened and not closed"),
                        new Accepted(4, GOOD_ORDER),
                        new Accepted(5, GOOD_ORDER));
    }

    @Test
    void read_quoteClosedByTheNextQuotedField_costsItsOwnLineOnly() throws IOException {
        String quoted = with("Ada", "\"Ada\"");

        List<OrderLine> lines = read(String.join("\n", HEADER, with("Ada", "\"Ada"), GOOD, quoted, quoted));

        assertThat(lines)
                .containsExactly(
                        new Rejected(2, "broken quoting: text after a closing quote"),
                        new Accepted(3, GOOD_ORDER),
                        new Accepted(4, GOOD_ORDER),
                        new Accepted(5, GOOD_ORDER));
    }

    @Test
    void read_quoteNeverClosedBeforeVeryManyLines_costsItsOwnLineOnly() throws IOException {
        int many = 3 * LineReader.MAX_BYTES / GOOD.length();

        List<OrderLine> lines = read(HEADER + "\n\"\n" + (GOOD + "\n").repeat(many));

        assertThat(lines).hasSize(1 + many);
        assertThat(lines.get(0)).isEqualTo(new Rejected(2, "broken quoting: a quote is opened and not closed"));
        assertThat(lines.subList(1, 1 + many)).allMatch(Accepted.class::isInstance);
    }

    @Test
    void read_bytesThatAreNotUtf8_rejectsTheWholeRecordAndGoesOn() throws IOException {
        byte[] latin1 = (with("Ada", "\"two\nlines, Zoë\"") + "\n").getBytes(ISO_8859_1);
        byte[] surrogate = {'x', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '\n'};
        byte[] cut = {(byte) 0xF0, (byte) 0x9F, (byte) 0x98};
        Path file = write((HEADER + "\n").getBytes(UTF_8), latin1, (GOOD + "\n").getBytes(UTF_8), surrogate, cut);

        List<OrderLine> lines = read(file);

        int headerLength = HEADER.length() + 1;
        int badByte = headerLength + "A-1,\"two\nlines, Zo".length();
        int afterGood = headerLength + latin1.length + GOOD.length() + 1;
        assertThat(lines)
                .containsExactly(
                        new Rejected(2, "not UTF-8 at byte " + badByte + " of the file"),
                        new Accepted(4, GOOD_ORDER),
                        new Rejected(5, "not UTF-8 at byte " + (afterGood + 1) + " of the file"),
                        new Rejected(6, "not UTF-8 at byte " + (afterGood + 5) + " of the file"));
    }

    @Test
    void read_duplicateOrderId_isLeftToTheDatabase() throws IOException {
        assertThat(read(String.join("\n", HEADER, GOOD, GOOD))).hasSize(2).allMatch(Accepted.class::isInstance);
    }

    @Test
    void read_headerAlone_yieldsNothing() throws IOException {
        assertThat(read(HEADER)).isEmpty();
    }

    @Test
    void iterator_askedForTwice_isRefused() throws IOException {
        try (OrderFile orders = OrderFile.open(write(HEADER.getBytes(UTF_8)))) {
            assertThat(orders.iterator()).isExhausted();

            assertThatIllegalStateException().isThrownBy(orders::iterator);
        }
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                arguments("a name missing", HEADER.replace(",sku", ""), "but begins with \"order_id,customer,"),
                arguments("a name too many", HEADER + ",note", "but begins with "),
                arguments("a name twice", HEADER.replace("customer", "email"), "but begins with "),
                arguments("other case", HEADER.toUpperCase(Locale.ROOT), "but begins with \"ORDER_ID,"),
                arguments("blanks", HEADER.replace(",", ", "), "but begins with "),
                arguments("no header", GOOD, "but begins with \"A-1,Ada,"),
                arguments("NUL", "\0\0\0", "but begins with \"\\u{0}\\u{0}\\u{0}\""),
                arguments("broken quotes", "\"order_id\"x", "but line 1 cannot be read: broken quoting: text after "),
                arguments("very long", "x".repeat(100_000), "but line 1 cannot be read: the line is longer than "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badHeaders")
    void open_anotherHeader_saysWhichOneIsMeant(String kind, String header, String found) throws IOException {
        Path file = write((header + "\n" + GOOD).getBytes(UTF_8));

        assertThatThrownBy(() -> OrderFile.open(file))
                .isInstanceOf(OrderFileException.class)
                .hasMessageStartingWith(
                        "The order file \"" + file + "\" must begin with the header " + HEADER + ", " + found)
                .message()
                .hasSizeLessThan(400)
                .doesNotContain("\n");
    }

    @Test
    void open_binaryFile_saysAtWhichByteItIsNotText() throws IOException {
        Path file = write(new byte[] {(byte) 0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, (byte) 0xC3, 0, '\n'});

        assertThatThrownBy(() -> OrderFile.open(file))
                .isInstanceOf(OrderFileException.class)
                .hasMessageEndingWith(", but line 1 cannot be read: not UTF-8 at byte 9 of the file.");
    }

    @Test
    void open_utf16_saysAtWhichByteItIsNotUtf8() throws IOException {
        Path file = write(HEADER.getBytes(UTF_16));

        assertThatThrownBy(() -> OrderFile.open(file))
                .isInstanceOf(OrderFileException.class)
                .hasMessageEndingWith(", but line 1 cannot be read: not UTF-8 at byte 0 of the file.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\uFEFF", "\n", "\r\n\r\n"})
    void open_emptyFile_saysSo(String content) throws IOException {
        Path file = write(content.getBytes(UTF_8));

        assertThatThrownBy(() -> OrderFile.open(file))
                .isInstanceOf(OrderFileException.class)
                .hasMessage("The order file \"" + file + "\" is empty, but must begin with the header " + HEADER + ".");
    }

    @Test
    void open_missingFile_saysSo() {
        Path file = directory.resolve("none.csv");

        assertThatThrownBy(() -> OrderFile.open(file))
                .isInstanceOf(OrderFileException.class)
                .hasMessage("The order file \"" + file + "\" does not exist.");
    }

    @Test
    void open_directory_saysSo() {
        assertThatThrownBy(() -> OrderFile.open(directory))
                .isInstanceOf(OrderFileException.class)
                .hasMessage("The order file \"" + directory + "\" is a directory.");
    }

    @Test
    void open_nameThatCannotBeOne_saysSo() {
        assertThatThrownBy(() -> OrderFile.open("a\0b"))
                .isInstanceOf(OrderFileException.class)
                .hasMessageStartingWith("The order file \"a\\u{0}b\" cannot be found: ");
    }

    @Test
    void open_fileOfSomebodyElse_saysSo() throws IOException {
        Path file = write(HEADER.getBytes(UTF_8));
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(file), "root may read everything");

        assertThatThrownBy(() -> OrderFile.open(file))
                .isInstanceOf(OrderFileException.class)
                .hasMessage("The order file \"" + file + "\" may not be read by this user.");
    }

    @Test
    void read_twoHundredThousandLines_holdsNoneOfThem() throws IOException {
        int many = 200_000;
        Path file = directory.resolve("many.csv");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER + "\n");
            for (int i = 0; i < many; i++) {
                out.write(with("A-1", "A-" + i) + "\n");
            }
        }

        try (OrderFile orders = OrderFile.open(file)) {
            List<WeakReference<OrderLine>> some = new ArrayList<>();
            int accepted = 0;
            for (OrderLine line : orders) {
                if (line instanceof Accepted && accepted++ % 1_000 == 0) {
                    some.add(new WeakReference<>(line));
                }
            }

            assertThat(accepted).isEqualTo(many);
            await().until(() -> {
                System.gc();
                return some.stream().allMatch(line -> line.refersTo(null));
            });
        }
    }

    @Test
    void sample_asShipped_hasThousandsOfOrdersAndBadLinesOfEveryKind() {
        List<Order> orders = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        try (OrderFile sample = OrderFile.sample()) {
            for (OrderLine line : sample) {
                if (line instanceof Accepted accepted) {
                    orders.add(accepted.order());
                } else if (line instanceof Rejected bad) {
                    rejected.add(bad);
                }
            }
        }

        assertThat(orders.stream().map(Order::orderId).distinct()).hasSize(2_500);
        assertThat(orders).as("with duplicates").hasSize(2_525);
        assertThat(orders.stream().map(Order::sku).distinct()).hasSize(42);
        assertThat(orders.stream().map(Order::currency).distinct()).hasSizeGreaterThan(15);
        assertThat(orders).extracting(Order::email).allMatch(email -> email.matches("[^@]+@example\\.(org|com|net)"));
        assertThat(orders).extracting(Order::customer).anyMatch(name -> name.contains("\n"));
        assertThat(orders).extracting(Order::customer).anyMatch(name -> name.contains("\""));
        assertThat(rejected).hasSize(105);
        assertThat(rejected)
                .filteredOn(bad -> bad.reason().startsWith("quantity is negative"))
                .hasSize(25);
        assertThat(rejected)
                .filteredOn(bad -> bad.reason().startsWith("currency is not"))
                .hasSize(25);
        assertThat(rejected)
                .filteredOn(bad -> bad.reason().startsWith("broken quoting: "))
                .hasSize(6);
    }

    private static String with(String text, String replacement) {
        assertThat(GOOD).contains(text);
        return GOOD.replace(text, replacement);
    }

    private static String time(String time) {
        return with("2026-02-03T10:15:30+01:00", time);
    }

    private static String noTime(String time) {
        return "placed_at is not a time of ISO 8601 with an offset: \"" + time + "\"";
    }

    private static String price(String price) {
        return "unit_price is not a decimal of at most 15 and 4 digits: \"" + price + "\"";
    }

    private static Order accepted(OrderLine line) {
        assertThat(line).isInstanceOf(Accepted.class);
        return ((Accepted) line).order();
    }

    private List<OrderLine> read(String content) throws IOException {
        return read(write(content.getBytes(UTF_8)));
    }

    private static List<OrderLine> read(Path file) {
        try (OrderFile orders = OrderFile.open(file)) {
            List<OrderLine> lines = new ArrayList<>();
            orders.forEach(lines::add);
            return lines;
        }
    }

    private Path write(byte[]... parts) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.write(part);
        }
        return Files.write(directory.resolve("orders.csv"), content.toByteArray());
    }
}
