package io.github.pgqueue.shop.shipments;

import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.shop.jdbc.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;

/**
 * Loads trucks. The waybill is written first, then the truck is loaded, then both are committed: a node that dies in
 * between leaves nothing behind, and another one loads the truck.
 */
@ApplicationScoped
public class TruckLoader {

    private static final Duration LOADING = Duration.ofMillis(400);

    @Inject
    Statements statements;

    @Inject
    Event<TruckLoading> loading;

    /** Works one job. */
    @PgWorker("trucks")
    @Transactional(rollbackOn = InterruptedException.class)
    public void load(Job<Truck> job) throws InterruptedException {
        Truck truck = job.payload();
        long node = ProcessHandle.current().pid();
        statements.update(ShipmentSql.WRITE_WAYBILL, truck.number(), node, job.attempt(), truck.of(), truck.number());
        loading.fire(new TruckLoading(truck.number(), job.attempt()));
        Thread.sleep(LOADING.toMillis());
    }
}
