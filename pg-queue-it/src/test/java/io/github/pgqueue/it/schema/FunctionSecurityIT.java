package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.support.Login;
import io.github.pgqueue.it.support.Roles;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The functions work on the objects of their own schema, whoever calls them and whatever else there is. */
@ParameterizedClass
@EnumSource
class FunctionSecurityIT {

    /** Whoever calls one of them is noted: as hostile code would, with the rights of the caller. */
    private static final String[] HOSTILE = {"CREATE TABLE %s.trap (caller text)", """
        CREATE FUNCTION %1$s.pg_queue_check_name(queue text) RETURNS void LANGUAGE sql
        AS $$ INSERT INTO %1$s.trap VALUES (current_user) $$
        """, """
        CREATE FUNCTION %1$s.pg_queue_require_queue(queue text) RETURNS void LANGUAGE sql
        AS $$ INSERT INTO %1$s.trap VALUES (current_user) $$
        """, """
        CREATE FUNCTION %1$s.pg_queue_grant() RETURNS void LANGUAGE sql
        AS $$ INSERT INTO %1$s.trap VALUES (current_user) $$
        """, """
        CREATE FUNCTION %1$s.pg_notify(text, text) RETURNS void LANGUAGE sql
        AS $$ INSERT INTO %1$s.trap VALUES (current_user) $$
        """};

    /** Before PostgreSQL 15 anybody may put these beside our functions in schema public: they fit more closely. */
    private static final String[] OVERLOADS = {
        "CREATE TABLE trap (caller text)",
        "GRANT ALL ON trap TO PUBLIC",
        """
        CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('format'); SELECT 'SELECT 1'; $$
        """,
        """
        CREATE FUNCTION public.format(text, text, text) RETURNS text LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('format'); SELECT 'SELECT 1'; $$
        """,
        """
        CREATE FUNCTION public.format(text, name, text) RETURNS text LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('format'); SELECT 'SELECT 1'; $$
        """,
        """
        CREATE FUNCTION public.hashtextextended(text, integer) RETURNS bigint LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('hashtextextended'); SELECT 1::bigint; $$
        """,
        """
        CREATE FUNCTION public.nextval(text) RETURNS bigint LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('nextval'); SELECT 1::bigint; $$
        """,
        """
        CREATE FUNCTION public.concat_ws(text, text, text, text, text, text, text) RETURNS text LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('concat_ws'); SELECT ''; $$
        """,
        """
        CREATE FUNCTION public.joined(text, uuid) RETURNS text LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('||'); SELECT ''; $$
        """,
        "CREATE OPERATOR public.|| (LEFTARG = text, RIGHTARG = uuid, FUNCTION = public.joined)",
        """
        CREATE FUNCTION public.lower(int8range) RETURNS bigint LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('lower'); SELECT 1::bigint; $$
        """,
        """
        CREATE FUNCTION public.united(int8multirange, int8multirange) RETURNS int8multirange LANGUAGE sql
        AS $$ INSERT INTO public.trap VALUES ('+'); SELECT $1; $$
        """,
        "CREATE OPERATOR public.+ (LEFTARG = int8multirange, RIGHTARG = int8multirange, FUNCTION = public.united)"
    };

    private final TestDatabase database;
    private final Roles roles;

    FunctionSecurityIT(Postgres postgres) {
        this.database = postgres.installed();
        this.roles = new Roles(database);
    }

    @AfterEach
    void close() {
        roles.close();
        database.close();
    }

    @Test
    void functions_ofTheSchema_pinTheirSearchPath() {
        database.execute("SELECT pg_queue_create_queue('emails')");

        assertThat(database.text("SELECT string_agg(DISTINCT proconfig[1], ' | ') FROM pg_proc"
                        + " WHERE proname LIKE 'pg\\_queue\\_%'"))
                .isEqualTo("search_path=pg_catalog, pg_temp | search_path=public, pg_temp");
        assertThat(database.number("SELECT count(*) FROM pg_proc WHERE proname LIKE 'pg\\_queue\\_%\\_emails'"
                        + " AND proconfig[1] = 'search_path=pg_catalog, pg_temp'"))
                .isEqualTo(8);
        assertThat(database.number("SELECT count(*) FROM pg_proc WHERE proname LIKE 'pg\\_queue\\_%'"))
                .isGreaterThanOrEqualTo(13);
        assertThat(database.number(
                        "SELECT count(*) FROM pg_proc WHERE proname LIKE 'pg\\_queue\\_%' AND proconfig IS NULL"))
                .isZero();
    }

    @Test
    void functions_forARoleWithoutGrants_areNotToBeExecuted() {
        Login stranger = roles.login();

        String executable = database.text("SELECT coalesce(string_agg(proname, ' '), '') FROM pg_proc"
                + " WHERE proname LIKE 'pg\\_queue\\_%' AND has_function_privilege('" + stranger.name()
                + "', oid, 'EXECUTE')");
        String accessible = database.text("SELECT coalesce(string_agg(relname, ' '), '') FROM pg_class"
                + " WHERE relname LIKE '%queue\\_%' AND relkind = 'r' AND has_table_privilege('" + stranger.name()
                + "', oid, 'SELECT, INSERT, UPDATE, DELETE')");

        // The one that an insert calls: who may insert needs nothing else.
        assertThat(executable).isEqualTo("pg_queue_wake");
        assertThat(accessible).isEmpty();
    }

    @Test
    void functions_objectsOfAnotherSchemaFirstInThePath_areNotUsed() throws SQLException {
        database.execute("CREATE SCHEMA evil");
        for (String sql : HOSTILE) {
            database.execute(sql.formatted("evil"));
        }
        database.execute(
                "CREATE TABLE evil.pg_queue_queue AS SELECT 'ghost' AS name",
                "CREATE TABLE evil.pg_queue_schema AS SELECT 'evil.' AS channel_prefix",
                "CREATE TABLE evil.queue_emails (payload jsonb)");

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = evil, public");
            useEverything(statement);

            assertThatThrownBy(() -> statement.execute("SELECT public.pg_queue_push('ghost', '1')"))
                    .hasMessageContaining("PGQ1003");
        }
        assertThat(database.number("SELECT count(*) FROM evil.trap")).isZero();
        assertThat(database.number("SELECT count(*) FROM evil.queue_emails")).isZero();
        assertThat(database.number("SELECT count(*) FROM public.queue_emails")).isEqualTo(2);
    }

    @Test
    void functions_temporaryObjectsOfTheSession_areNotUsed() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE pg_queue_queue AS SELECT 'ghost' AS name");
            statement.execute(
                    "CREATE TEMP TABLE pg_queue_schema AS SELECT 'evil.' AS channel_prefix, 'x_' AS role_prefix");
            statement.execute("CREATE TEMP TABLE pg_queue_sleeper (queue text, node text, until timestamptz)");
            statement.execute("CREATE TEMP TABLE pg_queue_signal (payload text)");
            statement.execute("CREATE TEMP TABLE pg_queue_dead_letter (LIKE public.pg_queue_dead_letter)");
            statement.execute("CREATE TEMP TABLE queue_emails (payload jsonb)");
            useEverything(statement);

            assertThatThrownBy(() -> statement.execute("SELECT public.pg_queue_push('ghost', '1')"))
                    .hasMessageContaining("PGQ1003");
            try (ResultSet row = statement.executeQuery(
                    "SELECT (SELECT count(*) FROM pg_temp.queue_emails), (SELECT count(*) FROM pg_temp.pg_queue_signal)")) {
                row.next();
                assertThat(row.getLong(1)).isZero();
                assertThat(row.getLong(2)).isZero();
            }
        }
        assertThat(database.number("SELECT count(*) FROM public.queue_emails")).isEqualTo(2);
        assertThat(database.number("SELECT count(*) FROM public.pg_queue_signal"))
                .isEqualTo(1);
    }

    @Test
    void functions_overloadsThatFitMoreClosely_areNotUsed() throws SQLException {
        database.execute(OVERLOADS);
        database.execute("SELECT pg_queue_create_roles('" + roles.prefix() + "')");

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            useEverything(statement);
        }

        assertThat(database.text("SELECT coalesce(string_agg(DISTINCT caller, ' '), 'nobody') FROM trap"))
                .isEqualTo("nobody");
        assertThat(database.number("SELECT count(*) FROM queue_emails")).isEqualTo(2);
    }

    @Test
    void statements_ofJava_useTheirSchemaWhateverThePathIs() throws SQLException {
        database.execute("CREATE SCHEMA evil", "CREATE TABLE evil.queue_emails (payload jsonb)");
        database.execute("CREATE TABLE evil.pg_queue_queue AS SELECT 'ghost' AS name");
        try (TestNode node = TestNode.on(database, config -> config.withSchema("public"));
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            node.manager().createQueue("emails");
            statement.execute("SET search_path = evil");
            statement.execute("CREATE TEMP TABLE queue_emails (payload jsonb)");

            node.manager().using(connection).queue("emails", String.class).push("x");

            assertThatThrownBy(() -> node.manager()
                            .using(connection)
                            .queue("ghost", String.class)
                            .push("x"))
                    .hasMessageStartingWith("PGQ1003: ");
        }
        assertThat(database.number("SELECT count(*) FROM public.queue_emails")).isEqualTo(1);
    }

    /** Calls every function that takes or makes something, and leaves two jobs in queue emails. */
    private static void useEverything(Statement statement) throws SQLException {
        statement.execute("SELECT public.pg_queue_create_queue('emails')");
        statement.execute("SELECT public.pg_queue_push('emails', '1')");
        statement.execute("SELECT public.pg_queue_publish('news', '" + "x".repeat(8000) + "')");
        statement.execute("SELECT public.pg_queue_publish('news', 'short')");
        statement.execute("SELECT public.pg_queue_sleep('emails', 'n', '1 hour')");
        statement.execute("INSERT INTO public.queue_emails (payload) VALUES ('2')");
        statement.execute("SELECT public.pg_queue_awake('emails', 'n')");
        statement.execute("SELECT public.pg_queue_requeue('emails')");
        statement.execute("SELECT public.pg_queue_store_response(gen_random_uuid(), '1')");
        statement.execute(
                "SELECT * FROM public.pg_queue_claim_emails('n', gen_random_uuid(), 1, 1, interval '1 minute')");
        statement.execute("SELECT public.pg_queue_reset_cursor('emails')");
        statement.execute("SELECT public.pg_queue_create_queue('other')");
        statement.execute("SELECT public.pg_queue_drop_queue('other')");
        statement.execute("SELECT public.pg_queue_grant()");
        try (ResultSet row = statement.executeQuery("SELECT public.pg_queue_channel('news')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("news");
        }
    }
}
