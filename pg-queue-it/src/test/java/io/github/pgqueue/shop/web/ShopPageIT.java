package io.github.pgqueue.shop.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real browser plays the page of the shop. Its pictures are in {@code target/screenshots}. */
@ExtendWith(OpenShop.Extension.class)
public class ShopPageIT {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String TAB = "\uE004";
    private static final String ENTER = "\uE007";
    private static final String SPACE = " ";

    @TempDir
    static Path profile;

    private static Optional<Browser> found = Optional.empty();

    private @Nullable Browser opened;

    @BeforeAll
    static void openBrowser() {
        found = Browser.open(profile);
        assumeTrue(found.isPresent(), "No browser plays the page: chromium and chromedriver are not on the path.");
    }

    @AfterAll
    static void closeBrowser() {
        found.ifPresent(Browser::close);
    }

    @BeforeEach
    void openPage(OpenShop shop) {
        opened = found.orElseThrow();
        opened.show(1280, 900, "light");
        opened.go(shop.page());
        opened.awaitText("#board-state", "live");
        opened.awaitText("#queues-body", "receipts");
    }

    @AfterEach
    void nothingWasBlocked() {
        // A refused request is logged by the browser, and is what some tests are about.
        assertThat(browser().complaints())
                .filteredOn(line -> !line.contains("Failed to load resource"))
                .isEmpty();
    }

    @Test
    void order_placed_comesToTheLiveBoardAndIsWorked() {
        browser().type("#order-form [name=customer]", "Ada <img src=x onerror=alert(1)>");
        browser().click("#order-form .primary");
        browser().awaitText("#order-result", "Committed: order WEB-");
        browser().awaitText("#board-count", "1 order since");
        browser().awaitText("#order-result [data-fact='receipt + parcel']", "2");

        String orderId = browser().text("#board-list .order-id").split(" ", -1)[0];
        assertThat(browser().text("#order-result")).contains(orderId);
        assertThat(browser().text("#order-result [data-fact=row]")).isEqualTo("1");
        assertThat(browser().text("#order-result [data-fact=event]")).isEqualTo("1");
        browser().screenshot(PICTURES.resolve("order-placed.png"));
    }

    @Test
    void order_failAfterPush_leavesNothingToSee() {
        browser().click("#order-form [name=failAfterPush]");
        browser().click("#order-form .primary");
        browser().awaitText("#order-result", "Rolled back: no order, no job, no event.");

        assertThat(facts()).isEqualTo("1 3 waiting 0 0 0");
        assertThat(browser().text("#board-count")).startsWith("0 ");
        assertThat(browser().text("#board-list")).isEmpty();
        browser().screenshot(PICTURES.resolve("rolled-back.png"));
    }

    @Test
    void orders_manyAtOnce_areAllOnTheBoard() {
        browser().click("#burst");
        browser().awaitText("#order-result", "Committed: 25 orders, 75 jobs, 25 events.");
        browser().awaitText("#board-count", "25 orders");

        assertThat(browser().script("return document.querySelectorAll('#board-list li[data-mine]').length"))
                .isEqualTo("25");
    }

    @Test
    void order_badInput_showsTheSentence() {
        browser().type("#order-form [name=quantity]", "5000");
        browser().click("#order-form .primary");
        browser().awaitText("#order-result", "quantity must be a whole number from 1 to 1000.");

        assertThat(browser().text("#board-count")).startsWith("0 ");
    }

    @Test
    void price_twice_isAMissThenAHit() {
        browser().type("#price-form [name=sku]", "TEA " + UUID.randomUUID());
        browser().click("#price-form .primary");
        browser().awaitText("#price-result", "Miss:");
        long hits = Long.parseLong(browser().text("#price-hits"));
        browser().click("#price-form .primary");
        browser().awaitText("#price-result", "Hit:");

        assertThat(Long.parseLong(browser().text("#price-hits"))).isGreaterThan(hits);
        browser().screenshot(PICTURES.resolve("price-hit.png"));
        browser().click("#forget");
        browser().awaitText("#price-result", "Forgotten:");
    }

    @Test
    void quote_isAnsweredByAWorker() {
        browser().click("#quote-form .primary");
        browser().awaitText("#quote-result", "Answered by a worker of process");

        assertThat(browser().text("#quote-result")).contains("EUR for 3 × TEA-OOLONG-100");
    }

    @Test
    void keyboard_alone_placesAnOrder() {
        browser().script("document.querySelector('#order-form [name=customer]').focus()");
        browser().press(TAB + TAB + TAB + TAB + SPACE);
        assertThat(browser().script("return document.querySelector('[name=failAfterPush]').checked"))
                .isEqualTo("true");
        browser().press(SPACE + TAB + ENTER);

        browser().awaitText("#order-result", "Committed: order WEB-");
    }

    @ParameterizedTest
    @CsvSource({"1280, light", "1280, dark", "400, light", "400, dark"})
    void page_anyWidthAndColours_fits(int width, String scheme) {
        browser().show(width, 900, scheme);
        browser().click("#order-form .primary");
        browser().awaitText("#order-result", "Committed: order WEB-");
        browser().click("#price-form .primary");
        browser().awaitText("#price-result", "EUR after");
        browser().click("#quote-form .primary");
        browser().awaitText("#quote-result", "Answered by a worker");
        browser().awaitText("#order-result [data-fact='receipt + parcel']", "2");

        assertThat(browser().script("return document.documentElement.scrollWidth <= window.innerWidth"))
                .isEqualTo("true");
        assertThat(browser().script("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(scheme.equals("dark") ? "rgb(18, 24, 30)" : "rgb(243, 245, 247)");
        browser().screenshot(PICTURES.resolve("page-" + width + "-" + scheme + ".png"));
        browser().click("#order-form [name=failAfterPush]");
        browser().click("#order-form .primary");
        browser().awaitText("#order-result", "Rolled back: no order, no job, no event.");
        browser().screenshot(PICTURES.resolve("rolled-back-" + width + "-" + scheme + ".png"));
    }

    private String facts() {
        return browser()
                .script(
                        "return [...document.querySelectorAll('#order-result dd')].map((fact) => fact.innerText).join(' ')");
    }

    private Browser browser() {
        return requireNonNull(opened);
    }
}
