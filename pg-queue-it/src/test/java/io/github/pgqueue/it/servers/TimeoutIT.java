package io.github.pgqueue.it.servers;

import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** With the only, local resource of the transaction. */
@Proves(Feature.LATE_PUSH)
class TimeoutIT extends Timeouts {

    @Deployment
    static WebArchive archive() {
        return archive(Environment.LOCAL, TimeoutIT.class);
    }

    @Override
    String dataSource() {
        return Environment.LOCAL;
    }
}
