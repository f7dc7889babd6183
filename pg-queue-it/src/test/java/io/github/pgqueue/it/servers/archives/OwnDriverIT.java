package io.github.pgqueue.it.servers.archives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.NodeStatus.Listening;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.inject.Inject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An application that brings its data source in {@code web.xml}, and its driver in {@code WEB-INF/lib}. Open Liberty takes
 * the driver of such a data source from a shared library only; Payara's own driver comes before the application's.
 */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.OWN_DATA_SOURCE)
class OwnDriverIT {

    @Inject
    private Stall stall;

    @Inject
    private PgQueueManager manager;

    @Inject
    private Databases databases;

    @Deployment
    static WebArchive archive() {
        return Deployments.ownDriver("own", Stall.DATA_SOURCE, OwnDriverIT.class, Stall.class);
    }

    /** The start may go on in the background until the server has bound the data source. */
    private void awaitListening() {
        await().pollInSameThread()
                .ignoreExceptions()
                .until(() -> manager.nodeStatus().listening().equals(Listening.LISTENING));
    }

    @Test
    void listen_onAConnectionOfThePool_works() {
        awaitListening();

        await().pollInSameThread().until(() -> manager.status().canClaim());
    }

    @Test
    void work_pushedWithARow_isDoneWithItsEffect() {
        awaitListening();

        stall.sell("sold");
        databases.awaitDone("stall");

        assertThat(databases.effects("sold")).isEqualTo(1);
        assertThat(databases.effects("worked sold")).isEqualTo(1);
    }

    @Test
    void push_methodThrows_isGoneWithTheRow() {
        awaitListening();

        assertThatThrownBy(() -> stall.sellAndThrow("returned")).hasStackTraceContaining("on purpose");

        databases.awaitDone("stall");
        assertThat(databases.effects("returned")).isZero();
        assertThat(databases.effects("worked returned")).isZero();
    }
}
