package io.github.pgqueue.it.servers.environment;

import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.WeldNode;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.HashMap;
import java.util.Map;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.context.annotation.DeploymentScoped;
import org.jboss.arquillian.core.api.InstanceProducer;
import org.jboss.arquillian.core.api.annotation.Inject;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ArchivePath;
import org.jboss.shrinkwrap.api.Node;
import org.jspecify.annotations.Nullable;

/** "Deploys" a web archive by starting Weld SE, Narayana and Agroal with its classes and its configuration. */
public final class WeldSeContainer implements DeployableContainer<WeldSeConfiguration> {

    private static final String CLASSES = "/WEB-INF/classes/";

    @Inject
    @DeploymentScoped
    private @Nullable InstanceProducer<BeanManager> beanManager;

    private final Map<String, WeldNode> deployed = new HashMap<>();

    @Override
    public Class<WeldSeConfiguration> getConfigurationClass() {
        return WeldSeConfiguration.class;
    }

    @Override
    public void setup(WeldSeConfiguration configuration) {}

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Local");
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        WeldNode.Builder builder = WeldNode.builder()
                .annotatedBeansOnly()
                .dataSource(Environment.LOCAL, ServerSetup.main(), NarayanaPool.LOCAL)
                .dataSource(Environment.XA, ServerSetup.main(), NarayanaPool.XA)
                .dataSource(Environment.OTHER, ServerSetup.other(), NarayanaPool.XA);
        Deployments.config(archive).forEach((key, value) -> builder.config(key.toString(), value.toString()));
        for (Map.Entry<ArchivePath, Node> entry : archive.getContent().entrySet()) {
            String path = entry.getKey().get();
            if (path.startsWith(CLASSES) && path.endsWith(".class") && !path.endsWith("package-info.class")) {
                builder.beans(load(path));
            }
        }
        try {
            WeldNode node = builder.start();
            deployed.put(archive.getName(), node);
            if (beanManager != null) {
                beanManager.set(node.container().getBeanManager());
            }
        } catch (RuntimeException e) {
            throw new DeploymentException(String.valueOf(e.getMessage()), e);
        }
        return new ProtocolMetaData();
    }

    @Override
    public void undeploy(Archive<?> archive) {
        WeldNode node = deployed.remove(archive.getName());
        if (node != null) {
            node.close();
        }
    }

    private static Class<?> load(String path) throws DeploymentException {
        String name = path.substring(CLASSES.length(), path.length() - ".class".length())
                .replace('/', '.');
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new DeploymentException(name, e);
        }
    }
}
