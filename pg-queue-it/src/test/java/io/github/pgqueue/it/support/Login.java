package io.github.pgqueue.it.support;

import org.postgresql.ds.PGSimpleDataSource;

/**
 * A role that can log in.
 *
 * @param name plain enough to need no quotes
 * @param password its password, for servers that ask
 */
public record Login(String name, String password) {

    /** A data source of the database for this role. */
    public PGSimpleDataSource on(TestDatabase database) {
        PGSimpleDataSource dataSource = database.database().dataSource();
        dataSource.setUser(name);
        dataSource.setPassword(password);
        return dataSource;
    }
}
