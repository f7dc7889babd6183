package io.github.pgqueue.shop.database;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A PostgreSQL in a container, started by Testcontainers. */
final class ContainerServer extends Server {

    private static final String[] COMMAND = {
        "postgres",
        "-c",
        "deadlock_timeout=200ms",
        "-c",
        "fsync=off",
        "-c",
        "max_connections=200",
        "-c",
        "max_prepared_transactions=64"
    };

    private final PostgreSQLContainer container;
    private final Address address;
    private final AtExit stop;

    private ContainerServer(PostgreSQLContainer container) {
        this.container = container;
        this.address = new Address(
                container.getHost() + ":" + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                container.getDatabaseName(),
                "",
                container.getUsername(),
                container.getPassword());
        this.stop = AtExit.register(container::stop);
    }

    static ContainerServer start(String image) {
        Quiet.libraries();
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new DatabaseUnavailableException(
                    "-Dpg=testcontainers needs a container engine such as Docker, and none answers on this machine: "
                            + "start one, or leave -Dpg away to use the embedded PostgreSQL.",
                    null);
        }
        try {
            PostgreSQLContainer container = new PostgreSQLContainer(
                            DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                    .withCommand(COMMAND);
            container.start();
            return new ContainerServer(container);
        } catch (ContainerFetchException e) {
            throw new DatabaseUnavailableException(
                    "The image \"" + image + "\" is not on this machine and could not be fetched: name one that can be "
                            + "with -Dpg.image.",
                    e);
        } catch (RuntimeException e) {
            throw new DatabaseUnavailableException(
                    "Testcontainers could not start the image \"" + image + "\": " + Sentence.rootCause(e), e);
        }
    }

    @Override
    Address address() {
        return address;
    }

    @Override
    boolean isRunning() {
        return container.isRunning();
    }

    @Override
    boolean outlivesThisProcess() {
        return false;
    }

    @Override
    public void close() {
        stop.close();
    }
}
