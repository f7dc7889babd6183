package io.github.pgqueue.shop.shipments;

/** The statements of the packer and of the truck loader. */
final class ShipmentSql {

    static final String PACK = """
            INSERT INTO shop_shipment (order_id, customer, sku, quantity)
            VALUES (?, ?, ?, ?)
            """;

    /** A truck takes the parcels whose number, divided by the number of trucks, leaves its own as remainder. */
    static final String WRITE_WAYBILL = """
            INSERT INTO shop_waybill (truck, node, attempt, parcels)
            SELECT ?, ?, ?, count(*)
            FROM shop_shipment
            WHERE parcel % ? = ?
            """;

    private ShipmentSql() {}
}
