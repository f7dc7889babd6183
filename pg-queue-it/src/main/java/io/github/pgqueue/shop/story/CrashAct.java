package io.github.pgqueue.shop.story;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.shop.jdbc.Statements;
import io.github.pgqueue.shop.runtime.SecondProcess;
import io.github.pgqueue.shop.runtime.ShopException;
import io.github.pgqueue.shop.shipments.Truck;
import io.github.pgqueue.shop.shipments.TruckLoading;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Both processes load trucks, one at a time each. The second is killed while it loads: its waybill is written, but not
 * committed. The first process must load that truck too, and every parcel must be on exactly one truck.
 */
final class CrashAct {

    private static final int TRUCKS = 6;
    private static final int MOST_TRUCKS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final PgQueueManager manager;
    private final Statements statements;
    private final SecondProcess second;

    /** A waybill as it was committed. */
    private record Waybill(int truck, long node, int attempt, long parcels, OffsetDateTime writtenAt) {}

    CrashAct(PgQueueManager manager, Statements statements, SecondProcess second) {
        this.manager = manager;
        this.statements = statements;
        this.second = second;
    }

    Promise play(long parcels) {
        JobQueue<Truck> trucks = manager.queue("trucks", Truck.class);
        trucks.pushAll(IntStream.range(0, TRUCKS)
                .mapToObj(number -> new Truck(number, TRUCKS))
                .toList());
        TruckLoading interrupted = awaitLoading(trucks);
        second.kill();
        OffsetDateTime killedAt = statements
                .rows(StorySql.NOW, row -> row.getObject(1, OffsetDateTime.class))
                .get(0);
        new Backlog(manager, "trucks").awaitDrained();
        return judge(interrupted, killedAt, waybills(), parcels);
    }

    /** Should the first process have been so quick that nothing was left for the second, another truck comes, empty. */
    private TruckLoading awaitLoading(JobQueue<Truck> trucks) {
        for (int spare = TRUCKS; spare < MOST_TRUCKS; spare++) {
            Optional<TruckLoading> loading = second.awaitLoading(PATIENCE);
            if (loading.isPresent()) {
                return loading.get();
            }
            trucks.push(new Truck(spare, TRUCKS));
        }
        throw new ShopException("The second process does not load a truck.", null);
    }

    private Promise judge(TruckLoading interrupted, OffsetDateTime killedAt, List<Waybill> waybills, long parcels) {
        List<Waybill> ofInterrupted = waybills.stream()
                .filter(waybill -> waybill.truck() == interrupted.truck())
                .toList();
        long loadedParcels = waybills.stream().mapToLong(Waybill::parcels).sum();
        long loadedTrucks = waybills.stream().map(Waybill::truck).distinct().count();
        boolean onceEach = waybills.size() == loadedTrucks && loadedTrucks >= TRUCKS && loadedParcels == parcels;
        boolean takenOver = ofInterrupted.stream()
                .anyMatch(waybill ->
                        waybill.node() == ProcessHandle.current().pid() && waybill.attempt() > interrupted.attempt());
        String takeover = ofInterrupted.isEmpty()
                ? "never"
                : Duration.between(killedAt, ofInterrupted.get(0).writtenAt()).toMillis() + " ms later";
        return new Promise(
                "crashed worker taken over",
                onceEach && takenOver,
                Text.of(
                        "process %d killed while loading truck %d, process %d took over %s; %d waybill for it, %,d parcels on %d trucks",
                        second.pid(),
                        interrupted.truck(),
                        ProcessHandle.current().pid(),
                        takeover,
                        ofInterrupted.size(),
                        loadedParcels,
                        loadedTrucks));
    }

    private List<Waybill> waybills() {
        return statements.rows(
                StorySql.WAYBILLS,
                row -> new Waybill(
                        row.getInt("truck"),
                        row.getLong("node"),
                        row.getInt("attempt"),
                        row.getLong("parcels"),
                        row.getObject("written_at", OffsetDateTime.class)));
    }
}
