package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.board.LiveBoard;
import io.github.pgqueue.shop.desk.CardTerminal;
import io.github.pgqueue.shop.desk.OrderDesk;
import io.github.pgqueue.shop.invoices.InvoiceSender;
import io.github.pgqueue.shop.invoices.MailServer;
import io.github.pgqueue.shop.jdbc.Statements;
import io.github.pgqueue.shop.prices.PriceList;
import io.github.pgqueue.shop.prices.Quotes;
import io.github.pgqueue.shop.prices.Wholesaler;
import io.github.pgqueue.shop.receipts.ReceiptWriter;
import io.github.pgqueue.shop.shipments.Packer;
import io.github.pgqueue.shop.shipments.TruckLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/**
 * The shop in this process: its beans in a Weld SE container. Discovery finds the extensions of Narayana, which brings
 * {@code @Transactional}, and of pg-queue; that is all the wiring there is. One for each process.
 */
public final class Node implements AutoCloseable {

    private static final String SETTINGS = "/io/github/pgqueue/shop/config/META-INF/microprofile-config.properties";

    private static final Class<?>[] BEANS = {
        CardTerminal.class,
        InvoiceSender.class,
        LiveBoard.class,
        MailServer.class,
        OrderDesk.class,
        Packer.class,
        Pool.class,
        PriceList.class,
        Quotes.class,
        ReceiptWriter.class,
        Statements.class,
        TruckLoader.class,
        Wholesaler.class,
    };

    private final WeldContainer container;

    private Node(WeldContainer container) {
        this.container = container;
    }

    /** Starts the shop with these settings, and with further beans. */
    public static Node start(NodeSettings settings, Class<?>... furtherBeans) {
        settings.properties().forEach(System::setProperty);
        System.setProperty(NodeSettings.PASSWORD, settings.password());
        return start(furtherBeans);
    }

    /** Starts the shop with the settings that are system properties already, and with further beans. */
    static Node start(Class<?>... furtherBeans) {
        shopProperties().forEach((key, value) -> System.getProperties().putIfAbsent(key, value));
        return new Node(
                new Weld().addBeanClasses(BEANS).addBeanClasses(furtherBeans).initialize());
    }

    /** A bean of the shop. */
    public <T> T get(Class<T> bean) {
        return container.select(bean).get();
    }

    /** Stops the shop: running jobs end, no new ones begin. */
    @Override
    public void close() {
        container.shutdown();
    }

    private static Properties shopProperties() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Node.class.getResourceAsStream(SETTINGS), SETTINGS)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
