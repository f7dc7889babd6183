package io.github.pgqueue;

/** What a manager does about the database schema when it is first used. */
public enum SchemaManagement {
    /** Refuses to start on a schema that is missing, too old or too new, and says what to run. The default. */
    VALIDATE,
    /** Installs or upgrades the schema, with Flyway where it is on the class path. Nodes that start at once take turns. */
    MIGRATE,
    /** Looks at nothing; a missing table is then an error of the first statement that needs it. */
    NONE
}
