package io.github.pgqueue.it.servers;

import java.util.Arrays;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where the tests run. */
public enum Environment {
    WELD_SE("weld-se", ""),
    WILDFLY("wildfly", "java:jboss/datasources/"),
    PAYARA("payara", "jdbc/"),
    OPEN_LIBERTY("openliberty", "jdbc/");

    /** The key by which a deployed archive knows where it is. */
    public static final String KEY = "it.environment";

    /** The only resource of its transactions, and where pg-queue is installed. */
    public static final String LOCAL = "pgq";
    /** The same database by XA. */
    public static final String XA = "pgqXa";
    /** Another database by XA. */
    public static final String OTHER = "otherXa";

    private final String profile;
    private final String prefix;

    Environment(String profile, String prefix) {
        this.profile = profile;
        this.prefix = prefix;
    }

    /** Of the client and of what is deployed alike. */
    public static Environment current() {
        String launched = System.getProperty("arquillian.launch");
        String profile = launched == null ? ConfigProvider.getConfig().getValue(KEY, String.class) : launched;
        return Arrays.stream(values())
                .filter(one -> one.profile.equals(profile))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no environment " + profile));
    }

    /** The name of the Maven profile. */
    public String profile() {
        return profile;
    }

    /** The name under which a data source is found: in JNDI, or of a bean. */
    public String dataSource(String name) {
        return prefix + name;
    }
}
