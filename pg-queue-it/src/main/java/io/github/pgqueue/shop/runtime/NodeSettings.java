package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.database.Database;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a node must be told before it starts.
 *
 * @param database where its data is
 * @param schema the schema of this run, in which both the shop and pg-queue have their tables
 * @param transactionLog the directory of Narayana's log, one for each node
 * @param name the name of the node towards Narayana, different for each node
 */
public record NodeSettings(Database database, ShopSchema schema, Path transactionLog, String name) {

    static final String URL = "shop.jdbc-url";
    static final String USER = "shop.jdbc-user";
    static final String PASSWORD = "shop.jdbc-password";
    static final String SCHEMA = "pg-queue.schema";

    /** The settings as system properties, all but the password. */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put(URL, database.jdbcUrl());
        properties.put(USER, database.user());
        properties.put(SCHEMA, schema.name());
        // Channels are database-wide: those of a run that shares a database get names of their own.
        properties.put("pg-queue.channel-prefix", schema.channelPrefix());
        // Narayana has two object stores; the one that is not told puts itself into the working directory.
        properties.put("ObjectStoreEnvironmentBean.objectStoreDir", transactionLog.toString());
        properties.put("com.arjuna.ats.arjuna.objectstore.objectStoreDir", transactionLog.toString());
        properties.put("CoreEnvironmentBean.nodeIdentifier", name);
        // It would listen on a port and write into the log when the process ends: of use to recovery only.
        properties.put("CoordinatorEnvironmentBean.transactionStatusManagerEnable", "NO");
        return properties;
    }

    String password() {
        return database.password();
    }
}
