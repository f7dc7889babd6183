package io.github.pgqueue.it.servers.environment;

import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** There is nothing to configure. */
public final class WeldSeConfiguration implements ContainerConfiguration {

    @Override
    public void validate() {}
}
