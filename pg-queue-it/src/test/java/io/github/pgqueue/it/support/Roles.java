package io.github.pgqueue.it.support;

import java.util.UUID;

/** Roles of one test. They belong to the whole server, so their names are used once, and they go when it closes. */
public final class Roles implements AutoCloseable {

    private final TestDatabase database;
    private final String prefix =
            "it_" + UUID.randomUUID().toString().substring(0, 8).replace('-', '_') + "_";

    public Roles(TestDatabase database) {
        this.database = database;
    }

    /** What the names of all of them begin with. */
    public String prefix() {
        return prefix;
    }

    /** A new role that can log in, and has the rights of a group of pg-queue. */
    public Login login(String group) {
        Login login = login();
        database.execute("GRANT %s%s TO %s".formatted(prefix, group, login.name()));
        return login;
    }

    /** A new role that can log in, and nothing more. */
    public Login login() {
        long count = database.number("SELECT count(*) FROM pg_roles WHERE rolname LIKE '" + prefix + "%'");
        Login login = new Login(prefix + "login" + count, "secret");
        database.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(login.name(), login.password()));
        return login;
    }

    @Override
    public void close() {
        String all = database.text(
                "SELECT coalesce(string_agg(rolname, ', '), '') FROM pg_roles WHERE rolname LIKE '" + prefix + "%'");
        if (!all.isEmpty()) {
            database.execute("DROP OWNED BY " + all + " CASCADE", "DROP ROLE " + all);
        }
    }
}
