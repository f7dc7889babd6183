package io.github.pgqueue.it.servers.shop;

import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.shop.web.ShopPageIT;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real browser plays the page of the deployed shop. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@Proves(Feature.PAGE)
class DeployedPageIT extends ShopPageIT {

    @Deployment(testable = false)
    static WebArchive archive() {
        return Deployments.orderShop();
    }
}
