package io.github.pgqueue.it.servers;

import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** With one XA resource, whose commit is one-phase. */
@Proves(Feature.LOST_COMMIT)
class LostXaCommitIT extends LostCommits {

    @Deployment
    static WebArchive archive() {
        return archive(Environment.XA, LostXaCommitIT.class, XaCut.class);
    }

    /** On that resource. */
    @ApplicationScoped
    public static class XaCut extends Cut {

        @Override
        public String dataSource() {
            return Environment.XA;
        }
    }
}
