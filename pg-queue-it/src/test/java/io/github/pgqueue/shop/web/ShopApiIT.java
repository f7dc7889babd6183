package io.github.pgqueue.shop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the resources of the shop answer. */
@ExtendWith(OpenShop.Extension.class)
public class ShopApiIT {

    private static final String ORDER_WITH_HALF_A_CHARACTER = """
            {"customer": "Ada", "email": "ada@example.org", "sku": "\\ud800", "quantity": 1}
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private OpenShop open;
    private ShopClient shop;

    @BeforeEach
    void client(OpenShop openShop) {
        open = openShop;
        shop = new ShopClient(openShop.page());
    }

    @Test
    void place_goodOrder_commitsRowAndJobsAndEvent() {
        try (BoardReader board = shop.board()) {
            ShopClient.Answer placed = shop.post("api/orders", ShopClient.order());
            String orderId = placed.json().path("orderId").asText();

            assertThat(placed.status()).isEqualTo(201);
            assertThat(board.await(orderId).data())
                    .contains("\"total\":\"" + placed.json().path("total").asText() + "\"");
            Awaitility.await("receipt, parcel and invoice")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(shop.get("api/orders/" + orderId).text())
                                    .isEqualTo("{\"rows\":1,\"jobs\":0,\"receipts\":1,\"parcels\":1}"));
        }
    }

    @Test
    void place_failAfterPush_leavesNoRowNoJobAndNoEvent() {
        try (BoardReader board = shop.board()) {
            ShopClient.Answer failed =
                    shop.post("api/orders", ShopClient.order().put("failAfterPush", true));
            String failedId = failed.json().path("orderId").asText();
            String nextId = shop.post("api/orders", ShopClient.order())
                    .json()
                    .path("orderId")
                    .asText();
            board.await(nextId);

            assertThat(failed.status()).isEqualTo(409);
            assertThat(failed.error()).contains("rolled back");
            assertThat(failed.json().path("before").path("rows").asInt()).isEqualTo(1);
            assertThat(failed.json().path("before").path("jobs").asInt()).isEqualTo(3);
            assertThat(failed.json().path("after").toString())
                    .isEqualTo("{\"rows\":0,\"jobs\":0,\"receipts\":0,\"parcels\":0}");
            assertThat(shop.get("api/orders/" + failedId).json())
                    .isEqualTo(failed.json().path("after"));
            assertThat(board.orderIds()).doesNotContain(failedId);
        }
    }

    @Test
    void board_twoPages_bothSeeEveryOrderOnce() {
        try (BoardReader first = shop.board();
                BoardReader second = shop.board()) {
            List<String> placed = Stream.generate(() -> shop.post("api/orders", ShopClient.order())
                            .json()
                            .path("orderId")
                            .asText())
                    .limit(5)
                    .toList();
            placed.forEach(first::await);
            placed.forEach(second::await);

            assertThat(first.type()).startsWith("text/event-stream");
            assertThat(first.events().get(0).name()).isEqualTo("open");
            assertThat(first.orderIds()).containsOnlyOnceElementsOf(placed);
            assertThat(second.orderIds()).containsOnlyOnceElementsOf(placed);
        }
    }

    @Test
    void price_twice_isAMissThenAHit() {
        String path = "api/prices/" + ShopClient.encoded("Tea of " + UUID.randomUUID());

        JsonNode first = shop.get(path).json();
        JsonNode second = shop.get(path).json();

        assertThat(first.path("hit").asBoolean()).isFalse();
        assertThat(second.path("hit").asBoolean()).isTrue();
        assertThat(second.path("price")).isEqualTo(first.path("price"));
        assertThat(second.path("misses").asLong())
                .isGreaterThanOrEqualTo(first.path("misses").asLong());
        assertThat(second.path("hits").asLong())
                .isGreaterThan(first.path("hits").asLong());
    }

    @Test
    void price_forgotten_isAMissAgain() {
        String path = "api/prices/" + UUID.randomUUID();
        shop.get(path);

        JsonNode forgotten = shop.delete(path).json();
        JsonNode again = shop.delete(path).json();

        assertThat(forgotten.path("forgotten").asBoolean()).isTrue();
        assertThat(again.path("forgotten").asBoolean()).isFalse();
        assertThat(shop.get(path).json().path("hit").asBoolean()).isFalse();
    }

    @Test
    void quote_isAnsweredByAWorkerWithTheCachedPrice() {
        JsonNode price = shop.get("api/prices/TEA").json();

        JsonNode quote = shop.post(
                        "api/quotes",
                        ShopClient.JSON.createObjectNode().put("sku", "TEA").put("quantity", 3))
                .json();

        assertThat(new BigDecimal(quote.path("total").asText()))
                .isEqualByComparingTo(new BigDecimal(price.path("price").asText()).multiply(BigDecimal.valueOf(3)));
        assertThat(quote.path("node").asLong()).isPositive();
    }

    @Test
    void queues_afterOrders_areWorkedDown() {
        long before = queue("receipts").path("done").asLong();
        for (int i = 0; i < 5; i++) {
            shop.post("api/orders", ShopClient.order());
        }

        Awaitility.await("receipts")
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(queue("receipts").path("done").asLong()).isGreaterThanOrEqualTo(before + 5));
        assertThat(StreamSupport.stream(
                                shop.get("api/queues").json().path("queues").spliterator(), false)
                        .map(queue -> queue.path("name").asText()))
                .containsExactly("receipts", "shipments", "invoices", "quotes");
        assertThat(queue("receipts").path("dead").asLong()).isZero();
    }

    @ParameterizedTest
    @MethodSource("badOrders")
    void place_badInput_isRefusedByASentenceThatNamesTheFix(String body, String sentence) {
        ShopClient.Answer refused = shop.post("api/orders", "application/json", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.type()).startsWith("application/json");
        assertThat(refused.error()).isEqualTo(sentence);
    }

    static Stream<Arguments> badOrders() {
        return Stream.of(
                bad(order().put("quantity", 0), "quantity must be a whole number from 1 to 1000."),
                bad(order().put("quantity", 2.5), "quantity must be a whole number from 1 to 1000."),
                bad(order().put("quantity", "2"), "quantity must be a whole number from 1 to 1000."),
                bad(order().put("quantity", 4_294_967_297L), "quantity must be a whole number from 1 to 1000."),
                bad(order().put("email", "ada"), "email is no address; write it as name@example.org."),
                bad(order().put("customer", "  "), "customer is blank; write 1 to 100 characters."),
                bad(order().put("customer", "x".repeat(101)), "customer is too long; write at most 100 characters."),
                bad(
                        order().put("sku", "a\u0000b"),
                        "sku has a control character or half a character in it; write it in plain text."),
                bad(order().put("sku", 7), "sku is not a string; put it in quotes."),
                bad(order().without("sku"), "sku is missing; add it as a string."),
                bad(order().put("failAfterPush", "yes"), "failAfterPush must be true or false."),
                bad(
                        order().put("price", 1),
                        "There is a field that is not known; known are customer, email, failAfterPush, quantity, sku."),
                Arguments.of("", "The body is empty; send one JSON object such as {\"sku\": \"TEA\"}."),
                Arguments.of("[]", "The body is not a JSON object; send one such as {\"sku\": \"TEA\"}."),
                Arguments.of(
                        ORDER_WITH_HALF_A_CHARACTER,
                        "sku has a control character or half a character in it; write it in plain text."),
                Arguments.of(
                        "{\"a\":\"" + "x".repeat(17_000) + "\"}",
                        "The body is longer than 16384 bytes; send one JSON object."));
    }

    private static ObjectNode order() {
        return ShopClient.order();
    }

    private static Arguments bad(JsonNode order, String sentence) {
        return Arguments.of(order.toString(), sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"sku\": TEA}", "{\"sku\": \"TEA\"} {}", "{\"sku\": 1, \"sku\": 2}", "sku=TEA"})
    void place_brokenJson_isRefusedWithThePlace(String body) {
        ShopClient.Answer refused = shop.post("api/orders", "application/json", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error())
                .matches("The body is not JSON \\(line \\d+, column \\d+\\); send one object such as .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded"})
    void place_whatAForeignFormCouldSend_isRefused(String type) {
        ShopClient.Answer refused =
                shop.post("api/orders", type, ShopClient.order().toString());

        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.error()).isEqualTo("The body must be JSON; send it as application/json.");
    }

    @Test
    void unknownAddress_isOneSentence() {
        ShopClient.Answer missing = shop.get("api/nothing");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.error()).isEqualTo("There is nothing at this address.");
    }

    @Test
    void everyAnswer_hasSafeHeadersAndNoStackTrace() {
        for (String path : List.of("", "shop.js", "api/queues", "api/nothing", "api/prices/" + "x".repeat(101))) {
            ShopClient.Answer answer = shop.get(path);

            assertThat(answer.response().headers().allValues("Content-Security-Policy"))
                    .as(path)
                    .singleElement()
                    .asString()
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self'");
            assertThat(answer.response().headers().firstValue("X-Content-Type-Options"))
                    .hasValue("nosniff");
            assertThat(answer.response().headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(answer.text()).doesNotContain("\tat ", "java.lang", "Exception");
        }
    }

    @Test
    void page_nothingInIt_isInline() {
        ShopClient.Answer page = shop.get("");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.type()).startsWith("text/html");
        assertThat(page.text()).doesNotContain("<style", "style=", "onclick", "javascript:");
        assertThat(page.text().split("<script", -1)).hasSize(2);
    }

    @Test
    void secretFiles_areNotServed() {
        for (String path : List.of("WEB-INF/beans.xml", "web-inf/beans.xml", "..%2fpom.xml", "%2e%2e/pom.xml")) {
            assertThat(shop.get(path).status()).as(path).isBetween(400, 404);
        }
    }

    @Test
    void foreignName_isRefused() throws Exception {
        assumeTrue(open.ours(), "a server decides by itself by which names it is called");
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), open.page().getPort())) {
            socket.getOutputStream()
                    .write("GET /api/queues HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("receipts");
        }
    }

    private JsonNode queue(String name) {
        return StreamSupport.stream(shop.get("api/queues").json().path("queues").spliterator(), false)
                .filter(queue -> queue.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
