package io.github.pgqueue.it.servers.archives;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.queue.Job;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two applications with the library in {@code WEB-INF/lib}, on one schema: each works for the other, and outlives it. */
@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Proves(Feature.TWO_WARS)
class TwoWarsIT {

    @ArquillianResource
    private @Nullable Deployer deployer;

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    @Deployment(name = "first", managed = false)
    static WebArchive first() {
        return Deployments.war("first", TwoWarsIT.class, First.class);
    }

    @Deployment(name = "second")
    static WebArchive second() {
        return Deployments.war("second", TwoWarsIT.class, Second.class);
    }

    /** Works in the first. */
    @ApplicationScoped
    public static class First {

        @Inject
        private Databases databases;

        @Transactional
        @PgWorker("first")
        public void work(Job<String> job) {
            databases.effect("first", job.payload());
        }
    }

    /** Works in the second. */
    @ApplicationScoped
    public static class Second {

        @Inject
        private Databases databases;

        @Transactional
        @PgWorker("second")
        public void work(Job<String> job) {
            databases.effect("second", job.payload());
        }
    }

    private void assertWorked(String queue, String payload) {
        manager.queue(queue, String.class).push(payload);
        databases.awaitDone(queue);

        assertThat(databases.effects(queue)).isEqualTo(1);
    }

    @Test
    @Order(1)
    @RunAsClient
    void deploy_theFirstBesideTheSecond_isDone() {
        assertThat(deployer).isNotNull();
        deployer.deploy("first");
    }

    @Test
    @Order(2)
    @OperateOnDeployment("first")
    void push_fromTheFirst_isWorkedByTheSecond() {
        assertWorked("second", "x");
    }

    @Test
    @Order(3)
    @OperateOnDeployment("second")
    void push_fromTheSecond_isWorkedByTheFirst() {
        assertWorked("first", "x");
    }

    @Test
    @Order(4)
    @RunAsClient
    void undeploy_theFirst_isDone() {
        assertThat(deployer).isNotNull();
        deployer.undeploy("first");
    }

    @Test
    @Order(5)
    @OperateOnDeployment("second")
    void push_whenTheFirstIsGone_isWorkedByTheSecond() {
        manager.queue("second", String.class).push("later");
        databases.awaitDone("second");

        assertThat(databases.effects("second")).isEqualTo(2);
    }
}
