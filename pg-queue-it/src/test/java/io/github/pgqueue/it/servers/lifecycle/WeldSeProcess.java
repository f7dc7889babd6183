package io.github.pgqueue.it.servers.lifecycle;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.lifecycle.app.Clerk;
import io.github.pgqueue.it.servers.lifecycle.app.Door;
import io.github.pgqueue.it.servers.lifecycle.app.Hands;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.NarayanaRecovery;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.shop.database.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The JVM of {@link WeldSeServer}. */
final class WeldSeProcess {

    private static @Nullable Broker broker;

    private final Path configuration;
    private final Database main;
    private final Database other;
    private @Nullable WeldNode node;

    private WeldSeProcess(Path configuration, Database main, Database other) {
        this.configuration = configuration;
        this.main = main;
        this.other = other;
    }

    /** Arguments: the port; the file that configures the application, if it is deployed; the two databases. */
    public static void main(String[] arguments) throws IOException {
        WeldSeProcess process =
                new WeldSeProcess(Path.of(arguments[1]), Database.open(arguments[2]), Database.open(arguments[3]));
        NarayanaRecovery.prepare();
        broker = Broker.start(process.configuration.resolveSibling("broker-" + arguments[0]));
        if (Files.exists(process.configuration)) {
            process.deploy();
        }
        NarayanaRecovery.start();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, Integer.parseInt(arguments[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(16));
        serve(server, "/deploy", query -> process.deploy());
        serve(server, "/undeploy", query -> process.undeploy());
        serve(server, "/collect", query -> process.collect());
        serve(server, "/" + ServerKind.NAME + "/door", process::door);
        server.start();
    }

    /** The second resource of the applications of this process. */
    static Broker broker() {
        return Optional.ofNullable(broker).orElseThrow(() -> new IllegalStateException("not started"));
    }

    private static void serve(HttpServer server, String path, UnaryOperator<String> answer) {
        server.createContext(path, exchange -> {
            String query = exchange.getRequestURI().getQuery();
            try {
                respond(exchange, 200, answer.apply(query == null ? "" : query));
            } catch (RuntimeException e) {
                e.printStackTrace();
                respond(exchange, 500, e.toString());
            }
        });
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private synchronized String deploy() {
        undeploy();
        WeldNode.Builder builder = WeldNode.builder()
                .annotatedBeansOnly()
                .dataSource(Environment.LOCAL, main, NarayanaPool.LOCAL)
                .dataSource(Environment.XA, main, NarayanaPool.XA)
                .beans(Databases.class, Clerk.class, Hands.class, BrokerResources.class);
        config().forEach((key, value) -> {
            builder.config(key.toString(), value.toString());
            // Beans read theirs while they run, from the configuration of the JVM.
            if (key.toString().startsWith("crash.")) {
                System.setProperty(key.toString(), value.toString());
            }
        });
        node = builder.start();
        return "deployed";
    }

    private synchronized String undeploy() {
        if (node != null) {
            node.close();
            node = null;
        }
        return "undeployed";
    }

    private String collect() {
        broker().collect(other.dataSource());
        return "collected";
    }

    private String door(String query) {
        Clerk clerk = clerk();
        if (!query.startsWith(Door.PUSH + "=")) {
            return clerk.version();
        }
        String what = query.substring(Door.PUSH.length() + 1);
        clerk.push(what);
        return what;
    }

    private synchronized Clerk clerk() {
        if (node == null) {
            throw new IllegalStateException("not deployed");
        }
        return node.get(Clerk.class);
    }

    private Properties config() {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(configuration)) {
            properties.load(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return properties;
    }
}
