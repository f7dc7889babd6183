package io.github.pgqueue;

import org.jspecify.annotations.Nullable;

/**
 * How a manager gets the one connection on which it listens. Immutable.
 *
 * @param enabled whether to listen at all; without it workers poll, and nothing can be subscribed; default true
 * @param url JDBC URL of a direct connection, for data sources behind a pool that cannot LISTEN (PgBouncer in
 *     transaction mode); default none: one connection is borrowed from the data source for the manager's life
 * @param user user of {@code url}
 * @param password password of {@code url}
 */
public record ListenConfig(
        boolean enabled,
        @Nullable String url,
        @Nullable String user,
        @Nullable String password) {

    /**
     * Checks the settings against each other.
     *
     * @throws ConfigurationException PGQ7011 if a user or password is given without a URL
     */
    public ListenConfig {
        if (url == null && (user != null || password != null)) {
            throw new ConfigurationException(
                    "PGQ7011", "listen.user and listen.password are only used together with listen.url; set that too");
        }
    }

    /** Listens on a connection that is borrowed from the data source. */
    public static ListenConfig defaults() {
        return new ListenConfig(true, null, null, null);
    }

    /** Never listens. */
    public static ListenConfig disabled() {
        return new ListenConfig(false, null, null, null);
    }

    @Override
    public String toString() {
        return "ListenConfig[enabled=" + enabled + ", url=" + (url == null ? "none" : "set") + ']';
    }
}
