package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.lifecycle.app.Clerk;
import io.github.pgqueue.it.servers.lifecycle.app.Door;
import io.github.pgqueue.it.servers.lifecycle.app.Hands;
import io.github.pgqueue.it.servers.lifecycle.app.PoolDoor;
import io.github.pgqueue.it.servers.lifecycle.app.Resources;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The archives that are deployed. */
final class Application {

    private static final String POOL = "pool";
    private static final int REQUESTS = 64;

    private Application() {}

    /** Deploys the application with one database by a local data source. */
    static void deployLocal(ServerProcess server, String version) {
        deploy(server, version, Environment.LOCAL, Environment.LOCAL);
    }

    /** Deploys the application with two databases by XA. */
    static void deployXa(ServerProcess server, String version) {
        deploy(server, version, Environment.XA, Environment.OTHER);
    }

    private static void deploy(ServerProcess server, String version, String first, String second) {
        Map<String, String> config = Map.of(
                "pg-queue.datasource",
                Environment.current().dataSource(first),
                "pg-queue.defaults.lease",
                "PT2S",
                "pg-queue.defaults.max-attempts",
                "1000",
                Resources.VERSION,
                version,
                Resources.FIRST,
                first,
                Resources.SECOND,
                second);
        WebArchive archive =
                Deployments.war(ServerKind.NAME, config, Clerk.class, Door.class, Hands.class, Resources.class);
        server.deploy(archive, version);
    }

    /** Deploys {@link PoolDoor}. */
    static void deployPool(ServerProcess server) {
        WebArchive archive = ShrinkWrap.create(WebArchive.class, POOL + ".war")
                .addClass(PoolDoor.class)
                .addAsWebInfResource(new StringAsset(Deployments.BEANS), "beans.xml");
        server.deploy(archive, PoolDoor.HELD);
    }

    static void undeployPool(ServerProcess server) {
        server.undeploy(POOL);
    }

    /** How many connections the pool of the application could lend at once, and what they listen to. */
    static String askPool(ServerProcess server) {
        String name = Environment.current().dataSource(Environment.LOCAL);
        return Http.get(server.door(POOL) + "?" + PoolDoor.POOL + "=" + name);
    }

    /** Gives every thread of the server something else to do: some keep the last request that they served. */
    static void occupyThreads(ServerProcess server) {
        Http.burst(server.door(POOL), REQUESTS);
    }
}
