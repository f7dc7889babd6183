package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.Login;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.Roles;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code psql -v roles=on}: each group role can do its job, and nothing else. */
@ParameterizedClass
@EnumSource
class RolesIT {

    private static final String DENIED = "42501";

    private final TestDatabase database;
    private final Roles roles;
    private final TestNode owner;

    RolesIT(Postgres postgres) {
        this.database = postgres.installed();
        this.roles = new Roles(database);
        this.owner = TestNode.on(database);
        database.execute(
                "SELECT pg_queue_create_queue('early')", "SELECT pg_queue_create_roles('" + roles.prefix() + "')");
    }

    @AfterEach
    void close() {
        owner.close();
        roles.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "worker", "cache", "rpc", "admin", "monitor", "nobody"})
    void role_doesItsJobAndNothingElse(String group) throws Exception {
        Login login = group.equals("nobody") ? roles.login() : roles.login(group);

        List<Verb> allowed = allowed(login, owner.queueName());

        assertThat(allowed).containsExactlyInAnyOrderElementsOf(Objects.requireNonNull(Verb.ALLOWED.get(group)));
    }

    @Test
    void worker_runsWorkersOfBothKinds() {
        String leased = owner.queueName();
        String transactional = owner.queueName();
        Probe probe = new Probe();
        PgQueueConfig patient = TestNode.quick()
                .withQueueDefaults(
                        queue -> queue.withPollInterval(Duration.ofMinutes(10)).withLease(Duration.ofSeconds(2)));
        try (PgQueueManager worker = PgQueueManager.builder(
                        roles.login("worker").on(database))
                .config(patient)
                .listener(probe)
                .build()) {
            worker.work(leased, String.class, (job, context) -> outlastARenewal(leased));
            worker.work(
                    transactional,
                    String.class,
                    WorkerOptions.transactional(),
                    (job, context) ->
                            job.attempt() == 1 ? Outcome.fail(new IllegalStateException("once")) : Outcome.complete());
            worker.start();
            probe.await("asleep " + leased);
            probe.await("asleep " + transactional);

            try (PgQueueManager producer = PgQueueManager.builder(
                            roles.login("producer").on(database))
                    .config(TestNode.quick())
                    .build()) {
                producer.queue(leased, String.class).push("x");
                producer.queue(transactional, String.class).push("x");
            }

            probe.await("completed " + leased + "#1");
            probe.await("completed " + transactional + "#1");
            assertThat(probe.events())
                    .noneMatch(event -> event.startsWith("leaseLost") || event.startsWith("failed " + leased));
        }
    }

    @Test
    void rpc_asksAWorker_andIsAnswered() {
        String queue = owner.queueName();
        try (PgQueueManager worker = manager(roles.login("worker").on(database));
                PgQueueManager caller = manager(roles.login("rpc").on(database))) {
            worker.work(queue, String.class, (job, context) -> Outcome.complete(job.payload() + ", yes"));
            worker.start();

            String answer =
                    caller.requestResponse().pushAndWait(queue, "really?", String.class, Duration.ofSeconds(30));

            assertThat(answer).isEqualTo("really?, yes");
        }
    }

    @Test
    void admin_createsQueues_thatTheOtherRolesCanUse() {
        try (PgQueueManager admin = manager(roles.login("admin").on(database));
                PgQueueManager producer = manager(roles.login("producer").on(database));
                PgQueueManager worker = manager(roles.login("worker").on(database))) {
            admin.createQueue("by_admin");

            producer.queue("by_admin", String.class).push("x");
            producer.queue("by_admin", String.class).pushStream(Stream.of("y"));

            assertThat(worker.queue("by_admin", String.class).pop(3)).hasSize(2);
            assertThat(database.text("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'queue_by_admin'"))
                    .isEqualTo(database.text(
                            "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'pg_queue_queue'"));
        }
    }

    @Test
    void groups_ofOneLogin_addUpAlsoOnAQueueOlderThanTheRoles() {
        Login login = roles.login("producer");
        database.execute("GRANT " + roles.prefix() + "worker TO " + login.name());
        try (PgQueueManager both = manager(login.on(database))) {
            both.queue("early", String.class).push("x");

            assertThat(both.queue("early", String.class).pop()).isPresent();
        }
    }

    @Test
    void setup_again_grantsWhatIsMissing() {
        Login producer = roles.login("producer");
        database.execute("REVOKE ALL ON queue_early FROM " + roles.prefix() + "producer");
        try (PgQueueManager manager = manager(producer.on(database));
                Psql psql = Psql.on(database)) {
            assertThatThrownBy(() -> manager.queue("early", String.class).push("x"))
                    .isInstanceOf(StorageException.class);

            psql.setup().succeeds();

            manager.queue("early", String.class).push("x");
        }
    }

    private static PgQueueManager manager(DataSource dataSource) {
        return PgQueueManager.builder(dataSource).config(TestNode.quick()).build();
    }

    /** What the login may do with the queue: everything the database does not refuse for lack of rights. */
    private List<Verb> allowed(Login login, String queue) throws Exception {
        List<Verb> allowed = new ArrayList<>();
        try (PgQueueManager manager = manager(login.on(database))) {
            Actor actor = new Actor(manager, login.on(database), owner, queue);
            for (Verb verb : Verb.values()) {
                if (isAllowed(verb, actor)) {
                    allowed.add(verb);
                }
            }
        }
        return allowed;
    }

    private boolean isAllowed(Verb verb, Actor actor) throws Exception {
        database.execute("DELETE FROM queue_" + actor.name());
        try {
            verb.by(actor);
            return true;
        } catch (StorageException e) {
            assertThat(e.sqlState()).as("%s: %s", verb, e.getMessage()).isEqualTo(DENIED);
            return false;
        }
    }

    /** Runs for so long that the lease has to be renewed. */
    private Outcome outlastARenewal(String queue) {
        String lease = "SELECT max(until) FROM pg_queue_lease_" + queue;
        String first = database.text(lease);
        await().until(() -> !database.text(lease).equals(first));
        return Outcome.complete();
    }
}
