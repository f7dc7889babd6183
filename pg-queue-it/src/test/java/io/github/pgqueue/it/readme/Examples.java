package io.github.pgqueue.it.readme;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.PgQueueOperations;
import io.github.pgqueue.PgQueueStatus;
import io.github.pgqueue.SelfTestFinding;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.cdi.telemetry.MessagingTelemetry;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.readme.Hello.Email;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.WorkerOptions;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.sql.DataSource;

/** Pieces of the README. The test compares them by their text. */
final class Examples {

    private Examples() {}

    record Order(long id, String customer, List<String> items) {}

    record OrderPlaced(long id) {}

    record Product(String sku, long cents) {}

    static final class ProductGoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static Product load(String sku) {
        return new Product(sku, 199);
    }

    static void save(String sku, Product product) {}

    record QuoteRequest(String item, int quantity) {}

    record Quote(long cents) {}

    static final class Mailer {
        void send(Email email) throws MailboxFullException {
            if (email.text().length() > 10_000) {
                throw new MailboxFullException(email.to());
            }
        }
    }

    static final class MailboxFullException extends Exception {
        private static final long serialVersionUID = 1L;

        MailboxFullException(String message) {
            super(message);
        }
    }

    // README: cdi
    @ApplicationScoped
    static class OrderDesk {
        @Inject
        DataSource database;

        @Inject
        @PgQueue("emails")
        JobQueue<Email> emails;

        @Inject
        @PgChannel("orders")
        EventChannel<OrderPlaced> orders;

        @Transactional
        public void place(Order order) throws SQLException { // row, job and event: all with this commit, or none
            try (var connection = database.getConnection();
                    var insert = connection.prepareStatement("INSERT INTO orders (id) VALUES (?)")) {
                insert.setLong(1, order.id());
                insert.executeUpdate();
            }
            emails.push(new Email(order.customer(), "Thank you"));
            orders.publish(new OrderPlaced(order.id()));
        }
    }
    // README: end

    // README: caching annotations
    @ApplicationScoped
    @CacheDefaults(cacheName = "products")
    static class Products {
        @CacheResult
        @Transactional
        public Product find(String sku) { // a hit begins no transaction
            return load(sku);
        }

        @CachePut
        @Transactional
        public void change(String sku, @CacheValue Product product) { // cached when its transaction has committed
            save(sku, product);
        }

        @CacheRemove(evictFor = ProductGoneException.class)
        public void discontinue(String sku) {}

        @CacheRemoveAll
        public void reload() {}
    }

    // README: workers
    @ApplicationScoped
    static class Workers {
        @Inject
        Mailer mailer;

        @PgWorker("emails") // no transaction: leased, completed afterwards; what it throws is retried with backoff
        void send(Email email) throws MailboxFullException {
            mailer.send(email);
        }

        @PgWorker("receipts")
        @Transactional // its writes and the end of the job are one commit
        public void write(Job<Order> job) {}

        @PgWorker("imports") // decides by itself
        Outcome load(Job<List<Order>> job) {
            return job.attempt() > 3 ? Outcome.dead("gave up") : Outcome.retry(Duration.ofMinutes(5));
        }

        void placed(@Observes @PgChannel("orders") OrderPlaced event) {} // also by NOTIFY from psql
    }
    // README: end

    private static final javax.cache.expiry.Duration ONE_HOUR = javax.cache.expiry.Duration.ONE_HOUR;

    static void jcache() {
        // README: jcache
        CacheManager manager = Caching.getCachingProvider().getCacheManager();
        Cache<String, Integer> stock = manager.createCache(
                "stock",
                new MutableConfiguration<String, Integer>()
                        .setTypes(String.class, Integer.class)
                        .setExpiryPolicyFactory(ModifiedExpiryPolicy.factoryOf(ONE_HOUR)));
        stock.put("tea", 10);
        stock.invoke("tea", (entry, arguments) -> { // atomic among all nodes: the row is locked meanwhile
            entry.setValue(entry.getValue() - 1);
            return null;
        });
        // README: end
    }

    @ApplicationScoped
    static class Caches {
        // README: injected caches
        @Inject
        @PgCacheName("prices")
        Cache<String, List<Integer>> prices; // made with these types if there is none

        @Inject
        CacheManager caches; // ours, whatever other providers there are
        // README: end
    }

    static void push(JobQueue<Email> emails, Email email) {
        // README: push
        emails.push(
                email,
                PushOptions.none()
                        .withDelay(Duration.ofMinutes(10)) // or withRunAt(instant); the database's clock decides
                        .withMaxAttempts(3) // then a dead letter
                        .withHeader("tenant", "acme")); // travels with the payload
        // README: end
    }

    static void pop(JobQueue<Email> emails, Mailer mailer) {
        // README: pop
        for (Job<Email> job : emails.pop(10)) { // one statement; each job is leased to this caller
            try {
                mailer.send(job.payload());
                emails.complete(job); // LeaseLostException if the lease ended and somebody else has it
            } catch (MailboxFullException e) {
                emails.retry(job, Duration.ofHours(1)); // or fail(job, e), or release(job)
            }
        }
        // README: end
    }

    static void transactional(PgQueueManager manager) {
        // README: transactional
        manager.work("receipts", Order.class, WorkerOptions.transactional(), (job, context) -> {
            try (var insert = context.connection().prepareStatement("INSERT INTO receipt VALUES (?)")) {
                insert.setLong(1, job.payload().id());
                insert.executeUpdate(); // committed together with the end of the job, once
            }
            return Outcome.complete();
        });
        // README: end
    }

    static void using(PgQueueManager manager, Connection connection, Email email, OrderPlaced event)
            throws SQLException {
        // README: using
        PgQueueOperations inside = manager.using(connection); // your connection, autocommit off
        inside.queue("emails", Email.class).push(email);
        inside.channel("orders", OrderPlaced.class).publish(event);
        connection.commit(); // now, or never
        // README: end
    }

    static void channel(PgQueueManager manager) throws InterruptedException {
        // README: channel
        manager.subscribe("orders", OrderPlaced.class, event -> System.out.println("placed " + event.id()));
        manager.channel("orders", OrderPlaced.class).publish(new OrderPlaced(42));

        try (PgListener listener = manager.createListener()) { // by hand, raw text, from whomever
            listener.listenAll(List.of("orders", "stock"));
            Notification next = listener.receive();
            System.out.println(next.channel() + ": " + next.payload());
        }
        // README: end
    }

    static void rpc(PgQueueManager manager) {
        // README: rpc
        manager.work(
                "quotes",
                QuoteRequest.class,
                (job, context) ->
                        Outcome.complete(new Quote(199L * job.payload().quantity()))); // the value answers

        Quote quote = manager.requestResponse()
                .pushAndWait("quotes", new QuoteRequest("tea", 3), Quote.class, Duration.ofSeconds(5));
        // README: end
        System.out.println(quote);
    }

    static void health(PgQueueManager manager) {
        // README: health
        PgQueueStatus status = manager.status(); // reads only, outside of every transaction
        if (!status.canClaim()) {
            System.out.println("not ready: " + status.claimProblem());
        }
        status.oldestReady().forEach((queue, age) -> System.out.println(queue + ": oldest job waits for " + age));

        for (SelfTestFinding finding : manager.selfTest()) { // the start does it too, and logs what it finds
            System.out.println(finding); // PGQ7132: synchronous_commit is off …; set synchronous_commit=on …
        }
        // README: end
    }

    static PgQueueManager telemetry(DataSource dataSource, OpenTelemetry openTelemetry) {
        // README: telemetry
        PgQueueManager traced = PgQueueManager.builder(dataSource)
                .telemetry(new MessagingTelemetry(openTelemetry)) // or a Telemetry of your own
                .build();
        // README: end
        return traced;
    }

    static void cache(PgCache cache) {
        // README: cache
        cache.set("price:tea", 199, Duration.ofMinutes(5));
        int price = cache.get("price:tea", Integer.class).orElse(0);
        int same = cache.getOrSet(
                "price:tea", Integer.class, Duration.ofMinutes(5), () -> 199); // one load among all nodes
        cache.set("price:milk", 99); // for as long as pg-queue.caches.<name>.ttl says
        // README: end
        System.out.println(price + same);
    }
}
