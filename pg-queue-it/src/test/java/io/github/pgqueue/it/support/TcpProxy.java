package io.github.pgqueue.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postgresql.ds.PGSimpleDataSource;

/** Stands between a client and the server: cuts their connections, refuses new ones, or lets them fall silent. */
public final class TcpProxy implements AutoCloseable {

    private final String host;
    private final int port;
    private final ServerSocket server;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    private TcpProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    /** A proxy for the server of a database. */
    public static TcpProxy before(TestDatabase database) {
        PGSimpleDataSource direct = database.database().dataSource();
        try {
            return new TcpProxy(direct.getServerNames()[0], direct.getPortNumbers()[0]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Connections to the same database through this proxy. */
    public PGSimpleDataSource dataSource(TestDatabase database) {
        PGSimpleDataSource through = database.database().dataSource();
        through.setServerNames(new String[] {InetAddress.getLoopbackAddress().getHostAddress()});
        through.setPortNumbers(new int[] {server.getLocalPort()});
        return through;
    }

    /** From now on nothing passes on the connections there are, and nobody is told; new ones work. */
    public void freeze() {
        links.forEach(link -> link.frozen = true);
    }

    /** Cuts the connections there are and closes new ones at once, until {@link #mend()}. */
    public void cut() {
        refusing = true;
        links.forEach(Link::close);
    }

    /** Lets new connections through again. */
    public void mend() {
        refusing = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                link(server.accept());
            } catch (IOException e) {
                // Closed, or the server is not there: the client's connection attempt fails as without a proxy.
            }
        }
    }

    private void link(Socket client) throws IOException {
        if (refusing) {
            client.close();
            return;
        }
        Link link = new Link(client, new Socket(host, port));
        links.add(link);
        start("up", () -> link.pump(link.client, link.server));
        start("down", () -> link.pump(link.server, link.client));
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "proxy " + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            links.forEach(Link::close);
        }
    }

    private static final class Link {

        private final Socket client;
        private final Socket server;
        private volatile boolean frozen;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** What comes while the link is frozen is swallowed, an end of the stream included. */
        void pump(Socket from, Socket to) {
            byte[] buffer = new byte[8_192];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                int read = in.read(buffer);
                while (read >= 0) {
                    if (!frozen) {
                        out.write(buffer, 0, read);
                        out.flush();
                    }
                    read = in.read(buffer);
                }
            } catch (IOException e) {
                // One side is gone: so is the other.
                frozen = false;
            }
            if (!frozen) {
                close();
            }
        }

        void close() {
            try (client;
                    server) {
                return;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
