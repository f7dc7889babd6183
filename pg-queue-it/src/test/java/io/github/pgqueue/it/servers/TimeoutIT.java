package io.github.pgqueue.it.servers;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** With the only, local resource of the transaction. */
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
