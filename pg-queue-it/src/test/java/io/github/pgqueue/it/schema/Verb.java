package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.NonRetryableException;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.PushOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What a role may be allowed to do, each through Java where Java can do it. */
enum Verb {
    PUSH {
        @Override
        void by(Actor actor) {
            actor.queue()
                    .push(
                            "x",
                            PushOptions.none().withDelay(Duration.ofSeconds(1)).withMaxAttempts(3));
            actor.queue().pushAll(List.of("y", "z"));
        }
    },
    PUSH_BY_SQL {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT pg_queue_push('" + actor.name() + "', '1')");
        }
    },
    PUSH_BY_INSERT {
        @Override
        void by(Actor actor) {
            actor.sql("INSERT INTO queue_" + actor.name() + " (payload) VALUES ('1')");
        }
    },
    PUBLISH {
        @Override
        void by(Actor actor) {
            // More than NOTIFY carries: plain NOTIFY is everybody's.
            actor.manager().channel("news", String.class).publish("x".repeat(9000));
        }
    },
    PUBLISH_BY_SQL {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT pg_queue_publish('news', 'x')");
        }
    },
    READ_LARGE_SIGNALS {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT payload FROM pg_queue_signal");
        }
    },
    POP {
        @Override
        void by(Actor actor) {
            actor.owners().push("x");
            Job<String> job = actor.queue().pop().orElseThrow();
            actor.owners().release(job);
        }
    },
    CLAIM_BY_SQL {
        @Override
        void by(Actor actor) {
            actor.owner().database().execute("INSERT INTO queue_" + actor.name() + " (payload) VALUES ('1')");
            actor.sql("SELECT * FROM pg_queue_claim_" + actor.name()
                    + "('node', gen_random_uuid(), 10, 1, interval '1 minute')");
            actor.sql("SELECT * FROM pg_queue_take_over_" + actor.name() + "('node')");
            actor.sql("SELECT * FROM pg_queue_sweep_" + actor.name() + "(0, 10)");
            actor.sql("SELECT * FROM pg_queue_holders_" + actor.name() + "(interval '1 minute')");
            actor.sql("SELECT pg_queue_reset_cursor('" + actor.name() + "')");
            actor.sql("INSERT INTO pg_queue_held (queue, id, until) VALUES ('" + actor.name() + "', 1, now())"
                    + " ON CONFLICT (queue, id) DO UPDATE SET until = excluded.until");
        }
    },
    READ_TOKENS {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT token FROM pg_queue_lease_" + actor.name());
        }
    },
    COMPLETE {
        @Override
        void by(Actor actor) {
            actor.queue().complete(actor.held());
            actor.queue().completeAll(List.of(actor.held(), actor.held()));
        }
    },
    RETRY {
        @Override
        void by(Actor actor) {
            actor.queue().retry(actor.held(), Duration.ZERO);
        }
    },
    FAIL {
        @Override
        void by(Actor actor) {
            actor.queue().fail(actor.held(), new IllegalStateException("again"));
        }
    },
    BURY {
        @Override
        void by(Actor actor) {
            actor.queue().fail(actor.held(), new NonRetryableException("never again"));
        }
    },
    RELEASE {
        @Override
        void by(Actor actor) {
            actor.queue().release(actor.held());
        }
    },
    ANSWER {
        @Override
        void by(Actor actor) {
            actor.manager().requestResponse().storeResponse(actor.request(), "yes");
            actor.sql("SELECT pg_queue_store_response('" + actor.request() + "', '1')");
        }
    },
    FORGE_AN_ANSWER {
        @Override
        void by(Actor actor) {
            actor.sql("INSERT INTO pg_queue_request (request_id, reply_to, deadline, outcome, response)" + " VALUES ('"
                    + UUID.randomUUID() + "', 'x', now(), 'value', '1')");
        }
    },
    REQUEST {
        @Override
        void by(Actor actor) throws Exception {
            var answer = actor.manager()
                    .requestResponse()
                    .request(actor.name(), "question", String.class, Duration.ofSeconds(30))
                    .toCompletableFuture();
            actor.owner().manager().requestResponse().storeResponse(actor.asked(), "answer");
            answer.get(30, TimeUnit.SECONDS);
        }
    },
    CLEAN_UP_RESPONSES {
        @Override
        void by(Actor actor) {
            actor.manager().requestResponse().cleanupOldResponses(Duration.ofHours(1));
        }
    },
    CACHE {
        @Override
        void by(Actor actor) {
            var cache = actor.manager().cache();
            cache.set("key", "value", Duration.ofHours(1));
            cache.set("key", "value", Duration.ofHours(2));
            assertThat(cache.get("key", String.class)).isPresent();
            cache.getOrSet("other", String.class, Duration.ofHours(1), () -> "loaded");
            cache.delete("key");
            cache.cleanupExpired();
            cache.clear();
        }
    },
    READ_THE_CACHE {
        @Override
        void by(Actor actor) {
            actor.manager().cache().get("key", String.class);
        }
    },
    COUNT {
        @Override
        void by(Actor actor) {
            actor.queue().pendingCount();
            actor.queue().stats();
        }
    },
    READ_PAYLOADS {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT payload, headers, last_error FROM queue_" + actor.name());
        }
    },
    READ_DEAD_PAYLOADS {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT payload, headers, error FROM pg_queue_dead_letter");
        }
    },
    READ_ANSWERS {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT response FROM pg_queue_request");
        }
    },
    CHANGE_A_PAYLOAD {
        @Override
        void by(Actor actor) {
            actor.sql("UPDATE queue_" + actor.name() + " SET payload = '1'");
        }
    },
    DELETE_JOBS {
        @Override
        void by(Actor actor) {
            actor.sql("DELETE FROM queue_" + actor.name() + " WHERE id = -1");
        }
    },
    DELETE_DEAD_LETTERS {
        @Override
        void by(Actor actor) {
            actor.sql("DELETE FROM pg_queue_dead_letter WHERE id = -1");
        }
    },
    REQUEUE {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT pg_queue_requeue('" + actor.name() + "')");
        }
    },
    CREATE_A_QUEUE {
        @Override
        void by(Actor actor) {
            String name = "new_" + UUID.randomUUID().toString().substring(0, 8);
            actor.manager().createQueue(name);
            actor.manager().createQueue(name);
        }
    },
    DROP_A_QUEUE {
        @Override
        void by(Actor actor) {
            actor.owner().manager().createQueue("old");
            actor.manager().dropQueue("old");
        }
    },
    DROP_A_TABLE {
        @Override
        void by(Actor actor) {
            actor.sql("DROP TABLE pg_queue_cache");
        }
    },
    CHANGE_THE_SCHEMA {
        @Override
        void by(Actor actor) {
            actor.sql("UPDATE pg_queue_schema SET version = 1");
        }
    },
    SET_THE_CHANNEL_PREFIX {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT pg_queue_set_channel_prefix('x')");
        }
    },
    MAKE_ROLES {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT pg_queue_create_roles('x_')");
        }
    },
    GRANT {
        @Override
        void by(Actor actor) {
            actor.sql("SELECT pg_queue_grant()");
        }
    };

    /** Does it, or throws what the database says. */
    abstract void by(Actor actor) throws Exception;

    /** Everything a worker of the library needs is in one of these. */
    static final Map<String, List<Verb>> ALLOWED = Map.of(
            "producer",
            List.of(PUSH, PUSH_BY_SQL, PUSH_BY_INSERT, PUBLISH, PUBLISH_BY_SQL, READ_LARGE_SIGNALS),
            "worker",
            List.of(
                    POP,
                    CLAIM_BY_SQL,
                    READ_TOKENS,
                    COMPLETE,
                    RETRY,
                    FAIL,
                    BURY,
                    RELEASE,
                    ANSWER,
                    PUBLISH,
                    PUBLISH_BY_SQL,
                    READ_LARGE_SIGNALS,
                    COUNT,
                    READ_PAYLOADS,
                    READ_DEAD_PAYLOADS,
                    READ_ANSWERS,
                    DELETE_JOBS,
                    CLEAN_UP_RESPONSES),
            "cache",
            List.of(CACHE, READ_THE_CACHE),
            // A request is a job: what is asked is inserted into the queue.
            "rpc",
            List.of(REQUEST, READ_ANSWERS, CLEAN_UP_RESPONSES, PUSH_BY_INSERT),
            "admin",
            List.of(
                    CREATE_A_QUEUE,
                    DROP_A_QUEUE,
                    REQUEUE,
                    COUNT,
                    PUSH,
                    PUSH_BY_INSERT,
                    READ_PAYLOADS,
                    READ_DEAD_PAYLOADS,
                    CHANGE_A_PAYLOAD,
                    DELETE_JOBS,
                    DELETE_DEAD_LETTERS),
            "monitor",
            List.of(COUNT),
            "nobody",
            List.of());
}
