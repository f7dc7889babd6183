package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.lifecycle.app.Resources;
import jakarta.enterprise.context.ApplicationScoped;

/** The resources on Weld SE: the second one by XA is the {@link Broker} of the process. */
@ApplicationScoped
class BrokerResources extends Resources {

    @Override
    public void second(String source, String what) {
        if (config(SECOND).equals(Environment.OTHER)) {
            WeldSeProcess.broker().send(source, what);
        } else {
            super.second(source, what);
        }
    }
}
