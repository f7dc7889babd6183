package io.github.pgqueue.shop.database;

/** A PostgreSQL server that was started or reached. */
abstract sealed class Server implements AutoCloseable permits EmbeddedServer, ContainerServer, OwnServer {

    /** The database to connect to for administration. */
    abstract Address address();

    abstract boolean isRunning();

    /** Whether a database made here would still be there after this process. */
    abstract boolean outlivesThisProcess();

    /** Stops the server if it was started for us; the second time does nothing. */
    @Override
    public abstract void close();
}
