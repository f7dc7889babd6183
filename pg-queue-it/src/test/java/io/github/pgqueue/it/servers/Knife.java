package io.github.pgqueue.it.servers;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Ends the database session of the caller's transaction, so that its commit is lost with its connection. */
@ApplicationScoped
public class Knife {

    @Inject
    private Databases databases;

    /** Ends the session that the calling thread's transaction has on a data source. */
    public void cut(String name) {
        String session = databases.text(name, "SELECT pg_backend_pid()");
        databases.apart(Environment.OTHER, "SELECT pg_terminate_backend(" + session + ", 10000)");
    }
}
