package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueException;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text and number of everything that is wrong with a deployment. Each names the place and the remedy. */
final class DeploymentErrors {

    private static final String NOT_BOUND_YET = "PGQ7124";

    private DeploymentErrors() {}

    static ConfigurationException badName(String where, PgQueueException reason) {
        return new ConfigurationException("PGQ7101", where + ": " + reason.getMessage(), reason);
    }

    static ConfigurationException twoTypes(String what, Collection<String> uses) {
        return new ConfigurationException(
                "PGQ7102",
                what + " has one payload type, but is used with several: " + String.join(", ", uses)
                        + ". Use the same type everywhere, or another name");
    }

    static ConfigurationException twoWorkers(String queue, Collection<String> methods) {
        return new ConfigurationException(
                "PGQ7103",
                "queue '" + queue + "' has one worker, but several methods have @PgWorker(\"" + queue + "\"): "
                        + String.join(", ", methods) + ". Keep one; for more threads set pg-queue.queues." + queue
                        + ".concurrency");
    }

    static ConfigurationException noPayload(String method) {
        return new ConfigurationException(
                "PGQ7104",
                method + " has @PgWorker but takes no payload: give it the payload as its first parameter, or a Job"
                        + " of it");
    }

    static ConfigurationException twoPayloads(String method) {
        return new ConfigurationException(
                "PGQ7104", method + " has @PgWorker and takes several Jobs: a worker gets one job at a time");
    }

    static ConfigurationException openType(String where, Type type) {
        return new ConfigurationException(
                "PGQ7105",
                where + " has the payload type " + type.getTypeName()
                        + ", which leaves open what to read: type variables and wildcards are not accepted, name a"
                        + " concrete type");
    }

    static ConfigurationException notCallable(String method, String property) {
        return new ConfigurationException(
                "PGQ7106",
                method + " has @PgWorker but is " + property
                        + ", so that it cannot be called through its bean with all interceptors: make it a public,"
                        + " protected or package-private method that is neither static nor final");
    }

    static ConfigurationException notInView(String method) {
        return new ConfigurationException(
                "PGQ7106",
                method + " has @PgWorker but belongs to none of the types of its bean: declare it in the bean's"
                        + " local interface, or add its class to @Typed");
    }

    static ConfigurationException mandatory(String method) {
        return new ConfigurationException(
                "PGQ7107",
                method + " has @PgWorker and needs a transaction that its caller began (MANDATORY), but a job comes"
                        + " without one: use REQUIRED or REQUIRES_NEW");
    }

    static ConfigurationException localEvent(String where, String channel) {
        return new ConfigurationException(
                "PGQ7108",
                where + " injects a jakarta.enterprise.event.Event with @PgChannel(\"" + channel
                        + "\"), which would reach observers of this container only: inject EventChannel and publish");
    }

    static ConfigurationException notQualified(String where, Class<?> type, Class<?> qualifier) {
        return new ConfigurationException(
                "PGQ7109",
                where + " injects " + type.getSimpleName() + " without saying which one: add @"
                        + qualifier.getSimpleName() + "(\"name\")");
    }

    static ConfigurationException rawType(String where, Class<?> type) {
        return new ConfigurationException(
                "PGQ7109",
                where + " uses " + type.getSimpleName() + " without its type argument: write " + type.getSimpleName()
                        + "<Payload>");
    }

    static ConfigurationException badValue(String key, String expectation, @Nullable Throwable cause) {
        return new ConfigurationException("PGQ7110", key + ": " + expectation, cause);
    }

    static ConfigurationException badReturnType(String method, Type type) {
        return new ConfigurationException(
                "PGQ7111",
                method + " has @PgWorker and returns " + type.getTypeName()
                        + ", which can be neither awaited nor sent as an answer: return nothing, the answer itself,"
                        + " a CompletionStage of it, or an Outcome");
    }

    static ConfigurationException notListening(String channel, Collection<String> observers) {
        return new ConfigurationException(
                "PGQ7112",
                "channel '" + channel + "' is observed by " + String.join(", ", observers)
                        + ", but pg-queue.listen.enabled=false: switch listening on, or remove the observers");
    }

    static ConfigurationException notInjectable(String parameter, Exception reason) {
        String message = String.valueOf(reason.getMessage()).lines().findFirst().orElse("no reason given");
        return new ConfigurationException(
                "PGQ7113",
                parameter + " cannot be injected: " + message + ". A worker takes one payload or Job, a JobContext, and"
                        + " beans",
                reason);
    }

    static ConfigurationException unknownKey(String warning) {
        return new ConfigurationException(
                "PGQ7114", warning + ". Correct or remove it, or set pg-queue.strict-config=false");
    }

    static ConfigurationException noDataSource(String found, @Nullable Throwable cause) {
        return new ConfigurationException(
                "PGQ7115",
                "there is no data source to use: " + found + ". Set pg-queue.datasource to the name of a bean or a JNDI"
                        + " name, or make one DataSource bean available",
                cause);
    }

    static ConfigurationException severalDataSources(Collection<String> found) {
        return new ConfigurationException(
                "PGQ7116",
                "there are several DataSource beans: " + String.join(", ", found)
                        + ". Set pg-queue.datasource to the @Named name of one of them, or to a JNDI name");
    }

    static ConfigurationException dataSourceNotFound(String key, String name, Collection<String> found) {
        return new ConfigurationException(
                "PGQ7117",
                key + "=" + name
                        + " is neither the name of a DataSource bean nor of a data source in JNDI. DataSource beans: "
                        + (found.isEmpty() ? "none" : String.join(", ", found)));
    }

    static ConfigurationException queuesMissing(List<String> names) {
        return new ConfigurationException(
                "PGQ7118",
                "these queues have a worker, but do not exist: " + String.join(", ", names)
                        + ". Create each with SELECT pg_queue_create_queue('" + names.get(0) + "'), or set"
                        + " pg-queue.schema-management=migrate");
    }

    static ConfigurationException noCodec(Throwable cause) {
        return new ConfigurationException(
                "PGQ7119",
                "payloads are written by Jackson, which is not on the class path: add jackson-databind and"
                        + " jackson-datatype-jsr310, or make a bean that implements PayloadCodec",
                cause);
    }

    static ConfigurationException neverObserved(String method, String channel) {
        return new ConfigurationException(
                "PGQ7121",
                method + " observes @PgChannel(\"" + channel + "\") with further qualifiers and would never be called:"
                        + " what arrives on a channel has that qualifier only. Remove the others");
    }

    static ConfigurationException threadFactoryNotFound(String name) {
        return new ConfigurationException(
                "PGQ7122",
                "pg-queue.thread-factory=" + name
                        + " names no thread factory in JNDI. Correct it, or remove it: the server's default one is used"
                        + " then");
    }

    static ConfigurationException executorNotFound(String name) {
        return new ConfigurationException(
                "PGQ7123",
                "pg-queue.executor=" + name
                        + " names no executor in JNDI. Correct it, or remove it: threads of the thread factory run the"
                        + " jobs then");
    }

    static ConfigurationException notBoundYet(String key, String name) {
        return new ConfigurationException(
                NOT_BOUND_YET,
                "the data source " + name
                        + " is not bound in JNDI yet; servers may bind the names of an application only"
                        + " after its start, so it is looked for again. Should it stay away, define it (@DataSourceDefinition"
                        + " or the server's configuration), or set " + key + " to the name of one that is there");
    }

    /** Whether it may help to wait. */
    static boolean isNotBoundYet(ConfigurationException e) {
        return e.code().equals(NOT_BOUND_YET);
    }

    static ConfigurationException noSynchronizationRegistry(Collection<String> names) {
        return new ConfigurationException(
                "PGQ7125",
                "there is a transaction manager, but no TransactionSynchronizationRegistry, neither as a bean nor as "
                        + String.join(" or ", names)
                        + ": jobs could not join transactions. Make a bean of it available");
    }
}
