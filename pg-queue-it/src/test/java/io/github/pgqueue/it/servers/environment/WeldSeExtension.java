package io.github.pgqueue.it.servers.environment;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.arquillian.test.spi.TestEnricher;
import org.jboss.arquillian.testenricher.cdi.CDIInjectionEnricher;

/** Makes Weld SE a container of Arquillian, where it is the one that the run is for. */
public final class WeldSeExtension implements LoadableExtension {

    @Override
    public void register(ExtensionBuilder builder) {
        if ("weld-se".equals(System.getProperty("arquillian.launch"))) {
            builder.service(DeployableContainer.class, WeldSeContainer.class);
            builder.service(TestEnricher.class, CDIInjectionEnricher.class);
        }
    }
}
