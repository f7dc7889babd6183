package io.github.pgqueue.it.servers.lifecycle;

import java.util.Optional;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** How one kind of server is operated, by the means that its operators have. */
interface ServerKind {

    /** The name of the server beside that of Arquillian, below the unpacked distribution. */
    String NAME = "crash";

    /** Starts the server, with what is deployed; returns when its process is known, maybe before it serves. */
    ProcessHandle start();

    /** Deploys an archive, or deploys it anew; may return before it serves. */
    void deploy(WebArchive archive);

    /** Why an application could not be deployed, where the server says so in a place of its own. */
    default Optional<String> failure(String name) {
        return Optional.empty();
    }

    /** Undeploys an archive by its name without the ending; may return before it is gone. */
    void undeploy(String name);

    /** Writes what a second resource that is no database has into the second database. */
    default void collect() {}

    /** Whether pools are the server's and outlive applications. */
    boolean keepsPools();

    /** Whether the server itself keeps the class loaders of applications whose managed threads used a pool. */
    default boolean keepsClassLoaders() {
        return false;
    }
}
