-- The tables of the order shop. Created in the schema of the connection; twice is harmless.

CREATE TABLE IF NOT EXISTS shop_order (
    order_id   text PRIMARY KEY,
    line       bigint NOT NULL,
    customer   text NOT NULL,
    email      text NOT NULL,
    sku        text NOT NULL,
    quantity   integer NOT NULL,
    unit_price numeric NOT NULL,
    currency   text NOT NULL,
    placed_at  timestamptz NOT NULL
);

-- Orders that were rolled back because the card was declined.
CREATE TABLE IF NOT EXISTS shop_declined (
    line     bigint PRIMARY KEY,
    order_id text NOT NULL
);

-- What the workers write has no key by order: an effect that came twice must be seen, not prevented.

CREATE TABLE IF NOT EXISTS shop_receipt (
    order_id text NOT NULL,
    total    numeric NOT NULL,
    currency text NOT NULL
);

CREATE TABLE IF NOT EXISTS shop_shipment (
    parcel   bigint GENERATED ALWAYS AS IDENTITY,
    order_id text NOT NULL,
    customer text NOT NULL,
    sku      text NOT NULL,
    quantity integer NOT NULL
);

CREATE TABLE IF NOT EXISTS shop_waybill (
    truck      integer NOT NULL,
    node       bigint NOT NULL,
    attempt    integer NOT NULL,
    parcels    bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE IF NOT EXISTS shop_board (
    call          integer NOT NULL,
    node          bigint NOT NULL,
    orders_seen   bigint NOT NULL,
    strays_seen   bigint NOT NULL,
    mails_sent    bigint NOT NULL,
    mails_refused bigint NOT NULL,
    most_attempts bigint NOT NULL
);
