package io.github.pgqueue.it.servers;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** With the only, local resource of the transaction. */
class LostCommitIT extends LostCommits {

    @Deployment
    static WebArchive archive() {
        return archive(Environment.LOCAL, LostCommitIT.class);
    }
}
