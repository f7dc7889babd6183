package io.github.pgqueue.it.servers;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** With one XA resource, whose commit is one-phase. */
class LostXaCommitIT extends LostCommits {

    @Deployment
    static WebArchive archive() {
        return archive(Environment.XA, LostXaCommitIT.class);
    }
}
