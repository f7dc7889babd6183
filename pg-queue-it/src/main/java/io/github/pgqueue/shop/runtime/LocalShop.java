package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.shop.web.BoardStream;
import io.github.pgqueue.shop.web.FailingDesk;
import io.github.pgqueue.shop.web.ShopApplication;
import io.github.pgqueue.shop.web.Traces;
import jakarta.ws.rs.SeBootstrap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * The shop with its page, without a server: its beans on Weld SE, and the resources of the WAR behind an HTTP port that
 * only this machine can reach. Stays open until it is closed or the process ends.
 */
public final class LocalShop implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";
    private static final int PORTS = 50;
    private static final int LAST_PORT = 65_535;

    private final Node node;
    private final SeBootstrap.Instance http;

    private LocalShop(Node node, SeBootstrap.Instance http) {
        this.node = node;
        this.http = http;
    }

    /**
     * Opens the shop.
     *
     * @param port where it is to be found, or the next one that is free; 0 for any that is free
     * @param page the folder of the page
     */
    public static LocalShop open(Database database, ShopSchema schema, Path transactionLog, int port, Path page) {
        Node node = Node.start(new NodeSettings(database, schema, transactionLog, "shop"), beans());
        try {
            SeBootstrap.Configuration configuration = SeBootstrap.Configuration.builder()
                    .host(ADDRESS)
                    .port(free(port))
                    .build();
            SeBootstrap.Instance http = SeBootstrap.start(
                            new LocalApplication(node, new PageFiles(page)), configuration)
                    .toCompletableFuture()
                    .join();
            return new LocalShop(node, http);
        } catch (CompletionException e) {
            node.close();
            throw new ShopException("The shop cannot open its page: " + e.getCause(), e);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** The address of the page. */
    public URI page() {
        return URI.create("http://" + ADDRESS + ":" + http.configuration().port() + "/");
    }

    /** Closes the door first, then the shop. */
    @Override
    public void close() {
        http.stop().toCompletableFuture().join();
        node.close();
    }

    private static Class<?>[] beans() {
        Stream<Class<?>> behindThem = Stream.of(BoardStream.class, FailingDesk.class, Traces.class);
        return Stream.concat(ShopApplication.RESOURCES.stream(), behindThem).toArray(Class<?>[]::new);
    }

    private static int free(int wanted) {
        int last = wanted == 0 ? 0 : Math.min(LAST_PORT, wanted + PORTS);
        for (int port = wanted; port <= last; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                // Connections of a shop that has just been closed do not count as taken.
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket.getLocalPort();
            } catch (IOException taken) {
                // then the next one
            }
        }
        throw new ShopException("The ports from " + wanted + " to " + last + " are taken; choose another.", null);
    }
}
