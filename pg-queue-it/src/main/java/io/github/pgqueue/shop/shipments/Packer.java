package io.github.pgqueue.shop.shipments;

import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.shop.jdbc.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** Packs parcels, each exactly once. */
@ApplicationScoped
public class Packer {

    @Inject
    Statements statements;

    /** Works one job. */
    @PgWorker("shipments")
    @Transactional
    public void pack(Shipment shipment) {
        statements.update(
                ShipmentSql.PACK, shipment.orderId(), shipment.customer(), shipment.sku(), shipment.quantity());
    }
}
