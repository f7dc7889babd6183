package io.github.pgqueue.it.servers.archives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.inject.Inject;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two applications with the same queues and channels, each in a schema of its own, know nothing of each other. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.TWO_WARS)
class TenantsIT {

    @Inject
    private Tenant tenant;

    @Deployment(name = "left", order = 1)
    static WebArchive left() {
        return archive("left");
    }

    @Deployment(name = "right", order = 2)
    static WebArchive right() {
        return archive("right");
    }

    private static WebArchive archive(String name) {
        return Deployments.war(
                name,
                Map.of(Tenant.NAME, name, "pg-queue.schema", "tenant_" + name, "pg-queue.channel-prefix", name + "."),
                TenantsIT.class,
                Tenant.class);
    }

    private void assertAlone(String name, String other) {
        tenant.order(name);
        tenant.announce(name);

        await().pollInSameThread().until(() -> tenant.seen(name).equals("heard worked"));
        assertThat(tenant.seenBy(other, name)).isEqualTo("null");
    }

    @Test
    @OperateOnDeployment("left")
    void push_fromTheLeft_isSeenByTheLeftOnly() {
        assertAlone("left", "right");
    }

    @Test
    @OperateOnDeployment("right")
    void push_fromTheRight_isSeenByTheRightOnly() {
        assertAlone("right", "left");
    }
}
