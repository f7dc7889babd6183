package io.github.pgqueue.it.servers;

import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** With the only, local resource of the transaction. */
@Proves(Feature.LOST_COMMIT)
class LostCommitIT extends LostCommits {

    @Deployment
    static WebArchive archive() {
        return archive(Environment.LOCAL, LostCommitIT.class, LocalCut.class);
    }

    /** On that resource. */
    @ApplicationScoped
    public static class LocalCut extends Cut {

        @Override
        public String dataSource() {
            return Environment.LOCAL;
        }
    }
}
