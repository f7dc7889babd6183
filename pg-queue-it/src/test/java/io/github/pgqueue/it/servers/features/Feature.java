package io.github.pgqueue.it.servers.features;

import io.github.pgqueue.it.servers.Environment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of the table in the README. */
public enum Feature {
    PUSH_COMMIT("push, then commit"),
    PUSH_ROLLBACK("push, then rollback"),
    LOST_COMMIT("commit lost with its connection, 20 times, XA and not"),
    LATE_PUSH(
            "push after the transaction timed out: refused",
            Map.of(),
            Map.of(Environment.PAYARA, "with XA after 30 s")),
    WORKER_REQUIRED("worker, `REQUIRED`"),
    WORKER_REQUIRES_NEW("worker, `REQUIRES_NEW`"),
    WORKER_NOT_SUPPORTED("worker, `NOT_SUPPORTED`"),
    WORKER_SUPPORTS("worker, `SUPPORTS`"),
    WORKER_NEVER("worker, `NEVER`"),
    WORKER_EJB("worker and push in EJBs", Map.of(Environment.WELD_SE, "no EJB there"), Map.of()),
    WORKER_TIME_OUT("worker that takes too long: failed attempt"),
    DEFERRED("constraint that fails at the commit"),
    JPA("JPA entity in the transaction of push and worker"),
    XA("two XA resources"),
    XA_CRASH("two XA resources, killed between prepare and commit"),
    CHANNEL("channel to `@Observes`"),
    CHANNEL_ASYNC("channel to `@ObservesAsync`"),
    LISTENER_LOSS("loss and return of the listening session"),
    REQUEST("request-response"),
    CACHE("cache"),
    CACHE_ANNOTATIONS("caching annotations, injected JCache caches"),
    HEALTH("MicroProfile Health"),
    TELEMETRY("OpenTelemetry"),
    REDEPLOY(
            "redeploy while jobs run: nothing lost, doubled or left behind",
            Map.of(),
            Map.of(Environment.PAYARA, "keeps class loaders")),
    KILL("killed while jobs run: nothing lost or doubled"),
    TWO_WARS("two WARs side by side", Map.of(Environment.WELD_SE, "no archives there"), Map.of()),
    EAR(
            "EAR with two WARs",
            Map.of(Environment.WELD_SE, "no archives there"),
            Map.of(Environment.PAYARA, "a manager for each WAR")),
    OWN_DATA_SOURCE(
            "data source in `web.xml`, driver in the WAR",
            Map.of(Environment.WELD_SE, "no archives there"),
            Map.of(
                    Environment.PAYARA,
                    "a driver of the server comes first",
                    Environment.OPEN_LIBERTY,
                    "driver as shared library, not in the WAR")),
    PAGE("order shop, its page and its API", Map.of(Environment.WELD_SE, "`-Pshop`, in the library's tests"), Map.of());

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // of Map.of
    private final Map<Environment, String> absent;

    @SuppressWarnings("ImmutableEnumChecker") // of Map.of
    private final Map<Environment, String> remarks;

    Feature(String title) {
        this(title, Map.of(), Map.of());
    }

    /**
     * A feature that not every environment has.
     *
     * @param absent where there is none, and why
     * @param remarks what must be known where it is there
     */
    Feature(String title, Map<Environment, String> absent, Map<Environment, String> remarks) {
        this.title = title;
        this.absent = absent;
        this.remarks = remarks;
    }

    String title() {
        return title;
    }

    /** The cell, if all the tests that prove the feature there are green. */
    String cell(Environment environment) {
        @Nullable String reason = absent.get(environment);
        if (reason != null) {
            return reason;
        }
        @Nullable String remark = remarks.get(environment);
        return remark == null ? "✓" : "✓ " + remark;
    }

    boolean isAbsent(Environment environment) {
        return absent.containsKey(environment);
    }
}
