package io.github.pgqueue.it.servers.archives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.inject.Inject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An EAR with the library in {@code lib} and two WARs: what one pushes and publishes, the other works and hears. Payara
 * has a CDI container for each WAR and so two managers; WildFly and Open Liberty have one for both.
 */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.EAR)
class EarIT {

    @Inject
    private Office office;

    @Inject
    private Databases databases;

    @Deployment
    static EnterpriseArchive archive() {
        return Deployments.ear(
                "both",
                Deployments.module("office", EarIT.class, Office.class),
                Deployments.module("workshop", Workshop.class));
    }

    @Test
    void push_fromOneWar_isWorkedInTheOther() {
        office.order("made");
        databases.awaitDone("workshop");

        assertThat(databases.effects("workshop")).isEqualTo(1);
    }

    @Test
    void publish_fromOneWar_isHeardInTheOther() {
        office.announce("open");

        await().pollInSameThread().until(() -> databases.effects("heard") == 1);
    }
}
