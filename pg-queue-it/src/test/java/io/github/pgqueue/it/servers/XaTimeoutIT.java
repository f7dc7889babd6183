package io.github.pgqueue.it.servers;

import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** With an XA resource. */
@Proves(Feature.LATE_PUSH)
class XaTimeoutIT extends Timeouts {

    @Deployment
    static WebArchive archive() {
        return archive(Environment.XA, XaTimeoutIT.class);
    }

    @Override
    String dataSource() {
        return Environment.XA;
    }
}
